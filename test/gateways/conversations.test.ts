import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, test } from "vitest";
import { GATEWAYS } from "../../src/domain/gateway.ts";
import { money } from "../../src/domain/money.ts";
import { gatewaysOf, liveDeps } from "../../src/gateways/installation.ts";
import type { GatewayDeps, RefundRequest } from "../../src/gateways/port.ts";
import { behave, freshReference, gatewayOf, ORIGIN, Paying } from "./paying.ts";
import { PECULIARITIES } from "./peculiarities.ts";

afterEach(async () => {
  for (const name of GATEWAYS) await behave(name);
});

test("a gateway without all of its keys isn't there", () => {
  const names = (installation: Partial<Env>) => [
    ...gatewaysOf({ ...env, ...installation } as Env, liveDeps(env, Date.now)).keys(),
  ];
  expect(names({})).toEqual([...GATEWAYS]);
  for (const name of GATEWAYS)
    expect(names(PECULIARITIES[name].incomplete)).toEqual(GATEWAYS.filter((other) => other !== name));
  expect(names(Object.assign({}, ...GATEWAYS.map((name) => PECULIARITIES[name].incomplete)))).toEqual([]);
});

describe.each(GATEWAYS)("%s", (name) => {
  const its = PECULIARITIES[name];

  it("is paid, calls back, and says the same when asked", async () => {
    const paying = new Paying(gatewayOf(name));
    await paying.go("approve");
    const [verdict, ...more] = await paying.heard();
    expect(more).toEqual([]);
    expect(verdict).toMatchObject({
      kind: "payment",
      standing: { kind: "succeeded" },
      claim: paying.claim(),
    });
    const theirId = verdict?.kind === "payment" ? verdict.claim.theirId : null;
    expect(theirId).toMatch(its.theirIds);
    expect(await paying.query()).toEqual({ kind: "succeeded", claim: { ...paying.claim(), theirId } });
  });

  it("leads the payer back to where the merchant said, with what it said there kept", async () => {
    const back = await new Paying(gatewayOf(name)).go("approve");
    const url = new URL(back.headers.get("Location") ?? "");
    expect([back.status, url.origin, url.pathname]).toEqual([303, ORIGIN, "/checkout/back"]);
    expect(url.searchParams.get("order")).toBe("1");
    if (its.wayBackSignedBy) expect(url.searchParams.has(its.wayBackSignedBy)).toBe(true);
  });

  it("is refused by the payer, and says so when asked, or by itself", async () => {
    const paying = new Paying(gatewayOf(name));
    await paying.go("refuse");
    const standing = { kind: "failed", reason: its.refusedAs };
    const told = [{ kind: "payment", standing, claim: paying.claim() }];
    expect(await paying.heard()).toMatchObject(its.tellsOfAll ? told : []);
    expect(await paying.query()).toMatchObject({ kind: "failed" });
  });

  it("is pending while nobody decides", async () => {
    const paying = new Paying(gatewayOf(name));
    await paying.create();
    await paying.open();
    await paying.decide("abandon");
    expect([await paying.query(), await paying.heard()]).toEqual([{ kind: "pending" }, []]);
    await paying.decide("approve");
    expect(await paying.query()).toMatchObject({ kind: "succeeded" });
  });

  it.skipIf(its.isEndedByUs)("fails when its time is over and nobody decided", async () => {
    const endedAtMs = Date.now() - 60_000;
    const paying = new Paying(gatewayOf(name), { expiresAtMs: endedAtMs });
    await paying.create();
    const page = await paying.open();
    // What counts from when it is asked is asked for its least.
    expect(page.status).toBe(its.countsFromAsking ? 200 : 410);
    expect(await paying.query()).toMatchObject({ kind: its.countsFromAsking ? "pending" : "failed" });
  });

  it("doesn't know what it wasn't told of", async () => {
    const paying = new Paying(gatewayOf(name));
    expect(await paying.query()).toEqual({ kind: "not_found" });
  });

  it("is asked again while it says that a decided payment is pending", async () => {
    await behave(name, { pendingQueries: 2 });
    const paying = new Paying(gatewayOf(name));
    await paying.go("approve", "never");
    const kinds = [await paying.query(), await paying.query(), await paying.query()].map(({ kind }) => kind);
    expect(kinds).toEqual(["pending", "pending", "succeeded"]);
  });

  it("is not believed, and believes nothing, under another key", async () => {
    const paying = new Paying(gatewayOf(name));
    await paying.go("approve");
    const stranger = gatewayOf(name, its.wrongKeys);
    expect(await stranger.queryPayment({ ...paying.request, createdAs: null })).toMatchObject({
      kind: "unknown",
    });
    const strange = new Paying(stranger);
    const created = await strange.create();
    if (its.isTold)
      expect(created).toEqual({ kind: "failed", reason: "misconfigured", theirCode: its.misconfiguredCode });
    else expect((await strange.open()).status).toBe(400);
  });

  const refundOf = async (amount: number) => {
    const paying = new Paying(gatewayOf(name));
    await paying.go("approve");
    const paid = await paying.query();
    if (paid.kind !== "succeeded" || paid.claim.theirId === null) throw new Error("not paid");
    const payment = { ...paying.request, theirId: paid.claim.theirId };
    return {
      payment,
      refundReference: freshReference(),
      createdAtMs: paying.request.createdAtMs,
      amountMinor: money(amount),
      currency: "VND" as const,
      reason: "Hoàn tiền (đơn 1) | x",
      requestedBy: "admin:ops",
    };
  };

  const taken = its.refundsLater ? "pending" : "refunded";

  it("gives money back, in parts and never more than was paid", async () => {
    const request = await refundOf(60_000);
    const { gateway } = new Paying(gatewayOf(name));
    const theirId = expect.stringMatching(its.theirIds);
    expect(await gateway.refund(request)).toMatchObject({ kind: taken, theirId });
    const again = (amount: number) => ({
      ...request,
      refundReference: freshReference(),
      amountMinor: money(amount),
    });
    expect(await gateway.refund(again(60_000))).toMatchObject({ kind: "failed" });
    expect(await gateway.refund(again(40_000))).toMatchObject({ kind: taken });
  });

  it("doesn't refund again under the same reference, whether or not it says how the first went", async () => {
    const request = await refundOf(30_000);
    const { gateway } = new Paying(gatewayOf(name));
    const first = await gateway.refund(request);
    expect(first).toMatchObject({ kind: taken });
    expect(await gateway.refund(request)).toMatchObject(its.answersAgain ? first : { kind: "unknown" });
    const rest = { ...request, refundReference: freshReference(), amountMinor: money(70_000) };
    expect(await gateway.refund(rest)).toMatchObject({ kind: taken });
  });

  it("refuses to give back what was never paid", async () => {
    const request = await refundOf(10_000);
    const { gateway } = new Paying(gatewayOf(name));
    const payment = { ...request.payment, reference: freshReference(), theirId: "999" };
    expect(await gateway.refund({ ...request, payment })).toMatchObject({
      kind: "failed",
      reason: "not_refundable",
    });
  });

  it.runIf(its.isTold)("whose answer to a creation was lost can still be paid and asked for", async () => {
    await behave(name, { create: "times_out_after_success" });
    const paying = new Paying(gatewayOf(name));
    expect(await paying.create()).toMatchObject({ kind: "unknown" });
    expect(await paying.query()).toEqual({ kind: "pending" });
  });

  it.runIf(its.isTold)("asked to create the same again creates nothing more", async () => {
    const paying = new Paying(gatewayOf(name));
    const first = await paying.create();
    expect(first).toMatchObject({ kind: "created" });
    expect(await paying.create()).toMatchObject(its.answersAgain ? first : { kind: "unknown" });
    expect(await paying.query()).toEqual({ kind: "pending" });
  });

  it.runIf(its.isTold)("that refuses to create says why, and leaves nothing behind", async () => {
    await behave(name, { create: "refuses" });
    const paying = new Paying(gatewayOf(name));
    expect(await paying.create()).toEqual({ kind: "failed", ...its.refusal });
    expect(await paying.query()).toEqual({ kind: "not_found" });
  });

  it.runIf(its.isTold).each([...its.amounts.outside])("takes no %i dong, as we do", async (amount) => {
    const gateway = gatewayOf(name);
    const { minMinor, maxMinor } = gateway.limits;
    expect(amount === minMinor - 1 || amount === maxMinor + 1).toBe(true);
    const paying = new Paying(gateway, { amountMinor: money(amount) });
    const refused = { kind: "failed", reason: "amount_not_allowed", theirCode: its.amounts.code };
    expect(await paying.create()).toEqual(refused);
  });
});

describe.each(GATEWAYS)("%s, when it can't be understood", (name) => {
  const { says, isTold } = PECULIARITIES[name];
  const saying = (body: object, init?: ResponseInit) => async () => Response.json(body, init);

  const answers: readonly (readonly [string, () => Promise<Response>])[] = [
    ["hangs up", () => Promise.reject(new TypeError("network"))],
    ["is too slow", () => Promise.reject(new DOMException("The operation timed out", "TimeoutError"))],
    ["fails", saying(says.success, { status: 502 })],
    ["answers a page", async () => new Response("<html></html>")],
    ["answers nothing", async () => new Response(null, { status: 204 })],
    ["answers a redirect", async () => Response.redirect("https://elsewhere.example/", 302)],
    ["answers half", async () => new Response(JSON.stringify(says.success).slice(0, -1))],
    ["answers without end", async () => new Response("x".repeat(300 * 1_024))],
    ["answers a code that nobody knows", saying(says.unheardOf)],
    ["answers that there is one already", saying(says.duplicate)],
    ...(says.unsignedNotFound
      ? ([["answers unsigned that there is none", saying(says.unsignedNotFound)]] as const)
      : []),
  ];

  const answering = (answer: () => Promise<Response>) => {
    const deps: GatewayDeps = { ...liveDeps(env, Date.now), fetch: answer };
    const gateway = gatewaysOf(env, deps).get(name);
    if (!gateway) throw new Error("no keys");
    return new Paying(gateway);
  };

  const refundOf = ({ request }: Paying): RefundRequest => ({
    payment: { ...request, theirId: "1" },
    refundReference: freshReference(),
    createdAtMs: request.createdAtMs,
    amountMinor: money(1_000),
    currency: "VND",
    reason: "r",
    requestedBy: "a",
  });

  it.each(answers)("and %s leaves unknown what it did", async (_, answer) => {
    const paying = answering(answer);
    if (isTold) expect(await paying.create()).toMatchObject({ kind: "unknown" });
    expect(await paying.query()).toMatchObject({ kind: "unknown" });
    expect(await paying.gateway.refund(refundOf(paying))).toMatchObject({ kind: "unknown" });
    expect(await paying.gateway.queryRefund(refundOf(paying), null)).toMatchObject({ kind: "unknown" });
  });

  it("and answers success without a payment leaves unknown what was paid", async () => {
    const paying = answering(saying(says.success));
    if (isTold) expect(await paying.create()).toMatchObject({ kind: "unknown" });
    expect(await paying.query()).toMatchObject({ kind: "unknown" });
  });
});

test("MoMo's creation takes from its description what could be read as another field", async () => {
  const paying = new Paying(gatewayOf("momo"), { description: "x&orderId=another&orderInfo=y" });
  await paying.go("approve");
  const [sent] = await paying.webhook.requests();
  expect(JSON.parse(sent?.body ?? "{}").orderInfo).toBe("x orderId another orderInfo y");
});

test("VNPay is told times on Vietnam's clock, amounts in hundredths, and texts without accents", async () => {
  const createdAtMs = Date.parse("2027-02-28T18:30:05.678Z");
  const request = { createdAtMs, expiresAtMs: createdAtMs + 900_000, description: "Đơn hàng: “Ảnh” 100%" };
  const created = await new Paying(gatewayOf("vnpay"), request).create();
  const query = new URL(created.kind === "created" ? created.redirectUrl : "").searchParams;
  expect(Object.fromEntries(query)).toMatchObject({
    vnp_Amount: "10000000",
    vnp_CreateDate: "20270301013005",
    vnp_ExpireDate: "20270301014505",
    vnp_OrderInfo: "Don hang: Anh 100",
    vnp_Locale: "vn",
    vnp_IpAddr: "203.0.113.7",
  });
});
