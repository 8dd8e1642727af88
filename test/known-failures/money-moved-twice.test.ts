import { beforeAll, describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../src/domain/local-time.ts";
import { resetClock, setClock } from "../http/clock.ts";
import { type OrderView, openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { contentsOf } from "../support/tables.ts";

beforeAll(putCatalogue);

const TIMES = 20;

/** All at once, each under a key of its own. */
const atOnce = <T>(act: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: TIMES }, () => act()));

const movesOf = async (account: TestAccount) =>
  (await contentsOf(account.object)).ledger.map(({ kind, credit }) => ({
    kind,
    amount: credit?.amount ?? 0,
  }));

async function expectSound(account: TestAccount, available: number): Promise<void> {
  expect(await account.object.audit()).toEqual([]);
  expect(await account.available()).toBe(available);
}

const lineOf = ({ lines: [line] }: OrderView): OrderView["lines"][number] => {
  if (!line) throw new Error("an order without lines");
  return line;
};

const granted = { kind: "adjustment", amount: 3 * SMALL_MONTH };
const bought = { kind: "purchase", amount: -SMALL_MONTH };
const sold = { kind: "sale", amount: 0 };
const refunded = { kind: "refund", amount: SMALL_MONTH };

describe("6: a callback and the cron both renew", () => {
  const MONTH_LATER = 24 * DAY_MS;

  test("a renewal that the customer has quoted isn't paid beside the automatic one", async () => {
    await setClock("2025-01-06T03:15:00Z");
    const account = await openAccount(3 * SMALL_MONTH);
    const server = await account.serve({ autoRenew: { enabled: true, months: 1 } });
    const attemptAt = "2025-01-30T01:00:00Z";
    await setClock(attemptAt);
    const { body: order } = await account.placeFor("renew", server, { period: { months: 1 } });
    const [, paid] = await Promise.all([
      account.object.runDue(Date.parse(attemptAt), true),
      account.pay(order.id),
    ]);
    if (paid.status !== 200) expect([paid.status, paid.body.code]).toEqual([409, "resource_changed"]);
    await account.object.runDue(Date.parse(attemptAt), true);
    expect((await account.pay(order.id)).status).toBe(409);
    const { resources, invoices } = await contentsOf(account.object);
    expect(resources[0]?.terms).toHaveLength(2);
    expect(invoices).toHaveLength(2);
    await expectSound(account, SMALL_MONTH);
    await resetClock();
  });

  test("cron that comes many times at once renews once", async () => {
    const account = await openAccount(5 * SMALL_MONTH);
    await account.serve({ autoRenew: { enabled: true, months: 1 } });
    await atOnce(() => account.object.runDue(Date.now() + MONTH_LATER, true));
    expect((await contentsOf(account.object)).invoices).toHaveLength(2);
    await expectSound(account, 3 * SMALL_MONTH);
  });
});

describe("3: one wallet transaction settled twice within milliseconds", () => {
  test("a payment by credit takes the money once", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const order = await account.place();
    const statuses = (await atOnce(() => account.pay(order.id))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, ...Array(TIMES - 1).fill(409)]);
    expect(await movesOf(account)).toEqual([granted, bought]);
    await expectSound(account, 2 * SMALL_MONTH);
  });

  test("a line that its console reports as delivered many times is sold once", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const line = lineOf(await account.placeAndPay());
    const answers = await atOnce(() => account.provision(line, "succeeded"));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await movesOf(account)).toEqual([granted, bought, sold]);
    expect(await account.invoices()).toHaveLength(1);
    await expectSound(account, 2 * SMALL_MONTH);
  });

  test("a line that its console reports as failed many times is refunded once", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const line = lineOf(await account.placeAndPay());
    await atOnce(() => account.provision(line, "failed"));
    expect(await movesOf(account)).toEqual([granted, bought, refunded]);
    expect((await account.payments()).map(({ kind }) => kind).sort()).toEqual(["payment", "refund"]);
    await expectSound(account, 3 * SMALL_MONTH);
  });

  test("a line that time gives back while its console reports it failed is refunded once", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const line = lineOf(await account.placeAndPay());
    const isOverMs = Date.now() + 25 * HOUR_MS;
    await Promise.all([
      atOnce(() => account.object.runDue(isOverMs, true)),
      atOnce(() => account.provision(line, "failed")),
    ]);
    expect(await movesOf(account)).toEqual([granted, bought, refunded]);
    await expectSound(account, 3 * SMALL_MONTH);
  });
});
