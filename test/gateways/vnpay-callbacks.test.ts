import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { CallbackAnswer, CallbackVerdict } from "../../src/gateways/port.ts";
import { vnpay } from "../../src/gateways/vnpay/gateway.ts";
import { genuine, NO_NETWORK, REFERENCE, signatureOf, withOneChanged } from "./given.ts";

/** A merchant of VNPay's test system whose key is public. */
const SECRET = "NOH6MBGNLQL9O9OMMFMZ2AX8NIEP50W1";
const gateway = vnpay(
  { baseUrl: "https://sandbox.vnpayment.vn", tmnCode: "1VYBIYQP", hashSecret: SECRET },
  NO_NETWORK,
);

const read = (query: string): Promise<CallbackVerdict> =>
  gateway.readCallback(new Request(`https://billing.example/v1/webhooks/vnpay?${query}`));

test("what VNPay's test system sent is believed", async () => {
  const query =
    "vnp_Amount=25000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14915252&vnp_CardType=ATM&vnp_OrderInfo=Thanh+toan+don+hang&vnp_PayDate=20250419142618&vnp_ResponseCode=00&vnp_TmnCode=1VYBIYQP&vnp_TransactionNo=14915252&vnp_TransactionStatus=00&vnp_TxnRef=gkrnyAZSz8pOq9m&vnp_SecureHash=7c653859671a636b02eb74417ca002b54d1e61c912337003db404f0f7d1546ba1fc5bf90748b24311b409403a7e19e39806b3341c12affb651505a88a61f2b0d";
  const { claim, standing } = genuine(await read(query));
  expect(standing).toEqual({ kind: "succeeded" });
  expect(claim).toEqual({
    reference: "gkrnyAZSz8pOq9m",
    merchant: "1VYBIYQP",
    amountMinor: 250_000,
    currency: "VND",
    theirId: "14915252",
  });
});

const PAID: Readonly<Record<string, string>> = {
  vnp_Amount: "10000000",
  vnp_BankCode: "NCB",
  vnp_BankTranNo: "VNP14915252",
  vnp_CardType: "ATM",
  vnp_OrderInfo: "Thanh toan don hang: 5",
  vnp_PayDate: "20250419142618",
  vnp_ResponseCode: "00",
  vnp_TmnCode: "1VYBIYQP",
  vnp_TransactionNo: "14915252",
  vnp_TransactionStatus: "00",
  vnp_TxnRef: REFERENCE,
};

type Encode = (value: string) => string;

/** As Java's and PHP's encoders spell values. */
const formEncode: Encode = (value) => new URLSearchParams([["", value]]).toString().slice(1);
/** As JavaScript's samples do. */
const componentEncode: Encode = (value) => encodeURIComponent(value).replace(/%20/g, "+");

/** Signs as VNPay's samples do: names in order, empty values left out, values encoded. */
async function signed(
  fields: Readonly<Record<string, string>>,
  encode: Encode = formEncode,
): Promise<string[]> {
  const names = Object.keys(fields)
    .sort()
    .filter((name) => fields[name] !== "");
  const pairs = names.map((name) => `${name}=${encode(fields[name] ?? "")}`);
  return [...pairs, `vnp_SecureHash=${await signatureOf("SHA-512", SECRET, pairs.join("&"))}`];
}

const paid = async (more: Readonly<Record<string, string>> = {}, encode?: Encode): Promise<string> =>
  (await signed({ ...PAID, ...more }, encode)).join("&");

describe("a callback of VNPay", () => {
  it("is believed with its parameters in any order", async () => {
    const pairs = await signed(PAID);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(pairs, { minLength: pairs.length }), async (shuffled) => {
        expect(genuine(await read(shuffled.join("&"))).claim.amountMinor).toBe(100_000);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["form encoding", formEncode],
    ["JavaScript's encoding", componentEncode],
    [
      "lower-case escapes",
      (value: string) => formEncode(value).replace(/%../g, (code) => code.toLowerCase()),
    ],
  ])("is believed as it is spelled: %s", async (_, encode) => {
    genuine(await read(await paid({ vnp_OrderInfo: "Nạp tiền (đặc biệt) ~ 'x' * !" }, encode)));
  });

  it("is believed when a proxy spelled its spaces and escapes anew", async () => {
    const query = await paid({ vnp_OrderInfo: "Thanh toan: đơn hàng/5" });
    const respelled = query.replaceAll("+", "%20").replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
    expect(respelled).not.toBe(query);
    genuine(await read(respelled));
  });

  it("counts parameters that nobody has heard of, and ignores those that aren't VNPay's", async () => {
    const query = await paid({ vnp_Novelty: "1" });
    genuine(await read(query));
    genuine(await read(`utm_source=x&${query}&lang=vi`));
    expect(await read(query.replace("vnp_Novelty=1", "vnp_Novelty=2"))).toEqual({ kind: "bad_signature" });
    expect(await read(`${query}&vnp_Later=1`)).toEqual({ kind: "bad_signature" });
  });

  it("leaves empty values and the old name of the algorithm out of its signature", async () => {
    const query = await paid();
    genuine(await read(`${query}&vnp_Bill_Email=&vnp_SecureHashType=HmacSHA512`));
  });

  it("is believed with its signature in capitals", async () => {
    const query = await paid();
    genuine(
      await read(query.replace(/vnp_SecureHash=(.*)$/, (_, hash) => `vnp_SecureHash=${hash.toUpperCase()}`)),
    );
  });

  it("keeps what came in, for the record", async () => {
    const query = await paid();
    expect(genuine(await read(query)).raw).toBe(query);
  });

  it("with a parameter twice is not believed, and malformed even when both are signed", async () => {
    const query = await paid();
    expect(await read(`vnp_Amount=100&${query}`)).toEqual({ kind: "bad_signature" });
    expect(await read(`${query}&vnp_Amount=100`)).toEqual({ kind: "bad_signature" });
    const [hash] = (await signed(PAID)).slice(-1);
    expect(await read(`${hash}&${query}`)).toMatchObject({ kind: "malformed" });
    const pairs = ["vnp_Amount=100", ...(await signed(PAID)).slice(0, -1)];
    const both = await signatureOf("SHA-512", SECRET, pairs.join("&"));
    expect(await read(`${pairs.join("&")}&vnp_SecureHash=${both}`)).toMatchObject({ kind: "malformed" });
  });

  it.each(["vnp_Amount", "vnp_TmnCode", "vnp_TxnRef", "vnp_ResponseCode", "vnp_TransactionStatus"])(
    "is malformed without %s, even signed",
    async (name) => {
      expect(await read(await paid({ [name]: "" }))).toMatchObject({ kind: "malformed" });
    },
  );

  it.each([
    "1e7",
    "10000000.0",
    "-10000000",
    "10000050",
    "900719925474099300",
    "0x989680",
    " 10000000",
    "100 000 00",
    "00",
    "0100",
    "１00",
  ])("is not taken for money when it claims an amount of %j, even signed", async (amount) => {
    expect(await read(await paid({ vnp_Amount: amount }))).toMatchObject({ kind: "malformed" });
  });

  it.each([
    ["no signature", (query: string) => query.replace(/&vnp_SecureHash=.*/, "")],
    ["an empty one", (query: string) => query.replace(/=[0-9a-f]*$/, "=")],
    ["one of nothing but zeroes", (query: string) => query.replace(/=[0-9a-f]*$/, `=${"0".repeat(128)}`)],
    ["half of one", (query: string) => query.slice(0, -64)],
    ["one that isn't hex", (query: string) => `${query.slice(0, -2)}zz`],
    ["nothing at all", () => ""],
    ["only a signature", (query: string) => query.replace(/^.*&/, "")],
  ])("with %s is not believed", async (_, spoil) => {
    expect(await read(spoil(await paid()))).toEqual({ kind: "bad_signature" });
  });

  it("is malformed when it is longer than any of VNPay's", async () => {
    expect(await read(await paid({ vnp_OrderInfo: "x".repeat(10_000) }))).toMatchObject({
      kind: "malformed",
    });
  });

  it("is believed whatever it says, and not once any character of it is changed", async () => {
    const texts = fc.string({ unit: "grapheme", maxLength: 40 });
    const callbacks = fc.record({
      vnp_Amount: fc.integer({ min: 1, max: 999_999_999 }).map((amount) => `${amount}00`),
      vnp_OrderInfo: texts,
      vnp_BankCode: texts,
      vnp_TransactionNo: fc.maxSafeNat().map((n) => String(n + 1)),
    });
    await fc.assert(
      fc.asyncProperty(
        callbacks,
        fc.constantFrom(formEncode, componentEncode),
        fc.nat(),
        async (more, encode, at) => {
          const pairs = await signed({ ...PAID, ...more }, encode);
          const { claim } = genuine(await read(pairs.join("&")));
          expect(claim).toMatchObject({
            reference: REFERENCE,
            amountMinor: Number(more.vnp_Amount.slice(0, -2)),
          });
          for (const [index, pair] of pairs.entries()) {
            const [name = "", value = ""] = pair.split("=");
            // A digit in the place of an escape's is another character; any other place is changed as it stands.
            const changed = pairs.with(index, `${name}=${withOneChanged(decodeURIComponent(value), at)}`);
            expect([name, await read(changed.join("&"))]).toEqual([name, { kind: "bad_signature" }]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

test.each([
  ["00", "00", { kind: "succeeded" }],
  ["00", "01", { kind: "pending" }],
  ["00", "02", { kind: "failed", reason: "declined", theirCode: "02" }],
  ["24", "00", { kind: "pending" }],
  ["24", "02", { kind: "failed", reason: "cancelled", theirCode: "24" }],
  ["11", "02", { kind: "failed", reason: "expired", theirCode: "11" }],
  ["51", "02", { kind: "failed", reason: "insufficient_funds", theirCode: "51" }],
  ["65", "02", { kind: "failed", reason: "limit_exceeded", theirCode: "65" }],
  ["79", "02", { kind: "failed", reason: "authentication_failed", theirCode: "79" }],
  ["99", "02", { kind: "failed", reason: "declined", theirCode: "99" }],
  ["07", "07", { kind: "pending" }],
  ["00", "04", { kind: "pending" }],
  ["77", "77", { kind: "pending" }],
])("VNPay's response %s with status %s is read as %j", async (responseCode, status, standing) => {
  const query = await paid({ vnp_ResponseCode: responseCode, vnp_TransactionStatus: status });
  expect(genuine(await read(query)).standing).toEqual(standing);
});

test.each<[CallbackAnswer, string]>([
  ["taken", "00"],
  ["repeated", "02"],
  ["unmatched", "01"],
  ["mismatched", "04"],
  ["bad_signature", "97"],
  ["malformed", "99"],
  ["retry_later", "99"],
])("a callback that is %s is answered to VNPay by %s", async (answer, code) => {
  const response = gateway.answerCallback(answer);
  expect([response.status, ((await response.json()) as { RspCode: string }).RspCode]).toEqual([200, code]);
});
