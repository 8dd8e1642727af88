import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { GATEWAYS } from "../../src/domain/gateway.ts";
import { DAY_MS, HOUR_MS } from "../../src/domain/local-time.ts";
import { type Begun, Customer } from "../gateways/customer.ts";
import { LinkingCustomer } from "../gateways/linking.ts";
import { behave, sendCallbacks } from "../gateways/paying.ts";
import { LINKABLE, PECULIARITIES } from "../gateways/peculiarities.ts";
import { bodyOf, freshId, openAccount, putCatalogue } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  for (const name of GATEWAYS) await behave(name);
});

const kindsOf = async ({ account }: Customer) =>
  (await account.creditTransactions()).map(({ type, amount }) => [type, amount]);

/** A customer whose server runs until the end of its month, and renews itself. */
async function withServer(): Promise<{ customer: Customer; resource: string; endMs: number }> {
  const account = await openAccount(SMALL_MONTH);
  const order = await account.placeAndPay();
  const { lines } = await account.provisionAll(order.id, "succeeded");
  const resource = lines[0]?.resourceId ?? "";
  const { endAt } = await account.resource(resource);
  return { customer: new Customer(account), resource, endMs: Date.parse(endAt ?? "") };
}

describe.each(GATEWAYS)(
  "1: an automatic charge races an open checkout page at %s: both succeed",
  (gateway) => {
    test("the renewal's time is had once, and what was paid a second time is credit", async () => {
      const { customer, resource, endMs } = await withServer();
      const { account } = customer;
      const autoRenew = { enabled: true, months: 1 };
      bodyOf(await account.user.put(`${account.path}/resources/${resource}/auto-renew`, autoRenew), 200);
      const order = bodyOf(await account.placeFor("renew", resource, { period: { months: 1 } }), 201);
      const begun = await customer.begin(order.id, "gateway", gateway);
      await account.grant(SMALL_MONTH);
      await account.object.runDue(endMs - 2 * HOUR_MS, true);
      const renewed = await account.resource(resource);
      expect(Date.parse(renewed.endAt ?? "")).toBeGreaterThan(endMs);
      await customer.decide(begun, "approve");
      expect((await account.resource(resource)).endAt).toBe(renewed.endAt);
      expect(await customer.payment(begun.id)).toMatchObject({ kind: "deposit", status: "succeeded" });
      expect(await customer.wallet()).toEqual({ available: SMALL_MONTH, held: 0 });
      expect(await account.object.audit()).toEqual([]);
    });
  },
);

describe.each(LINKABLE)("13: a new payment method at %s doesn't retry what's unpaid", (gateway) => {
  test("what is unpaid is offered with it, and paid by it at once", async () => {
    const customer = new LinkingCustomer(await openAccount(), gateway);
    const [first, second] = [await customer.account.place(), await customer.account.place()];
    const { id } = await customer.link();
    const { unpaidOrders } = await customer.links();
    expect(unpaidOrders.map((order) => order.id).sort()).toEqual([first.id, second.id].sort());
    for (const order of unpaidOrders) await customer.payLinked(order.id, id);
    await vi.waitFor(async () => expect((await customer.links()).unpaidOrders).toEqual([]));
    expect(await customer.account.object.audit()).toEqual([]);
  });
});

describe.each(GATEWAYS)("2: the same top-up POST for %s sent twice credits twice", (gateway) => {
  test("under one key it is begun once, and what its gateway took is credited once", async () => {
    const customer = new Customer(await openAccount());
    const key = freshId("key");
    const [first, second] = await Promise.all([
      customer.topUp(70_000, gateway, { key }),
      customer.topUp(70_000, gateway, { key }),
    ]);
    expect(second.body.id).toBe(first.body.id);
    const begun = bodyOf(first, 201) as unknown as Begun;
    await customer.open(begun);
    await customer.decide(begun, "approve", "twice");
    await customer.query(begun.id);
    expect((await customer.topUp(70_000, gateway, { key })).replayed).toBe(true);
    expect(await kindsOf(customer)).toEqual([["deposit", 70_000]]);
    expect(await customer.account.payments()).toHaveLength(1);
    await customer.expectSound();
  });
});

/** Gateways whose answer can be lost when a payment is begun. */
const TOLD = GATEWAYS.filter((name) => PECULIARITIES[name].isTold);

describe.each(TOLD)(
  "5: %s says unknown, the customer pays another way, the first one succeeds late",
  (gateway) => {
    test("the order is paid once, and the late money is credit", async () => {
      await behave(gateway, { create: "times_out_after_success", pendingQueries: 1 });
      const customer = new Customer(await openAccount());
      const order = await customer.account.place();
      const unknown = bodyOf(await customer.payAt(order.id, "gateway", gateway), 202) as unknown as Begun;
      const second = await customer.begin(order.id, "gateway", "vnpay");
      await customer.decide(second, "approve");
      expect((await customer.account.order(order.id)).payment).toBe(second.id);
      await customer.decide(unknown, "approve", "late");
      await sendCallbacks(gateway);
      expect(await customer.payment(unknown.id)).toMatchObject({ kind: "deposit", order: order.id });
      expect(await kindsOf(customer)).toEqual([["deposit", SMALL_MONTH]]);
      expect(await customer.wallet()).toEqual({ available: SMALL_MONTH, held: 0 });
      await customer.expectSound();
    });
  },
);

describe.each(GATEWAYS)(
  "10: suspended before %s's money arrived, and the renewal payment then refused",
  (gateway) => {
    test("a renewal that was begun in time is had when its money arrives, suspended or not", {
      timeout: 20_000,
    }, async () => {
      await behave(gateway, { pendingQueries: 99 });
      const { customer, resource, endMs } = await withServer();
      const { account } = customer;
      const order = bodyOf(await account.placeFor("renew", resource, { period: { months: 3 } }), 201);
      const begun = await customer.begin(order.id, "gateway", gateway);
      await customer.decide(begun, "approve", "late");
      await account.object.runDue(endMs + 16 * DAY_MS, true);
      expect(await account.resource(resource)).toMatchObject({ state: "suspended" });
      await sendCallbacks(gateway);
      const renewed = await account.resource(resource);
      expect(renewed.state).toBe("active");
      expect(Date.parse(renewed.endAt ?? "")).toBeGreaterThan(endMs + 80 * DAY_MS);
      expect(await customer.payment(begun.id)).toMatchObject({ kind: "payment", status: "succeeded" });
      expect(await account.object.audit()).toEqual([]);
    });
  },
);

describe("4: two concurrent 60 refunds on a 100 payment both succeed", () => {
  test("one is sent back, the other is refused, and 40 more is all there is", async () => {
    const customer = new Customer(await openAccount(500_000));
    const bought = await customer.buy(100_000);
    const both = await Promise.all([customer.refund(bought.id, 60_000), customer.refund(bought.id, 60_000)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await customer.refund(bought.id, 40_001)).status).toBe(409);
    bodyOf(await customer.refund(bought.id, 40_000), 201);
    expect(await customer.wallet()).toEqual({ available: 500_000, held: 0 });
    await customer.expectSound();
  });
});

describe("6: a callback and the cron both renew", () => {
  test.each(["callback", "cron"])(
    "whichever comes first, here the %s: one month is had, and no money is lost",
    async (first) => {
      const { customer, resource, endMs } = await withServer();
      const { account } = customer;
      const autoRenew = { enabled: true, months: 1 };
      bodyOf(await account.user.put(`${account.path}/resources/${resource}/auto-renew`, autoRenew), 200);
      const order = bodyOf(await account.placeFor("renew", resource, { period: { months: 1 } }), 201);
      const begun = await customer.begin(order.id);
      await account.grant(SMALL_MONTH);
      const both = [
        () => customer.decide(begun, "approve"),
        () => account.object.runDue(endMs - 2 * HOUR_MS, true),
      ];
      await Promise.all((first === "cron" ? both.reverse() : both).map((act) => act()));
      await account.object.runDue(endMs - 2 * HOUR_MS, true);
      expect(await customer.payment(begun.id)).toMatchObject({ status: "succeeded" });
      const { endAt } = await account.resource(resource);
      expect(Date.parse(endAt ?? "") - endMs).toBeLessThan(32 * DAY_MS);
      expect(Date.parse(endAt ?? "")).toBeGreaterThan(endMs);
      expect(await customer.wallet()).toEqual({ available: SMALL_MONTH, held: 0 });
      expect(await account.object.audit()).toEqual([]);
    },
  );
});

describe("7: a retry of a refund carries a new key, so it refunds again", () => {
  test("what is on its way counts as sent back, and what was sent once is sent once under its name", async () => {
    const customer = new Customer(await openAccount(500_000));
    const bought = await customer.buy(100_000);
    await behave("momo", { refund: "times_out_after_success" });
    const key = freshId("key");
    const lost = bodyOf(await customer.refund(bought.id, 100_000, { key }), 202);
    await behave("momo");
    expect((await customer.refund(bought.id, 100_000)).status).toBe(409);
    expect(bodyOf(await customer.refund(bought.id, 100_000, { key }), 201)).toMatchObject({
      ...{ id: lost.id, status: "succeeded" },
    });
    expect(await customer.wallet()).toEqual({ available: 500_000, held: 0 });
    await customer.expectSound();
  });
});
