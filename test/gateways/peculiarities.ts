import { type FailureReason, GATEWAYS, type GatewayName } from "../../src/domain/gateway.ts";
import { signatureOf } from "./given.ts";

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
  /** Why it refuses to create, where it does. */
  readonly refusal: { readonly reason: FailureReason; readonly theirCode: string } | null;
  /** What a payment has failed of that its payer refused. */
  readonly refusedAs: FailureReason;
  /** Whether it answers what comes again under its name as it did the first time. */
  readonly answersAgain: boolean;
  /** What signs the payer's way back, if anything does. */
  readonly wayBackSignedBy: string | null;
  /** Whether payments live too long there, so that we end them. */
  readonly isEndedByUs: boolean;
  /** Whether it counts a payment's time from when it is asked, rather than to the end that it is told. */
  readonly countsFromAsking: boolean;
  /** Whether it calls back of what is refused or pending, and not of success alone. */
  readonly tellsOfAll: boolean;
  /** Its numbers of transactions. */
  readonly theirIds: RegExp;
  /** Whether it takes a refund in hand first, and is asked how it went. */
  readonly refundsLater: boolean;
  /** Whether it finds a refund by our name of it. */
  readonly findsRefunds: boolean;
  /** Whether it knows a webhook of the merchant's, rather than of each payment. */
  readonly hasOneWebhook: boolean;
  /** How it keeps accounts to be charged later; null where it doesn't. */
  readonly linking: {
    /** How people recognise an account. */
    readonly labels: RegExp;
    /** What it answers to a charge that it makes. */
    readonly charged: "succeeded" | "pending";
    /** Why its simulator refuses a charge. */
    readonly refuses: string;
    /** What a link has failed of that its owner refused. */
    readonly refusedAs: FailureReason;
    /** Whether a token says whom it charges, and needs no link's name beside it. */
    readonly hasWholeTokens: boolean;
  } | null;
  /** What it takes for "I have it", and what it doesn't; each is an HTTP answer. */
  readonly taken: { readonly status: number; readonly body?: string };
  readonly notTaken: { readonly status: number; readonly body?: string };
  /** What comes with a callback's body and is made when that is sent. */
  readonly headersOf?: (body: string) => Promise<Readonly<Record<string, string>>>;
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

const KNOWN_BY_LINK = { refusedAs: "cancelled", hasWholeTokens: false } as const;

export const PECULIARITIES: Readonly<Record<GatewayName, Peculiarities>> = {
  momo: {
    wrongKeys: { MOMO_SECRET_KEY: "wrong" },
    incomplete: { MOMO_ACCESS_KEY: "" },
    isTold: true,
    misconfiguredCode: "13",
    amounts: { code: "22", outside: [999, 50_000_001] },
    refusal: { reason: "declined", theirCode: "1002" },
    refusedAs: "cancelled",
    answersAgain: false,
    isEndedByUs: false,
    wayBackSignedBy: "signature",
    countsFromAsking: true,
    tellsOfAll: true,
    theirIds: /^\d+$/,
    refundsLater: false,
    findsRefunds: true,
    hasOneWebhook: false,
    linking: { labels: /^09\*+99$/, charged: "succeeded", refuses: "insufficient_funds", ...KNOWN_BY_LINK },
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
    refusal: { reason: "declined", theirCode: "-217" },
    refusedAs: "cancelled",
    answersAgain: false,
    isEndedByUs: false,
    wayBackSignedBy: "checksum",
    countsFromAsking: true,
    tellsOfAll: false,
    theirIds: /^\d+$/,
    refundsLater: true,
    findsRefunds: true,
    hasOneWebhook: false,
    linking: { labels: /^•••• \d{4}$/, charged: "pending", refuses: "insufficient_funds", ...KNOWN_BY_LINK },
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
    refusal: null,
    refusedAs: "cancelled",
    answersAgain: false,
    isEndedByUs: false,
    wayBackSignedBy: "vnp_SecureHash",
    countsFromAsking: false,
    tellsOfAll: true,
    theirIds: /^\d+$/,
    refundsLater: false,
    findsRefunds: false,
    hasOneWebhook: true,
    linking: null,
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
  stripe: {
    wrongKeys: { STRIPE_SECRET_KEY: "sk_test_wrong", STRIPE_WEBHOOK_SECRET: "whsec_wrong" },
    incomplete: { STRIPE_WEBHOOK_SECRET: "" },
    isTold: true,
    misconfiguredCode: "invalid_request_error",
    amounts: { code: "amount_too_large", outside: [100_000_000] },
    refusal: { reason: "amount_not_allowed", theirCode: "amount_too_small" },
    refusedAs: "declined",
    answersAgain: true,
    wayBackSignedBy: null,
    isEndedByUs: true,
    countsFromAsking: false,
    tellsOfAll: true,
    theirIds: /^(?:pi|re)_\d+$/,
    refundsLater: false,
    findsRefunds: true,
    hasOneWebhook: true,
    linking: {
      ...{ labels: /^Visa •••• 4242$/, charged: "succeeded", refuses: "insufficient_funds" },
      ...{ refusedAs: "expired", hasWholeTokens: true },
    },
    taken: { status: 200 },
    notTaken: { status: 503 },
    headersOf: async (body) => {
      const time = Math.floor(Date.now() / 1_000);
      const v1 = await signatureOf("SHA-256", "whsec_edge_billing", `${time}.${body}`);
      return { "Stripe-Signature": `t=${time},v1=${v1}` };
    },
    answers: { taken: "200", badSignature: "400" },
    unsigned: { method: "POST", body: '{"object":"event","type":"checkout.session.completed"}' },
    says: {
      success: { id: "cs_test_1", object: "checkout.session", status: "complete", payment_status: "paid" },
      duplicate: { error: { type: "idempotency_error", message: "used" } },
      unsignedNotFound: null,
      unheardOf: { error: { type: "unheard_of", code: "unheard_of" } },
    },
  },
};

/** Those that keep accounts to be charged later. */
export const LINKABLE = GATEWAYS.filter((name) => PECULIARITIES[name].linking !== null);
