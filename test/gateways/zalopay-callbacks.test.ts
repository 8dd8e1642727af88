import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { gatewayReferenceOf } from "../../src/domain/gateway-reference.ts";
import type { CallbackAnswer, CallbackVerdict } from "../../src/gateways/port.ts";
import { zalopay } from "../../src/gateways/zalopay/gateway.ts";
import { genuine, NO_NETWORK, REFERENCE, signatureOf, withOneChanged } from "./given.ts";

/** The keys of ZaloPay's public test merchant. */
const KEYS = { key1: "PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL", key2: "kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz" };
const gateway = zalopay({ baseUrl: "https://sb-openapi.zalopay.vn", appId: "2553", ...KEYS }, NO_NETWORK);

const read = (body: BodyInit | null, headers: Record<string, string> = {}): Promise<CallbackVerdict> =>
  gateway.readCallback(
    new Request("https://billing.example/v1/webhooks/zalopay", { method: "POST", headers, body }),
  );

describe("ZaloPay's own callbacks", () => {
  it.each([
    [
      "of its documents",
      String.raw`{"data":"{\"app_id\":2553,\"app_trans_id\":\"200904_2553_1598435687208\",\"app_time\":1599189392817,\"app_user\":\"demo\",\"amount\":10000,\"embed_data\":\"{\\\"merchantinfo\\\":\\\"embeddata123\\\",\\\"promotioninfo\\\":\\\"\\\"}\",\"item\":\"[{\\\"itemid\\\":\\\"knb\\\",\\\"itemname\\\":\\\"kim nguyen bao\\\",\\\"itemprice\\\":198400,\\\"itemquantity\\\":1}]\",\"zp_trans_id\":200904000000389,\"server_time\":1599189413498,\"channel\":38,\"merchant_user_id\":\"7ZMSl3nEg5sOUJzOLSoUFT8xKNQVaLOLXHB--8Eytqc\",\"user_fee_amount\":0,\"discount_amount\":0}","mac":"d8d33baf449b31d7f9b94fa50d7c942c08cd4d83f28fa185557da21acb104f67","type":1}`,
      ["200904_2553_1598435687208", 10_000, "200904000000389"],
    ],
    [
      "of a test payment, with Vietnamese in it",
      String.raw`{"data":"{\"app_id\":2553,\"app_trans_id\":\"260317_1_762062\",\"app_time\":1773749931296,\"app_user\":\"user_1\",\"amount\":100000,\"embed_data\":\"{\\\"redirecturl\\\":\\\"https://fafwebv1.vercel.app/wallet/deposit/result\\\"}\",\"item\":\"[{\\\"itemid\\\":\\\"FAF_CRED\\\",\\\"itemname\\\":\\\"Nạp 100 CRED vào ví FAF\\\",\\\"itemprice\\\":100000,\\\"itemquantity\\\":1}]\",\"zp_trans_id\":260317000002595,\"server_time\":1773749951879,\"channel\":39,\"merchant_user_id\":\"DXp3vtfyygtb2_XdP8yFeA\",\"zp_user_id\":\"DXp3vtfyygtb2_XdP8yFeA\",\"user_fee_amount\":0,\"discount_amount\":0}","mac":"d7c84b0bf048144a4b27b731f5a4ee1b3edd23a6d7662a388a78fa1f805adacb","type":1}`,
      ["260317_1_762062", 100_000, "260317000002595"],
    ],
    [
      "of another test payment",
      String.raw`{"data":"{\"app_id\":2553,\"app_trans_id\":\"260418_7F5271\",\"app_time\":1776479895300,\"app_user\":\"54b49784-e5ab-4ad4-bcce-5a915d09d67c\",\"amount\":100000,\"embed_data\":\"{\\\"redirecturl\\\":\\\"https://dev-code-payment-service.20206205.tech/api/subscriptions/payment-return\\\"}\",\"item\":\"[{\\\"item_name\\\":\\\"Thanh toan dang ky: VIP 1 tháng #260418_7F5271\\\",\\\"item_price\\\":100000,\\\"item_quantity\\\":1}]\",\"zp_trans_id\":260418000000225,\"server_time\":1776479960423,\"channel\":38,\"merchant_user_id\":\"Jfy_NT0tHMtLE07x291chQ-7_jlVJzxoGZ2S1rNbGvA\",\"zp_user_id\":\"Jfy_NT0tHMtLE07x291chQ-7_jlVJzxoGZ2S1rNbGvA\",\"user_fee_amount\":0,\"discount_amount\":0}","mac":"b89195ab41a0683b0aaae3f132a7361d72926ca38330ac715611720acd957b79","type":1}`,
      ["260418_7F5271", 100_000, "260418000000225"],
    ],
  ] as const)("are believed: the one %s", async (_, body, [reference, amountMinor, theirId]) => {
    const { claim, standing } = genuine(await read(body));
    expect(standing).toEqual({ kind: "succeeded" });
    expect(claim).toEqual({ reference, merchant: "2553", amountMinor, currency: "VND", theirId });
  });
});

/** The end of REFERENCE, 40 characters with what stands before it. */
const TRANS_ID = `270301_${REFERENCE.slice(17)}`;

const PAID = {
  app_id: 2553,
  app_trans_id: TRANS_ID,
  app_time: 1_803_839_405_678,
  app_user: "an",
  amount: 100_000,
  embed_data: JSON.stringify({ redirecturl: "https://billing.example/", reference: REFERENCE }),
  item: "[]",
  zp_trans_id: 270_301_000_000_389,
  server_time: 1_803_839_413_498,
  channel: 38,
  merchant_user_id: "7ZMSl3nEg5sOUJzOLSoUFT8xKNQVaLOLXHB--8Eytqc",
  user_fee_amount: 0,
  discount_amount: 0,
};

const mac = (data: string): Promise<string> => signatureOf("SHA-256", KEYS.key2, data);
const signed = async (data: string, type: unknown = 1): Promise<string> =>
  JSON.stringify({ data, mac: await mac(data), type });
const paid = (more: object = {}): Promise<string> => signed(JSON.stringify({ ...PAID, ...more }));

/** A text as JSON of others may spell it. */
const escaped = (text: string): string =>
  `"${[...text].map((c) => (c.length > 1 ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)).join("")}"`;

describe("a callback of ZaloPay", () => {
  it("leads to the reference that its payment was begun under", async () => {
    expect(TRANS_ID).toHaveLength(40);
    expect(genuine(await read(await paid())).claim).toEqual({
      reference: REFERENCE,
      merchant: "2553",
      amountMinor: 100_000,
      currency: "VND",
      theirId: "270301000000389",
    });
  });

  const other = gatewayReferenceOf({ objectId: "f".repeat(64), attempt: "another" });
  it.each([
    ["another reference", { embed_data: JSON.stringify({ reference: other }) }, TRANS_ID],
    ["no reference", { embed_data: "{}" }, TRANS_ID],
    ["a reference that is none of ours", { embed_data: '{"reference":"x"}' }, TRANS_ID],
    ["something that can't be read", { embed_data: "{" }, TRANS_ID],
    ["nothing", { embed_data: undefined }, TRANS_ID],
    [
      "the reference, but another name",
      { app_trans_id: `270301_${other.slice(17)}` },
      `270301_${other.slice(17)}`,
    ],
    ["the reference, but no day", { app_trans_id: REFERENCE.slice(10) }, REFERENCE.slice(10)],
  ])("that carries %s goes by ZaloPay's own name", async (_, more, reference) => {
    expect(genuine(await read(await paid(more))).claim.reference).toBe(reference);
  });

  it.each([
    [
      "with its members in another order",
      (data: string, m: string) => `{"type":1,"mac":"${m}","data":${JSON.stringify(data)}}`,
    ],
    [
      "with spaces and lines in between",
      (data: string, m: string) =>
        `\r\n{ "data" :\t${JSON.stringify(data)} ,\n "mac" : "${m}", "type" : 1 }\n`,
    ],
    [
      "with every character escaped",
      (data: string, m: string) => `{"data":${escaped(data)},"mac":${escaped(m)},"type":1}`,
    ],
    [
      "with its slashes escaped",
      (data: string, m: string) =>
        `{"data":${JSON.stringify(data).replaceAll("/", "\\/")},"mac":"${m}","type":1}`,
    ],
    [
      "with its signature in capitals",
      (data: string, m: string) => `{"data":${JSON.stringify(data)},"mac":"${m.toUpperCase()}","type":1}`,
    ],
    [
      "with its type as a text",
      (data: string, m: string) => `{"data":${JSON.stringify(data)},"mac":"${m}","type":"1"}`,
    ],
    [
      "with members that nobody has heard of",
      (data: string, m: string) =>
        `{"data":${JSON.stringify(data)},"mac":"${m}","type":1,"more":{"data":"x"},"n":null}`,
    ],
  ])("is believed %s", async (_, spelled) => {
    const data = JSON.stringify({ ...PAID, item: '[{"itemname":"Nạp tiền 💸 “đặc biệt” / \u2028"}]' });
    const body = spelled(data, await mac(data));
    const { claim, raw } = genuine(await read(body));
    expect([claim.reference, claim.amountMinor, raw]).toEqual([REFERENCE, 100_000, body]);
  });

  it.each([
    ["in another order", () => JSON.stringify(Object.fromEntries(Object.entries(PAID).reverse()))],
    ["with spaces and lines", () => JSON.stringify(PAID, null, 2)],
    [
      "with escapes of its own",
      () => JSON.stringify(PAID).replaceAll("an", "\\u0061n").replaceAll("/", "\\/"),
    ],
    ["in decomposed Unicode", () => JSON.stringify({ ...PAID, app_user: "Nạp tiền".normalize("NFD") })],
  ])("is believed whose data is spelled %s", async (_, spelled) => {
    const data = spelled();
    expect(data).not.toBe(JSON.stringify(PAID));
    expect(genuine(await read(await signed(data))).claim.amountMinor).toBe(100_000);
  });

  it("is another one when its data is spelled anew", async () => {
    const data = JSON.stringify({ ...PAID, app_user: "Nạp tiền" });
    for (const spelled of [JSON.stringify(JSON.parse(data), null, 1), data.normalize("NFD"), `${data} `]) {
      const body = JSON.stringify({ data: spelled, mac: await mac(data), type: 1 });
      expect(await read(body)).toEqual({ kind: "bad_signature" });
    }
  });

  it("isn't believed with data that is an object instead of a text", async () => {
    const body = JSON.stringify({ data: PAID, mac: await mac(JSON.stringify(PAID)), type: 1 });
    expect(await read(body)).toEqual({ kind: "bad_signature" });
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""])(
    "is read as what it is, whatever it calls itself: %j",
    async (type) => {
      genuine(await read(await paid(), { "Content-Type": type }));
    },
  );

  it.each([
    "1e5",
    "100000.0",
    "-100000",
    "9007199254740993",
    '"0x186a0"',
    '" 100000"',
    '"1_000"',
    '""',
    "null",
    "[]",
    '"０"',
    '"01"',
  ])("is not taken for money when it claims an amount of %s, even signed", async (amount) => {
    const data = JSON.stringify(PAID).replace('"amount":100000', `"amount":${amount}`);
    expect(await read(await signed(data))).toMatchObject({ kind: "malformed" });
  });

  it("keeps every digit of numbers that JavaScript would round", async () => {
    const data = JSON.stringify(PAID).replace("270301000000389", "9007199254740993");
    expect(genuine(await read(await signed(data))).claim.theirId).toBe("9007199254740993");
  });

  it.each(["app_id", "app_trans_id", "amount"])("is malformed without %s, even signed", async (field) => {
    expect(await read(await paid({ [field]: undefined }))).toMatchObject({ kind: "malformed" });
  });

  it("has no number of a transaction where ZaloPay gave none", async () => {
    for (const zp_trans_id of [undefined, 0, ""])
      expect(genuine(await read(await paid({ zp_trans_id }))).claim.theirId).toBeNull();
  });

  it.each([
    ["no signature", undefined],
    ["an empty one", ""],
    ["one that isn't hex", "g".repeat(64)],
    ["a shorter one", "00".repeat(31)],
    ["no text", 0],
    ["a list", ["00".repeat(32)]],
  ])("with %s is not believed", async (_, wrong) => {
    expect(await read(JSON.stringify({ data: JSON.stringify(PAID), mac: wrong, type: 1 }))).toEqual({
      kind: "bad_signature",
    });
  });

  it("signed by the key of requests is not believed", async () => {
    const data = JSON.stringify(PAID);
    const wrong = await signatureOf("SHA-256", KEYS.key1, data);
    expect(await read(JSON.stringify({ data, mac: wrong, type: 1 }))).toEqual({ kind: "bad_signature" });
  });

  it.each([
    ["nothing", null],
    ["no JSON", "data=x"],
    ["JSON that isn't an object", "[]"],
    ["null", "null"],
    ["half of it", '{"data":"{}"'],
    ["bytes that are no UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)],
    ["more than any of ZaloPay's", `{"data":"${"x".repeat(70_000)}"}`],
  ])("that consists of %s is malformed", async (_, body) => {
    expect(await read(body)).toMatchObject({ kind: "malformed" });
  });

  it.each(["", "x", "[]", "null", '"{}"'])("whose signed data is %j is malformed", async (data) => {
    expect(await read(await signed(data))).toMatchObject({ kind: "malformed" });
  });

  it("of a kind that nobody has heard of is about nothing that we keep", async () => {
    for (const type of [3, 0, null, "order"])
      expect(await read(await signed(JSON.stringify(PAID), type))).toEqual({ kind: "irrelevant" });
  });

  it("is believed whatever it says, and not once any character of it is changed", async () => {
    const texts = fc.string({ unit: "grapheme", maxLength: 40 });
    const callbacks = fc.record({
      amount: fc.integer({ min: 0, max: 50_000_000 }),
      app_user: texts,
      item: texts,
      zp_trans_id: fc.maxSafeNat().map((n) => n || 1),
    });
    await fc.assert(
      fc.asyncProperty(callbacks, fc.nat(), async (more, at) => {
        const data = JSON.stringify({ ...PAID, ...more });
        const { claim } = genuine(await read(await signed(data)));
        expect(claim).toMatchObject({
          reference: REFERENCE,
          amountMinor: more.amount,
          theirId: String(more.zp_trans_id),
        });
        const body = { data, mac: await mac(data), type: 1 };
        for (const name of ["data", "mac"] as const) {
          const changed = JSON.stringify({ ...body, [name]: withOneChanged(body[name], at) });
          expect([name, await read(changed)]).toEqual([name, { kind: "bad_signature" }]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("a callback about an agreement", () => {
  const AGREED = {
    app_id: 2553,
    app_trans_id: TRANS_ID,
    binding_id: "230407qQe7vGnqp0agyforLAy0D2b1x3",
    pay_token: "NJLHNTRLZDETZGQYZI0ZNTBKLTGWZJKTMTKXYJHLMWI5NTFI",
    merchant_user_id: REFERENCE,
    server_time: 1_803_839_413,
    status: 1,
    msg_type: 1,
  };
  const agreed = (more: object = {}) => signed(JSON.stringify({ ...AGREED, ...more }), 2);

  it("leads to its link, and hands nothing over: the link is asked about", async () => {
    expect(await read(await agreed())).toEqual({ kind: "link", reference: REFERENCE, grant: null });
    expect(await read(await agreed({ status: 3, msg_type: 2 }))).toMatchObject({ kind: "link" });
  });

  it("is about nothing that we keep where another merchant made it", async () => {
    expect(await read(await agreed({ app_id: 2554 }))).toEqual({ kind: "irrelevant" });
  });

  it.each(["merchant_user_id", "binding_id"])("is malformed without %s", async (field) => {
    expect(await read(await agreed({ [field]: undefined }))).toMatchObject({ kind: "malformed" });
  });

  it("can't be passed off as a payment, nor a payment as an agreement", async () => {
    expect(await read(await signed(JSON.stringify(AGREED), 1))).toMatchObject({ kind: "malformed" });
    expect(await read(await signed(JSON.stringify(PAID), 2))).toMatchObject({ kind: "malformed" });
  });

  it("isn't believed unsigned", async () => {
    const body = JSON.stringify({ data: JSON.stringify(AGREED), mac: "00".repeat(32), type: 2 });
    expect(await read(body)).toEqual({ kind: "bad_signature" });
  });
});

test.each<[CallbackAnswer, number]>([
  ["taken", 1],
  ["repeated", 2],
  ["unmatched", 2],
  ["mismatched", 2],
  ["irrelevant", 2],
  ["bad_signature", -1],
  ["malformed", -1],
  ["retry_later", 0],
])("a callback that is %s is answered to ZaloPay by %i", async (answer, code) => {
  const response = gateway.answerCallback(answer);
  const body = (await response.json()) as { return_code: number; return_message: string };
  expect([response.status, body.return_code, typeof body.return_message]).toEqual([200, code, "string"]);
});
