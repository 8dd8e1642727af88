// Plain JavaScript for Node 20: this runs before node_modules brings the Node that strips types.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const marker = `${root}node_modules/.installed`;
const npmMarker = `${root}node_modules/.package-lock.json`;

const lock = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8"));
const hash = createHash("sha256").update(JSON.stringify(lock.packages)).digest("hex");

if (!isInstalled()) {
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    // Standard output belongs to the script that follows: `token` prints nothing but a token.
    stdio: ["ignore", 2, 2],
    // npm is a .cmd file on Windows, which only a shell can start.
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
  writeFileSync(marker, hash);
}

const [major] = process.versions.node.split(".");
if (process.platform !== "linux" && Number(major) < 24) {
  console.error(`edge-billing needs Node 24 or newer, this is ${process.version}`);
  process.exit(1);
}
// `exec` in the start script lets npm's signals reach Node instead of a shell that dies alone; cmd lacks it.
if (process.platform === "win32") writeFileSync(`${root}node_modules/.bin/exec.cmd`, "@%*\r\n");

function isInstalled() {
  if (existsSync(marker) && readFileSync(marker, "utf8") === hash) return true;
  if (!existsSync(npmMarker) || !matchesLock(JSON.parse(readFileSync(npmMarker, "utf8")).packages))
    return false;
  writeFileSync(marker, hash);
  return true;
}

// npm's own record leaves out what this platform doesn't need, so only what it lists is compared.
function matchesLock(installed) {
  const wanted = lock.packages;
  const same = (path) => installed[path]?.version === wanted[path]?.version;
  const required = Object.keys(wanted).filter((path) => path !== "" && !wanted[path].optional);
  return Object.keys(installed).every(same) && required.every(same);
}
