import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { root } from "../../src/cli/paths.ts";

const TIMEOUT_MS = 120_000;

/** A port that nothing listens on, so that the demo starts a worker of its own. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

const STORIES = [
  ["the demo does the main job", [], "1,515,000 VND are left in the wallet"],
  ["a year of a server's life passes", ["--story", "year"], "353,767 VND are left in the wallet"],
  ["trials run on granted money", ["--story", "poc"], "38,000"],
  ["a postpaid account is billed", ["--story", "postpaid"], "35,778 VND are left in the wallet"],
  ["credit is held for use", ["--story", "hold"], "145,292 VND are left in the wallet"],
] as const;

it.each(STORIES)(
  "%s on a worker of its own and reconciles to the dong",
  async (_, args, balance) => {
    const env = { ...process.env, PORT: String(await unusedPort()) };
    const command = [join(root, "src/cli/demo.ts"), ...args];
    const demo = await promisify(execFile)(process.execPath, command, { env });
    const lines = stripVTControlCharacters(demo.stdout).trimEnd().split("\n");
    expect(lines.at(-1)).toMatch(/^Reconciled to the dong: \d+ checks, all as expected\.$/);
    expect(lines.join("\n")).toContain(balance);
    expect(lines.filter((line) => line.includes("✗"))).toEqual([]);
  },
  TIMEOUT_MS,
);
