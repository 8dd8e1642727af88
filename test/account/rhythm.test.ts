import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { ACCOUNT_MIGRATIONS } from "../../src/account/migrations.ts";
import { migrate } from "../../src/store/migrate.ts";
import {
  type Answer,
  admin,
  bodyOf,
  freshId,
  itemOf,
  type OrderView,
  openAccount,
  productConsole,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH, VMONITOR } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf, type Tables, tablesOf, without } from "../support/tables.ts";

beforeAll(putCatalogue);
afterEach(async () => {
  vi.restoreAllMocks();
  await admin.delete("/v1/sandbox/clock");
});

const RETURN_URL = "https://console.example/done";

const standAt = async (atMs: number) =>
  bodyOf(await admin.put("/v1/sandbox/clock", { now: new Date(atMs).toISOString() }), 200);

const firstLine = ({ lines: [line] }: OrderView): OrderView["lines"][number] => {
  if (!line) throw new Error("an order without lines");
  return line;
};

/**
 * What commands alone write: calls to consoles leave their table when they were delivered, which may be any time.
 */
const stableTablesOf = async (account: TestAccount) =>
  without(await tablesOf(account.object), "console_calls", "outbox");

const alarmOf = (account: TestAccount) =>
  runInDurableObject(account.object, (_, { storage }) => storage.getAlarm());

describe("an idempotency key", () => {
  test("makes a success be given again, marked as replayed, with nothing done again", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const order = await account.place();
    const key = freshId("key");
    const first = await account.pay(order.id, { key });
    expect(first).toMatchObject({ status: 200, replayed: false, body: { amount: SMALL_MONTH } });
    const before = await stableTablesOf(account);
    const again = await account.pay(order.id, { key });
    expect(again).toMatchObject({ status: 200, replayed: true, body: first.body });
    expect(await stableTablesOf(account)).toEqual(before);
  });

  test("makes a grant be made once", async () => {
    const account = await openAccount();
    const grant = () =>
      admin.post(`${account.path}/credits`, { amount: 500, reason: "sorry" }, { key: "grant" });
    const answers = [await grant(), await grant(), await grant()];
    expect(answers.map(({ status, replayed }) => ({ status, replayed }))).toEqual([
      { status: 201, replayed: false },
      { status: 201, replayed: true },
      { status: 201, replayed: true },
    ]);
    expect(await account.available()).toBe(500);
    expect((await contentsOf(account.object)).ledger).toHaveLength(1);
  });

  test("makes a refusal by the balance be given again, even when the balance would do by now", async () => {
    const account = await openAccount(1_000);
    const order = await account.place();
    const key = freshId("key");
    const first = await account.pay(order.id, { key });
    expect(first).toMatchObject({
      status: 402,
      replayed: false,
      body: { available: 1_000, missing: SMALL_MONTH - 1_000 },
    });
    await account.grant(SMALL_MONTH);
    const again = await account.pay(order.id, { key });
    expect(again).toMatchObject({
      status: 402,
      replayed: true,
      body: { code: "insufficient_credit", available: 1_000, missing: SMALL_MONTH - 1_000 },
    });
    expect(await account.available()).toBe(SMALL_MONTH + 1_000);
    expect((await account.pay(order.id)).status).toBe(200);
  });

  test.each([
    { code: "method_not_available", status: 422, order: null, method: "poc" },
    { code: "order_not_found", status: 404, order: "ord_unknown", method: "credit" },
  ])("makes the refusal $code be given again", async ({ code, status, order, method }) => {
    const account = await openAccount(SMALL_MONTH);
    const id = order ?? (await account.place()).id;
    const key = freshId("key");
    const pay = () => account.pay(id, { key, method });
    expect(await pay()).toMatchObject({ status, replayed: false, body: { code } });
    expect(await pay()).toMatchObject({ status, replayed: true, body: { code } });
  });

  test("doesn't keep a conflict: the same request is decided anew and may succeed", async () => {
    const account = await openAccount(10 * SMALL_MONTH);
    const startMs = Date.UTC(2027, 0, 5);
    await standAt(startMs);
    const order = await account.place({ period: { endAt: "2027-03-01T00:00:00Z" } });
    await standAt(startMs + 31 * 60_000);
    const key = freshId("key");
    for (const _ of [1, 2]) {
      expect(await account.pay(order.id, { key })).toMatchObject({
        status: 409,
        replayed: false,
        body: { code: "quote_expired" },
      });
    }
    expect((await contentsOf(account.object)).keys).not.toContain(key);
    const { total } = bodyOf(await account.change(order.id, {}), 200);
    expect(await account.pay(order.id, { key })).toMatchObject({ status: 200, body: { amount: total } });
  });

  test("is refused for any other request, which then isn't done, and goes on answering its own", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const [order, other] = [await account.place(), await account.place()];
    const key = freshId("key");
    const first = await account.pay(order.id, { key });
    const before = await stableTablesOf(account);
    const answers: Answer<unknown>[] = [
      await account.pay(order.id, { key, method: "poc" }),
      await account.pay(other.id, { key }),
      await account.cancel(other.id, { key }),
      await account.user.post(
        `${account.path}/orders`,
        { action: "create", product: "vserver", lines: [itemOf()], returnUrl: RETURN_URL },
        { key },
      ),
    ];
    for (const { status, body, replayed } of answers) {
      expect({ status, body, replayed }).toMatchObject({
        status: 422,
        replayed: false,
        body: { code: "idempotency_key_reused" },
      });
    }
    expect(await stableTablesOf(account)).toEqual(before);
    expect(await account.pay(order.id, { key })).toMatchObject({ replayed: true, body: first.body });
  });

  test.each([
    ["lacks its fields", {}],
    ["has unknown fields", { method: "credit", amount: 1 }],
    ["isn't JSON", '{"method":'],
    ["names a method nobody knows", { method: "cash" }],
  ])("is refused as reused before the body is looked at that %s", async (_, broken) => {
    const account = await openAccount(SMALL_MONTH);
    const order = await account.place();
    const [used, unused] = [freshId<string>("key"), freshId<string>("key")];
    await account.pay(order.id, { key: used });
    const pay = (key: string) => account.user.post(`${account.path}/orders/${order.id}/pay`, broken, { key });
    expect(await pay(used)).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
    expect(await pay(unused)).toMatchObject({ status: 400 });
    expect((await contentsOf(account.object)).keys).not.toContain(unused);
  });

  test("is refused as reused before the catalogue is looked at", async () => {
    const account = await openAccount();
    const key = freshId("key");
    const place = (product: string) =>
      account.user.post(
        `${account.path}/orders`,
        { action: "create", product, lines: [itemOf()], returnUrl: RETURN_URL },
        { key },
      );
    expect((await place("vserver")).status).toBe(201);
    expect(await place("nosuch")).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  });

  test("belongs to its caller: the same text under another token is another key", async () => {
    const account = await openAccount();
    const key = freshId("key");
    const place = (client: TestAccount["user"], more: object) =>
      client.post<OrderView>(
        `${account.path}/orders`,
        { action: "create", lines: [itemOf()], returnUrl: RETURN_URL, ...more },
        { key },
      );
    const monitor = {
      lines: [itemOf({ resourceType: "quota", configuration: [{ sku: "metrics", quantity: 1 }] })],
    };
    const answers = [
      await place(account.user, { product: "vserver" }),
      await place(account.console, {}),
      await place(productConsole(VMONITOR), { ...monitor, returnUrl: "https://monitor.example/" }),
    ];
    expect(answers.map(({ status, replayed }) => ({ status, replayed }))).toEqual(
      answers.map(() => ({ status: 201, replayed: false })),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(3);
    expect((await contentsOf(account.object)).orders).toHaveLength(3);
  });

  test("belongs to its account", async () => {
    const [one, two] = [await openAccount(), await openAccount()];
    for (const { path } of [one, two]) {
      expect(
        await admin.post(`${path}/credits`, { amount: 70, reason: "both" }, { key: "same" }),
      ).toMatchObject({ status: 201, replayed: false });
    }
    expect([await one.available(), await two.available()]).toEqual([70, 70]);
  });

  test("is still known after the object was evicted, and after it crashed", async () => {
    const account = await openAccount(SMALL_MONTH);
    const order = await account.place();
    const key = freshId("key");
    const { body } = await account.pay(order.id, { key });
    await evictDurableObject(account.object);
    expect(await account.pay(order.id, { key })).toMatchObject({ replayed: true, body });
    await abortAllDurableObjects();
    expect(await account.pay(order.id, { key })).toMatchObject({ replayed: true, body });
    expect(await account.available()).toBe(0);
  });
});

describe("a refused command", () => {
  /** An account in which a bit of everything has happened. */
  const lived = async () => {
    const account = await openAccount(10 * SMALL_MONTH);
    const delivered = await account.placeAndPay();
    await account.provisionAll(delivered.id, "succeeded");
    const failed = await account.placeAndPay();
    await account.provisionAll(failed.id, "failed");
    const cancelled = await account.place();
    await account.cancel(cancelled.id);
    return {
      account,
      unpaid: await account.place(),
      dear: await account.place({ configuration: [{ sku: "small", quantity: 1_000 }] }),
      waiting: await account.placeAndPay({ quantity: 2 }),
      delivered: await account.order(delivered.id),
      failed: await account.order(failed.id),
      cancelled,
    };
  };
  type Lived = Awaited<ReturnType<typeof lived>>;

  const place = (lived: Lived, more: object) =>
    lived.account.console.post(`${lived.account.path}/orders`, {
      action: "create",
      lines: [itemOf()],
      returnUrl: RETURN_URL,
      ...more,
    });
  const grant = ({ account }: Lived, amount: number) =>
    admin.post(`${account.path}/credits`, { amount, reason: "no" });
  const settings = ({ account }: Lived, more: object) =>
    admin.put(account.path, { email: "an@example.com", name: "An", ...more });

  const refusals: Record<string, (lived: Lived) => Promise<Answer<unknown>>> = {
    insufficient_credit: ({ account, dear }) => account.pay(dear.id),
    method_not_available: ({ account, unpaid }) => account.pay(unpaid.id, { method: "gateway" }),
    order_not_found: ({ account }) => account.pay("ord_unknown"),
    order_cancelled: ({ account, cancelled }) => account.pay(cancelled.id),
    order_already_paid: ({ account, waiting }) => account.cancel(waiting.id),
    unknown_sku: (lived) =>
      place(lived, { lines: [itemOf({ configuration: [{ sku: "no", quantity: 1 }] })] }),
    return_url_not_allowed: (lived) => place(lived, { returnUrl: "https://elsewhere.example/" }),
    resource_not_on_poc: ({ account, delivered }) =>
      account.placeFor("convert_poc", firstLine(delivered).resourceId ?? "", { period: { months: 1 } }),
    coupon_not_found: ({ account, unpaid }) => account.change(unpaid.id, { coupon: "NOSUCH" }),
    unknown_item: ({ account, unpaid }) => account.change(unpaid.id, { lines: [{ item: 7, quantity: 2 }] }),
    period_too_long: ({ account, unpaid }) => account.change(unpaid.id, { period: { months: 61 } }),
    amount_zero: (lived) => grant(lived, 0),
    correction_exceeds_credit: (lived) => grant(lived, -100 * SMALL_MONTH),
    line_already_active: ({ account, delivered }) => account.provision(firstLine(delivered), "failed"),
    order_line_not_found: ({ account, waiting, delivered }) =>
      account.provision({ ...firstLine(waiting), id: firstLine(delivered).id }, "succeeded"),
    resource_not_found: ({ account, waiting }) =>
      account.provision({ ...firstLine(waiting), resourceId: "res_unknown" }, "succeeded"),
    account_currency_fixed: (lived) => settings(lived, { currency: "USD" }),
    account_time_zone_fixed: (lived) => settings(lived, { timeZone: "Europe/Paris" }),
    unknown_time_zone: (lived) => settings(lived, { timeZone: "Mars/Olympus" }),
  };

  test("changes no row of any table but adds its answer to the idempotency keys, if it is final", async () => {
    const everything = await lived();
    const { account } = everything;
    for (const [code, refuse] of Object.entries(refusals)) {
      const before = await stableTablesOf(account);
      const { status, body } = await refuse(everything);
      expect({ code, body }).toMatchObject({ code, body: { code } });
      const after = await stableTablesOf(account);
      expect(without(after, "idempotency"), code).toEqual(without(before, "idempotency"));
      const grown = (after.idempotency?.length ?? 0) - (before.idempotency?.length ?? 0);
      expect(grown, code).toBeLessThanOrEqual(status === 409 ? 0 : 1);
    }
  });

  test("says why a caller of another product may not see what is there as if it weren't", async () => {
    const { account, waiting } = await lived();
    const before = await stableTablesOf(account);
    const stranger = productConsole(VMONITOR);
    const line = firstLine(waiting);
    const answer = await stranger.post(
      `${account.path}/resources/${line.resourceId}/provisioning`,
      { orderLine: line.id, status: "succeeded" },
      { key: null },
    );
    expect(answer).toMatchObject({ status: 404, body: { code: "resource_not_found" } });
    expect(
      await stranger.post(`${account.path}/orders/${waiting.id}/cancel`, undefined, { key: null }),
    ).toMatchObject({ status: 404, body: { code: "order_not_found" } });
    expect(await stableTablesOf(account)).toEqual(before);
  });
});

describe("a command whose transaction fails in the middle", () => {
  /** Makes every write to a table fail. */
  const breakTable = (account: TestAccount, table: string) =>
    runInDurableObject(account.object, (_, { storage }) => {
      for (const change of ["INSERT", "UPDATE", "DELETE"]) {
        storage.sql.exec(
          `CREATE TRIGGER broken_${change} BEFORE ${change} ON ${table} BEGIN SELECT RAISE(ABORT, 'disk on fire'); END`,
        );
      }
    });
  const mend = (account: TestAccount) =>
    runInDurableObject(account.object, (_, { storage }) => {
      for (const change of ["INSERT", "UPDATE", "DELETE"]) storage.sql.exec(`DROP TRIGGER broken_${change}`);
    });

  interface State {
    readonly tables: Tables;
    readonly alarm: number | null;
  }
  const stateOf = async (account: TestAccount): Promise<State> => ({
    tables: without(await tablesOf(account.object), "console_calls"),
    alarm: await alarmOf(account),
  });

  const failsWholly = async (
    account: TestAccount,
    table: string,
    command: () => Promise<Answer<unknown>>,
  ) => {
    const before = await stateOf(account);
    await breakTable(account, table);
    const logs = recordLogs();
    expect(await command()).toMatchObject({ status: 500, body: { code: "internal_error" } });
    expect(logs.failures()).toEqual(["request_failed"]);
    await mend(account);
    expect(await stateOf(account)).toEqual(before);
    vi.restoreAllMocks();
  };

  test.each(["orders", "payments", "resources", "ledger", "timers", "outbox", "head", "idempotency"])(
    "leaves nothing of a payment behind where %s can't be written, and the retry pays once",
    async (table) => {
      const account = await openAccount(SMALL_MONTH + 5);
      const order = await account.place();
      const key = freshId("key");
      await failsWholly(account, table, () => account.pay(order.id, { key }));
      expect(await account.pay(order.id, { key })).toMatchObject({ status: 200, replayed: false });
      const { wallets, payments, ledger } = await contentsOf(account.object);
      expect(wallets.available).toBe(5);
      expect(payments).toHaveLength(1);
      expect(ledger.map(({ kind }) => kind)).toEqual(["adjustment", "purchase"]);
    },
  );

  test.each(["orders", "resources", "invoices", "ledger", "timers", "outbox", "head", "audit_trail"])(
    "leaves nothing of a delivery behind where %s can't be written, and the retry issues the first invoice",
    async (table) => {
      const account = await openAccount(SMALL_MONTH);
      const coupon = await putCoupon({ amount: 10_000 });
      const order = await account.placeWith(coupon);
      await account.pay(order.id);
      const line = firstLine(await account.order(order.id));
      await failsWholly(account, table, () => account.provision(line, "succeeded"));
      expect((await account.provision(line, "succeeded")).body.state).toBe("active");
      const { invoices } = await contentsOf(account.object);
      expect(invoices.map(({ n, total }) => ({ n, total }))).toEqual([{ n: 1, total: SMALL_MONTH - 10_000 }]);
      expect(await account.object.audit()).toEqual([]);
    },
  );
});

describe("the account's own SQLite", () => {
  /** What SQLite says to a statement. */
  const saysTo = (account: TestAccount, statement: string): Promise<string> =>
    runInDurableObject(account.object, (_, { storage }) => {
      try {
        storage.sql.exec(statement);
        return "done";
      } catch (error) {
        return String(error);
      }
    });

  test.each(["credit_available", "credit_held", "poc"])("refuses a negative %s", async (wallet) => {
    const account = await openAccount(100);
    expect(await saysTo(account, `UPDATE head SET ${wallet} = -1`)).toContain("CHECK constraint failed");
    expect(await account.available()).toBe(100);
  });

  test.each([
    "UPDATE ledger SET description = 'never happened'",
    "DELETE FROM ledger",
    "DELETE FROM ledger WHERE n = 1",
    "INSERT OR REPLACE INTO ledger SELECT n, kind, at_ms, 'forged', description, transfers, credit, poc FROM ledger",
  ])("refuses to rewrite the ledger: %s", async (statement) => {
    const account = await openAccount(100);
    const before = (await tablesOf(account.object)).ledger;
    expect(before).toHaveLength(1);
    const said = await saysTo(account, statement);
    expect((await tablesOf(account.object)).ledger).toEqual(before);
    expect(said).not.toBe("done");
  });
});

describe("the object's migrations", () => {
  const EXTRA = "CREATE TABLE extra (n INTEGER PRIMARY KEY) STRICT; INSERT INTO extra VALUES (1);";

  const migrateTo = (account: TestAccount, steps: readonly string[]): Promise<string> =>
    runInDurableObject(account.object, (_, { storage }) => {
      try {
        migrate(storage, steps);
        return "done";
      } catch (error) {
        return String(error);
      }
    });

  test("apply a new step once, and leave what is there", async () => {
    const account = await openAccount(100);
    const before = await stableTablesOf(account);
    expect(await migrateTo(account, [...ACCOUNT_MIGRATIONS, EXTRA])).toBe("done");
    expect(await migrateTo(account, [...ACCOUNT_MIGRATIONS, EXTRA])).toBe("done");
    const after = await stableTablesOf(account);
    expect(after.extra).toEqual([{ n: 1 }]);
    expect(without(after, "extra", "migrations")).toEqual(without(before, "migrations"));
  });

  test("keep what waited in the outbox when its rows became one a command", async () => {
    const account = await openAccount(100);
    const waiting = await runInDurableObject(account.object, (_, { storage }) => {
      const { sql } = storage;
      sql.exec("DROP TABLE outbox; CREATE INDEX timers_due ON timers (due_at_ms)");
      sql.exec(`CREATE TABLE outbox (topic TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (topic, seq)) STRICT, WITHOUT ROWID`);
      sql.exec("INSERT INTO outbox VALUES ('mail', 8, '[]'), ('projection', 8, '{}'), ('coupons', 9, '[1]')");
      sql.exec(ACCOUNT_MIGRATIONS.find((step) => step.includes("outbox_by_topic")) ?? "");
      const rows = sql.exec("SELECT * FROM outbox ORDER BY seq").toArray();
      sql.exec("DELETE FROM outbox");
      return rows;
    });
    expect(waiting).toEqual([
      { seq: 8, projection: "{}", coupons: null, mail: "[]" },
      { seq: 9, projection: null, coupons: "[1]", mail: null },
    ]);
  });

  test("refuse a past that was edited, and a past that the code doesn't know", async () => {
    const account = await openAccount(100);
    const edited = ACCOUNT_MIGRATIONS.map((step) => step.replace("credit_held", "credit_kept"));
    expect(await migrateTo(account, edited)).toContain("migration 0 has changed");
    expect(await migrateTo(account, ACCOUNT_MIGRATIONS.slice(0, -1))).toContain("has changed since");
    expect(await account.available()).toBe(100);
  });

  test("apply all of a failing update or none of it", async () => {
    const account = await openAccount(100);
    const before = await stableTablesOf(account);
    const said = await migrateTo(account, [...ACCOUNT_MIGRATIONS, EXTRA, "CREATE TABLE head (n INTEGER)"]);
    expect(said).toContain("already exists");
    expect(await stableTablesOf(account)).toEqual(before);
  });

  test("keep an object from starting whose past isn't the code's", async () => {
    const account = await openAccount(100);
    await runInDurableObject(account.object, (_, { storage }) => {
      storage.sql.exec("UPDATE migrations SET step = 'something else'");
    });
    await evictDurableObject(account.object);
    const logs = recordLogs();
    expect(await account.user.get(`${account.path}/balance`)).toMatchObject({ status: 500 });
    expect(logs.failures()).toEqual(["request_failed"]);
  });
});

describe("an account's object", () => {
  test("has everything again after it was evicted, and goes on where it was", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const first = await account.placeAndPay();
    await account.provisionAll(first.id, "succeeded");
    const second = await account.placeAndPay();
    const before = { tables: await stableTablesOf(account), alarm: await alarmOf(account) };
    expect(before.alarm).not.toBeNull();
    await evictDurableObject(account.object);
    expect({ tables: await stableTablesOf(account), alarm: await alarmOf(account) }).toEqual(before);
    await abortAllDurableObjects();
    expect({ tables: await stableTablesOf(account), alarm: await alarmOf(account) }).toEqual(before);
    await account.provisionAll(second.id, "succeeded");
    const invoices = await account.invoices();
    expect(invoices.map(({ code }) => code.slice(code.lastIndexOf("-")))).toEqual(["-2", "-1"]);
    expect(await account.available()).toBe(SMALL_MONTH);
    expect(await account.object.audit()).toEqual([]);
  });

  test("remembers nothing of a stranger that asks for an account nobody opened", async () => {
    const id = freshId<string>("acc");
    const answer = await admin.post(`/v1/accounts/${id}/credits`, { amount: 5, reason: "to nobody" });
    expect(answer).toMatchObject({ status: 404, body: { code: "account_not_found" } });
    bodyOf(await admin.put(`/v1/accounts/${id}`, { email: "an@example.com", name: "An" }), 200);
    const grants = await admin.get<{ data: unknown[] }>(`/v1/accounts/${id}/credit-transactions`);
    expect(grants.body.data).toEqual([]);
  });
});
