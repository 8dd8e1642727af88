import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { RETRY_FIRST_MS, RETRY_LAST_MS } from "../../src/account/alarm.ts";
import { type Deliver, DRAIN_BATCH, DRAIN_MAX_BATCHES, drain } from "../../src/account/drain.ts";
import { type Delivered, TOPICS, type Topic, type Topics } from "../../src/account/outbox.ts";
import type { Account } from "../../src/domain/account.ts";
import type { Invoice } from "../../src/domain/invoice.ts";
import { type Money, money } from "../../src/domain/money.ts";
import type { Payment } from "../../src/domain/payment.ts";
import { type ProjectedCommand, type ProjectedRow, project } from "../../src/store/projection.ts";
import {
  freshId,
  openAccount,
  putCatalogue,
  putCoupon,
  redemptionsOf,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf, projectionOf, readSideOf } from "../support/tables.ts";

beforeAll(putCatalogue);
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a drain", () => {
  interface Waiting {
    readonly seq: number;
  }

  /** Topics with messages that are told apart by their numbers alone, and a delivery that writes down what it is given. */
  function fakes(waiting: Partial<Record<Topic, readonly number[]>>) {
    const rows = new Map<Topic, Waiting[]>(
      TOPICS.map((topic) => [topic, (waiting[topic] ?? []).map((seq) => ({ seq }))]),
    );
    const log: string[] = [];
    const failing = new Map<Topic, (seqs: readonly number[]) => boolean>();
    const numbersOf = (messages: readonly unknown[]) => messages.map((message) => (message as Waiting).seq);
    const deliverTo = (topic: Topic) => async (messages: readonly unknown[]) => {
      const seqs = numbersOf(messages);
      log.push(`${topic} ${seqs.join(" ")}`);
      await Promise.resolve();
      if (failing.get(topic)?.(seqs)) throw new Error(`${topic} is down`);
    };
    return {
      log,
      rows,
      failing,
      left: (topic: Topic) => rows.get(topic)?.map(({ seq }) => seq),
      deps: {
        read: <T extends Topic>(topic: T, after: number, limit: number) =>
          (rows.get(topic) ?? [])
            .filter(({ seq }) => seq > after)
            .slice(0, limit)
            .map((row) => ({ seq: row.seq, message: row as unknown as Topics[T] })),
        remove: (delivered: Delivered) => {
          log.push(`removed ${JSON.stringify(delivered)}`);
          for (const topic of TOPICS) {
            rows.set(topic, rows.get(topic)?.filter(({ seq }) => seq > (delivered[topic] ?? 0)) ?? []);
          }
        },
        weigh: () => 1,
        deliver: Object.fromEntries(TOPICS.map((topic) => [topic, deliverTo(topic)])) as unknown as Deliver,
        failed: (topic: Topic, seq: number, error: unknown) => {
          log.push(`${topic} failed at ${seq}: ${(error as Error).message}`);
        },
      },
    };
  }

  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  test("delivers a topic's messages in order, and removes them only when they have arrived", async () => {
    const { deps, log } = fakes({ projection: upTo(DRAIN_BATCH + 2) });
    expect(await drain(deps)).toBe(true);
    expect(log).toEqual([
      `projection ${upTo(DRAIN_BATCH).join(" ")}`,
      `projection ${DRAIN_BATCH + 1} ${DRAIN_BATCH + 2}`,
      `removed {"projection":${DRAIN_BATCH + 2}}`,
    ]);
  });

  test("delivers the other topics when one is down, and keeps and reports what that one has", async () => {
    const { deps, failing, left, log } = fakes({ projection: [1, 2], coupons: [1, 3], mail: [2] });
    failing.set("projection", () => true);
    expect(await drain(deps)).toBe(false);
    expect(left("projection")).toEqual([1, 2]);
    expect(left("coupons")).toEqual([]);
    expect(left("mail")).toEqual([]);
    expect(log).toContain("projection failed at 2: projection is down");
    expect(log.filter((line) => line.includes("failed"))).toHaveLength(1);
  });

  test("tells again what may not have arrived, and nothing that did", async () => {
    const { deps, failing, left, log } = fakes({ coupons: upTo(DRAIN_BATCH + 1) });
    let isDown = true;
    failing.set("coupons", (seqs) => seqs.includes(DRAIN_BATCH + 1) && isDown);
    expect(await drain(deps)).toBe(false);
    expect(left("coupons")).toEqual([DRAIN_BATCH + 1]);
    isDown = false;
    expect(await drain(deps)).toBe(true);
    const told = log.filter((line) => /^coupons \d/.test(line));
    expect(told).toEqual([
      `coupons ${upTo(DRAIN_BATCH).join(" ")}`,
      `coupons ${DRAIN_BATCH + 1}`,
      `coupons ${DRAIN_BATCH + 1}`,
    ]);
  });

  test("takes along what was added while it ran", async () => {
    const { deps, rows, failing, left } = fakes({ projection: [1] });
    failing.set("projection", (seqs) => {
      if (seqs.includes(1)) rows.set("projection", [{ seq: 1 }, { seq: 2 }]);
      return false;
    });
    expect(await drain(deps)).toBe(true);
    expect(left("projection")).toEqual([]);
  });

  test("stops after its limit, having delivered that much, and says that there is more", async () => {
    const limit = DRAIN_BATCH * DRAIN_MAX_BATCHES;
    const { deps, left } = fakes({ projection: upTo(limit + 1), coupons: [7] });
    expect(await drain(deps)).toBe(false);
    expect(left("projection")).toEqual([limit + 1]);
    expect(left("coupons")).toEqual([]);
    expect(await drain(deps)).toBe(true);
  });
});

describe("the projection into D1", () => {
  const profile = (name: string) => ({ id: "x", name }) as unknown as Account;
  const account = (name: string): ProjectedRow => ({ table: "accounts", row: profile(name) });
  const payment = (id: `pay_${number}`, invoice: string | null): ProjectedRow => ({
    table: "payments",
    row: {
      id,
      n: Number(id.slice("pay_".length)),
      createdAtMs: 5,
      lines: [{ invoice }],
    } as unknown as Payment,
  });
  const invoice = (n: number, status: Invoice["status"]): ProjectedRow => ({
    table: "invoices",
    row: {
      n,
      status,
      code: `202701-X-${n}`,
      product: "vserver",
      resourceName: "web",
      issuedAtMs: 9,
    } as unknown as Invoice,
  });
  const credit = (n: number, amount: number): ProjectedRow => ({
    table: "credit_transactions",
    row: {
      n,
      type: "purchase",
      amount: amount as Money,
      available: money(0),
      held: money(0),
      atMs: 7,
      reference: "ord_1",
      description: "",
    },
  });
  const alert = (key: string, atMs: number): ProjectedRow => ({
    table: "alerts",
    row: { key, kind: "provisioning_overdue", subject: "ord_1", atMs },
  });
  const command = (seq: number, rows: readonly ProjectedRow[], dueAtMs: number | null = seq * 100) =>
    ({ seq, dueAtMs, rows }) satisfies ProjectedCommand;

  const source = (epoch = 1, id = freshId<string>("acc")) => ({
    id,
    tell: (...commands: readonly ProjectedCommand[]) => project(env.DB, { account: id, epoch }, commands),
    has: () => readSideOf(id),
  });
  /** What telling something ended in. */
  const outcomeOf = (telling: Promise<void>): Promise<string> =>
    telling.then(
      () => "applied",
      (error: unknown) => String(error),
    );

  test("has every row, the profile and the next due instant in one go", async () => {
    const { tell, has } = source();
    await tell(
      command(1, [account("An")]),
      command(3, [credit(1, -5), payment("pay_1", null), invoice(1, "paid"), alert("a", 3)]),
    );
    expect(await has()).toMatchObject({
      cursor: { epoch: 1, seq: 3, dueAtMs: 300 },
      profile: { name: "An" },
      payments: [{ id: "pay_1" }],
      invoices: [{ n: 1, status: "paid" }],
      creditTransactions: [{ n: 1, type: "purchase", amount: -5, atMs: 7, reference: "ord_1" }],
      alerts: [{ key: "a", atMs: 3 }],
    });
  });

  test("is changed by nothing that is told twice", async () => {
    const { id, tell, has } = source();
    const commands = [
      command(1, [account("An"), credit(1, 10)]),
      command(2, [payment("pay_1", null), invoice(1, "unpaid")]),
    ];
    await tell(...commands);
    await env.DB.prepare("UPDATE accounts SET claimed_until_ms = 77 WHERE id = ?").bind(id).run();
    const before = await has();
    await tell(...commands);
    await tell(...commands.slice(1));
    expect(await has()).toEqual(before);
    const claim = await env.DB.prepare("SELECT claimed_until_ms AS at FROM accounts WHERE id = ?")
      .bind(id)
      .first<{ at: number }>();
    expect(claim).toEqual({ at: 77 });
  });

  test("keeps the newer row when an older command arrives after it", async () => {
    const { tell, has } = source();
    await tell(command(1, [account("An")]), command(2, [payment("pay_1", null), invoice(1, "unpaid")]));
    await tell(command(5, [account("Binh"), payment("pay_1", "202701-X-1"), invoice(1, "paid")]));
    const newer = await has();
    await tell(command(2, [account("An"), payment("pay_1", null), invoice(1, "unpaid"), alert("late", 1)]));
    expect(await has()).toEqual(newer);
    expect(newer).toMatchObject({
      profile: { name: "Binh" },
      payments: [{ lines: [{ invoice: "202701-X-1" }] }],
      invoices: [{ status: "paid" }],
      alerts: [],
    });
  });

  test("takes from a run of commands those it doesn't have yet", async () => {
    const { tell, has } = source();
    await tell(command(1, [credit(1, 10)]), command(2, [credit(2, 20)]));
    await tell(command(1, [credit(1, 99)]), command(2, [credit(2, 99)]), command(3, [credit(3, 30)]));
    const { creditTransactions, cursor } = await has();
    expect(creditTransactions).toMatchObject([{ amount: 10 }, { amount: 20 }, { amount: 30 }]);
    expect(cursor?.seq).toBe(3);
  });

  test("believes a later epoch over any earlier one, whatever their numbers", async () => {
    const { id, tell, has } = source(1);
    await tell(command(40, [account("before the restore"), payment("pay_1", "old")], 4_000));
    await source(2, id).tell(command(3, [account("after it"), payment("pay_1", "new")], 5_000));
    const restored = await has();
    expect(restored).toMatchObject({
      cursor: { epoch: 2, seq: 3, dueAtMs: 5_000 },
      profile: { name: "after it" },
      payments: [{ lines: [{ invoice: "new" }] }],
    });
    await tell(command(41, [account("a ghost"), payment("pay_2", null)], 1));
    expect(await has()).toEqual(restored);
  });

  test("applies all of a batch or, where one row can't be written, nothing of it", async () => {
    const { tell, has } = source();
    await tell(command(1, [account("An"), credit(1, 10)]));
    const before = await has();
    const good = command(2, [credit(2, 20), payment("pay_1", null)]);
    const bad = command(3, [invoice(1, "paid"), credit(3, "much" as unknown as number)]);
    expect(await outcomeOf(tell(good, bad))).toContain("D1_ERROR");
    expect(await has()).toEqual(before);
    expect(await outcomeOf(tell(good, command(3, [invoice(1, "paid"), credit(3, 30)])))).toBe("applied");
    expect((await has()).creditTransactions).toMatchObject([{ amount: 10 }, { amount: 20 }, { amount: 30 }]);
  });

  test("moves the due instant and ends a claim with every step, and keeps the profile that a step doesn't tell", async () => {
    const { id, tell, has } = source();
    await tell(command(1, [account("An")], 100));
    await env.DB.prepare("UPDATE accounts SET claimed_until_ms = 77 WHERE id = ?").bind(id).run();
    await tell(command(2, [], null));
    expect(await has()).toMatchObject({ cursor: { seq: 2, dueAtMs: null }, profile: { name: "An" } });
    const claim = await env.DB.prepare("SELECT claimed_until_ms AS at FROM accounts WHERE id = ?")
      .bind(id)
      .first<{ at: number }>();
    expect(claim).toEqual({ at: 0 });
  });

  test("keeps accounts apart", async () => {
    const [one, two] = [source(), source()];
    await one.tell(command(9, [credit(1, 10)]));
    await two.tell(command(1, [credit(1, 20)]));
    expect((await one.has()).creditTransactions).toMatchObject([{ amount: 10 }]);
    expect((await two.has()).creditTransactions).toMatchObject([{ amount: 20 }]);
  });
});

const alarmOf = (account: TestAccount) =>
  runInDurableObject(account.object, (_, { storage }) => storage.getAlarm());

const expectD1ToBeComplete = async (account: TestAccount) => {
  const own = await contentsOf(account.object);
  const { cursor, ...rows } = await readSideOf(account.id);
  expect(rows).toEqual(projectionOf(own));
  expect(own.outbox).toEqual([]);
  return cursor;
};

describe("D1 that fails while commands are given", () => {
  const breakD1 = () => vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1 is down"));

  test("doesn't fail the commands, and gets everything in order from the alarm later", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const before = await readSideOf(account.id);
    const logs = recordLogs();
    breakD1();
    const first = await account.placeAndPay();
    await account.provisionAll(first.id, "succeeded");
    const second = await account.placeAndPay();
    await account.provisionAll(second.id, "failed");
    expect(await account.available()).toBe(2 * SMALL_MONTH);
    expect(new Set(logs.failures())).toEqual(new Set(["outbox_delivery_failed"]));
    expect(await readSideOf(account.id)).toEqual(before);
    expect((await contentsOf(account.object)).outbox.length).toBeGreaterThan(3);
    expect(await alarmOf(account)).not.toBeNull();

    vi.restoreAllMocks();
    expect(await runDurableObjectAlarm(account.object)).toBe(true);
    await expectD1ToBeComplete(account);
    expect((await account.payments()).map(({ kind, amount }) => ({ kind, amount }))).toEqual([
      { kind: "refund", amount: SMALL_MONTH },
      { kind: "payment", amount: SMALL_MONTH },
      { kind: "payment", amount: SMALL_MONTH },
    ]);
    expect((await account.invoices()).map(({ total }) => total)).toEqual([SMALL_MONTH]);
  });

  test("is tried again at growing intervals that have a limit, across evictions", async () => {
    const account = await openAccount();
    recordLogs();
    breakD1();
    await account.grant(500);
    vi.useFakeTimers({ toFake: ["Date"] });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(await runDurableObjectAlarm(account.object)).toBe(true);
      waits.push(((await alarmOf(account)) ?? 0) - Date.now());
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeGreaterThanOrEqual(RETRY_FIRST_MS);
    expect(waits.at(-1)).toBe(RETRY_LAST_MS);
    await evictDurableObject(account.object);
    vi.restoreAllMocks();
    expect(await runDurableObjectAlarm(account.object)).toBe(true);
    await expectD1ToBeComplete(account);
    expect((await account.creditTransactions()).map(({ amount }) => amount)).toEqual([500]);
  });

  test("keeps the answer waiting for a moment only when it hangs, and has its row when it comes back", async () => {
    const account = await openAccount();
    recordLogs();
    const back = Promise.withResolvers<never>();
    vi.spyOn(env.DB, "batch").mockReturnValue(back.promise);
    await account.grant(500);
    expect(await account.available()).toBe(500);
    expect((await readSideOf(account.id)).creditTransactions).toEqual([]);
    vi.restoreAllMocks();
    recordLogs();
    await runInDurableObject(account.object, () => back.reject(new Error("D1 timed out")));
    await runDurableObjectAlarm(account.object);
    await runDurableObjectAlarm(account.object);
    await expectD1ToBeComplete(account);
  });

  test("doesn't hold up what is told to coupons", async () => {
    const account = await openAccount(SMALL_MONTH);
    const coupon = await putCoupon({ amount: 10_000 });
    const order = await account.placeWith(coupon);
    await account.pay(order.id);
    recordLogs();
    breakD1();
    await account.provisionAll(order.id, "succeeded");
    expect(await redemptionsOf(coupon)).toEqual([{ order: order.id, account: account.id, spent: true }]);
    const { outbox } = await contentsOf(account.object);
    expect(new Set(outbox.map(({ topic }) => topic))).toEqual(new Set(["projection"]));
  });

  test("lets a refused command be refused, and a replayed answer be given", async () => {
    const account = await openAccount(SMALL_MONTH);
    const order = await account.place();
    const key = freshId("key");
    recordLogs();
    breakD1();
    const { body } = await account.pay(order.id, { key });
    expect(await account.pay(order.id, { key })).toMatchObject({ status: 200, replayed: true, body });
    expect(await account.pay(order.id)).toMatchObject({ status: 409, body: { code: "order_already_paid" } });
  });
});

describe("a customer's next look after a command", () => {
  test("shows what the command did, also when many commands are given at once", async () => {
    const account = await openAccount(30 * SMALL_MONTH);
    const orders = await Promise.all(Array.from({ length: 30 }, () => account.place()));
    const looks = await Promise.all(
      orders.map(async ({ id }) => {
        const { body } = await account.pay(id);
        const payments = await account.payments();
        const credits = await account.creditTransactions();
        return {
          hasPayment: payments.some((payment) => payment.id === body.id),
          hasCredit: credits.some(({ reference }) => reference === id),
        };
      }),
    );
    expect(looks).toEqual(orders.map(() => ({ hasPayment: true, hasCredit: true })));
    await expectD1ToBeComplete(account);
  });

  test("shows an invoice at once, linked with its payment on both sides", async () => {
    const account = await openAccount(SMALL_MONTH);
    const order = await account.placeAndPay();
    await account.provisionAll(order.id, "succeeded");
    const [invoice] = await account.invoices();
    const [payment] = await account.payments();
    expect(invoice).toMatchObject({ order: order.id, payment: payment?.id, total: SMALL_MONTH });
    expect(payment?.invoices).toEqual([invoice?.code]);
  });
});

describe("the index of what is due", () => {
  const DAY_MS = 86_400_000;
  const HOUR_MS = 3_600_000;
  const indexed = async (account: TestAccount) => (await readSideOf(account.id)).cursor?.dueAtMs;

  test("hears of something earlier, of nothing later beside it, and of the rest on the way", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const startMs = Date.now();
    const account = await openAccount(2 * SMALL_MONTH);
    await account.place();
    expect(await indexed(account)).toBeNull();

    const early = await account.placeAndPay();
    expect(await indexed(account)).toBe(startMs + HOUR_MS);
    vi.setSystemTime(startMs + HOUR_MS / 2);
    const late = await account.placeAndPay();
    expect(await indexed(account)).toBe(startMs + HOUR_MS);
    await account.provisionAll(early.id, "succeeded");
    expect(await indexed(account)).toBe(startMs + 1.5 * HOUR_MS);
    await account.provisionAll(late.id, "succeeded");
    const { timers } = await contentsOf(account.object);
    expect(timers.map(({ kind }) => kind)).toEqual(["resource", "resource"]);
    expect(await indexed(account)).toBe(Math.min(...timers.map(({ dueAtMs }) => dueAtMs)));
    await expectD1ToBeComplete(account);
  });

  test("forgets a timer that turns out to be needless when that is due", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const dueMs = Date.now() + HOUR_MS;
    const account = await openAccount();
    const unpaid = await account.place();
    await runInDurableObject(account.object, (_, { storage }) => {
      storage.sql.exec("INSERT INTO timers VALUES ('order', ?, ?, '')", unpaid.id, dueMs);
    });
    await account.object.runDue(dueMs - 1, true);
    expect(await indexed(account)).toBe(dueMs);
    expect((await account.object.runDue(dueMs, true)).ran).toMatchObject([{ ran: "nothing" }]);
    expect((await contentsOf(account.object)).timers).toEqual([]);
    expect(await indexed(account)).toBeNull();
  });

  test("is told of the alert hour when an order is paid, and of the day's end when that has rung", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const startMs = Date.now();
    const account = await openAccount(SMALL_MONTH);
    await account.placeAndPay();
    expect(await indexed(account)).toBe(startMs + HOUR_MS);
    await account.object.runDue(startMs + HOUR_MS, true);
    expect(await indexed(account)).toBe(startMs + DAY_MS);
  });
});
