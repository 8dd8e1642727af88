import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { DirectoryObject } from "../../src/directory/directory-object.ts";
import type { AccountId } from "../../src/domain/ids.ts";
import { rebuildAccount, verifyAccount, verifyCoupon } from "../../src/jobs/integrity.ts";
import { claimDueAccounts } from "../../src/store/due.ts";
import { project } from "../../src/store/projection.ts";
import { expectProblem } from "../http/expect-problem.ts";
import {
  admin,
  bodyOf,
  freshId,
  openAccount,
  type Page,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { StandingQueue } from "../support/peer/queue.ts";
import { contentsOf, readSideOf } from "../support/tables.ts";
import { journey } from "./journey.ts";
import { backUp, restore } from "./restore.ts";

const DAY_MS = 86_400_000;
/** What an account's object can tell again. Catalogue, secrets, mails and the audit trail have their truth in D1. */
const READ_SIDE = ["accounts", "invoices", "payments", "credit_transactions", "dead_calls", "alerts"];
const MORE_THAN_A_PAGE = 52;
/** Rows that a rebuild can't tell D1 at once. */
const MORE_THAN_ONE_BATCH = 420;
const WAIT = { timeout: 3_000, interval: 10 };

beforeAll(async () => {
  recordLogs();
  await putCatalogue();
});
beforeEach(() => {
  recordLogs();
  new StandingQueue();
});
afterEach(() => void vi.restoreAllMocks());

/** D1 loses everything that can be told again. */
async function wipe(): Promise<void> {
  await env.DB.batch(READ_SIDE.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
}

/** All pages of a list, as one of its readers goes through them. */
async function pagesOf(path: string, query: string): Promise<unknown[]> {
  const pages: unknown[] = [];
  for (let cursor = ""; ; ) {
    const page = bodyOf(await admin.get<Page<unknown>>(`${path}?${query}${cursor}`), 200);
    pages.push(page);
    if (page.nextCursor === null) return pages;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** Everything that lists show of an account. */
const listsOf = async ({ path }: TestAccount) => ({
  invoices: await pagesOf(`${path}/invoices`, "limit=1"),
  paid: await pagesOf(`${path}/invoices`, "limit=2&status=paid&product=vserver&q=WEB"),
  payments: await pagesOf(`${path}/payments`, "limit=2"),
  ofToday: await pagesOf(`${path}/payments`, `limit=2&from=${new Date(Date.now() - DAY_MS).toISOString()}`),
  credit: await pagesOf(`${path}/credit-transactions`, "limit=2"),
});

const deadCalls = () => pagesOf("/v1/admin/console-calls", "limit=2");

const dueAtMsOf = async ({ id }: TestAccount): Promise<number | null> =>
  (await readSideOf(id)).cursor?.dueAtMs ?? null;

/** D1 says of an account what its object holds, and takes what the object tells next. */
async function expectD1ToFollow(account: TestAccount): Promise<void> {
  expect(await verifyAccount(env, account.id)).toEqual([]);
  const own = await contentsOf(account.object);
  const { cursor } = await readSideOf(account.id);
  expect({ outbox: own.outbox, epoch: cursor?.epoch, seq: cursor?.seq }).toEqual({
    outbox: [],
    epoch: own.epoch,
    seq: own.seq,
  });
  await account.grant(7);
  const { data } = bodyOf(
    await admin.get<Page<{ amount: number }>>(`${account.path}/credit-transactions?limit=1`),
    200,
  );
  expect(data.map(({ amount }) => amount)).toEqual([7]);
  expect(await verifyAccount(env, account.id)).toEqual([]);
}

interface Rebuilt {
  readonly rebuilt: number;
  readonly nextCursor: string | null;
}
const rebuild = async (body: object) => bodyOf(await admin.post<Rebuilt>("/v1/admin/rebuild", body), 200);

describe("after D1 was lost", () => {
  test("a rebuild of one account gives back its lists, its dead calls and its place in the due index", async () => {
    const { account } = await journey();
    const other = await openAccount(500);
    const before = {
      lists: await listsOf(account),
      dead: await deadCalls(),
      dueAtMs: await dueAtMsOf(account),
    };
    expect(before.lists.payments.length).toBeGreaterThan(1);
    expect(before.dead).toHaveLength(1);
    expect(before.dueAtMs).not.toBeNull();
    await wipe();
    expect(await account.invoices()).toEqual([]);
    expect(await rebuild({ account: account.id })).toEqual({ rebuilt: 1, nextCursor: null });
    expect({
      lists: await listsOf(account),
      dead: await deadCalls(),
      dueAtMs: await dueAtMsOf(account),
    }).toEqual(before);
    await expectD1ToFollow(account);
    expect(await other.creditTransactions()).toEqual([]);
    const due = await claimDueAccounts(env, before.dueAtMs ?? 0, 10);
    expect(due).toEqual([account.id]);
  });

  test("a rebuild gives back alerts, which somebody may still have to look at", async () => {
    const account = await openAccount(SMALL_MONTH);
    await account.placeAndPay();
    await account.object.runDue(Date.now() + DAY_MS / 2, false);
    const alerts = (await readSideOf(account.id)).alerts;
    expect(alerts).toHaveLength(1);
    await wipe();
    await rebuild({ account: account.id });
    expect((await readSideOf(account.id)).alerts).toEqual(alerts);
  });

  test("a rebuild of all goes through the accounts in pages, and has them all again", {
    timeout: 30_000,
  }, async () => {
    const { account } = await journey();
    await Promise.all(Array.from({ length: MORE_THAN_A_PAGE }, () => openAccount(100)));
    const before = await listsOf(account);
    await wipe();
    const pages: Rebuilt[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Rebuilt = await rebuild(cursor === null ? {} : { cursor });
      pages.push(page);
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(Math.max(...pages.map(({ rebuilt }) => rebuilt))).toBeLessThanOrEqual(50);
    const names = await env.DIRECTORY.getByName("directory").list("account", "", 1_000);
    expect(pages.reduce((sum, { rebuilt }) => sum + rebuilt, 0)).toBe(names.length);
    expect(await listsOf(account)).toEqual(before);
    for (const name of names) expect(await verifyAccount(env, name as AccountId), name).toEqual([]);
    const { results } = await env.DB.prepare("SELECT id FROM accounts ORDER BY id").all<{ id: string }>();
    expect(results.map(({ id }) => id)).toEqual(names);
  });

  test("commands tell D1 what is new, and a rebuild later adds what was before", async () => {
    const account = await openAccount(500);
    await wipe();
    await account.grant(5);
    expect((await account.creditTransactions()).map(({ amount }) => amount)).toEqual([5]);
    await rebuildAccount(env, account.id);
    expect((await account.creditTransactions()).map(({ amount }) => amount)).toEqual([5, 500]);
    await expectD1ToFollow(account);
  });

  test("an account of hundreds of rows is told in full", { timeout: 30_000 }, async () => {
    const account = await openAccount();
    await Promise.all(Array.from({ length: MORE_THAN_ONE_BATCH }, () => account.grant(1)));
    const before = await readSideOf(account.id);
    expect(before.creditTransactions).toHaveLength(MORE_THAN_ONE_BATCH);
    await env.DB.prepare("DELETE FROM credit_transactions WHERE account = ?").bind(account.id).run();
    await rebuildAccount(env, account.id);
    const { cursor: _, ...after } = await readSideOf(account.id);
    const { cursor: _before, ...same } = before;
    expect(after).toEqual(same);
    await expectD1ToFollow(account);
  });
});

describe("a rebuild", () => {
  test("takes away what D1 has too much", async () => {
    const { account } = await journey();
    await env.DB.prepare(
      "INSERT INTO payments SELECT account, 99, created_at_ms, json_set(body, '$.n', 99) FROM payments WHERE account = ? LIMIT 1",
    )
      .bind(account.id)
      .run();
    await rebuildAccount(env, account.id);
    await expectD1ToFollow(account);
  });

  test("that is made twice changes nothing but the epoch", async () => {
    const { account } = await journey();
    const before = await listsOf(account);
    await rebuildAccount(env, account.id);
    const first = (await readSideOf(account.id)).cursor?.epoch ?? 0;
    await rebuildAccount(env, account.id);
    expect((await readSideOf(account.id)).cursor?.epoch).toBeGreaterThan(first);
    expect(await listsOf(account)).toEqual(before);
    await expectD1ToFollow(account);
  });

  test("changes nothing in the account's own books", async () => {
    const { account } = await journey();
    const books = async () => {
      const { seq: _, epoch: _epoch, ...own } = await contentsOf(account.object);
      return own;
    };
    const before = await books();
    await rebuildAccount(env, account.id);
    expect(await books()).toEqual(before);
  });

  test("of all leaves out an account that was refused when it was to be opened", async () => {
    const id = freshId<AccountId>("acc");
    const settings = { email: "an@example.com", name: "An", timeZone: "Nowhere/Else" };
    expectProblem(await admin.put(`/v1/accounts/${id}`, settings), {
      status: 422,
      code: "unknown_time_zone",
    });
    for (let cursor: string | null = null; ; ) {
      cursor = (await rebuild(cursor === null ? {} : { cursor })).nextCursor;
      if (cursor === null) break;
    }
    const { results } = await env.DB.prepare("SELECT id FROM accounts WHERE id IN (?, '')").bind(id).all();
    expect(results).toEqual([]);
  });

  test("of an account that doesn't exist is refused, and nobody hears of it", async () => {
    const account = freshId<AccountId>("acc");
    const names = () => env.DIRECTORY.getByName("directory").list("account", "", 1_000);
    const rows = async () => (await env.DB.prepare("SELECT id FROM accounts ORDER BY id").all()).results;
    const before = [await names(), await rows()];
    expectProblem(await admin.post("/v1/admin/rebuild", { account }), {
      status: 404,
      code: "account_not_found",
    });
    expect([await names(), await rows()]).toEqual(before);
  });

  test("goes on beside commands, and in the end D1 has them all", { timeout: 20_000 }, async () => {
    const account = await openAccount(50 * SMALL_MONTH);
    const shop = async () => {
      const { id } = await account.placeAndPay();
      await account.provisionAll(id, "succeeded");
    };
    const work = Array.from({ length: 10 }, shop);
    for (let n = 0; n < 5; n += 1) await rebuildAccount(env, account.id);
    await Promise.all(work);
    await vi.waitFor(() => expectD1ToFollow(account), WAIT);
    expect(await account.invoices()).toHaveLength(10);
  });

  test("that meets another one leaves D1 following the account", async () => {
    const account = await openAccount(500);
    await Promise.all([1, 2, 3, 4].map(() => rebuildAccount(env, account.id)));
    await expectD1ToFollow(account);
  });

  test("whose epoch was given out before another's, and that comes after it, leaves D1 following the account", async () => {
    const account = await openAccount(500);
    const isHeld = Promise.withResolvers<void>();
    const isFree = Promise.withResolvers<void>();
    const nextEpoch = DirectoryObject.prototype.nextEpoch;
    const spy = vi.spyOn(DirectoryObject.prototype, "nextEpoch").mockImplementationOnce(async function (
      this: DirectoryObject,
      ...asked
    ) {
      const epoch = await nextEpoch.apply(this, asked);
      isHeld.resolve();
      await isFree.promise;
      return epoch;
    });
    const slow = rebuildAccount(env, account.id);
    await isHeld.promise;
    spy.mockRestore();
    await rebuildAccount(env, account.id);
    isFree.resolve();
    await slow;
    await expectD1ToFollow(account);
  });

  test("that comes while a delivery is under way leaves D1 following the account", async () => {
    const account = await openAccount(500);
    const gate = holdD1();
    const granting = account.grant(5);
    await gate.reached;
    const rebuilding = rebuildAccount(env, account.id);
    await scheduler.wait(20);
    gate.open();
    await Promise.all([granting, rebuilding]);
    await vi.waitFor(() => expectD1ToFollow(account), WAIT);
  });
});

describe("after an account was put back to an earlier state", () => {
  test("verify says that D1 knows what the account doesn't", async () => {
    const { account, coupon } = await journey();
    const former = await backUp(account);
    const { id } = await account.placeWith(coupon);
    bodyOf(await account.pay(id), 200);
    await account.provisionAll(id, "succeeded");
    await restore(account, former);
    expect(await account.object.audit()).toEqual([]);
    const problems = (await verifyAccount(env, account.id)).map(({ problem }) => problem);
    expect(problems).toContain("invoices 3 isn't the account's");
    expect(await verifyCoupon(env, coupon)).toEqual([
      { subject: coupon, invariant: 9, problem: expect.stringContaining(id) },
    ]);
  });

  test("verify finds that D1 is ahead, even where all rows are the same", async () => {
    const account = await openAccount(SMALL_MONTH);
    const former = await backUp(account);
    bodyOf(await admin.put(account.path, { email: "an@example.com", name: "An" }), 200);
    await restore(account, former);
    expect(await verifyAccount(env, account.id)).not.toEqual([]);
    await rebuildAccount(env, account.id);
    await expectD1ToFollow(account);
  });

  test("a rebuild speaks in a new epoch: D1 forgets what came after, and follows again", async () => {
    const { account, halfRefunded } = await journey();
    const former = await backUp(account);
    const atBackUp = await listsOf(account);
    const { epoch } = await contentsOf(account.object);
    await account.placeAndPay();
    await account.grant(5);
    await account.grant(6);
    await restore(account, former);
    await rebuildAccount(env, account.id);
    expect((await contentsOf(account.object)).epoch).toBeGreaterThan(epoch);
    expect(await listsOf(account)).toEqual(atBackUp);
    expect((await account.order(halfRefunded.id)).status).toBe(halfRefunded.status);
    await expectD1ToFollow(account);
  });

  test("no number of a document that was issued since is ever given out again", async () => {
    const account = await openAccount(10 * SMALL_MONTH);
    const buy = async () => account.provisionAll((await account.placeAndPay()).id, "succeeded");
    await buy();
    const former = await backUp(account);
    await buy();
    await buy();
    const issued = (await account.invoices()).map(({ code }) => code);
    expect(issued).toHaveLength(3);
    await restore(account, former);
    await rebuildAccount(env, account.id);
    await buy();
    const [newest, ...older] = (await account.invoices()).map(({ code }) => code);
    expect(newest).toMatch(/-4$/);
    expect(issued).not.toContain(newest);
    expect(older).toEqual(issued.slice(-1));
    expect(await verifyAccount(env, account.id)).toEqual([]);
    // Not even when it is put back and rebuilt once more.
    await restore(account, former);
    await rebuildAccount(env, account.id);
    await buy();
    expect((await account.invoices())[0]?.code).toMatch(/-5$/);
    await expectD1ToFollow(account);
  });

  test("its epoch outlives it: even with D1 lost, too, a rebuild speaks in one that was never spoken in", async () => {
    const account = await openAccount(500);
    const former = await backUp(account);
    await rebuildAccount(env, account.id);
    await rebuildAccount(env, account.id);
    const { epoch } = await contentsOf(account.object);
    await restore(account, former);
    await wipe();
    await rebuildAccount(env, account.id);
    expect((await contentsOf(account.object)).epoch).toBeGreaterThan(epoch);
    await expectD1ToFollow(account);
  });

  test("what its former self still tells D1, later than anything, changes nothing", async () => {
    const account = await openAccount(500);
    const former = await backUp(account);
    const { epoch } = await contentsOf(account.object);
    await account.grant(5);
    await restore(account, former);
    await rebuildAccount(env, account.id);
    const before = await readSideOf(account.id);
    const [entry] = (await account.object.projection()).rows.filter(
      ({ table }) => table === "credit_transactions",
    );
    if (entry?.table !== "credit_transactions") throw new Error("no change of credit to tell");
    const straggler = { ...entry, row: { ...entry.row, n: 99 } };
    await project(env.DB, { account: account.id, epoch }, [{ seq: 10_000, dueAtMs: 1, rows: [straggler] }]);
    await project(env.DB, { account: account.id, epoch }, [
      { seq: 10_001, dueAtMs: 1, rows: [], isFresh: true },
    ]);
    expect(await readSideOf(account.id)).toEqual(before);
    await expectD1ToFollow(account);
  });

  test("a delivery of its former self that the rebuild overtakes takes nothing of the rebuild along", async () => {
    const account = await openAccount(500);
    const failing = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1 is down"));
    await account.grant(5);
    // Backed up with a message that waits; then everything goes on for a while.
    const former = await backUp(account);
    failing.mockRestore();
    await runDurableObjectAlarm(account.object);
    for (const amount of [1, 2, 3]) await account.grant(amount);
    await restore(account, former);
    const gate = holdD1();
    const delivering = runDurableObjectAlarm(account.object);
    await gate.reached;
    const rebuilding = rebuildAccount(env, account.id);
    await vi.waitFor(async () => expect((await contentsOf(account.object)).epoch).toBeGreaterThan(1), WAIT);
    gate.open();
    await Promise.all([delivering, rebuilding]);
    await vi.waitFor(() => expectD1ToFollow(account), WAIT);
    expect((await account.creditTransactions()).map(({ amount }) => amount)).toEqual([7, 5, 500]);
  });

  test("its coupon's use of an order it no longer knows is given back in time, and the code can be used again", async () => {
    const account = await openAccount(10 * SMALL_MONTH);
    const coupon = await putCoupon({ amount: 1_000, limit: 1 });
    const former = await backUp(account);
    const { id } = await account.placeWith(coupon);
    bodyOf(await account.pay(id), 200);
    await restore(account, former);
    await rebuildAccount(env, account.id);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + DAY_MS);
    await runDurableObjectAlarm(env.COUPONS.getByName(coupon));
    vi.useRealTimers();
    expect(await verifyCoupon(env, coupon)).toEqual([]);
    await account.placeWith(coupon);
  });
});

describe("POST /v1/admin/rebuild and /verify", () => {
  test.each(["rebuild", "verify"])("%s is for operations alone", async (call) => {
    const account = await openAccount();
    const path = `/v1/admin/${call}`;
    const forbidden = { status: 403, code: "forbidden" };
    expectProblem(await account.user.post(path, { account: account.id }), forbidden);
    expectProblem(await account.console.post(path, { account: account.id }), forbidden);
    expect((await contentsOf(account.object)).epoch).toBe(1);
  });

  test("a rebuild is on the audit trail, with the account it was about", async () => {
    const account = await openAccount();
    await rebuild({ account: account.id });
    const installation = bodyOf(await admin.get<Page<object>>("/v1/admin/audit?limit=5"), 200).data;
    const own = bodyOf(await admin.get<Page<object>>(`/v1/admin/audit?account=${account.id}`), 200).data;
    const entries = [...installation, ...own].filter((entry) => JSON.stringify(entry).includes("rebuild"));
    expect(JSON.stringify(entries)).toContain(account.id);
  });
});

interface D1Gate {
  /** A batch has come, and is held back. */
  readonly reached: Promise<void>;
  /** Lets it and all others through. */
  open(): void;
}

/** Holds back the next batch that D1 is sent. */
function holdD1(): D1Gate {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const batch = env.DB.batch.bind(env.DB);
  vi.spyOn(env.DB, "batch").mockImplementationOnce(async (statements) => {
    reached.resolve();
    await opened.promise;
    return batch(statements) as never;
  });
  return { reached: reached.promise, open: () => opened.resolve() };
}
