import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { type Visitor, visit } from "./visits.ts";

const TIMEOUT_MS = 60_000;
/** Lists show 25 rows: a page of the busy account is full, and has another one after it. */
const MANY = 27;
const FEW = 2;

/** Pages that read lists, and how many questions of D1 each may cost, a sandbox's clock included, whatever there is to show. */
const PAGES = {
  "/portal": 6,
  "/portal/resources": 2,
  "/portal/billing": 5,
  "/portal/billing?q=web&status=paid&from=2020-01-01&to=2099-01-01": 5,
  "/portal/payments": 3,
  "/portal/credits": 2,
  "/portal/use": 1,
  "/portal/billing/months": 3,
  "/portal/costs": 3,
  "/portal/use/report": 3,
} as const;

let busy: Visitor;
let quiet: Visitor;

async function buying(count: number): Promise<TestAccount> {
  const account = await openAccount(count * SMALL_MONTH);
  for (let n = 0; n < count; n += 1) await account.serve({ name: `web-${n}` });
  return account;
}

beforeAll(async () => {
  await putCatalogue();
  busy = await visit(await buying(MANY));
  quiet = await visit(await buying(FEW));
}, TIMEOUT_MS);
afterEach(() => void vi.restoreAllMocks());

/** Questions that a page asks of D1, once the isolate knows the catalogue. */
async function questionsOf(visitor: Visitor, path: string): Promise<number> {
  await visitor.see(path);
  const asked = vi.spyOn(env.DB, "prepare");
  const { status } = await visitor.see(path);
  expect([path, status]).toEqual([path, 200]);
  const count = asked.mock.calls.length;
  asked.mockRestore();
  return count;
}

describe.each(Object.entries(PAGES))("%s", { timeout: TIMEOUT_MS }, (path, most) => {
  it(`asks D1 at most ${most} questions, as many of a full page as of a short one`, async () => {
    const [full, short] = [await questionsOf(busy, path), await questionsOf(quiet, path)];
    expect(full).toBeLessThanOrEqual(most);
    expect(full).toBe(short);
  });
});

it("counts what is asked", async () => {
  expect(await questionsOf(busy, "/portal/billing")).toBeGreaterThan(0);
});
