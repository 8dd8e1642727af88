import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { LinkedAccountId } from "../../src/domain/linking/linked-account.ts";
import { resealTokens } from "../../src/jobs/resealing.ts";
import { isSealedAnew, open, seal } from "../../src/jobs/tokens.ts";
import { admin, bodyOf, openAccount, putCatalogue } from "../support/api.ts";
import { contentsOf, tablesOf } from "../support/tables.ts";
import { LinkingCustomer } from "./linking.ts";
import { behave } from "./paying.ts";

const LINK = "link_a" as LinkedAccountId;
const KEYS = "the-newest-key, an-older-key";
const withKeys = (keys: string) => ({ ...env, TOKEN_ENCRYPTION_KEY: keys }) as Env;

beforeAll(putCatalogue);
afterEach(async () => {
  vi.restoreAllMocks();
  await behave("momo");
});

describe("a sealed token", () => {
  it("opens for the link and the purpose it was sealed for alone", async () => {
    const sealed = await seal(env, LINK, "token", "tok_secret");
    expect(JSON.stringify(sealed)).not.toContain("tok_secret");
    expect(await open(env, LINK, "token", sealed)).toBe("tok_secret");
    expect(await open(env, "link_b" as LinkedAccountId, "token", sealed)).toBeNull();
    expect(await open(env, LINK, "grant", sealed)).toBeNull();
    const { ciphertext } = sealed;
    const other = ciphertext.startsWith("A") ? "B" : "A";
    expect(await open(env, LINK, "token", { ...sealed, ciphertext: other + ciphertext.slice(1) })).toBeNull();
  });

  it("is another text each time", async () => {
    const [one, two] = [await seal(env, LINK, "token", "same"), await seal(env, LINK, "token", "same")];
    expect(one.keyId).toBe(two.keyId);
    expect([one.iv === two.iv, one.ciphertext === two.ciphertext]).toEqual([false, false]);
  });

  it("is sealed with the first key, and opened with whichever it was", async () => {
    const older = await seal(withKeys("an-older-key"), LINK, "token", "tok");
    const rotated = withKeys(KEYS);
    expect(await open(rotated, LINK, "token", older)).toBe("tok");
    expect(await isSealedAnew(rotated, older)).toBe(false);
    const newest = await seal(rotated, LINK, "token", "tok");
    expect(newest.keyId).not.toBe(older.keyId);
    expect(await isSealedAnew(rotated, newest)).toBe(true);
    expect(await open(withKeys("an-older-key"), LINK, "token", newest)).toBeNull();
    await expect(seal(withKeys(""), LINK, "token", "tok")).rejects.toThrow("TOKEN_ENCRYPTION_KEY");
  });
});

describe("a linked account's token", () => {
  it("is sealed anew when its key is rotated, and charges as before", async () => {
    vi.spyOn(console, "info").mockReturnValue();
    const customer = new LinkingCustomer(await openAccount(), "momo");
    await customer.link();
    const keyId = async () => (await contentsOf(customer.account.object)).linkedAccounts[0]?.token?.keyId;
    const before = await keyId();
    const rotated = withKeys(`another-key ${env.TOKEN_ENCRYPTION_KEY}`);
    expect(await resealTokens(rotated, customer.account.id)).toEqual({ resealed: 1, unreadable: 0 });
    expect(await keyId()).not.toBe(before);
    expect(await resealTokens(rotated, customer.account.id)).toEqual({ resealed: 0, unreadable: 0 });
    expect(await resealTokens(env, customer.account.id)).toEqual({ resealed: 0, unreadable: 1 });
    const back = withKeys(`${env.TOKEN_ENCRYPTION_KEY},another-key`);
    expect(await resealTokens(back, customer.account.id)).toEqual({ resealed: 1, unreadable: 0 });
    const order = await customer.account.place();
    expect(bodyOf(await customer.payLinked(order.id), 200).status).toBe("succeeded");
    const answer = bodyOf(await admin.post("/v1/admin/reseal", { account: customer.account.id }), 200);
    expect(answer).toEqual({ resealed: 0, unreadable: 0, nextCursor: null });
  });

  it("stands nowhere as it is: in no row, no answer, no log line", async () => {
    const logged: string[] = [];
    for (const level of ["info", "warn", "error"] as const)
      vi.spyOn(console, level).mockImplementation((line) => void logged.push(String(line)));
    const customer = new LinkingCustomer(await openAccount(), "momo");
    const link = await customer.link();
    const order = await customer.account.place();
    const answers = [link, await customer.payLinked(order.id), await customer.links()];
    await behave("momo", { charge: "refuses" });
    answers.push((await customer.topUpLinked(50_000, link.id)) as never);
    await behave("momo", { charge: "gone" });
    answers.push((await customer.topUpLinked(50_000, link.id)) as never);
    answers.push((await customer.links()) as never);
    const { results } = await env.DB.prepare("SELECT * FROM sandbox_gateway_links WHERE reference = ?")
      .bind(link.id)
      .all<{ token: string; request: string }>();
    const secrets = [results[0]?.token, JSON.parse(results[0]?.request ?? "{}").callbackToken];
    expect(secrets.every((secret) => typeof secret === "string" && secret.length > 20)).toBe(true);
    const rows = await tablesOf(customer.account.object);
    const readSide = await everyRow();
    for (const secret of secrets) {
      expect(JSON.stringify(rows)).not.toContain(secret);
      expect(JSON.stringify(answers)).not.toContain(secret);
      expect(logged.join("\n")).not.toContain(secret);
      expect(readSide).not.toContain(secret);
    }
    expect(JSON.stringify(answers)).not.toMatch(/ciphertext|"token"|"grant"/);
    expect(readSide).not.toContain("ciphertext");
  });
});

/** Everything that D1 holds but for what the simulated gateways do. */
async function everyRow(): Promise<string> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sandbox_gateway%' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
  ).all<{ name: string }>();
  const tables = await Promise.all(
    results.map(({ name }) =>
      env.DB.prepare(`SELECT * FROM ${name}`)
        .all()
        .then((found) => found.results),
    ),
  );
  return JSON.stringify(tables);
}
