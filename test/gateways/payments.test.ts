import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { GATEWAYS } from "../../src/domain/gateway.ts";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { expectProblem } from "../http/expect-problem.ts";
import { admin, bodyOf, openAccount, putCatalogue, putCoupon, redemptionsOf } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { type Begun, Customer, callbacks } from "./customer.ts";
import { behave, ORIGIN, sendCallbacks, theirNameOf } from "./paying.ts";
import { PECULIARITIES } from "./peculiarities.ts";

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of GATEWAYS) await behave(name);
});

const customerWith = async (credit = 0) => new Customer(await openAccount(credit));

describe.each(GATEWAYS)("an order at %s", (gateway) => {
  const its = PECULIARITIES[gateway];

  it("is paid when the gateway has called back, and its resource is set up", async () => {
    const customer = await customerWith(50_000);
    const order = await customer.account.place();
    const begun = await customer.begin(order.id, "gateway", gateway);
    expect(begun).toMatchObject({ method: "gateway", gateway, amount: SMALL_MONTH, kind: "payment" });
    expect(await customer.payment(begun.id)).toMatchObject({ status: "pending" });
    await customer.decide(begun, "approve");
    expect(await customer.payment(begun.id)).toMatchObject({
      status: "succeeded",
      lines: [{ line: `${order.id}.1`, amount: SMALL_MONTH }],
    });
    const paid = await customer.account.provisionAll(order.id, "succeeded");
    expect([paid.status, paid.payment]).toEqual(["completed", begun.id]);
    expect(await customer.wallet()).toEqual({ available: 50_000, held: 0 });
    expect((await customer.account.creditTransactions()).map(({ type }) => type)).toEqual(["adjustment"]);
    expect((await customer.account.invoices())[0]).toMatchObject({ payment: begun.id, paid: SMALL_MONTH });
    await customer.expectSound();
  });

  it("can be refused there, and then be paid by another attempt", async () => {
    const customer = await customerWith(40_000);
    const order = await customer.account.place();
    const first = await customer.begin(order.id, "top_up_and_pay", gateway);
    expect(await customer.wallet()).toEqual({ available: 0, held: 40_000 });
    await customer.decide(first, "refuse");
    if (!its.tellsOfAll) await customer.query(first.id);
    expect(await customer.payment(first.id)).toMatchObject({ status: "failed", amount: 50_000 });
    expect(await customer.wallet()).toEqual({ available: 40_000, held: 0 });
    const second = await customer.begin(order.id, "top_up_and_pay", gateway);
    await customer.decide(second, "approve");
    expect((await customer.account.order(order.id)).payment).toBe(second.id);
    expect(await customer.wallet()).toEqual({ available: 0, held: 0 });
    const history = (await customer.account.creditTransactions()).map(({ type }) => type);
    expect(history).toEqual(["purchase", "deposit", "release", "hold", "release", "hold", "adjustment"]);
    await customer.expectSound();
  });

  it("is paid once, however often and in whatever order the gateway calls back", async () => {
    const customer = await customerWith();
    for (const mode of ["twice", "out_of_order"]) {
      const order = await customer.account.place();
      const begun = await customer.begin(order.id, "gateway", gateway);
      await customer.decide(begun, "approve", mode);
      expect((await customer.account.order(order.id)).payment).toBe(begun.id);
    }
    expect(await customer.wallet()).toEqual({ available: 0, held: 0 });
    expect(await sendCallbacks(gateway)).toEqual([]);
    await customer.expectSound();
  });

  it("whose callback never comes is settled because the gateway is asked", async () => {
    const customer = await customerWith();
    const order = await customer.account.place();
    const begun = await customer.begin(order.id, "gateway", gateway);
    await customer.decide(begun, "approve", "never");
    expect((await customer.account.order(order.id)).status).toBe("awaiting_payment");
    await customer.wait(Date.now() + MINUTE_MS);
    expect((await customer.account.order(order.id)).payment).toBe(begun.id);
    await customer.expectSound();
  });

  it("isn't moved by a callback with a bad signature", async () => {
    const customer = await customerWith();
    const order = await customer.account.place();
    const begun = await customer.begin(order.id, "gateway", gateway);
    const before = await contentsOf(customer.account.object);
    await customer.decide(begun, "approve", "bad_signature");
    expect(await contentsOf(customer.account.object)).toEqual(before);
    const [sent] = await sendCallbacks(gateway);
    expect(sent?.answer.startsWith(its.answers.badSignature)).toBe(true);
  });

  it("takes money of another amount for nothing, until operations make it a deposit, once", async () => {
    const customer = await customerWith();
    const order = await customer.account.place();
    const begun = await customer.begin(order.id, "gateway", gateway);
    await customer.decide(begun, "approve", "wrong_amount");
    expect((await customer.account.order(order.id)).status).toBe("awaiting_payment");
    const filed = (await callbacks()).find(({ reference }) => reference === begun.id);
    expect(filed).toMatchObject({ status: "quarantined", account: customer.account.id, amount: 91_000 });
    const deposit = () => admin.post(`/v1/admin/callbacks/${filed?.id}/deposit`, {});
    expect(bodyOf(await deposit(), 200)).toMatchObject({ status: "deposited" });
    expectProblem(await deposit(), { status: 409, code: "callback_deposited" });
    expect(await customer.wallet()).toEqual({ available: 91_000, held: 0 });
    expect(await customer.payment(begun.id)).toMatchObject({ kind: "deposit", amount: 91_000 });
    expect((await callbacks()).some(({ id }) => id === filed?.id)).toBe(false);
    expect(await customer.account.object.audit()).toEqual([]);
  });

  it("that was paid by credit meanwhile makes its money a deposit", async () => {
    const customer = await customerWith(SMALL_MONTH);
    const order = await customer.account.place();
    const begun = await customer.begin(order.id, "gateway", gateway);
    bodyOf(await customer.account.pay(order.id), 200);
    await customer.decide(begun, "approve");
    expect(await customer.payment(begun.id)).toMatchObject({ kind: "deposit", order: order.id });
    expect(await customer.wallet()).toEqual({ available: SMALL_MONTH, held: 0 });
    await customer.expectSound();
  });

  it("is called back about while neither D1 nor the queue can be reached", async () => {
    const customer = await customerWith();
    const order = await customer.account.place();
    const begun = await customer.begin(order.id, "gateway", gateway);
    await customer.decide(begun, "approve", "late");
    const { results } = await env.DB.prepare("SELECT * FROM sandbox_gateway_callbacks WHERE reference = ?")
      .bind(await theirNameOf(gateway, begun.id))
      .all<{ url: string; method: string; body: string }>();
    const [sent] = results;
    if (!sent) throw new Error("nothing was held back");
    const down = () => Promise.reject(new Error("it is down"));
    vi.spyOn(env.DB, "batch").mockImplementation(down);
    vi.spyOn(env.DB, "prepare").mockImplementation(() => {
      throw new Error("it is down");
    });
    vi.spyOn(env.JOBS, "sendBatch").mockImplementation(down);
    const answer = await exports.default.fetch(sent.url, {
      method: sent.method,
      ...(sent.method === "POST" ? { body: sent.body } : {}),
      headers: (await its.headersOf?.(sent.body)) ?? {},
    });
    expect(`${answer.status} ${await answer.text()}`.startsWith(its.answers.taken)).toBe(true);
    const { orders } = await contentsOf(customer.account.object);
    expect(orders[0]).toMatchObject({ status: "provisioning", payment: begun.id });
  });
});

describe("top up & pay", () => {
  it("charges the gateway's minimum at least, and leaves the surplus", async () => {
    const customer = await customerWith(SMALL_MONTH - 1_000);
    const order = await customer.account.place();
    const begun = await customer.begin(order.id, "top_up_and_pay", "vnpay");
    expect(begun.amount).toBe(5_000);
    await customer.decide(begun, "approve");
    expect(await customer.wallet()).toEqual({ available: 4_000, held: 0 });
    await customer.expectSound();
  });

  it("isn't offered where credit suffices, nor any gateway that isn't there or doesn't take the amount", async () => {
    const customer = await customerWith(SMALL_MONTH);
    const order = await customer.account.place();
    const refused = { status: 422, code: "method_not_available" };
    expectProblem(await customer.payAt(order.id, "top_up_and_pay", "momo"), { ...refused, path: "method" });
    expectProblem(await customer.payAt(order.id, "gateway", "paypal"), { ...refused, path: "gateway" });
    const large = await customer.account.place({ quantity: 200, period: { months: 12 } });
    expectProblem(await customer.payAt(large.id, "gateway", "momo"), { ...refused, path: "method" });
    expect(await customer.wallet()).toEqual({ available: SMALL_MONTH, held: 0 });
  });

  it("lets its credit go half an hour later, and retakes it when the money comes after all", async () => {
    const customer = await customerWith(40_000);
    const order = await customer.account.place();
    const begun = await customer.begin(order.id, "top_up_and_pay");
    await customer.decide(begun, "approve", "late");
    await behave("momo", { pendingQueries: 5 });
    const object = customer.account.object;
    await env.DB.exec("UPDATE sandbox_gateway_payments SET pending_queries = 9");
    await customer.wait(Date.now() + 31 * MINUTE_MS);
    expect(await customer.wallet()).toEqual({ available: 40_000, held: 0 });
    expect((await object.attempt(begun.id as never))?.attempt.status).toBe("open");
    await sendCallbacks("momo");
    expect((await customer.account.order(order.id)).payment).toBe(begun.id);
    expect(await customer.wallet()).toEqual({ available: 0, held: 0 });
  });
});

describe("a coupon", () => {
  it("is used by an order that is paid at a gateway, and given back when that fails", async () => {
    const customer = await customerWith();
    const coupon = await putCoupon({ amount: 20_000, limit: 1 });
    const order = await customer.account.placeWith(coupon);
    const first = await customer.begin(order.id);
    expect(first.amount).toBe(70_000);
    expect(await redemptionsOf(coupon)).toMatchObject([{ order: order.id, spent: false }]);
    await customer.decide(first, "refuse");
    await vi.waitFor(async () => expect(await redemptionsOf(coupon)).toEqual([]));
    const second = await customer.begin(order.id);
    await customer.decide(second, "approve");
    await customer.account.provisionAll(order.id, "succeeded");
    expect(await redemptionsOf(coupon)).toMatchObject([{ order: order.id, spent: true }]);
    await customer.expectSound();
  });
});

describe("a gateway that doesn't answer", () => {
  it("leaves the payment pending, which settles when it is asked", async () => {
    await behave("momo", { create: "times_out_after_success" });
    const customer = await customerWith();
    const order = await customer.account.place();
    const answer = await customer.payAt(order.id, "gateway", "momo");
    const begun = bodyOf(answer, 202) as unknown as Begun;
    expect(begun).toMatchObject({ status: "pending" });
    expect(begun.redirectUrl).toBeUndefined();
    await customer.decide(begun, "approve", "never");
    await customer.query(begun.id);
    expect((await customer.account.order(order.id)).payment).toBe(begun.id);
    await customer.expectSound();
  });

  it("and one that refuses to begin fails the payment at once", async () => {
    await behave("momo", { create: "refuses" });
    const customer = await customerWith(10_000);
    const order = await customer.account.place();
    const refused = bodyOf(await customer.payAt(order.id, "top_up_and_pay", "momo"), 200);
    expect(refused).toMatchObject({ status: "failed", reason: "The gateway declined the payment." });
    expect(await customer.wallet()).toEqual({ available: 10_000, held: 0 });
  });
});

describe("an attempt under an idempotency key", () => {
  it("is begun once, and its answer leads to the same place again", async () => {
    const customer = await customerWith();
    const order = await customer.account.place();
    const [first, second] = [
      await customer.payAt(order.id, "gateway", "momo", { key: "k" }),
      await customer.payAt(order.id, "gateway", "momo", { key: "k" }),
    ];
    expect([second.status, second.replayed, second.body]).toEqual([200, true, first.body]);
    expect(await customer.account.payments()).toHaveLength(1);
  });
});

describe("a new attempt", () => {
  it("asks about the open one first: what was paid already isn't paid again", async () => {
    const customer = await customerWith();
    const order = await customer.account.place();
    const begun = await customer.begin(order.id);
    await customer.decide(begun, "approve", "never");
    expectProblem(await customer.payAt(order.id, "gateway", "vnpay"), {
      status: 409,
      code: "order_already_paid",
    });
    expect((await customer.account.order(order.id)).payment).toBe(begun.id);
    expect(await customer.account.payments()).toHaveLength(1);
  });
});

describe("buying credit", () => {
  it("is a deposit when the gateway has called back", async () => {
    const customer = await customerWith();
    const begun = bodyOf(await customer.topUp(200_000), 201) as unknown as Begun;
    expect(begun).toMatchObject({ kind: "deposit", status: "pending", order: null });
    await customer.open(begun);
    await customer.decide(begun, "approve");
    expect(await customer.wallet()).toEqual({ available: 200_000, held: 0 });
    expect(await customer.account.creditTransactions()).toMatchObject([{ type: "deposit", amount: 200_000 }]);
    await customer.expectSound();
  });

  it("is refused where the gateway doesn't take the amount, or isn't there", async () => {
    const customer = await customerWith();
    const refused = { status: 422, code: "method_not_available" };
    expectProblem(await customer.topUp(999), { ...refused, path: "amount" });
    expectProblem(await customer.topUp(10_000, "paypal"), { ...refused, path: "gateway" });
    expect(await customer.account.payments()).toEqual([]);
  });
});

describe("where credit that was bought leads back to", () => {
  const buy = ({ account }: Customer, returnUrl: string) =>
    account.user.post(`${account.path}/top-ups`, { amount: 200_000, gateway: "momo", returnUrl });

  it.each(["https://console.example/credit?tab=1", `${ORIGIN}/portal/credits`, "http://localhost:3000/"])(
    "may be an origin that a product registered, our own, and in a sandbox its machine: %s",
    async (returnUrl) => {
      bodyOf(await buy(await customerWith(), returnUrl), 201);
    },
  );

  it.each(["https://evil.example/", "https://console.example.evil.example/", "http://console.example/"])(
    "may be nowhere else, and nothing begins: %s",
    async (returnUrl) => {
      const customer = await customerWith();
      expectProblem(await buy(customer, returnUrl), {
        status: 422,
        code: "return_url_not_allowed",
        path: "returnUrl",
      });
      expect(await customer.account.payments()).toEqual([]);
    },
  );
});

describe("money for nobody we know", () => {
  it("is kept, and becomes credit of the account that operations name, once", async () => {
    const customer = await customerWith();
    const begun = bodyOf(await customer.topUp(30_000), 201) as unknown as Begun;
    await customer.open(begun);
    const nobody = env.ACCOUNTS.newUniqueId().toString();
    const { gatewayReferenceOf } = await import("../../src/domain/gateway-reference.ts");
    const reference = gatewayReferenceOf({ objectId: nobody, attempt: "abcdefg" });
    await env.DB.prepare("UPDATE sandbox_gateway_payments SET reference = ? WHERE reference = ?")
      .bind(reference, begun.id)
      .run();
    await customer.decide({ ...begun, id: reference }, "approve");
    const filed = (await callbacks()).find((callback) => callback.reference === reference);
    expect(filed).toMatchObject({ status: "unmatched", account: null, amount: 30_000 });
    const deposit = (body: object) => admin.post(`/v1/admin/callbacks/${filed?.id}/deposit`, body);
    expectProblem(await deposit({}), { status: 400, code: "invalid_request" });
    expectProblem(await deposit({ account: "acc_none" }), { status: 404, code: "account_not_found" });
    bodyOf(await deposit({ account: customer.account.id }), 200);
    expectProblem(await deposit({ account: customer.account.id }), {
      status: 409,
      code: "callback_deposited",
    });
    expect(await customer.wallet()).toEqual({ available: 30_000, held: 0 });
    expect(await customer.account.object.audit()).toEqual([]);
  });

  it.each(GATEWAYS)("a %s callback that nobody signed finds no object", async (gateway) => {
    const names = vi.spyOn(env.ACCOUNTS, "get");
    const { unsigned, answers } = PECULIARITIES[gateway];
    const { query = "", ...init } = unsigned;
    const answer = await exports.default.fetch(`${ORIGIN}/v1/webhooks/${gateway}${query}`, init);
    expect(`${answer.status} ${await answer.text()}`.startsWith(answers.badSignature)).toBe(true);
    expect(names).not.toHaveBeenCalled();
  });
});

describe("reconciliation", () => {
  it("finds what a gateway says otherwise than it was recorded", async () => {
    const customer = await customerWith();
    const begun = bodyOf(await customer.topUp(30_000), 201) as unknown as Begun;
    await customer.open(begun);
    await customer.decide(begun, "approve");
    await customer.expectSound();
    await env.DB.prepare("UPDATE sandbox_gateway_payments SET state = 'refused' WHERE reference = ?")
      .bind(begun.id)
      .run();
    const found = bodyOf(
      await admin.post<{ findings: { invariant: number; problem: string }[] }>("/v1/admin/verify", {
        account: customer.account.id,
      }),
      200,
    );
    expect(found.findings).toMatchObject([{ invariant: 10, problem: expect.stringContaining(begun.id) }]);
    await customer.query(begun.id);
    const alerts = (await contentsOf(customer.account.object)).alerts;
    expect(alerts).toMatchObject([{ kind: "gateway_contradiction", subject: begun.id }]);
    expect(await customer.wallet()).toEqual({ available: 30_000, held: 0 });
  });
});
