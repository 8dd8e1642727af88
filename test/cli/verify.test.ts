import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureDevVars } from "../../src/cli/dev-vars.ts";
import { startDevWorker } from "../../src/cli/dev-worker.ts";
import { applyMigrations } from "../../src/cli/migrate.ts";
import { root } from "../../src/cli/paths.ts";
import { seed } from "../../src/cli/seed.ts";
import { signToken } from "../../src/cli/tokens.ts";

const TIMEOUT_MS = 120_000;

let stateDir: string;
let adminToken: string;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "edge-billing-verify-"));
  adminToken = await signToken({ role: "admin" }, ensureDevVars().authSecret);
  await applyMigrations(stateDir);
}, TIMEOUT_MS);

afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

interface Verified {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly complaint: string;
}

/** Runs `npm run verify`'s program to its end. */
const verify = (baseUrl: string, env: Record<string, string> = {}): Promise<Verified> =>
  new Promise((resolve) => {
    const program = execFile(
      process.execPath,
      [join(root, "src/cli/verify.ts")],
      { env: { ...process.env, BASE_URL: baseUrl, ...env } },
      (_, stdout, complaint) => {
        const lines = stripVTControlCharacters(stdout).trimEnd().split("\n");
        resolve({ code: program.exitCode, lines, complaint });
      },
    );
  });

/** Does something to the local D1 behind the worker's back, while it is stopped. */
function meddle(statement: string, ...values: string[]): void {
  const folder = join(stateDir, "v3/d1");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".sqlite"),
  );
  for (const file of files) {
    using database = new DatabaseSync(join(folder, file));
    const isOurs = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'credit_transactions'").get();
    if (!isOurs) continue;
    expect(database.prepare(statement).run(...values).changes).toBe(1);
    return;
  }
  throw new Error(`no D1 in ${folder}`);
}

test(
  "npm run verify says that all is well, or what isn't and whose it is",
  async () => {
    {
      await using worker = await startDevWorker({ stateDir });
      await seed(worker.baseUrl, adminToken);
      const fine = await verify(worker.baseUrl);
      expect(fine).toEqual({
        code: 0,
        lines: ["3 accounts and coupons checked, 0 findings"],
        complaint: "",
      });
    }
    meddle("UPDATE credit_transactions SET amount = amount + 1 WHERE account = ?", "acc_demo");
    await using worker = await startDevWorker({ stateDir });
    const { code, lines } = await verify(worker.baseUrl);
    expect([code, lines]).toEqual([
      1,
      [
        "acc_demo: invariant 7 is broken: credit_transactions 1 is different",
        "3 accounts and coupons checked, 1 findings",
      ],
    ]);
    const rebuilt = await fetch(`${worker.baseUrl}/v1/admin/rebuild`, {
      method: "POST",
      headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
      body: "{}",
    });
    expect(rebuilt.status).toBe(200);
    expect((await verify(worker.baseUrl)).code).toBe(0);

    const token = await signToken({ role: "product", product: "vserver" }, ensureDevVars().authSecret);
    const stranger = await verify(worker.baseUrl, { TOKEN: token });
    expect(stranger.code).toBe(1);
    expect(stranger.complaint).toContain("answered 403");
  },
  TIMEOUT_MS,
);

test("npm run verify doesn't say that all is well where nobody answers", async () => {
  const { code, lines, complaint } = await verify("http://127.0.0.1:9");
  expect(code).toBe(1);
  expect(lines.join()).not.toContain("findings");
  expect(complaint).not.toBe("");
});
