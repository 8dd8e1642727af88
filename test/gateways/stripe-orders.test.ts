import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { resetClock, setClock } from "../http/clock.ts";
import { bodyOf, openAccount, putCatalogue } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import type { Begun } from "./customer.ts";
import { LinkingCustomer } from "./linking.ts";
import { behave } from "./paying.ts";

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await resetClock();
  await behave("stripe");
});

describe("an order that a linked card is charged for, and whose issuer wants it confirmed", () => {
  async function toConfirm() {
    const customer = new LinkingCustomer(await openAccount(), "stripe");
    await customer.link();
    await behave("stripe", { charge: "asks" });
    const order = await customer.account.place();
    const begun = bodyOf(await customer.payLinked(order.id), 200) as unknown as Begun;
    expect(begun).toMatchObject({ method: "linked", gateway: "stripe", status: "pending" });
    return { customer, order, begun };
  }

  it("is paid when its customer has confirmed it where they were sent", async () => {
    const { customer, order, begun } = await toConfirm();
    await customer.open(begun);
    await customer.decide(begun, "approve");
    expect((await customer.account.order(order.id)).payment).toBe(begun.id);
    expect(await customer.payment(begun.id)).toMatchObject({ status: "succeeded", amount: SMALL_MONTH });
    expect(await customer.wallet()).toEqual({ available: 0, held: 0 });
    await customer.expectSound();
  });

  it("isn't paid when they refuse, and can be paid in another way", async () => {
    const { customer, order, begun } = await toConfirm();
    await customer.open(begun);
    await customer.decide(begun, "refuse");
    expect(await customer.payment(begun.id)).toMatchObject({ status: "failed" });
    const next = await customer.begin(order.id, "gateway", "stripe");
    await customer.decide(next, "approve");
    expect((await customer.account.order(order.id)).payment).toBe(next.id);
    await customer.expectSound();
  });

  it("fails once nobody has confirmed it in time, and can't be confirmed any more", async () => {
    const { customer, begun } = await toConfirm();
    await overIn(customer, begun);
  });
});

describe("an order at Stripe's checkout", () => {
  it("fails once nobody has paid it in time, and can't be paid there any more", async () => {
    const customer = new LinkingCustomer(await openAccount(), "stripe");
    const order = await customer.account.place();
    await overIn(customer, await customer.begin(order.id, "gateway", "stripe"));
  });
});

/** Has the attempt's time pass; neither side takes it for anything but over then. */
async function overIn(customer: LinkingCustomer, begun: Begun): Promise<void> {
  await setClock(new Date(Date.now() + 16 * MINUTE_MS).toISOString());
  await customer.query(begun.id);
  expect(await customer.payment(begun.id)).toMatchObject({ status: "failed" });
  await expect(customer.open(begun)).rejects.toThrow("the gateway's page answered 410");
}

it("a checkout that is begun twice under one key at once is one, and both are led there", async () => {
  const customer = new LinkingCustomer(await openAccount(), "stripe");
  const [first, second] = await Promise.all([
    customer.topUp(70_000, "stripe", { key: "twice" }),
    customer.topUp(70_000, "stripe", { key: "twice" }),
  ]);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual(first.body);
  expect(await customer.account.payments()).toHaveLength(1);
});
