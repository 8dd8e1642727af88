import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, test } from "vitest";
import type { GatewayName } from "../../src/domain/gateway.ts";
import { money } from "../../src/domain/money.ts";
import { gatewaysOf, liveDeps } from "../../src/gateways/installation.ts";
import type { GatewayDeps } from "../../src/gateways/port.ts";
import { behave, freshReference, gatewayOf, ORIGIN, Paying } from "./paying.ts";

const NAMES = ["momo", "vnpay"] as const;

/** The secret of a gateway, put wrong. */
const WRONG_KEYS: Readonly<Record<GatewayName, Partial<Env>>> = {
  momo: { MOMO_SECRET_KEY: "wrong" },
  vnpay: { VNPAY_HASH_SECRET: "wrong" },
};

afterEach(async () => {
  for (const name of NAMES) await behave(name);
});

test("a gateway without all of its keys isn't there", () => {
  const names = (installation: Partial<Env>) => [
    ...gatewaysOf({ ...env, ...installation } as Env, liveDeps(env, Date.now)).keys(),
  ];
  expect(names({})).toEqual(["momo", "vnpay"]);
  expect(names({ MOMO_ACCESS_KEY: "" })).toEqual(["vnpay"]);
  expect(names({ VNPAY_HASH_SECRET: undefined as never })).toEqual(["momo"]);
  expect(names({ MOMO_BASE_URL: "", VNPAY_TMN_CODE: "" })).toEqual([]);
});

describe.each(NAMES)("%s", (name) => {
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
    expect(theirId).toMatch(/^\d+$/);
    expect(await paying.query()).toEqual({ kind: "succeeded", claim: { ...paying.claim(), theirId } });
  });

  it("leads the payer back to where the merchant said, with what it said there kept", async () => {
    const back = await new Paying(gatewayOf(name)).go("approve");
    const url = new URL(back.headers.get("Location") ?? "");
    expect([back.status, url.origin, url.pathname]).toEqual([303, ORIGIN, "/checkout/back"]);
    expect(url.searchParams.get("order")).toBe("1");
    expect(url.searchParams.has(name === "momo" ? "signature" : "vnp_SecureHash")).toBe(true);
  });

  it("is refused by the payer, calls back, and says so when asked", async () => {
    const paying = new Paying(gatewayOf(name));
    await paying.go("refuse");
    const standing = { kind: "failed", reason: "cancelled" };
    expect(await paying.heard()).toMatchObject([{ kind: "payment", standing, claim: paying.claim() }]);
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

  it("fails when its time is over and nobody decided", async () => {
    const createdAtMs = Date.now() - 3_600_000;
    const paying = new Paying(gatewayOf(name), { createdAtMs, expiresAtMs: createdAtMs + 900_000 });
    await paying.create();
    const page = await paying.open();
    // MoMo counts from when it is asked; it is asked for a minute at least.
    expect(page.status).toBe(name === "momo" ? 200 : 410);
    expect(await paying.query()).toMatchObject({ kind: name === "momo" ? "pending" : "failed" });
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
    const stranger = gatewayOf(name, WRONG_KEYS[name]);
    expect(await stranger.queryPayment({ ...paying.request, createdAs: null })).toMatchObject({
      kind: "unknown",
    });
    const strange = new Paying(stranger);
    const created = await strange.create();
    if (name === "momo")
      expect(created).toMatchObject({ kind: "failed", reason: "misconfigured", theirCode: "13" });
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

  it("gives money back, in parts and never more than was paid", async () => {
    const request = await refundOf(60_000);
    const { gateway } = new Paying(gatewayOf(name));
    expect(await gateway.refund(request)).toMatchObject({
      kind: "refunded",
      theirId: expect.stringMatching(/^\d+$/),
    });
    const again = { ...request, refundReference: freshReference() };
    expect(await gateway.refund(again)).toMatchObject({ kind: "failed" });
    expect(await gateway.refund({ ...again, amountMinor: money(40_000) })).toMatchObject({
      kind: "refunded",
    });
  });

  it("doesn't refund again under the same reference, and doesn't say how the first went", async () => {
    const request = await refundOf(30_000);
    const { gateway } = new Paying(gatewayOf(name));
    expect(await gateway.refund(request)).toMatchObject({ kind: "refunded" });
    expect(await gateway.refund(request)).toMatchObject({ kind: "unknown" });
    const rest = { ...request, refundReference: freshReference(), amountMinor: money(70_000) };
    expect(await gateway.refund(rest)).toMatchObject({ kind: "refunded" });
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
});

describe("a provider that can't be understood", () => {
  const answering = (name: GatewayName, answer: () => Promise<Response>) => {
    const deps: GatewayDeps = { ...liveDeps(env, Date.now), fetch: answer };
    const gateway = gatewaysOf(env, deps).get(name);
    if (!gateway) throw new Error("no keys");
    return new Paying(gateway);
  };

  const answers: readonly (readonly [string, () => Promise<Response>])[] = [
    ["hangs up", () => Promise.reject(new TypeError("network"))],
    ["is too slow", () => Promise.reject(new DOMException("The operation timed out", "TimeoutError"))],
    ["fails", async () => Response.json({ resultCode: 0, vnp_ResponseCode: "00" }, { status: 502 })],
    ["answers a page", async () => new Response("<html></html>")],
    ["answers nothing", async () => new Response(null, { status: 204 })],
    ["answers a redirect", async () => Response.redirect("https://elsewhere.example/", 302)],
    ["answers half", async () => new Response('{"resultCode":0')],
    ["answers without end", async () => new Response("x".repeat(300 * 1_024))],
    [
      "answers a code that nobody knows",
      async () => Response.json({ resultCode: 31337, vnp_ResponseCode: "zz" }),
    ],
    [
      "answers success without a payment",
      async () => Response.json({ resultCode: 0, vnp_ResponseCode: "00" }),
    ],
    ["answers that the order exists", async () => Response.json({ resultCode: 41, vnp_ResponseCode: "94" })],
    [
      "answers unsigned that there is none",
      async () => Response.json({ vnp_ResponseCode: "91", resultCode: 42 }),
    ],
  ];

  it.each(answers)("and %s leaves unknown what it did", async (_, answer) => {
    expect(await answering("momo", answer).create()).toMatchObject({ kind: "unknown" });
    for (const name of NAMES) {
      const paying = answering(name, answer);
      expect(await paying.query()).toMatchObject({ kind: "unknown" });
      const refund = await paying.gateway.refund({
        payment: { ...paying.request, theirId: "1" },
        refundReference: freshReference(),
        createdAtMs: paying.request.createdAtMs,
        amountMinor: money(1_000),
        currency: "VND",
        reason: "r",
        requestedBy: "a",
      });
      expect(refund).toMatchObject({ kind: "unknown" });
    }
  });
});

describe("MoMo's creation", () => {
  it("that timed out after it succeeded is unknown, and can still be paid and asked for", async () => {
    await behave("momo", { create: "times_out_after_success" });
    const paying = new Paying(gatewayOf("momo"));
    expect(await paying.create()).toMatchObject({ kind: "unknown" });
    expect(await paying.query()).toEqual({ kind: "pending" });
    // Asked for again under the same reference: it exists, which doesn't tell how it stands.
    expect(await paying.create()).toMatchObject({ kind: "unknown" });
  });

  it("that is refused says why, and leaves nothing behind", async () => {
    await behave("momo", { create: "refuses" });
    const paying = new Paying(gatewayOf("momo"));
    expect(await paying.create()).toEqual({ kind: "failed", reason: "declined", theirCode: "1002" });
    expect(await paying.query()).toEqual({ kind: "not_found" });
  });

  it.each([999, 50_000_001])("of %i dong is refused by MoMo, too", async (amount) => {
    const paying = new Paying(gatewayOf("momo"), { amountMinor: money(amount) });
    expect(await paying.create()).toEqual({ kind: "failed", reason: "amount_not_allowed", theirCode: "22" });
  });

  it("takes from its description what could be read as another field", async () => {
    const paying = new Paying(gatewayOf("momo"), { description: "x&orderId=another&orderInfo=y" });
    await paying.go("approve");
    const [sent] = await paying.webhook.requests();
    expect(JSON.parse(sent?.body ?? "{}").orderInfo).toBe("x orderId another orderInfo y");
  });
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
