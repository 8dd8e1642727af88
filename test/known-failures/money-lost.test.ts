import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Job } from "../../src/account/jobs.ts";
import { DAY_MS, HOUR_MS } from "../../src/domain/local-time.ts";
import { consumeJobs } from "../../src/jobs/queue.ts";
import type { Mail } from "../../src/mail/sender.ts";
import { Faults } from "../crash/faults.ts";
import {
  bodyOf,
  freshId,
  openAccount,
  putCatalogue,
  putCoupon,
  redemptionsOf,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { eventOf, postpaidAccount, report, serveBalancer } from "../usage/metered.ts";

beforeAll(putCatalogue);

let faults: Faults;
beforeEach(() => {
  recordLogs();
  faults = new Faults();
  faults.install();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What an account is asked for while nothing of it can be committed. */
async function withoutCommit<T>(account: TestAccount, ask: () => Promise<T>): Promise<T> {
  const names = [account.id];
  const plan = { trip: "fails", nth: 1, lasts: true, only: /^commit/ } as const;
  await faults.start({ object: account.object, names }, plan);
  const answer = await ask();
  expect((await faults.stop()).tripped).toBe(true);
  return answer;
}

async function expectPaidOnce(account: TestAccount, order: string, amount: number): Promise<void> {
  expect((await account.payments()).map((payment) => payment.order)).toEqual([order]);
  expect(await account.available()).toBe(SMALL_MONTH - amount);
  expect(await account.object.audit()).toEqual([]);
}

describe("9: the dedupe mark is written before the effect; the effect fails, the retry is swallowed", () => {
  test("an idempotency key doesn't outlive its payment: the retry pays", async () => {
    const account = await openAccount(SMALL_MONTH);
    const order = await account.place();
    const key = freshId("key");
    const first = await withoutCommit(account, () => account.pay(order.id, { key }));
    expect(first.status).toBe(500);
    expect((await contentsOf(account.object)).keys).not.toContain(key);
    expect(await account.pay(order.id, { key })).toMatchObject({ status: 200, replayed: false });
    expect(await account.pay(order.id, { key })).toMatchObject({ status: 200, replayed: true });
    await expectPaidOnce(account, order.id, SMALL_MONTH);
  });

  test("a coupon's last use doesn't outlive its payment: the retry pays with it", async () => {
    const account = await openAccount(SMALL_MONTH);
    const coupon = await putCoupon({ amount: 10_000, limit: 1 });
    const order = await account.placeWith(coupon);
    const key = freshId("key");
    expect((await withoutCommit(account, () => account.pay(order.id, { key }))).status).toBe(500);
    expect(await redemptionsOf(coupon)).toEqual([]);
    expect((await account.pay(order.id, { key })).status).toBe(200);
    await expectPaidOnce(account, order.id, SMALL_MONTH - 10_000);
  });

  test("a usage event isn't known before it has counted: the same report counts later, once", async () => {
    const account = await postpaidAccount();
    const resource = await serveBalancer(account);
    const events = [eventOf(resource, { quantity: "7" })];
    const meters = env.USAGE.get(env.USAGE.idFromName(account.id));
    await runInDurableObject(meters, async (_, { storage }) => {
      storage.sql.exec("CREATE TRIGGER full BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'full'); END");
    });
    expect((await report(account, events)).status).toBe(500);
    await runInDurableObject(meters, async (_, { storage }) => {
      storage.sql.exec("DROP TRIGGER full");
    });
    const retried = async () => bodyOf(await report(account, events), 200).results[0]?.status;
    expect([await retried(), await retried()]).toEqual(["accepted", "duplicate"]);
    const counted = await runInDurableObject(meters, async (_, { storage }) =>
      storage.sql.exec<{ body: string }>("SELECT body FROM readings").toArray(),
    );
    expect(counted.map(({ body }) => JSON.parse(body))).toEqual([
      { metering: "counter", totals: [[null, "7000000000"]] },
    ]);
  });

  test("a timer doesn't end before what it is for: the refund comes with the next run", async () => {
    const account = await openAccount(SMALL_MONTH);
    await account.placeAndPay();
    const tomorrowMs = Date.now() + 25 * HOUR_MS;
    const run = () => account.object.runDue(tomorrowMs, true).catch(() => null);
    expect(await withoutCommit(account, run)).toBeNull();
    expect(await account.available()).toBe(0);
    await run();
    await run();
    expect(await account.available()).toBe(SMALL_MONTH);
    expect(await account.object.audit()).toEqual([]);
  });

  test("a mail that couldn't be sent isn't marked as sent: the next attempt sends it, and no later one", async () => {
    const account = await openAccount(SMALL_MONTH);
    const order = await account.placeAndPay();
    const [job] = faults.jobsOf(account.id).filter(({ type }) => type === "send_mail");
    if (!job) throw new Error("nobody is told of the payment");
    const sent: Mail[] = [];
    const isLost = vi.fn().mockReturnValueOnce(true).mockReturnValue(false);
    const sender = {
      send: async (mail: Mail) => {
        if (isLost()) throw new Error("the mail service is down");
        sent.push(mail);
      },
    };
    const attempt = async () => {
      const batch = createMessageBatch<Job>("edge-billing-jobs", [
        { id: "1", timestamp: new Date(), attempts: 1, body: job },
      ]);
      await consumeJobs(batch, env, sender);
      return (await getQueueResult(batch, createExecutionContext())).retryMessages.length;
    };
    expect([await attempt(), await attempt(), await attempt()]).toEqual([1, 0, 0]);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.text).toContain(order.lines[0]?.name);
  });
});

describe("11: paid, yet still suspended", () => {
  test("a suspended resource runs again with the very payment, and its console is told", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const server = await account.serve();
    await account.object.runDue(Date.now() + 50 * DAY_MS, true);
    expect(await account.resource(server)).toMatchObject({ state: "suspended" });
    await account.act("renew", server, { period: { months: 2 } });
    expect(await account.resource(server)).toMatchObject({ state: "active" });
    const { resources } = await contentsOf(account.object);
    expect(resources[0]?.ran.atMs).toBeLessThan(resources[0]?.endAtMs ?? 0);
    expect(await account.object.audit()).toEqual([]);
  });

  test("a payment that comes while nobody looked at the clock for months doesn't suspend afterwards", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const server = await account.serve();
    await account.act("renew", server, { period: { months: 2 } });
    await account.object.runDue(Date.now() + 50 * DAY_MS, true);
    expect(await account.resource(server)).toMatchObject({ state: "active" });
  });
});

describe("12: suspended although no invoice or order was ever offered", () => {
  test("nothing is suspended whose customer wasn't told before, with a renewal that can be ordered", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const server = await account.serve();
    const endMs = Date.parse((await account.resource(server)).endAt ?? "");
    for (let atMs = Date.now(); (await account.resource(server)).state !== "suspended"; atMs += DAY_MS) {
      await account.object.runDue(atMs, true);
      expect(atMs).toBeLessThan(endMs + 20 * DAY_MS);
    }
    const told = faults
      .jobsOf(account.id)
      .flatMap((job) => (job.type === "send_mail" ? job.notice : []))
      .filter(({ template }) => /expiry_reminder|restricted|suspended/.test(template));
    expect(told.findIndex(({ template }) => template === "resource_suspended")).toBeGreaterThanOrEqual(5);
    expect(bodyOf(await account.placeFor("renew", server, { period: { months: 2 } }), 201)).toMatchObject({
      total: 2 * SMALL_MONTH,
    });
  });
});
