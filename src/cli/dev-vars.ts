import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { root } from "./paths.ts";

const SECRET_BYTES = 32;
const devVarsFile = join(root, ".dev.vars");

const newSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

/** Adds what a local installation needs and the file lacks; what somebody wrote there stays. */
export function ensureDevVars(): { authSecret: string } {
  if (!existsSync(devVarsFile)) writeFileSync(devVarsFile, "", { mode: 0o600 });
  const text = readFileSync(devVarsFile, "utf8");
  const present = parseEnv(text);
  const wanted = { AUTH_SECRET: newSecret(), LINK_SECRET: newSecret(), SANDBOX: "true" };
  const missing = Object.entries(wanted).filter(([key]) => present[key] === undefined);
  if (missing.length > 0) {
    const lines = missing.map(([key, value]) => `${key}=${value}\n`).join("");
    appendFileSync(devVarsFile, text === "" || text.endsWith("\n") ? lines : `\n${lines}`);
  }
  return { authSecret: present.AUTH_SECRET ?? wanted.AUTH_SECRET };
}
