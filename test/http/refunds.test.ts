import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GATEWAYS } from "../../src/domain/gateway.ts";
import { DAY_MS, MINUTE_MS } from "../../src/domain/local-time.ts";
import { Customer } from "../gateways/customer.ts";
import { behave } from "../gateways/paying.ts";
import { PECULIARITIES } from "../gateways/peculiarities.ts";
import { admin, bodyOf, freshId, openAccount, type PaymentView, putCatalogue } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  for (const name of GATEWAYS) await behave(name);
});

const customerWith = async (credit = 0) => new Customer(await openAccount(credit));
const credit = async ({ account }: Customer) =>
  (await account.creditTransactions()).map(({ type, amount }) => [type, amount]);

describe.each(GATEWAYS)("a refund to %s", (gateway) => {
  /** Sends money back, and hears how that went from who takes it in hand first. */
  async function refunded(customer: Customer, payment: string, amount: number): Promise<PaymentView> {
    const { refundsLater } = PECULIARITIES[gateway];
    const answer = await customer.refund(payment, amount);
    const begun = bodyOf(answer, refundsLater ? 202 : 201) as unknown as PaymentView;
    expect(begun.status).toBe(refundsLater ? "pending" : "succeeded");
    if (refundsLater) await customer.wait(Date.now() + MINUTE_MS);
    const refund = await customer.payment(begun.id);
    expect(refund).toEqual({ ...begun, status: "succeeded" });
    return refund;
  }

  it("takes the amount out of credit, gives it back, and stands in both histories", async () => {
    const customer = await customerWith();
    const bought = await customer.buy(100_000, gateway);
    const refund = await refunded(customer, bought.id, 40_000);
    expect(refund).toMatchObject({
      ...{ kind: "refund", status: "succeeded", gateway, amount: 40_000, refundOf: bought.id },
      ...{ reason: "Hoàn tiền theo yêu cầu", order: null, lines: [] },
    });
    expect(await customer.wallet()).toEqual({ available: 60_000, held: 0 });
    expect(await credit(customer)).toEqual([
      ["refund", -40_000],
      ["deposit", 100_000],
    ]);
    const { otherBalances, ledger } = await contentsOf(customer.account.object);
    expect(otherBalances).toMatchObject({ [`clearing:${gateway}`]: -60_000, sending_back: 0 });
    expect(ledger.map(({ kind }) => kind)).toEqual(["deposit", "refund", "return"]);
    await customer.expectSound();
  });

  it("that is processed is pending until the gateway says that it is done", async () => {
    const customer = await customerWith();
    const bought = await customer.buy(100_000, gateway);
    await behave(gateway, { refund: "processing", pendingQueries: 1 });
    const refund = bodyOf(await customer.refund(bought.id, 100_000), 202) as unknown as PaymentView;
    expect(refund.status).toBe("pending");
    expect(await customer.wallet()).toEqual({ available: 0, held: 0 });
    await customer.wait(Date.now() + MINUTE_MS);
    expect((await customer.payment(refund.id)).status).toBe("pending");
    await customer.wait(Date.now() + 3 * MINUTE_MS);
    expect((await customer.payment(refund.id)).status).toBe("succeeded");
    await customer.expectSound();
  });

  it("that is refused at once, or later, is credit again", async () => {
    const customer = await customerWith();
    const bought = await customer.buy(100_000, gateway);
    await behave(gateway, { refund: "refuses" });
    const refused = bodyOf(await customer.refund(bought.id, 100_000), 201);
    expect(refused).toMatchObject({ status: "failed", reason: "The gateway can't give this back." });
    expect(await customer.wallet()).toEqual({ available: 100_000, held: 0 });
    await behave(gateway, { refund: "processing_then_refuses" });
    const later = bodyOf(await customer.refund(bought.id, 100_000), 202) as unknown as PaymentView;
    expect(await customer.wallet()).toEqual({ available: 0, held: 0 });
    await customer.wait(Date.now() + MINUTE_MS);
    expect((await customer.payment(later.id)).status).toBe("failed");
    expect(await credit(customer)).toEqual([
      ["refund", 100_000],
      ["refund", -100_000],
      ["refund", 100_000],
      ["refund", -100_000],
      ["deposit", 100_000],
    ]);
    await behave(gateway);
    expect(await refunded(customer, bought.id, 100_000)).toMatchObject({ status: "succeeded" });
    await customer.expectSound();
  });

  it("whose answer is lost stays taken, and is found when it is asked for", async () => {
    const customer = await customerWith();
    const bought = await customer.buy(100_000, gateway);
    await behave(gateway, { refund: "times_out_after_success" });
    const refund = bodyOf(await customer.refund(bought.id, 100_000), 202) as unknown as PaymentView;
    expect(await customer.wallet()).toEqual({ available: 0, held: 0 });
    await customer.wait(Date.now() + MINUTE_MS);
    expect(await customer.payment(refund.id)).toMatchObject({ status: "succeeded" });
    await customer.expectSound();
  });

  it("goes on beside another that is processed, never beyond what was paid", async () => {
    const customer = await customerWith(500_000);
    const bought = await customer.buy(100_000, gateway);
    await behave(gateway, { refund: "processing", pendingQueries: 99 });
    bodyOf(await customer.refund(bought.id, 60_000), 202);
    const refused = await customer.refund(bought.id, 60_000);
    expectProblem(refused, { status: 409, code: "refund_exceeds_payment" });
    expect(refused.body.detail).toBe("40000 can still be sent back of this payment.");
    bodyOf(await customer.refund(bought.id, 40_000), 202);
    expect(await customer.wallet()).toEqual({ available: 500_000, held: 0 });
    expect(await customer.account.object.audit()).toEqual([]);
  });
});

describe("a refund", () => {
  it("under a key that was used is the one there is, and asks how it stands", async () => {
    const customer = await customerWith();
    const bought = await customer.buy(100_000);
    await behave("momo", { refund: "times_out_after_success" });
    const key = freshId("key");
    const first = bodyOf(await customer.refund(bought.id, 30_000, { key }), 202);
    const again = await customer.refund(bought.id, 30_000, { key });
    expect([again.replayed, bodyOf(again, 201)]).toEqual([true, { ...first, status: "succeeded" }]);
    expectProblem(await customer.refund(bought.id, 30_001, { key }), {
      ...{ status: 422, code: "idempotency_key_reused" },
    });
    expect(await customer.wallet()).toEqual({ available: 70_000, held: 0 });
  });

  it("that no gateway says anything about is looked at by operations after a week, its credit still taken", async () => {
    const customer = await customerWith();
    const bought = await customer.buy(100_000);
    await behave("momo", { refund: "processing", pendingQueries: 99 });
    const refund = bodyOf(await customer.refund(bought.id, 100_000), 202) as unknown as PaymentView;
    for (let day = 0; day <= 8; day += 1) await customer.wait(Date.now() + day * DAY_MS);
    const { alerts } = await contentsOf(customer.account.object);
    expect(alerts).toMatchObject([{ kind: "refund_unresolved", subject: refund.id }]);
    expect((await customer.payment(refund.id)).status).toBe("pending");
    expect(await customer.wallet()).toEqual({ available: 0, held: 0 });
  });

  it("of an order's payment takes from credit, and leaves its invoice", async () => {
    const customer = await customerWith();
    const order = await customer.account.place();
    const begun = await customer.begin(order.id);
    await customer.decide(begun, "approve");
    await customer.account.provisionAll(order.id, "succeeded");
    expectProblem(await customer.refund(begun.id, 1_000), {
      ...{ status: 402, code: "insufficient_credit" },
    });
    await customer.account.grant(SMALL_MONTH);
    bodyOf(await customer.refund(begun.id, SMALL_MONTH), 201);
    expect((await customer.account.invoices())[0]).toMatchObject({ status: "paid", paid: SMALL_MONTH });
    await customer.expectSound();
  });

  it("is refused for what took nothing at a gateway, is unknown, or isn't taken yet", async () => {
    const customer = await customerWith(SMALL_MONTH);
    const paid = await customer.account.placeAndPay();
    const { payment } = await customer.account.order(paid.id);
    expectProblem(await customer.refund(payment ?? "", 1_000), {
      ...{ status: 422, code: "not_paid_at_gateway" },
    });
    expectProblem(await customer.refund("pay_nobodys", 1_000), { status: 404, code: "payment_not_found" });
    const open = bodyOf(await customer.topUp(50_000), 201);
    expectProblem(await customer.refund(String(open.id), 1_000), {
      status: 409,
      code: "payment_not_captured",
    });
    const other = await customerWith();
    expectProblem(await other.refund(String(open.id), 1_000), { status: 404, code: "payment_not_found" });
    expect(await customer.account.object.audit()).toEqual([]);
  });

  it("is as large as its gateway gives back at once, and a whole amount", async () => {
    const customer = await customerWith();
    const bought = await customer.buy(50_000_000);
    await customer.account.grant(1_000_000);
    expectProblem(await customer.refund(bought.id, 50_000_001), { status: 422, code: "refund_too_large" });
    for (const amount of [0, -1, 1.5])
      expectProblem(await customer.refund(bought.id, amount), { status: 400, code: "invalid_request" });
  });

  it("is operations' alone, and needs a key", async () => {
    const customer = await customerWith();
    const bought = await customer.buy(100_000);
    const path = `${customer.account.path}/payments/${bought.id}/refunds`;
    const body = { amount: 1_000, reason: "x" };
    expectProblem(await customer.account.user.post(path, body), { status: 403, code: "forbidden" });
    expectProblem(await admin.post(path, body, { key: null }), {
      ...{ status: 400, code: "idempotency_key_required" },
    });
    expect(await customer.wallet()).toEqual({ available: 100_000, held: 0 });
  });

  it.each([
    ["refunded", "refused", "it succeeded"],
    ["refused", "refunded", "which failed"],
  ])("that was %s, and is %s for its gateway later, is found by verify", async (was, is, finding) => {
    const customer = await customerWith();
    const bought = await customer.buy(100_000);
    await behave("momo", was === "refused" ? { refund: "refuses" } : {});
    const refund = bodyOf(await customer.refund(bought.id, 25_000), 201) as unknown as PaymentView;
    await customer.expectSound();
    await env.DB.prepare("UPDATE sandbox_gateway_refunds SET outcome = ? WHERE reference = ?")
      .bind(is, refund.id)
      .run();
    const verified = await admin.post<{ findings: { problem: string }[] }>("/v1/admin/verify", {
      account: customer.account.id,
    });
    const problems = bodyOf(verified, 200).findings.map(({ problem }) => problem);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(finding);
  });

  it("leaves a trail of who asked for it", async () => {
    const customer = await customerWith();
    const bought = await customer.buy(100_000);
    bodyOf(await customer.refund(bought.id, 25_000), 201);
    const trail = await customer.account.object.auditTrail(null, 10);
    expect(trail.map(({ action, subject }) => [action, subject])).toContainEqual(["start_refund", bought.id]);
  });
});
