import { beforeAll, describe, expect, it } from "vitest";
import {
  admin,
  bodyOf,
  openAccount,
  type PaymentView,
  productConsole,
  putCatalogue,
  putCoupon,
  type userOf,
} from "../support/api.ts";
import { contentsOf } from "../support/tables.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);

describe("paying by credit", () => {
  it("takes the total, answers the payment, and begins provisioning every line", async () => {
    const account = await openAccount(200_000);
    const coupon = await putCoupon({ percent: "10" });
    const order = await account.placeWith(coupon, { name: "a" }, { name: "b" });
    const payment = bodyOf(await account.pay(order.id), 200);
    const [a, b] = order.lines.map(({ id }) => ({ line: id, resource: id.replace("ord_", "res_") }));
    expect(payment).toEqual({
      id: expect.stringMatching(/^pay_[0-9a-f]{24}$/),
      kind: "payment",
      status: "succeeded",
      method: "credit",
      gateway: null,
      amount: 162_000,
      currency: "VND",
      order: order.id,
      refundOf: null,
      lines: [
        { ...a, amount: 81_000, invoice: null },
        { ...b, amount: 81_000, invoice: null },
      ],
      invoices: [],
      reason: null,
      createdAt: expect.stringMatching(/Z$/),
      refund: 0,
    });
    const { refund: _, ...row } = payment;
    const paid = await account.order(order.id);
    expect(paid).toMatchObject({ status: "provisioning", payment: payment.id, total: 162_000 });
    expect(paid.lines.map(({ status, resourceId }) => ({ status, resourceId }))).toEqual([
      { status: "provisioning", resourceId: a?.resource },
      { status: "provisioning", resourceId: b?.resource },
    ]);
    expect(await account.payments()).toEqual([row]);
    expect(await account.creditTransactions()).toEqual([
      {
        id: "2",
        type: "purchase",
        amount: -162_000,
        balance: { available: 38_000, held: 0, total: 38_000 },
        reference: order.id,
        description: "Payment of services",
        at: payment.createdAt,
      },
      expect.objectContaining({
        id: "1",
        type: "adjustment",
        amount: 200_000,
        balance: { available: 200_000, held: 0, total: 200_000 },
        description: "for a test",
      }),
    ]);
    expect(await account.balance()).toEqual({
      currency: "VND",
      credit: { available: 38_000, held: 0, total: 38_000 },
      poc: { balance: 0, expiresAt: null },
      outstanding: 0,
    });
    expect(await account.invoices()).toEqual([]);
  });

  it("takes the last dong", async () => {
    const account = await openAccount(90_000);
    await account.placeAndPay();
    expect(await account.available()).toBe(0);
  });

  it("is refused with what is missing, and moves nothing", async () => {
    const account = await openAccount(89_999);
    const order = await account.place();
    const refused = await account.pay(order.id);
    expectProblem(refused, { status: 402, code: "insufficient_credit" });
    expect(refused.body).toMatchObject({ available: 89_999, missing: 1 });
    expect(await account.available()).toBe(89_999);
    expect((await account.order(order.id)).status).toBe("awaiting_payment");
    expect([await account.payments(), await account.resources()]).toEqual([[], []]);
    await account.grant(1);
    bodyOf(await account.pay(order.id), 200);
  });

  it("costs nothing where a coupon pays for all, and still makes invoices", async () => {
    const account = await openAccount();
    const order = await account.placeWith(await putCoupon({ percent: "100" }));
    expect(bodyOf(await account.pay(order.id), 200)).toMatchObject({ amount: 0, method: "credit" });
    await account.provisionAll(order.id, "succeeded");
    const [invoice] = await account.invoices();
    expect(invoice).toMatchObject({ status: "paid", total: 0, paid: 0, tax: 8_182 });
    expect(invoice?.coupon?.amount).toBe(90_000);
    expect(await account.creditTransactions()).toEqual([]);
  });

  it("is possible once", async () => {
    const account = await openAccount(200_000);
    const order = await account.placeAndPay();
    expectProblem(await account.pay(order.id), { status: 409, code: "order_already_paid" });
    expect(await account.available()).toBe(110_000);
  });
});

describe("an idempotency key", () => {
  it("has a payment made once, and answers it again word for word", async () => {
    const account = await openAccount(200_000);
    const order = await account.place();
    const first = await account.pay(order.id, { key: "k" });
    await account.provisionAll(order.id, "succeeded");
    const second = await account.pay(order.id, { key: "k" });
    expect([first.status, first.replayed]).toEqual([200, false]);
    expect([second.status, second.replayed]).toEqual([200, true]);
    expect(second.body).toEqual(first.body);
    expect(await account.available()).toBe(110_000);
    expect(await account.payments()).toHaveLength(1);
  });

  it("has ten identical requests at once answered alike", async () => {
    const account = await openAccount(1_000_000);
    const order = await account.placeWith(await putCoupon({ amount: 10_000 }));
    const answers = await Promise.all(Array.from({ length: 10 }, () => account.pay(order.id, { key: "k" })));
    const [first] = answers;
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
      answers.map(() => ({ status: 200, body: first?.body })),
    );
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await account.available()).toBe(920_000);
  });

  it("refuses another request under it, and the first answer stands", async () => {
    const account = await openAccount(200_000);
    const [first, second] = [await account.place(), await account.place()];
    const reused = { status: 422, code: "idempotency_key_reused" };
    const paid = await account.pay(first.id, { key: "k" });
    expectProblem(await account.pay(second.id, { key: "k" }), reused);
    expectProblem(await account.pay(first.id, { key: "k", method: "gateway" }), reused);
    expectProblem(await account.cancel(second.id, { key: "k" }), reused);
    expect((await account.pay(first.id, { key: "k" })).body).toEqual(paid.body);
    expect(await account.available()).toBe(110_000);
  });

  it("is its caller's and its account's own", async () => {
    const [one, other] = [await openAccount(100_000), await openAccount(100_000)];
    const grant = { amount: 5, reason: "the same" };
    for (const { path } of [one, other]) {
      const answer = await admin.post(`${path}/credits`, grant, { key: "k" });
      expect([answer.status, answer.replayed]).toEqual([201, false]);
    }
    const order = await one.place();
    bodyOf(await one.pay(order.id, { key: "k" }), 200);
    const place = (caller: ReturnType<typeof userOf>) =>
      caller.post<PaymentView>(`${one.path}/orders/${order.id}/cancel`, undefined, { key: "k2" });
    expect((await place(one.user)).replayed).toBe(false);
    expect((await place(productConsole())).replayed).toBe(false);
  });

  it("keeps a final refusal, and not one that time may change", async () => {
    const account = await openAccount();
    const order = await account.place();
    const short = await account.pay(order.id, { key: "short" });
    const barred = await account.pay(order.id, { key: "barred", method: "gateway" });
    await account.grant(90_000);
    const shortAgain = await account.pay(order.id, { key: "short" });
    expect([shortAgain.status, shortAgain.replayed]).toEqual([402, true]);
    expect(shortAgain.body).toMatchObject({ available: 0, missing: 90_000 });
    const barredAgain = await account.pay(order.id, { key: "barred", method: "gateway" });
    expect([barred.replayed, barredAgain.status, barredAgain.replayed]).toEqual([false, 422, true]);
    expect(short.replayed).toBe(false);
    const limited = await putCoupon({ amount: 1, limit: 1 });
    const [mine, theirs] = [await account.placeWith(limited), await openAccount(90_000)];
    const winner = await theirs.placeWith(limited);
    bodyOf(await theirs.pay(winner.id), 200);
    expectProblem(await account.pay(mine.id, { key: "used" }), { status: 409, code: "coupon_exhausted" });
    await theirs.provisionAll(winner.id, "failed");
    const retried = await account.pay(mine.id, { key: "used" });
    expect([retried.status, retried.replayed]).toEqual([200, false]);
  });

  it("isn't remembered where the body wasn't valid", async () => {
    const account = await openAccount(90_000);
    const order = await account.place();
    expect((await account.pay(order.id, { key: "k", method: "barter" })).status).toBe(400);
    expect((await contentsOf(account.object)).keys).not.toContain("k");
    bodyOf(await account.pay(order.id, { key: "k" }), 200);
  });

  it("may have 255 characters of any printable kind", async () => {
    const account = await openAccount(90_000);
    const order = await account.place();
    bodyOf(await account.pay(order.id, { key: `!~"'\\{}<>${"k".repeat(246)}` }), 200);
  });
});

describe("giving credit", () => {
  it("adds it, or takes back what was given too much", async () => {
    const account = await openAccount();
    const grant = (amount: number) =>
      admin.post(`${account.path}/credits`, { amount, reason: "a correction" });
    const added = { amount: 1_000, reason: "a correction", currency: "VND", available: 1_000 };
    expect(bodyOf(await grant(1_000), 201)).toEqual(added);
    expect(bodyOf(await grant(-400), 201)).toEqual({ ...added, amount: -400, available: 600 });
    expect((await account.creditTransactions()).map(({ type, amount }) => [type, amount])).toEqual([
      ["adjustment", -400],
      ["adjustment", 1_000],
    ]);
    expectProblem(await grant(-601), { status: 409, code: "correction_exceeds_credit" });
    expect(await account.available()).toBe(600);
  });

  it("goes up to 10^13 at once", async () => {
    const account = await openAccount();
    await account.grant(10_000_000_000_000);
    expect(await account.available()).toBe(10_000_000_000_000);
  });

  it("under a key is given once", async () => {
    const account = await openAccount();
    const grant = () => admin.post(`${account.path}/credits`, { amount: 7, reason: "r" }, { key: "k" });
    const [first, second] = [await grant(), await grant()];
    expect([second.status, second.replayed, second.body]).toEqual([201, true, first.body]);
    expect(await account.available()).toBe(7);
  });

  it("needs an account", async () => {
    const grant = await admin.post("/v1/accounts/acc_none/credits", { amount: 7, reason: "r" });
    expectProblem(grant, { status: 404, code: "account_not_found" });
  });
});
