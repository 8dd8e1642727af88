import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { momo } from "../../src/gateways/momo/gateway.ts";
import type { CallbackAnswer, CallbackVerdict } from "../../src/gateways/port.ts";
import { genuine, NO_NETWORK, REFERENCE, signatureOf, withOneChanged } from "./given.ts";

/** The keys of MoMo's public test merchant. */
const PUBLIC_KEYS = { accessKey: "F8BBA842ECF85", secretKey: "K951B6PE1waDMi640xX08PD3vg6EkVlz" };
const gateway = momo(
  { baseUrl: "https://test-payment.momo.vn", partnerCode: "MOMO", ...PUBLIC_KEYS },
  NO_NETWORK,
);

const read = (body: BodyInit | null, headers: Record<string, string> = {}): Promise<CallbackVerdict> =>
  gateway.readCallback(
    new Request("https://billing.example/v1/webhooks/momo", { method: "POST", headers, body }),
  );

/** What MoMo's test system sent in the course of real test payments. */
const SENT_BY_MOMO = [
  "partnerCode=MOMO&orderId=6cd25bf88002596&requestId=6cd25bf88012596&amount=10000&orderInfo=pay+with+MoMo&orderType=momo_wallet&transId=3105694606&resultCode=0&message=Successful.&payType=napas&responseTime=1701645754029&extraData=&signature=7c7f9acccaa791344cf63a9819ca594871b05d51bbff4f798d6e72beaa3c59f2",
  "partnerCode=MOMO&orderId=MOMO1721014629740&requestId=MOMO1721014629740&amount=50000&orderInfo=pay+with+MoMo&orderType=momo_wallet&transId=4084757146&resultCode=0&message=Th%C3%A0nh+c%C3%B4ng.&payType=qr&responseTime=1721014660600&extraData=&signature=a5f1ec2a40181e82ae63153bad277bc6d46451a6724fecc88a92a6e869ea2621",
  "partnerCode=MOMO&orderId=673777537f0e4b01332a62e0&requestId=673777537f0e4b01332a62e0&amount=330000&orderInfo=pay+with+MoMo&orderType=momo_wallet&transId=3280981801&resultCode=0&message=Th%C3%A0nh+c%C3%B4ng.&payType=qr&responseTime=1731688358772&extraData=&signature=6918c5bce0e7ac9c1cc461726c206bcedef95c70d57efc441a08e20531e79959",
  "partnerCode=MOMO&orderId=MOMO1731137931267&requestId=MOMO1731137931267&amount=1000&orderInfo=undefined+n%E1%BA%A1p+ti%E1%BB%81n+v%C3%A0o+t%C3%A0i+kho%E1%BA%A3n&orderType=momo_wallet&transId=4225107942&resultCode=0&message=Successful.&payType=qr&responseTime=1731137968770&extraData=&signature=2068ac90836a9aacdefd4995b58ed03f0b1f1d27046b7ca371b92175bb5437a6",
  "partnerCode=MOMO&orderId=ORD-251111-B98B&requestId=ORD-251111-B98B&amount=17942000&orderInfo=%C4%90%C6%A1n+h%C3%A0ng+ORD-251111-B98B&orderType=momo_wallet&transId=4610849895&resultCode=0&message=Th%C3%A0nh+c%C3%B4ng.&payType=qr&responseTime=1762884809397&extraData=&signature=f03a51ba4d0c85471920036aa6e3ef0ec9993ef01ca23f46ee5405241c8a51d6",
].map((query) => Object.fromEntries(new URLSearchParams(query)));

describe.each(SENT_BY_MOMO.map((fields) => [fields.orderId, fields] as const))(
  "MoMo's own %s",
  (_, fields) => {
    it("is believed", async () => {
      const { claim, standing } = genuine(await read(JSON.stringify(fields)));
      expect(standing).toEqual({ kind: "succeeded" });
      expect(claim).toEqual({
        reference: fields.orderId,
        merchant: "MOMO",
        amountMinor: Number(fields.amount),
        currency: "VND",
        theirId: fields.transId,
      });
    });

    it("is believed with its numbers as numbers", async () => {
      const numbers = ["amount", "transId", "resultCode", "responseTime"];
      const typed = Object.entries(fields).map(([name, value]) => [
        name,
        numbers.includes(name) ? Number(value) : value,
      ]);
      genuine(await read(JSON.stringify(Object.fromEntries(typed))));
    });
  },
);

const PAID: Readonly<Record<string, string>> = {
  partnerCode: "MOMO",
  orderId: REFERENCE,
  requestId: REFERENCE,
  amount: "100000",
  orderInfo: "Thanh toán đơn hàng",
  orderType: "momo_wallet",
  transId: "4088878653",
  resultCode: "0",
  message: "Thành công.",
  payType: "qr",
  responseTime: "1721720663942",
  extraData: "",
};

/** Signs as MoMo's documentation says, field by field. */
const signed = async (fields: Readonly<Record<string, string>>): Promise<Record<string, string>> => {
  const of = (name: string): string => fields[name] ?? "";
  const text = `accessKey=${PUBLIC_KEYS.accessKey}&amount=${of("amount")}&extraData=${of("extraData")}&message=${of("message")}&orderId=${of("orderId")}&orderInfo=${of("orderInfo")}&orderType=${of("orderType")}&partnerCode=${of("partnerCode")}&payType=${of("payType")}&requestId=${of("requestId")}&responseTime=${of("responseTime")}&resultCode=${of("resultCode")}&transId=${of("transId")}`;
  return { ...fields, signature: await signatureOf("SHA-256", PUBLIC_KEYS.secretKey, text) };
};

const NUMBERS = ["amount", "transId", "resultCode", "responseTime"];

/** JSON spelled in another way than ours: its order, its spaces, its escapes. */
const spelled = (
  fields: Record<string, string>,
  { reversed = false, space = "", escaped = false } = {},
): string => {
  const entries = Object.entries(fields);
  const text = (value: string): string =>
    escaped
      ? `"${[...value].map((c) => (c.length > 1 ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)).join("")}"`
      : JSON.stringify(value);
  const members = (reversed ? entries.reverse() : entries).map(
    ([name, value]) =>
      `${space}${text(name)}${space}:${space}${NUMBERS.includes(name) ? value : text(value)}`,
  );
  return `${space}{${members.join(",")}${space}}${space}`;
};

describe("a callback of MoMo", () => {
  it.each([
    ["with its fields in another order", { reversed: true }],
    ["with spaces and lines in between", { space: " \r\n\t" }],
    ["with every character escaped", { escaped: true }],
    ["with all of that", { reversed: true, space: "\n  ", escaped: true }],
  ])("is believed %s", async (_, how) => {
    const { claim } = genuine(await read(spelled(await signed(PAID), how)));
    expect(claim).toMatchObject({ reference: REFERENCE, amountMinor: 100_000, theirId: "4088878653" });
  });

  it.each([
    "Nạp tiền 💸 “đặc biệt” \u2028",
    'quotes " and \\ and /',
    "line\nand\ttab",
    "Nạp tiền".normalize("NFD"),
    "100%&= +",
    "",
  ])("is believed with %j in it", async (orderInfo) => {
    genuine(await read(JSON.stringify(await signed({ ...PAID, orderInfo }))));
  });

  it("is another one in another Unicode normal form", async () => {
    const body = JSON.stringify(await signed(PAID));
    expect(body.normalize("NFD")).not.toBe(body);
    expect(await read(body.normalize("NFD"))).toEqual({ kind: "bad_signature" });
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""])(
    "is read as what it is, whatever it calls itself: %j",
    async (type) => {
      genuine(await read(JSON.stringify(await signed(PAID)), { "Content-Type": type }));
    },
  );

  it("may carry fields that nobody has heard of", async () => {
    const more = {
      ...(await signed(PAID)),
      paymentOption: "momo",
      promotionInfo: null,
      items: [{ amount: 1 }],
    };
    expect(genuine(await read(JSON.stringify(more))).claim.amountMinor).toBe(100_000);
  });

  it("keeps what came in, for the record", async () => {
    const body = spelled(await signed(PAID), { space: " " });
    expect(genuine(await read(body)).raw).toBe(body);
  });

  it.each([
    "1e5",
    "100000.0",
    "-100000",
    "9007199254740993",
    "99999999999999999999",
    "0x186a0",
    " 100000",
    "+1",
    "1_000",
    "",
    "NaN",
    "100,000",
    "０",
    "01",
  ])("is not taken for money when it claims an amount of %j, even signed", async (amount) => {
    const verdict = await read(JSON.stringify(await signed({ ...PAID, amount })));
    expect(verdict).toMatchObject({ kind: "malformed" });
  });

  it.each(["1e5", "100000.0", "1E+5", "100000.000000000001"])(
    "signed for 100000 is not believed when its number is spelled %s",
    async (amount) => {
      const fields = await signed(PAID);
      expect(await read(spelled({ ...fields, amount }))).toEqual({ kind: "bad_signature" });
    },
  );

  it("keeps every digit of numbers that JavaScript would round", async () => {
    const fields = await signed({ ...PAID, transId: "9007199254740993" });
    expect(genuine(await read(spelled(fields))).claim.theirId).toBe("9007199254740993");
    expect(await read(spelled({ ...fields, transId: "9007199254740992" }))).toEqual({
      kind: "bad_signature",
    });
  });

  it("with a field twice is believed only for the one that is signed", async () => {
    const body = spelled(await signed(PAID));
    expect(genuine(await read(body.replace("{", '{"amount":1,'))).claim.amountMinor).toBe(100_000);
    expect(await read(body.replace(/}$/, ',"amount":1}'))).toEqual({ kind: "bad_signature" });
  });

  it.each(["orderId", "partnerCode", "amount", "resultCode"])(
    "is malformed without %s, even signed",
    async (field) => {
      const { [field]: _, ...rest } = PAID;
      expect(await read(JSON.stringify(await signed(rest)))).toMatchObject({ kind: "malformed" });
    },
  );

  it.each([
    ["no signature", {}],
    ["an empty one", { signature: "" }],
    ["one that isn't hex", { signature: "g".repeat(64) }],
    ["a shorter one", { signature: "00".repeat(31) }],
    ["no text", { signature: 0 }],
    ["a list", { signature: ["00".repeat(32)] }],
  ])("with %s is not believed", async (_, signature) => {
    expect(await read(JSON.stringify({ ...PAID, ...signature }))).toEqual({ kind: "bad_signature" });
  });

  it("signed by another merchant's key is not believed", async () => {
    const other = momo(
      {
        baseUrl: "https://test-payment.momo.vn",
        partnerCode: "MOMO",
        accessKey: "F8BBA842ECF85",
        secretKey: "another",
      },
      NO_NETWORK,
    );
    const request = new Request("https://billing.example/", {
      method: "POST",
      body: JSON.stringify(await signed(PAID)),
    });
    expect(await other.readCallback(request)).toEqual({ kind: "bad_signature" });
  });

  it("is never believed under the access key that it brings along", async () => {
    const fields = await signed(PAID);
    expect(genuine(await read(JSON.stringify({ ...fields, accessKey: "another" }))).claim.amountMinor).toBe(
      100_000,
    );
  });

  it.each([
    ["nothing", null],
    ["no JSON", "amount=100000"],
    ["JSON that isn't an object", "[]"],
    ["a text", '"0"'],
    ["null", "null"],
    ["half of it", '{"amount":100000'],
    ["bytes that are no UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)],
    ["UTF-8 that ends too early", Uint8Array.of(0x7b, 0xc4)],
  ])("that consists of %s is malformed", async (_, body) => {
    expect(await read(body)).toMatchObject({ kind: "malformed" });
  });

  it("is malformed when it is larger than any of MoMo's, and not read to its end", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(16 * 1_024).fill(0x20));
      },
    });
    const init = { method: "POST", body: endless, duplex: "half" };
    const verdict = await gateway.readCallback(new Request("https://billing.example/", init as RequestInit));
    expect(verdict).toMatchObject({ kind: "malformed" });
    expect(pulled).toBeLessThan(16);
  });

  it("is believed whatever it says, and not once any character of it is changed", async () => {
    const texts = fc.string({ unit: "grapheme", maxLength: 40 });
    const callbacks = fc.record({
      amount: fc.integer({ min: 0, max: 50_000_000 }).map(String),
      orderInfo: texts,
      message: texts,
      extraData: texts,
      transId: fc.maxSafeNat().map(String),
      payType: fc.constantFrom("qr", "napas", "credit", ""),
    });
    await fc.assert(
      fc.asyncProperty(callbacks, fc.nat(), async (more, at) => {
        const fields = await signed({ ...PAID, ...more });
        const { claim } = genuine(await read(JSON.stringify(fields)));
        expect([claim.amountMinor, claim.reference]).toEqual([Number(more.amount), REFERENCE]);
        for (const name of Object.keys(fields).filter((name) => fields[name] !== "")) {
          const changed = { ...fields, [name]: withOneChanged(fields[name] ?? "", at) };
          expect([name, await read(JSON.stringify(changed))]).toEqual([name, { kind: "bad_signature" }]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

test.each([
  ["0", { kind: "succeeded" }],
  ["1000", { kind: "pending" }],
  ["7000", { kind: "pending" }],
  ["7002", { kind: "pending" }],
  ["8000", { kind: "pending" }],
  ["9000", { kind: "pending" }],
  ["1001", { kind: "failed", reason: "insufficient_funds", theirCode: "1001" }],
  ["1003", { kind: "failed", reason: "cancelled", theirCode: "1003" }],
  ["1005", { kind: "failed", reason: "expired", theirCode: "1005" }],
  ["1006", { kind: "failed", reason: "cancelled", theirCode: "1006" }],
  ["1017", { kind: "failed", reason: "cancelled", theirCode: "1017" }],
  ["99", { kind: "pending" }],
  ["40", { kind: "pending" }],
  ["31337", { kind: "pending" }],
])("MoMo's result %s is read as %j: what isn't certain is pending", async (resultCode, standing) => {
  expect(genuine(await read(JSON.stringify(await signed({ ...PAID, resultCode })))).standing).toEqual(
    standing,
  );
});

test.each<[CallbackAnswer, number]>([
  ["taken", 204],
  ["repeated", 204],
  ["unmatched", 204],
  ["mismatched", 204],
  ["bad_signature", 400],
  ["malformed", 400],
  ["retry_later", 503],
])("a callback that is %s is answered to MoMo by %i", (answer, status) => {
  expect(gateway.answerCallback(answer).status).toBe(status);
});
