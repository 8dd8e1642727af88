import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { root } from "./paths.ts";

const target = join(root, "dist/assets");
const portalStatic = join(root, "src/portal/static");
const scalarScript = join(target, "scalar.js");
// The API reference must work without a CDN. Its script stands in this package as one string literal;
// @scalar/api-reference has it as a file, but brings 240 packages along.
const scalarPackage = join(root, "node_modules/@scalar/fastify-api-reference/dist/index.js");
const scriptLiteral = /^var standalone_default = (".*");$/m;

mkdirSync(target, { recursive: true });
for (const name of readdirSync(target)) {
  const path = join(target, name);
  if (path !== scalarScript && !existsSync(join(portalStatic, name))) rmSync(path, { recursive: true });
}
if (existsSync(portalStatic)) {
  cpSync(portalStatic, target, { recursive: true, preserveTimestamps: true, filter: isStale });
}
if (isOlder(scalarScript, scalarPackage)) {
  const literal = scriptLiteral.exec(readFileSync(scalarPackage, "utf8"))?.[1];
  if (literal === undefined) throw new Error(`no script found in ${scalarPackage}`);
  writeFileSync(scalarScript, runInNewContext(literal));
}

// Untouched files stay untouched: wrangler dev reloads on every write here.
function isStale(from: string, to: string): boolean {
  return statSync(from).isDirectory() || isOlder(to, from);
}

function isOlder(path: string, than: string): boolean {
  return !existsSync(path) || Math.trunc(statSync(path).mtimeMs) < Math.trunc(statSync(than).mtimeMs);
}
