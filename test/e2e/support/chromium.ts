import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { type BrowserServer, chromium } from "playwright-core";

const USUAL_PLACES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  ],
};

/** DejaVu has every Vietnamese letter; without recommended packages nothing else promises them. */
const DEBIAN_PACKAGES = ["chromium", "fonts-dejavu-core"];

const LOCK_TIMEOUT_SECONDS = 300;

const ADVICE =
  "The browser tests need Chromium or Google Chrome: install one (Debian: apt-get install chromium), " +
  "or say with CHROMIUM_PATH where it is.";

const isRoot = process.getuid?.() === 0;

/** A headless Chromium for everybody who connects to it. Throws, with what to do, where none can be had. */
export function launchChromium(): Promise<BrowserServer> {
  return chromium.launchServer({
    executablePath: findChromium() ?? installChromium(),
    host: "127.0.0.1",
    args: [
      // Chromium's own sandbox refuses to start as root.
      ...(isRoot ? ["--no-sandbox"] : []),
      ...["--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      "--disable-auto-reload",
      // A page that needs something from elsewhere fails on every machine, not only on those without a network.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
}

function findChromium(): string | undefined {
  const told = process.env.CHROMIUM_PATH;
  if (told === undefined) return USUAL_PLACES[process.platform]?.find((path) => existsSync(path));
  if (!existsSync(told)) throw new Error(`CHROMIUM_PATH is ${told}, where nothing is. ${ADVICE}`);
  return told;
}

/** Debian's, where we may install it. */
function installChromium(): string {
  if (!isRoot || !isDebian()) throw new Error(ADVICE);
  console.log("Installing Chromium for the browser tests …");
  apt("update");
  apt("install", "-y", "--no-install-recommends", ...DEBIAN_PACKAGES);
  const installed = findChromium();
  if (installed === undefined) throw new Error(ADVICE);
  return installed;
}

const isDebian = (): boolean =>
  existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));

function apt(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(
    "apt-get",
    ["-qq", "-o", `DPkg::Lock::Timeout=${LOCK_TIMEOUT_SECONDS}`, ...args],
    {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`apt-get ${args.join(" ")} failed. ${ADVICE}\n${stderr}`);
}
