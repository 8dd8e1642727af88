import { afterEach, describe, expect, it } from "vitest";
import { GATEWAYS } from "../../src/domain/gateway.ts";
import { money } from "../../src/domain/money.ts";
import { behave, gatewayOf, ORIGIN, Paying, sendCallbacks } from "../gateways/paying.ts";
import { PECULIARITIES } from "../gateways/peculiarities.ts";
import { expectProblem } from "../http/expect-problem.ts";
import { send } from "../http/send.ts";
import { admin, bodyOf } from "../support/api.ts";

afterEach(async () => {
  for (const name of GATEWAYS) await behave(name);
});

describe.each(GATEWAYS)("the simulated %s", (name) => {
  const its = PECULIARITIES[name];

  const payingWith = async (answer: { status: number; body?: string }) => {
    const paying = new Paying(gatewayOf(name));
    await paying.webhook.answers(answer);
    return paying;
  };

  it("shows what is paid to whom, as a simulator, in the payer's language", async () => {
    const paying = new Paying(gatewayOf(name));
    const created = await paying.create();
    const page = await paying.open();
    const html = await page.text();
    for (const text of ["100,000 VND", await paying.theirName(), "This is a simulator"])
      expect(html).toContain(text);
    const vi = new Request(created.kind === "created" ? created.redirectUrl : "", {
      headers: { Cookie: "lang=vi" },
    });
    expect(await (await paying.visit(vi)).text()).toContain("Đây là trang mô phỏng");
  });

  it("lets its form lead back to any merchant, and its page run nothing but our own script", async () => {
    const paying = new Paying(gatewayOf(name));
    await paying.create();
    const csp = (await paying.open()).headers.get("Content-Security-Policy") ?? "";
    expect(csp).toContain("form-action 'self' http: https:");
    expect(csp).toContain("script-src 'self'");
  });

  it("tells twice, the same both times", async () => {
    const paying = await payingWith(its.taken);
    await paying.go("approve", "twice");
    const [first, second, ...more] = await paying.heard();
    expect([first?.kind, more]).toEqual(["payment", []]);
    expect(second).toMatchObject({ claim: paying.claim(), standing: { kind: "succeeded" } });
  });

  it("tells late: when it is told to, once", async () => {
    const paying = await payingWith(its.taken);
    await paying.go("approve", "late");
    expect([await paying.heard(), await paying.query()]).toMatchObject([[], { kind: "succeeded" }]);
    const sent = await sendCallbacks(name);
    expect(sent).toMatchObject([{ reference: await paying.theirName(), isDone: true }]);
    expect(await sendCallbacks(name)).toEqual([]);
    expect(await paying.heard()).toMatchObject([{ kind: "payment", claim: paying.claim() }]);
  });

  it("tells out of order: first the result, then that it is pending", async () => {
    const paying = await payingWith(its.taken);
    await paying.go("approve", "out_of_order");
    const told = [{ standing: { kind: "succeeded" } }, { standing: { kind: "pending" } }];
    const heard = await paying.heard();
    expect(heard).toMatchObject(its.tellsOfAll ? told : told.slice(0, 1));
    expect(heard).toHaveLength(its.tellsOfAll ? 2 : 1);
  });

  it("never tells, and knows when it is asked", async () => {
    const paying = await payingWith(its.taken);
    await paying.go("approve", "never");
    expect([await paying.heard(), await sendCallbacks(name)]).toEqual([[], []]);
    expect(await paying.query()).toMatchObject({ kind: "succeeded" });
  });

  it("tells with a signature that isn't one", async () => {
    const paying = await payingWith(its.taken);
    await paying.go("approve", "bad_signature");
    expect(await paying.heard()).toEqual([{ kind: "bad_signature" }]);
  });

  it("tells of another amount, rightly signed", async () => {
    const paying = await payingWith(its.taken);
    await paying.go("approve", "wrong_amount");
    expect(await paying.heard()).toMatchObject([{ kind: "payment", claim: paying.claim(101_000) }]);
  });

  it("tells again what wasn't taken, and gives up some time", async () => {
    const paying = await payingWith(its.notTaken);
    await paying.go("approve");
    const theirName = await paying.theirName();
    const rounds: boolean[] = [];
    for (let round = 0; round < 6; round += 1) {
      const ours = (await sendCallbacks(name)).find(({ reference }) => reference === theirName);
      if (ours) rounds.push(ours.isDone);
    }
    expect(rounds).toEqual([false, false, false, true]);
  });

  it("takes its switches for the page's choice, which its payer may change", async () => {
    await behave(name, { callback: "twice" });
    const paying = new Paying(gatewayOf(name));
    await paying.create();
    expect(await (await paying.open()).text()).toMatch(/<option value="twice" selected/);
  });

  it("lets a payment be decided once", async () => {
    const paying = await payingWith(its.taken);
    await paying.go("refuse");
    expect((await paying.decide("approve")).status).toBe(409);
    expect((await paying.open()).status).toBe(409);
    expect(await paying.query()).toMatchObject({ kind: "failed" });
    expect(await paying.heard()).toHaveLength(its.tellsOfAll ? 1 : 0);
  });

  it("takes no decision that wasn't sent from its own page", async () => {
    const paying = new Paying(gatewayOf(name));
    await paying.create();
    await paying.open();
    expect((await paying.decide("approve", "normal", "https://elsewhere.example")).status).toBe(403);
    expect(await paying.query()).toEqual({ kind: "pending" });
  });

  it.each([
    ["a decision that nobody can make", "steal", "normal"],
    ["a way of telling that there isn't", "approve", "loudly"],
  ])("takes no %s", async (_, decision, callback) => {
    const paying = new Paying(gatewayOf(name));
    await paying.create();
    await paying.open();
    expect((await paying.decide(decision, callback)).status).toBe(404);
    expect(await paying.query()).toEqual({ kind: "pending" });
  });

  it("says how it behaves, and is normal again where it isn't told otherwise", async () => {
    const path = `/v1/sandbox/gateways/${name}`;
    const normal = {
      callback: "normal",
      create: "normal",
      charge: "normal",
      refund: "normal",
      pendingQueries: 0,
    };
    expect(bodyOf(await admin.get(path), 200)).toEqual(normal);
    const set = bodyOf(await admin.put(path, { create: "refuses", pendingQueries: 2 }), 200);
    expect(set).toEqual({ ...normal, create: "refuses", pendingQueries: 2 });
    expect(bodyOf(await admin.get(path), 200)).toEqual(set);
    expect(bodyOf(await admin.put(path, {}), 200)).toEqual(normal);
  });

  it.each([
    { callback: "loudly" },
    { create: "maybe" },
    { pendingQueries: -1 },
    { pendingQueries: 1.5 },
    { unknown: 1 },
  ])("isn't switched by %j", async (switches) => {
    const answer = await admin.put(`/v1/sandbox/gateways/${name}`, switches);
    expectProblem(answer, { status: 400, code: "invalid_request", path: Object.keys(switches)[0] ?? "" });
  });
});

describe("the simulated VNPay", () => {
  it("opens no payment whose address was changed", async () => {
    const paying = new Paying(gatewayOf("vnpay"));
    const created = await paying.create();
    const address = created.kind === "created" ? created.redirectUrl : "";
    expect((await paying.open(address.replace("vnp_Amount=10000000", "vnp_Amount=1000000"))).status).toBe(
      400,
    );
    expect(await paying.query()).toEqual({ kind: "not_found" });
  });

  it("opens no payment outside of its bounds", async () => {
    const paying = new Paying(gatewayOf("vnpay"), { amountMinor: money(4_999) });
    await paying.create();
    expect((await paying.open()).status).toBe(422);
  });

  it("may refuse to open one, or fall silent after it has", async () => {
    const refused = new Paying(gatewayOf("vnpay"));
    await refused.create();
    await behave("vnpay", { create: "refuses" });
    expect([(await refused.open()).status, await refused.query()]).toEqual([422, { kind: "not_found" }]);
    await behave("vnpay", { create: "times_out_after_success" });
    expect([(await refused.open()).status, await refused.query()]).toEqual([504, { kind: "pending" }]);
    expect((await refused.open()).status).toBe(200);
  });
});

it("a gateway that nobody simulates has no switches", async () => {
  expect((await admin.get("/v1/sandbox/gateways/paypal")).status).toBe(400);
});

it.each([
  "/v2/gateway/api/create",
  "/v2/gateway/api/query",
  "/v2/gateway/api/refund",
  "/v2/create",
  "/v2/query",
  "/v2/refund",
  "/v2/query_refund",
  "/merchant_webapi/api/transaction",
])("%s does nothing for who sends no request of a merchant's", async (path) => {
  for (const body of ["", "{", "[]", "null", "{}", '{"partnerCode":"MOMOTEST","vnp_TmnCode":"VNPTEST1"}']) {
    const answer = await send<{ resultCode?: number; sub_return_code?: number; vnp_ResponseCode?: string }>(
      path,
      {
        method: "POST",
        body,
      },
    );
    const { resultCode, sub_return_code, vnp_ResponseCode } = answer.body;
    expect([20, -401, "03", "97"]).toContain(resultCode ?? sub_return_code ?? vnp_ResponseCode);
  }
});

it("the gateways' own addresses are a sandbox's alone", async () => {
  const paying = new Paying(gatewayOf("momo"));
  const pages = ["/v2/gateway/pay?t=x", "/openinapp?order=x", "/paymentv2/vpcpay.html?vnp_Amount=1"];
  for (const path of [...pages, "/c/pay?s=x", "/v1/checkout/sessions", "/v1/refunds?payment_intent=x"]) {
    const answer = await paying.visit(new Request(`${ORIGIN}${path}`), { SANDBOX: "false" });
    expect(answer.status).toBe(403);
  }
});
