import type { GatewayName } from "../../src/domain/gateway.ts";

/** What tests of all gateways must know of each: all else is the same for every one. */
export interface Peculiarities {
  /** Its secret, put wrong. */
  readonly wrongKeys: Partial<Env>;
  /** One of its values left out. */
  readonly incomplete: Partial<Env>;
  /** Whether it is told of a payment before its payer comes; otherwise the payer brings all of it along. */
  readonly isTold: boolean;
  /** Its code for requests under a wrong key. */
  readonly misconfiguredCode: string | null;
  /** Its code for amounts outside of its bounds, and the amounts next to them. */
  readonly amounts: { readonly code: string | null; readonly outside: readonly number[] };
  /** Its code where it refuses to create. */
  readonly refusedCode: string | null;
  /** What signs the payer's way back. */
  readonly wayBackSignedBy: string;
  /** Whether it counts a payment's time from when it is asked, rather than to the end that it is told. */
  readonly countsFromAsking: boolean;
  /** Whether it calls back of what is refused or pending, and not of success alone. */
  readonly tellsOfAll: boolean;
  /** Its numbers of transactions. */
  readonly theirIds: RegExp;
  /** Whether it takes a refund in hand first, and is asked how it went. */
  readonly refundsLater: boolean;
  /** What it takes for "I have it", and what it doesn't; each is an HTTP answer. */
  readonly taken: { readonly status: number; readonly body?: string };
  readonly notTaken: { readonly status: number; readonly body?: string };
  /** What our answers to its callbacks begin with. */
  readonly answers: { readonly taken: string; readonly badSignature: string };
  /** A callback that nobody signed. */
  readonly unsigned: { readonly method: "GET" | "POST"; readonly query?: string; readonly body?: string };
  /** Answers of success, of "that exists already", of "there is no such payment", and one that nobody knows. */
  readonly says: {
    readonly success: object;
    readonly duplicate: object;
    /** Null where it is believed as it stands. */
    readonly unsignedNotFound: object | null;
    readonly unheardOf: object;
  };
}

export const PECULIARITIES: Readonly<Record<GatewayName, Peculiarities>> = {
  momo: {
    wrongKeys: { MOMO_SECRET_KEY: "wrong" },
    incomplete: { MOMO_ACCESS_KEY: "" },
    isTold: true,
    misconfiguredCode: "13",
    amounts: { code: "22", outside: [999, 50_000_001] },
    refusedCode: "1002",
    wayBackSignedBy: "signature",
    countsFromAsking: true,
    tellsOfAll: true,
    theirIds: /^\d+$/,
    refundsLater: false,
    taken: { status: 204 },
    notTaken: { status: 503 },
    answers: { taken: "204", badSignature: "400" },
    unsigned: { method: "POST", body: '{"orderId":"x","signature":"y"}' },
    says: {
      success: { resultCode: 0 },
      duplicate: { resultCode: 41 },
      unsignedNotFound: { resultCode: 42 },
      unheardOf: { resultCode: 31_337 },
    },
  },
  zalopay: {
    wrongKeys: { ZALOPAY_KEY1: "wrong", ZALOPAY_KEY2: "wrong" },
    incomplete: { ZALOPAY_KEY2: "" },
    isTold: true,
    misconfiguredCode: "-402",
    amounts: { code: "-94", outside: [999, 50_000_001] },
    refusedCode: "-217",
    wayBackSignedBy: "checksum",
    countsFromAsking: true,
    tellsOfAll: false,
    theirIds: /^\d+$/,
    refundsLater: true,
    taken: { status: 200, body: '{"return_code":1,"return_message":"ok"}' },
    notTaken: { status: 200, body: '{"return_code":0,"return_message":"no"}' },
    answers: { taken: '200 {"return_code":1', badSignature: '200 {"return_code":-1' },
    unsigned: { method: "POST", body: '{"data":"{}","mac":"00","type":1}' },
    says: {
      success: { return_code: 1 },
      duplicate: { return_code: 2, sub_return_code: -68 },
      unsignedNotFound: null,
      unheardOf: { return_code: 31_337 },
    },
  },
  vnpay: {
    wrongKeys: { VNPAY_HASH_SECRET: "wrong" },
    incomplete: { VNPAY_TMN_CODE: "" },
    isTold: false,
    misconfiguredCode: null,
    amounts: { code: null, outside: [4_999] },
    refusedCode: null,
    wayBackSignedBy: "vnp_SecureHash",
    countsFromAsking: false,
    tellsOfAll: true,
    theirIds: /^\d+$/,
    refundsLater: false,
    taken: { status: 200, body: '{"RspCode":"00","Message":"ok"}' },
    notTaken: { status: 200, body: '{"RspCode":"99","Message":"no"}' },
    answers: { taken: '200 {"RspCode":"00"', badSignature: '200 {"RspCode":"97"' },
    unsigned: { method: "GET", query: "?vnp_TxnRef=x" },
    says: {
      success: { vnp_ResponseCode: "00" },
      duplicate: { vnp_ResponseCode: "94" },
      unsignedNotFound: { vnp_ResponseCode: "91" },
      unheardOf: { vnp_ResponseCode: "zz" },
    },
  },
};
