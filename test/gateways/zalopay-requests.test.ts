import { describe, expect, it, test } from "vitest";
import { gatewayReferenceOf } from "../../src/domain/gateway-reference.ts";
import { money } from "../../src/domain/money.ts";
import type { ChargeRequest, RefundRequest } from "../../src/gateways/port.ts";
import { zalopay } from "../../src/gateways/zalopay/gateway.ts";
import { NO_NETWORK, NOW_MS, REFERENCE, signatureOf } from "./given.ts";

const KEYS = { key1: "PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL", key2: "kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz" };
const LINK = gatewayReferenceOf({ objectId: "fedcba9876543210".repeat(4), attempt: "theLink" });
/** At NOW_MS it is the first of March in Vietnam. */
const TRANS_ID = `270301_${REFERENCE.slice(17)}`;

type Sent = Readonly<Record<string, string | number>>;

/** ZaloPay as it answers in turn, and what it was asked. */
function answering(...answers: readonly object[]) {
  const asked: { readonly path: string; readonly body: Sent }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    asked.push({ path: new URL(url).pathname, body: JSON.parse(String(init.body)) as Sent });
    return Response.json(answers[asked.length - 1] ?? {});
  };
  const config = { baseUrl: "https://sb-openapi.zalopay.vn", appId: "2553", ...KEYS };
  return { gateway: zalopay(config, { ...NO_NETWORK, fetch }), asked };
}

const REQUEST = {
  reference: REFERENCE,
  amountMinor: money(100_000),
  currency: "VND",
  createdAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 900_000,
  description: "Đơn hàng | 1",
  locale: "vi",
  returnUrl: "https://billing.example/checkout?a=b|c",
  publicUrl: "https://billing.example",
  customerIp: "203.0.113.7",
} as const;

const KNOWN = { ...REQUEST, createdAs: null };

const REFUND: RefundRequest = {
  payment: {
    reference: REFERENCE,
    createdAtMs: NOW_MS,
    amountMinor: money(100_000),
    theirId: "270301000000389",
  },
  refundReference: LINK,
  amountMinor: money(40_000),
  currency: "VND",
  createdAtMs: NOW_MS,
  reason: "Hoàn tiền",
  requestedBy: "admin:ops",
};

const OK = { return_code: 1, sub_return_code: 1 };
const refused = (sub_return_code: number) => ({ return_code: 2, sub_return_code });
const AGREED = {
  ...OK,
  data: {
    app_id: 2553,
    app_trans_id: `270301_${LINK.slice(17)}`,
    binding_id: "230407qQe7vGnqp0agyforLAy0D2b1x3",
    pay_token: "NJLHNTRLZDETZGQYZI0ZNTBKLTGWZJKTMTKXYJHLMWI5NTFI",
    merchant_user_id: LINK,
    masked_user_phone: "****3801",
    status: 1,
  },
};
const link = { ...KNOWN, reference: LINK };

async function token(): Promise<string> {
  const read = await answering(AGREED).gateway.linking?.readLink(link, null);
  if (read?.kind !== "linked") throw new Error("not linked");
  return read.token;
}

const charging = async (): Promise<ChargeRequest> => ({
  ...REQUEST,
  from: { link: LINK, token: await token() },
});

describe("what ZaloPay is asked is signed as its documents say", () => {
  const lastOf = (asked: ReturnType<typeof answering>["asked"]) => {
    const last = asked.at(-1);
    if (!last) throw new Error("nothing was asked");
    return last;
  };
  const expectSigned = async ({ body }: { readonly body: Sent }, text: string) =>
    expect(body.mac).toBe(await signatureOf("SHA-256", KEYS.key1, text));

  test("to create a payment", async () => {
    const { gateway, asked } = answering({
      ...OK,
      order_url: "https://qcgateway.zalopay.vn/openinapp?order=x",
    });
    expect(await gateway.createPayment(REQUEST)).toEqual({
      kind: "created",
      redirectUrl: "https://qcgateway.zalopay.vn/openinapp?order=x",
      createdAs: null,
      expiresAtMs: NOW_MS + 900_000,
    });
    const sent = lastOf(asked);
    const embed = `{"redirecturl":"https://billing.example/checkout?a=b|c","reference":"${REFERENCE}"}`;
    expect(sent).toMatchObject({
      path: "/v2/create",
      body: {
        app_id: 2553,
        app_trans_id: TRANS_ID,
        app_user: REFERENCE.slice(0, 43),
        app_time: NOW_MS,
        amount: 100_000,
        expire_duration_seconds: 900,
        description: "Đơn hàng | 1",
        item: "[]",
        embed_data: embed,
        callback_url: "https://billing.example/v1/webhooks/zalopay",
      },
    });
    expect(TRANS_ID).toHaveLength(40);
    await expectSigned(sent, `2553|${TRANS_ID}|${REFERENCE.slice(0, 43)}|100000|${NOW_MS}|${embed}|[]`);
  });

  test("to ask for one", async () => {
    const { gateway, asked } = answering(OK);
    await gateway.queryPayment(KNOWN);
    expect(lastOf(asked)).toMatchObject({
      path: "/v2/query",
      body: { app_id: 2553, app_trans_id: TRANS_ID },
    });
    await expectSigned(lastOf(asked), `2553|${TRANS_ID}|${KEYS.key1}`);
    // The key is signed, not sent.
    expect(JSON.stringify(asked)).not.toContain(KEYS.key1);
  });

  const REFUND_ID = `270301_2553_${LINK.slice(17)}`;

  test("to give money back, and to ask how that went", async () => {
    const { gateway, asked } = answering({ return_code: 3, refund_id: 270301000000777 }, { return_code: 3 });
    expect(await gateway.refund(REFUND)).toEqual({ kind: "pending", theirId: "270301000000777" });
    const sent = lastOf(asked);
    expect(sent.path).toBe("/v2/refund");
    expect(sent.body).toMatchObject({
      m_refund_id: REFUND_ID,
      zp_trans_id: "270301000000389",
      amount: 40_000,
    });
    await expectSigned(sent, `2553|270301000000389|40000|Hoàn tiền|${NOW_MS}`);
    await gateway.queryRefund(REFUND, null);
    expect(lastOf(asked)).toMatchObject({ path: "/v2/query_refund", body: { m_refund_id: REFUND_ID } });
    await expectSigned(lastOf(asked), `2553|${REFUND_ID}|${NOW_MS}`);
    expect(REFUND_ID).toHaveLength(45);
  });

  const LINK_ID = `270301_${LINK.slice(17)}`;

  test("to link an account, to ask for it and to end it", async () => {
    const { gateway, asked } = answering(
      { ...OK, binding_url: "https://binding.zalopay.vn?t=x" },
      AGREED,
      OK,
    );
    expect(await gateway.linking?.link(link)).toMatchObject({
      redirectUrl: "https://binding.zalopay.vn?t=x",
    });
    expect(lastOf(asked)).toMatchObject({
      path: "/v2/agreement/bind",
      body: { identifier: LINK, callback_url: "https://billing.example/v1/webhooks/zalopay" },
    });
    await expectSigned(lastOf(asked), `2553|${LINK_ID}|{}|WALLET|${LINK}|0|${NOW_MS}`);
    const read = await gateway.linking?.readLink(link, null);
    expect(read).toMatchObject({ kind: "linked", label: "•••• 3801" });
    expect(lastOf(asked).path).toBe("/v2/agreement/query");
    await expectSigned(lastOf(asked), `2553|${LINK_ID}|${NOW_MS}`);
    await gateway.linking?.unlink({ link: LINK, token: read?.kind === "linked" ? read.token : "" });
    expect(lastOf(asked).path).toBe("/v2/agreement/unbind");
    await expectSigned(lastOf(asked), `2553|${LINK}|${AGREED.data.binding_id}|${NOW_MS}`);
  });

  test("to charge a linked account: an order first, then its payment", async () => {
    const { gateway, asked } = answering({ ...OK, zp_trans_token: "ACjEOD8Cb9as2vu" }, { return_code: 3 });
    expect(await gateway.linking?.charge(await charging())).toEqual({ kind: "pending", createdAs: null });
    expect(asked[0]).toMatchObject({
      path: "/v2/create",
      body: { product_code: "AGREEMENT", app_user: LINK, app_trans_id: TRANS_ID },
    });
    expect(lastOf(asked).path).toBe("/v2/agreement/pay");
    await expectSigned(lastOf(asked), `2553|${LINK}|ACjEOD8Cb9as2vu|${AGREED.data.pay_token}|${NOW_MS}`);
  });
});

describe("what ZaloPay answers", () => {
  it.each([
    ["a payment that is processed", { return_code: 3, sub_return_code: -1 }, { kind: "pending" }],
    ["one that is paid, without its number", { ...OK, amount: 100_000, zp_trans_id: 0 }, { kind: "unknown" }],
    ["one that is paid, without its amount", { ...OK, zp_trans_id: 1 }, { kind: "unknown" }],
    [
      "one that is paid, at an amount that is none",
      { ...OK, amount: 1e21, zp_trans_id: 1 },
      { kind: "unknown" },
    ],
    ["one whose time is over", refused(-54), { kind: "failed", reason: "expired", theirCode: "-54" }],
    ["one that the wallet can't pay", refused(-63), { kind: "failed", reason: "insufficient_funds" }],
    ["one that its payer cancelled", refused(-329), { kind: "failed", reason: "cancelled" }],
    ["one beyond the payer's limits", refused(-1331), { kind: "failed", reason: "limit_exceeded" }],
    [
      "the same, in the place of the general code",
      { return_code: -1340 },
      { kind: "failed", reason: "limit_exceeded" },
    ],
    ["one that failed for what isn't listed", refused(-31_337), { kind: "failed", reason: "declined" }],
    [
      "one that failed, and no more",
      { return_code: 2 },
      { kind: "failed", reason: "declined", theirCode: "2" },
    ],
    ["one that nobody was told of", refused(-101), { kind: "not_found" }],
    ["a question that isn't signed rightly", refused(-402), { kind: "unknown" }],
    ["the same, in the place of the general code", { return_code: -402 }, { kind: "unknown" }],
    ["too many questions", refused(-429), { kind: "unknown" }],
    ["a question that it stumbled over", refused(-500), { kind: "unknown" }],
    ["a general code that nobody knows", { return_code: 0 }, { kind: "unknown" }],
    ["a negative one that nobody knows", { return_code: -31_337 }, { kind: "unknown" }],
  ])("about %s is taken for what it is", async (_, answer, outcome) => {
    expect(await answering(answer).gateway.queryPayment(KNOWN)).toMatchObject(outcome);
  });

  it.each([
    ["that it exists", refused(-68), { kind: "unknown" }],
    ["that it stumbled", refused(-500), { kind: "unknown" }],
    ["that it is being created", { return_code: 3 }, { kind: "unknown" }],
    ["that the day has passed since", refused(-92), { kind: "unknown" }],
    ["with no address", OK, { kind: "unknown" }],
    ["with an address that isn't one", { ...OK, order_url: "javascript:alert(1)" }, { kind: "unknown" }],
    ["that the signature is wrong", refused(-402), { kind: "failed", reason: "misconfigured" }],
    ["that it is being maintained", refused(-999), { kind: "failed", reason: "gateway_unavailable" }],
    [
      "the same, in the place of the general code",
      { return_code: -999 },
      { kind: "failed", reason: "gateway_unavailable" },
    ],
  ])("to a creation %s is taken for what it is", async (_, answer, outcome) => {
    expect(await answering(answer).gateway.createPayment(REQUEST)).toMatchObject(outcome);
  });

  it.each([
    [OK, { kind: "refunded" }, { kind: "refunded", theirId: "7" }],
    [{ return_code: 3, sub_return_code: 2 }, { kind: "pending" }, { kind: "pending", theirId: "7" }],
    [refused(-14), { kind: "failed", reason: "amount_not_allowed" }, { kind: "failed" }],
    [refused(-13), { kind: "failed", reason: "not_refundable" }, { kind: "failed" }],
    [refused(-101), { kind: "failed", reason: "not_refundable" }, { kind: "not_found" }],
    [refused(-23), { kind: "unknown" }, { kind: "unknown" }],
    [refused(0), { kind: "failed", reason: "declined" }, { kind: "failed", reason: "declined" }],
    [refused(-402), { kind: "failed", reason: "misconfigured" }, { kind: "unknown" }],
    [refused(-429), { kind: "failed", reason: "gateway_unavailable" }, { kind: "unknown" }],
    [refused(-500), { kind: "unknown" }, { kind: "unknown" }],
    [{ return_code: 7 }, { kind: "unknown" }, { kind: "unknown" }],
  ])(
    "%j about a refund comes to one thing when it is asked for, and perhaps another later",
    async (answer, first, later) => {
      expect(await answering(answer).gateway.refund(REFUND)).toMatchObject(first);
      expect(await answering(answer).gateway.queryRefund(REFUND, "7")).toMatchObject(later);
    },
  );

  it.each([
    ["it isn't agreed to yet", { return_code: 3 }, { kind: "pending" }],
    [
      "it is over",
      { ...AGREED, data: { ...AGREED.data, status: 4 } },
      { kind: "failed", reason: "link_gone" },
    ],
    [
      "it is somebody else's",
      { ...AGREED, data: { ...AGREED.data, merchant_user_id: REFERENCE } },
      { kind: "unknown" },
    ],
    [
      "it is another one",
      { ...AGREED, data: { ...AGREED.data, app_trans_id: TRANS_ID } },
      { kind: "unknown" },
    ],
    [
      "it is agreed to, without a token",
      { ...AGREED, data: { ...AGREED.data, pay_token: "" } },
      { kind: "unknown" },
    ],
    ["it is agreed to, and no more", OK, { kind: "unknown" }],
    ["nobody has heard of it", refused(-101), { kind: "not_found" }],
  ])("about a link, that %s, is taken for what it is", async (_, answer, outcome) => {
    expect(await answering(answer).gateway.linking?.readLink(link, null)).toMatchObject(outcome);
  });

  const ORDERED = { ...OK, zp_trans_token: "ACjEOD8Cb9as2vu" };
  const PAID = { ...OK, amount: 100_000, zp_trans_id: 270_301_000_000_389 };
  it.each([
    ["that is paid", [ORDERED, OK, PAID], { kind: "succeeded", claim: { theirId: "270301000000389" } }],
    ["that is paid, which it doesn't know yet", [ORDERED, OK, { return_code: 3 }], { kind: "pending" }],
    ["that exists already, which isn't charged again", [refused(-68)], { kind: "unknown" }],
    ["that the wallet can't pay", [ORDERED, refused(-63)], { kind: "failed", reason: "insufficient_funds" }],
    [
      "that it refuses, the agreement standing",
      [ORDERED, refused(-9_999), AGREED],
      { kind: "failed", reason: "declined" },
    ],
    [
      "that it refuses, the agreement gone",
      [ORDERED, refused(-9_999), refused(-101)],
      { kind: "failed", reason: "link_gone" },
    ],
    [
      "that it refuses, and says no more",
      [ORDERED, refused(-9_999), { return_code: 3 }],
      { kind: "failed", reason: "declined" },
    ],
    ["that it stumbles over", [ORDERED, refused(-500)], { kind: "unknown" }],
  ])("to a charge %s is taken for what it is", async (_, answers, outcome) => {
    const { gateway, asked } = answering(...answers);
    expect(await gateway.linking?.charge(await charging())).toMatchObject(outcome);
    expect(asked).toHaveLength(answers.length);
  });
});

test("a token that isn't of our making charges and ends nothing", async () => {
  const { gateway, asked } = answering();
  for (const foreign of ["", "x", "null", "[]", '["a"]'])
    for (const outcome of [
      await gateway.linking?.charge({ ...REQUEST, from: { link: LINK, token: foreign } }),
      await gateway.linking?.unlink({ link: LINK, token: foreign }),
    ])
      expect(outcome).toMatchObject({ kind: "unknown" });
  expect(asked).toEqual([]);
});
