import {
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { AccountObject } from "../../src/account/account-object.ts";
import { WATCHDOG_MS } from "../../src/account/alarm.ts";
import type { Job } from "../../src/account/jobs.ts";
import worker from "../../src/index.ts";
import {
  admin,
  bodyOf,
  openAccount,
  putCatalogue,
  putCoupon,
  redemptionsOf,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf, projectionOf, readSideOf, tablesOf, without } from "../support/tables.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2027, 2, 10, 3, 15);

beforeAll(putCatalogue);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await admin.delete("/v1/sandbox/clock");
  // What a test left due is no other test's.
  await env.DB.prepare("UPDATE accounts SET due_at_ms = NULL").run();
  vi.useRealTimers();
});

const iso = (atMs: number) => new Date(atMs).toISOString();

/** Cron's tick at an instant of the calendar. */
const tick = (atMs: number) => {
  vi.setSystemTime(atMs);
  return worker.scheduled(createScheduledController({ scheduledTime: atMs }), env);
};

/** The accounts that ticks hand to the queue, a batch an entry; nothing is then done about them. */
const recordJobs = () => {
  const accounts: string[][] = [];
  vi.spyOn(env.JOBS, "sendBatch").mockImplementation(async (messages) => {
    const due = [...messages].map(({ body }) => body as Job).filter(({ type }) => type === "run_due");
    if (due.length > 0) accounts.push(due.map(({ account }) => account));
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  });
  return accounts;
};

const runDue = (account: TestAccount, atMs: number) => {
  vi.setSystemTime(atMs);
  return account.object.runDue(atMs, false);
};

/** Waits until the queue has brought its console every call. */
const untilQuiet = (account: TestAccount) =>
  vi.waitUntil(async () => (await account.object.traffic()).isQuiet, 10_000);

/** All that commands and due work write. */
const recordsOf = async (account: TestAccount) => without(await tablesOf(account.object), "console_calls");

const expectSoundness = async (account: TestAccount) => {
  expect(await account.object.audit()).toEqual([]);
  const { cursor: _, ...rows } = await readSideOf(account.id);
  expect(rows).toEqual(projectionOf(await contentsOf(account.object)));
};

describe("cron, the queue and the account", () => {
  test("alert about an undelivered order and refund it between them", { timeout: 20_000 }, async () => {
    recordLogs();
    const silent = await openAccount(SMALL_MONTH);
    const paid = await silent.placeAndPay();

    await tick(START_MS + HOUR_MS);
    await vi.waitFor(async () => {
      expect((await contentsOf(silent.object)).orders[0]?.alertedAtMs).toBe(START_MS + HOUR_MS);
    }, 10_000);
    expect((await readSideOf(silent.id)).alerts).toEqual([
      {
        key: `provisioning:${paid.id}`,
        kind: "provisioning_overdue",
        subject: paid.id,
        atMs: START_MS + HOUR_MS,
      },
    ]);
    expect(await silent.available()).toBe(0);

    await tick(START_MS + DAY_MS);
    await vi.waitFor(async () => {
      expect((await contentsOf(silent.object)).orders[0]?.status).toBe("failed");
    }, 10_000);
    expect(await silent.available()).toBe(SMALL_MONTH);
    await expectSoundness(silent);
    expect((await readSideOf(silent.id)).cursor?.dueAtMs).toBeNull();
  });

  test("hand an account out once while it is claimed, and again when nothing came of it", async () => {
    recordLogs();
    const account = await openAccount(SMALL_MONTH);
    await account.placeAndPay();
    const jobs = recordJobs();
    const dueMs = START_MS + HOUR_MS;
    await tick(dueMs - MINUTE_MS);
    expect(jobs).toEqual([]);
    await tick(dueMs);
    await tick(dueMs + MINUTE_MS);
    expect(jobs).toEqual([[account.id]]);
    await tick(dueMs + 5 * MINUTE_MS);
    expect(jobs).toEqual([[account.id], [account.id]]);
    await runDue(account, dueMs + 5 * MINUTE_MS);
    await tick(dueMs + 20 * MINUTE_MS);
    expect(jobs).toHaveLength(2);
  });

  test("work through more accounts than one batch holds, the longest due first", async () => {
    const ids = Array.from({ length: 230 }, (_, index) => `acc_page_${String(index).padStart(3, "0")}`);
    await env.DB.batch(
      ids.map((id, index) =>
        env.DB.prepare("INSERT INTO accounts (id, epoch, seq, due_at_ms) VALUES (?, 1, 1, ?)").bind(
          id,
          START_MS - index,
        ),
      ),
    );
    const jobs = recordJobs();
    await tick(START_MS);
    expect(jobs.map((batch) => batch.length)).toEqual([100, 100, 30]);
    expect(new Set(jobs.flat())).toEqual(new Set(ids));
    expect(new Set(jobs[0])).toEqual(new Set(ids.slice(-100)));
  });

  test("try a failing account again by itself, while the others of its batch are done", async () => {
    const [bad, good] = [await openAccount(), await openAccount(SMALL_MONTH)];
    await good.placeAndPay();
    const dueMs = START_MS + HOUR_MS;
    vi.setSystemTime(dueMs);
    const logs = recordLogs();
    vi.spyOn(AccountObject.prototype, "runDue").mockRejectedValueOnce(new Error("overloaded"));
    const batch = createMessageBatch<Job>(
      "edge-billing-jobs",
      [bad, good].map(({ id: account }, index) => ({
        id: `message-${index}`,
        timestamp: dueMs,
        attempts: 1,
        body: { type: "run_due", account },
      })),
    );
    await worker.queue(batch, env);
    const { retryMessages, explicitAcks } = await getQueueResult(batch, createExecutionContext());
    expect(retryMessages.map(({ msgId }) => msgId)).toEqual(["message-0"]);
    expect(explicitAcks).toEqual(["message-1"]);
    expect(logs.failures().sort()).toEqual(["alert", "job_failed"]);
    expect((await contentsOf(good.object)).orders[0]?.alertedAtMs).toBe(dueMs);
  });

  test("report what failed for good, and let go of it", async () => {
    const account = await openAccount();
    const logs = recordLogs();
    const batch = createMessageBatch<Job>("edge-billing-dead-letters", [
      { id: "m", timestamp: START_MS, attempts: 1, body: { type: "run_due", account: account.id } },
    ]);
    await worker.queue(batch, env);
    const { outcome, retryBatch, retryMessages } = await getQueueResult(batch, createExecutionContext());
    expect({ outcome, retry: retryBatch.retry, retryMessages }).toEqual({
      outcome: "ok",
      retry: false,
      retryMessages: [],
    });
    expect(logs.failures()).toEqual(["job_dead"]);
  });
});

describe("a silent console", () => {
  test("is alerted about once after an hour, and after a day every line it left open is refunded as of then", async () => {
    recordLogs();
    const account = await openAccount(3 * SMALL_MONTH);
    const coupon = await putCoupon({ amount: 30_000 });
    const order = await account.placeWith(coupon, { quantity: 3 });
    await account.pay(order.id);
    expect(await account.available()).toBe(30_000);
    const paidAtMs = START_MS;

    const late = paidAtMs + 7 * HOUR_MS;
    expect((await runDue(account, late)).ran).toEqual([
      { kind: "order", key: order.id, dueAtMs: paidAtMs + HOUR_MS, ran: "alerted" },
    ]);
    expect((await runDue(account, late)).ran).toEqual([]);
    expect((await readSideOf(account.id)).alerts).toMatchObject([{ atMs: paidAtMs + HOUR_MS }]);

    const later = paidAtMs + 31 * HOUR_MS;
    expect((await runDue(account, later)).ran).toEqual([
      { kind: "order", key: order.id, dueAtMs: paidAtMs + DAY_MS, ran: "refunded" },
    ]);
    const { ledger, payments, resources, orders, wallets, otherBalances, invoices } = await contentsOf(
      account.object,
    );
    expect(wallets.available).toBe(3 * SMALL_MONTH);
    expect(otherBalances.undelivered).toBe(0);
    expect(invoices).toEqual([]);
    const refund = SMALL_MONTH - 10_000;
    expect(
      ledger.slice(2).map(({ kind, atMs, credit, reference }) => [kind, atMs, credit?.amount, reference]),
    ).toEqual([1, 2, 3].map((n) => ["refund", paidAtMs + DAY_MS, refund, `${order.id}.${n}`]));
    expect(
      payments
        .filter(({ kind }) => kind === "refund")
        .map(({ amount, createdAtMs, refundOf }) => [amount, createdAtMs, refundOf]),
    ).toEqual(Array(3).fill([refund, paidAtMs + DAY_MS, orders[0]?.payment]));
    expect(resources.map(({ state }) => state)).toEqual(["deleted", "deleted", "deleted"]);
    expect(orders[0]).toMatchObject({
      status: "failed",
      quote: { lines: Array(3).fill({ status: "refunded" }) },
    });
    expect(await redemptionsOf(coupon)).toEqual([]);
    await expectSoundness(account);
  });

  test("that delivered one line of two gets the other refunded: the order stands, and its coupon stays spent", async () => {
    recordLogs();
    const account = await openAccount(2 * SMALL_MONTH);
    const coupon = await putCoupon({ percent: "10" });
    const order = await account.placeWith(coupon, { quantity: 2 });
    await account.pay(order.id);
    const [line] = (await account.order(order.id)).lines;
    if (!line) throw new Error("an order without lines");
    bodyOf(await account.provision(line, "succeeded"), 200);
    await runDue(account, START_MS + HOUR_MS);
    await runDue(account, START_MS + DAY_MS);
    const { status, lines } = await account.order(order.id);
    expect({ status, lines: lines.map((each) => each.status) }).toEqual({
      status: "completed",
      lines: ["active", "refunded"],
    });
    expect(await account.available()).toBe(2 * SMALL_MONTH - SMALL_MONTH * 0.9);
    expect((await account.invoices()).map(({ total }) => total)).toEqual([SMALL_MONTH * 0.9]);
    expect(await redemptionsOf(coupon)).toEqual([{ order: order.id, account: account.id, spent: true }]);
    await expectSoundness(account);
  });

  test("that answers when its day is over finds the line refunded, whether or not anything has run by then", async () => {
    recordLogs();
    for (const hasRun of [true, false]) {
      vi.setSystemTime(START_MS);
      const account = await openAccount(SMALL_MONTH);
      const [line] = (await account.placeAndPay()).lines;
      if (!line) throw new Error("an order without lines");
      await runDue(account, START_MS + HOUR_MS);
      if (hasRun) await runDue(account, START_MS + DAY_MS);
      vi.setSystemTime(START_MS + DAY_MS + MINUTE_MS);
      for (const _ of ["first", "again"]) {
        expect(await account.provision(line, "succeeded")).toMatchObject({
          status: 409,
          body: { code: "line_already_refunded" },
        });
      }
      expect(await account.available()).toBe(SMALL_MONTH);
      expect((await account.payments()).map(({ kind, createdAt }) => ({ kind, createdAt }))).toEqual([
        { kind: "refund", createdAt: iso(START_MS + DAY_MS) },
        { kind: "payment", createdAt: iso(START_MS) },
      ]);
      expect((await account.resources()).map(({ state }) => state)).toEqual(["deleted"]);
      await expectSoundness(account);
    }
  });
});

describe("due work that comes too often, too late or all at once", () => {
  test("is done once", async () => {
    recordLogs();
    const account = await openAccount(SMALL_MONTH);
    await account.placeAndPay();
    const dueMs = START_MS + DAY_MS;
    vi.setSystemTime(dueMs);
    const rounds = [];
    for (const _ of [1, 2, 3]) {
      rounds.push(await Promise.all(Array.from({ length: 10 }, () => account.object.runDue(dueMs, false))));
    }
    expect(
      rounds
        .flat(2)
        .flatMap(({ ran }) => ran.map((run) => run.ran))
        .sort(),
    ).toEqual(["alerted", "refunded"]);
    const { ledger, payments } = await contentsOf(account.object);
    expect(ledger.map(({ kind }) => kind)).toEqual(["adjustment", "purchase", "refund"]);
    expect(payments.map(({ kind }) => kind).sort()).toEqual(["payment", "refund"]);
    const before = await recordsOf(account);
    for (const atMs of [dueMs, dueMs + 1, dueMs + 90 * DAY_MS, START_MS]) {
      expect(await runDue(account, atMs)).toEqual({ ran: [], more: false });
    }
    expect(await recordsOf(account)).toEqual(before);
    await expectSoundness(account);
  });

  test("happens a hundred things at a time, and says whether there are more", {
    timeout: 20_000,
  }, async () => {
    recordLogs();
    const account = await openAccount(105 * SMALL_MONTH);
    await Promise.all(Array.from({ length: 105 }, () => account.placeAndPay()));
    const first = await runDue(account, START_MS + HOUR_MS);
    expect({ ran: first.ran.length, more: first.more }).toEqual({ ran: 100, more: true });
    const second = await runDue(account, START_MS + HOUR_MS);
    expect({ ran: second.ran.length, more: second.more }).toEqual({ ran: 5, more: false });
    const alerted = (await contentsOf(account.object)).orders.map(({ alertedAtMs }) => alertedAtMs);
    expect(new Set(alerted)).toEqual(new Set([START_MS + HOUR_MS]));
  });

  test("leaves one thing that can't be done due, and does the others", async () => {
    const account = await openAccount(2 * SMALL_MONTH);
    const [broken, sound] = [await account.placeAndPay(), await account.placeAndPay()];
    await runInDurableObject(account.object, (_, { storage }) => {
      storage.sql.exec("UPDATE orders SET body = '{' WHERE id = ?", broken.id);
    });
    const logs = recordLogs();
    const { ran } = await runDue(account, START_MS + HOUR_MS);
    expect(ran).toMatchObject([{ key: sound.id, ran: "alerted" }]);
    expect(logs.failures().sort()).toEqual(["alert", "due_work_failed"]);
    const due = await runInDurableObject(account.object, (_, { storage }) =>
      storage.sql
        .exec<{ key: string; atMs: number }>("SELECT key, due_at_ms AS atMs FROM timers ORDER BY due_at_ms")
        .toArray(),
    );
    expect(due).toEqual([
      { key: broken.id, atMs: START_MS + HOUR_MS },
      { key: sound.id, atMs: START_MS + DAY_MS },
    ]);
  });
});

describe("the watchdog of an account that cron forgot", () => {
  const alarmOf = (account: TestAccount) =>
    runInDurableObject(account.object, (_, { storage }) => storage.getAlarm());
  const statusOf = async (account: TestAccount) => (await contentsOf(account.object)).orders[0]?.status;

  test("does what is due a quarter of an hour after its instant, as of that instant", async () => {
    recordLogs();
    const account = await openAccount(SMALL_MONTH);
    await account.placeAndPay();
    const alertMs = START_MS + HOUR_MS;
    await runDurableObjectAlarm(account.object);
    vi.setSystemTime(alertMs + WATCHDOG_MS - 1);
    await runDurableObjectAlarm(account.object);
    expect((await contentsOf(account.object)).orders[0]?.alertedAtMs).toBeNull();
    expect(await alarmOf(account)).toBeLessThanOrEqual(alertMs + WATCHDOG_MS);
    vi.setSystemTime(alertMs + WATCHDOG_MS);
    await runDurableObjectAlarm(account.object);
    expect((await contentsOf(account.object)).orders[0]?.alertedAtMs).toBe(alertMs);

    vi.setSystemTime(START_MS + DAY_MS + WATCHDOG_MS);
    expect(await runDurableObjectAlarm(account.object)).toBe(true);
    expect(await statusOf(account)).toBe("failed");
    expect(await account.available()).toBe(SMALL_MONTH);
    expect((await account.payments())[0]?.createdAt).toBe(iso(START_MS + DAY_MS));
    await expectSoundness(account);
  });

  test("is armed for the earliest thing, and rests when nothing is to come", async () => {
    recordLogs();
    const account = await openAccount(2 * SMALL_MONTH);
    const restUntil = async () => {
      await untilQuiet(account);
      await runDurableObjectAlarm(account.object);
      return alarmOf(account);
    };
    const first = await account.placeAndPay();
    vi.setSystemTime(START_MS + HOUR_MS / 2);
    const second = await account.placeAndPay();
    expect(await restUntil()).toBe(START_MS + HOUR_MS + WATCHDOG_MS);
    await account.provisionAll(first.id, "succeeded");
    expect(await restUntil()).toBe(START_MS + HOUR_MS / 2 + HOUR_MS + WATCHDOG_MS);
    await account.provisionAll(second.id, "succeeded");
    // A week before its end a customer is reminded.
    const reminderAtMs = Date.UTC(2027, 3, 10, 3, 45) - 7 * DAY_MS;
    expect(await restUntil()).toBe(reminderAtMs + WATCHDOG_MS);
    for (const { id } of await account.resources()) bodyOf(await account.remove(id), 200);
    expect(await restUntil()).toBeNull();
  });
});

describe("what is due for resources", () => {
  const END_MS = Date.UTC(2027, 3, 10, 3, 15);
  const withServer = async (credit: number) => {
    const account = await openAccount(credit);
    const server = await account.serve({ autoRenew: { enabled: true, months: 1 } });
    return { account, server };
  };

  test("comes from cron through the queue, and again without effect, however often", async () => {
    const { account, server } = await withServer(2 * SMALL_MONTH);
    const jobs = recordJobs();
    const attemptMs = Date.UTC(2027, 3, 3, 1);
    await tick(attemptMs - 1);
    expect(jobs.flat()).not.toContain(account.id);
    await tick(attemptMs);
    expect(jobs.flat()).toContain(account.id);
    const runs = await Promise.all(Array.from({ length: 5 }, () => runDue(account, attemptMs)));
    expect(
      runs.flatMap(({ ran }) => ran.map(({ ran }) => ran)).filter((ran) => ran === "renewed"),
    ).toHaveLength(1);
    expect(await account.resource(server)).toMatchObject({ endAt: iso(Date.UTC(2027, 4, 10, 3, 15)) });
    const before = await recordsOf(account);
    await runDue(account, attemptMs);
    expect(await recordsOf(account)).toEqual(before);
    await expectSoundness(account);
  });

  test("stays due while its prices can't be read, holds up nothing else, and comes when they can", async () => {
    const { account, server } = await withServer(3 * SMALL_MONTH);
    const other = await account.serve();
    const logs = recordLogs();
    await env.DB.prepare("ALTER TABLE catalogue_versions RENAME TO hidden").run();
    vi.setSystemTime(END_MS + MINUTE_MS);
    const { ran } = await runDue(account, END_MS + MINUTE_MS);
    expect(ran.map(({ key, ran }) => [key, ran])).toEqual([[other, "restricted"]]);
    expect(logs.failures()).toContain("due_work_failed");
    expect(await account.resource(server)).toMatchObject({ state: "active" });
    await env.DB.prepare("ALTER TABLE hidden RENAME TO catalogue_versions").run();
    expect((await runDue(account, END_MS + MINUTE_MS)).ran.map(({ ran }) => ran)).toEqual(["renewed"]);
    expect(await account.resource(server)).toMatchObject({ state: "active" });
    await expectSoundness(account);
  });

  test("is done by the account itself where cron doesn't come", async () => {
    recordLogs();
    const { account, server } = await withServer(SMALL_MONTH);
    vi.setSystemTime(END_MS + WATCHDOG_MS);
    await runDurableObjectAlarm(account.object);
    expect(await account.resource(server)).toMatchObject({
      state: "restricted",
      autoRenew: { enabled: false },
    });
    await expectSoundness(account);
  });
});

describe("while a sandbox's clock is set", () => {
  const setClock = async (atMs: number) =>
    bodyOf(await admin.put("/v1/sandbox/clock", { now: iso(atMs) }), 200);
  interface Ran {
    readonly account: string;
    readonly kind: string;
    readonly key: string;
    readonly dueAt: string;
    readonly ran: string;
  }
  const advance = async (toMs: number) =>
    bodyOf(
      await admin.post<{ now: string; ran: Ran[] }>("/v1/sandbox/clock/advance", { to: iso(toMs) }),
      200,
    );

  test("neither cron, nor a job that was queued before, nor the watchdog does anything; advancing does", async () => {
    const account = await openAccount(SMALL_MONTH);
    await account.placeAndPay();
    const other = await openAccount(SMALL_MONTH);
    const order = await other.placeAndPay();
    const before = [await recordsOf(account), await recordsOf(other)];
    await setClock(START_MS);

    const farMs = START_MS + 2 * DAY_MS;
    const jobs = recordJobs();
    await tick(farMs);
    expect(jobs).toEqual([]);
    vi.restoreAllMocks();
    const batch = createMessageBatch<Job>(
      "edge-billing-jobs",
      [account, other].map(({ id }) => ({
        id,
        timestamp: farMs,
        attempts: 1,
        body: { type: "run_due", account: id },
      })),
    );
    await worker.queue(batch, env);
    expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toEqual([
      account.id,
      other.id,
    ]);
    for (const { object } of [account, other]) await runDurableObjectAlarm(object);
    expect([await recordsOf(account), await recordsOf(other)]).toEqual(before);

    recordLogs();
    const { ran } = await advance(farMs);
    expect(ran.map(({ key, ran: what }) => [key, what])).toContainEqual([order.id, "refunded"]);
    expect(await account.available()).toBe(SMALL_MONTH);
    await expectSoundness(account);
  });

  test("advancing does every due thing of all accounts in the order of their instants, up to and including its end", async () => {
    recordLogs();
    await setClock(START_MS);
    const [one, two] = [await openAccount(2 * SMALL_MONTH), await openAccount(SMALL_MONTH)];
    await one.place();
    await setClock(START_MS + 2 * HOUR_MS);
    const paid = await two.placeAndPay();
    await setClock(START_MS + 3 * HOUR_MS);
    const alsoPaid = await one.placeAndPay();

    const step = (account: TestAccount, key: string, dueAtMs: number, ran: string) => ({
      account: account.id,
      kind: "order",
      key,
      dueAt: iso(dueAtMs),
      ran,
    });
    expect(await advance(START_MS + 4 * HOUR_MS)).toMatchObject({
      now: iso(START_MS + 4 * HOUR_MS),
      ran: [
        step(two, paid.id, START_MS + 3 * HOUR_MS, "alerted"),
        step(one, alsoPaid.id, START_MS + 4 * HOUR_MS, "alerted"),
      ],
    });
    const { ran } = await advance(START_MS + 30 * HOUR_MS);
    expect(ran).toEqual([
      step(two, paid.id, START_MS + 2 * HOUR_MS + DAY_MS, "refunded"),
      step(one, alsoPaid.id, START_MS + 3 * HOUR_MS + DAY_MS, "refunded"),
    ]);
    expect([await one.available(), await two.available()]).toEqual([2 * SMALL_MONTH, SMALL_MONTH]);
    expect((await admin.get<{ now: string }>("/v1/sandbox/clock")).body.now).toBe(
      iso(START_MS + 30 * HOUR_MS),
    );
    for (const account of [one, two]) await expectSoundness(account);
  });

  test("advancing to an earlier instant does nothing but stand there", async () => {
    await setClock(START_MS + DAY_MS);
    const account = await openAccount();
    const order = await account.place();
    expect(await advance(START_MS)).toMatchObject({ now: iso(START_MS), ran: [] });
    expect((await account.order(order.id)).status).toBe("awaiting_payment");
    expect((await account.place()).expiresAt).toBe(iso(START_MS + DAY_MS));
  });

  test("what simulated time made due doesn't wake the object in real time", async () => {
    await setClock(START_MS - 3 * DAY_MS);
    const account = await openAccount(SMALL_MONTH);
    await account.placeAndPay();
    await untilQuiet(account);
    await runDurableObjectAlarm(account.object);
    expect(await runInDurableObject(account.object, (_, { storage }) => storage.getAlarm())).toBeNull();
    expect((await contentsOf(account.object)).orders[0]?.alertedAtMs).toBeNull();
  });
});
