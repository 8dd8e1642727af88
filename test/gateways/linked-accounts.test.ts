import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/local-time.ts";
import { expectProblem } from "../http/expect-problem.ts";
import { bodyOf, openAccount, putCatalogue } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { LinkingCustomer } from "./linking.ts";
import { behave, sendCallbacks } from "./paying.ts";
import { LINKABLE, PECULIARITIES } from "./peculiarities.ts";

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of LINKABLE) await behave(name);
});

describe.each(LINKABLE)("an account linked at %s", (gateway) => {
  const customerWith = async (credit = 0) => new LinkingCustomer(await openAccount(credit), gateway);
  const { linking, tellsOfAll } = PECULIARITIES[gateway];

  it("is active once its owner has agreed, and the first one is the default", async () => {
    const customer = await customerWith();
    const begun = bodyOf(await customer.startLink(), 201);
    expect(begun).toMatchObject({ gateway, status: "pending", default: false });
    expect((await customer.links()).data).toMatchObject([{ id: begun.id, status: "pending" }]);
    await customer.decideLink(begun as never, "approve");
    expect((await customer.links()).data).toEqual([
      {
        ...{ id: begun.id, gateway, status: "active", default: true },
        ...{
          label: expect.stringMatching(linking?.labels ?? ""),
          reason: null,
          createdAt: expect.any(String),
        },
      },
    ]);
    const second = await customer.link();
    expect((await customer.links()).data.map((link) => link.default)).toEqual([true, false]);
    const chosen = bodyOf(await customer.choose(second.id), 200) as unknown as { data: unknown[] };
    expect(chosen.data).toMatchObject([{ default: false }, { default: true, id: second.id }]);
  });

  it("that is refused fails, and makes room for another try", async () => {
    const customer = await customerWith();
    const { id } = await customer.link("refuse");
    if (!tellsOfAll) await customer.wait(Date.now() + MINUTE_MS);
    expect(await customer.oneLink(id)).toMatchObject({
      ...{ status: "failed", reason: linking?.refusedAs },
    });
    const next = await customer.link();
    expect((await customer.links()).data.map(({ id }) => id)).toEqual([next.id]);
  });

  it("whose callback comes late, or twice, is linked once", async () => {
    const customer = await customerWith();
    const late = await customer.link("approve", "late");
    expect(late.status).toBe("pending");
    await sendCallbacks(gateway);
    expect((await customer.oneLink(late.id)).status).toBe("active");
    expect((await customer.link("approve", "twice")).status).toBe("active");
    expect((await customer.links()).data).toHaveLength(2);
  });

  it("can't be had at VNPay, nor where nothing seals its token", async () => {
    const customer = await customerWith();
    expectProblem(await customer.startLink("vnpay"), {
      ...{ status: 422, code: "linking_not_available", path: "gateway" },
    });
  });

  it("that is ended is charged no more, and its gateway is told", async () => {
    const customer = await customerWith();
    const link = await customer.link();
    const order = await customer.account.place();
    expect(bodyOf(await customer.unlink(link.id), 200).data).toEqual([]);
    expectProblem(await customer.payLinked(order.id, link.id), {
      ...{ status: 422, code: "method_not_available", path: "linkedAccount" },
    });
    const { linkedAccounts } = await contentsOf(customer.account.object);
    expect(linkedAccounts).toMatchObject([{ status: "removed", token: null }]);
    expectProblem(await customer.unlink(link.id), { status: 404, code: "linked_account_not_found" });
  });

  it("is removed here although its gateway can't be told, which is told again", async () => {
    const customer = await customerWith();
    const link = await customer.link();
    await behave(gateway, { create: "refuses" });
    expect(bodyOf(await customer.unlink(link.id), 200).data).toEqual([]);
    const token = async () => (await contentsOf(customer.account.object)).linkedAccounts[0]?.token;
    expect(await token()).not.toBeNull();
    await behave(gateway);
    await customer.wait(Date.now() + HOUR_MS);
    expect(await token()).toBeNull();
  });
});

describe.each(LINKABLE)("paying with an account linked at %s", (gateway) => {
  const customerWith = async (credit = 0) => new LinkingCustomer(await openAccount(credit), gateway);

  it("pays an order without going anywhere, by the default where none is named", async () => {
    const customer = await customerWith(10_000);
    const link = await customer.link();
    const order = await customer.account.place();
    expect((await customer.links()).unpaidOrders).toMatchObject([{ id: order.id, total: SMALL_MONTH }]);
    const paid = bodyOf(await customer.payLinked(order.id), 200);
    expect(paid).toMatchObject({
      method: "linked",
      gateway,
      status: "succeeded",
      amount: SMALL_MONTH,
    });
    expect(paid.redirectUrl).toBeUndefined();
    expect((await customer.account.order(order.id)).payment).toBe(paid.id);
    expect(await customer.wallet()).toEqual({ available: 10_000, held: 0 });
    expect((await customer.links()).unpaidOrders).toEqual([]);
    const second = await customer.account.place();
    expect(bodyOf(await customer.payLinked(second.id, link.id), 200).status).toBe("succeeded");
    await customer.expectSound();
  });

  it("buys credit", async () => {
    const customer = await customerWith();
    const link = await customer.link();
    const bought = bodyOf(await customer.topUpLinked(70_000, link.id), 201);
    expect(bought).toMatchObject({ kind: "deposit", method: "linked", status: "succeeded" });
    expect(await customer.wallet()).toEqual({ available: 70_000, held: 0 });
    await customer.expectSound();
  });

  it("that is refused leaves the order to be paid in another way", async () => {
    const customer = await customerWith(SMALL_MONTH);
    await customer.link();
    await behave(gateway, { charge: "refuses" });
    const order = await customer.account.place();
    expect(bodyOf(await customer.payLinked(order.id), 200)).toMatchObject({ status: "failed" });
    bodyOf(await customer.account.pay(order.id), 200);
    expect(await customer.wallet()).toEqual({ available: 0, held: 0 });
    await customer.expectSound();
  });

  it("that is gone removes it, and says so", async () => {
    const customer = await customerWith();
    const link = await customer.link();
    await behave(gateway, { charge: "gone" });
    const order = await customer.account.place();
    expect(bodyOf(await customer.payLinked(order.id), 200)).toMatchObject({ status: "failed" });
    expect(await customer.oneLink(link.id)).toMatchObject({
      ...{ status: "removed", default: false, reason: "link_gone" },
    });
    expectProblem(await customer.payLinked(order.id), { status: 422, code: "method_not_available" });
    await customer.expectSound();
  });

  it("whose answer is lost is pending, and is settled once it is asked about", async () => {
    const customer = await customerWith();
    await customer.link();
    await behave(gateway, { charge: "times_out_after_success", callback: "never" });
    const order = await customer.account.place();
    const key = { key: "lost" };
    const pending = bodyOf(await customer.payLinked(order.id, undefined, key), 202);
    expect(pending.status).toBe("pending");
    const again = await customer.payLinked(order.id, undefined, key);
    const { answersAgain } = PECULIARITIES[gateway];
    expect(bodyOf(again, answersAgain ? 200 : 202)).toMatchObject({
      ...{ id: pending.id, status: answersAgain ? "succeeded" : "pending" },
    });
    await customer.wait(Date.now() + MINUTE_MS);
    expect((await customer.account.order(order.id)).payment).toBe(pending.id);
    expect((await customer.account.payments()).filter(({ method }) => method === "linked")).toHaveLength(1);
    await customer.expectSound();
  });
});
