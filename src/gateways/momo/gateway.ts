import type { GatewayClaim, GatewayLimits } from "../../domain/gateway.ts";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { money } from "../../domain/money.ts";
import { readAmount } from "../amounts.ts";
import { type Answer, ask, unknown } from "../exchange.ts";
import type {
  CallbackVerdict,
  CreateOutcome,
  Gateway,
  GatewayDeps,
  KnownPayment,
  PaymentRequest,
  QueryOutcome,
  RefundOutcome,
  RefundRequest,
} from "../port.ts";
import { type RawFields, readRawJson, readRawList } from "../raw-json.ts";
import { readText } from "../read-text.ts";
import {
  creationFailure,
  isPending,
  NOT_FOUND,
  PAID,
  paymentFailure,
  refundFailure,
  standingOf,
} from "./codes.ts";
import { momoSigning } from "./signing.ts";

export interface MomoConfig {
  /** Scheme, host and port. */
  readonly baseUrl: string;
  readonly partnerCode: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const LIMITS: GatewayLimits = {
  currency: "VND",
  minMinor: money(1_000),
  maxMinor: money(50_000_000),
  maxRefundMinor: money(50_000_000),
};
const MAX_TEXT_LENGTH = 200;
const MAX_CALLBACK_BYTES = 64 * 1_024;

/** MoMo's wallet, by its all-in-one gateway, version 2. */
export function momo(config: MomoConfig, deps: GatewayDeps): Gateway {
  const { partnerCode } = config;
  const signing = momoSigning(config);
  const call = (path: string, body: object) => ask(deps, new URL(path, config.baseUrl).href, body);

  async function createPayment(request: PaymentRequest): Promise<CreateOutcome> {
    const { reference, amountMinor } = request;
    const order = {
      partnerCode,
      // MoMo does one request id once: creating again under our reference is the same payment.
      requestId: reference,
      amount: amountMinor,
      orderId: reference,
      orderInfo: plainText(request.description),
      redirectUrl: request.returnUrl,
      ipnUrl: `${request.publicUrl}/v1/webhooks/momo`,
      requestType: "captureWallet",
      extraData: "",
    };
    // MoMo counts whole minutes from when it is asked.
    const askedAtMs = deps.nowMs();
    const orderExpireTime = Math.max(1, Math.ceil((request.expiresAtMs - askedAtMs) / MINUTE_MS));
    const body = { ...(await signing.signed("create", order)), lang: request.locale, orderExpireTime };
    const answer = await call("/v2/gateway/api/create", body);
    if (answer.kind === "unknown") return answer;
    return created(answer.fields, request, askedAtMs + orderExpireTime * MINUTE_MS);
  }

  async function queryPayment({ reference }: KnownPayment): Promise<QueryOutcome> {
    const question = { partnerCode, requestId: deps.randomId(), orderId: reference };
    const body = { ...(await signing.signed("query", question)), lang: "en" };
    const answer = about(reference, await call("/v2/gateway/api/query", body));
    if (answer.kind === "unknown") return answer;
    const code = answer.fields.get("resultCode") ?? "";
    if (code === NOT_FOUND) return { kind: "not_found" };
    if (isPending(code)) return { kind: "pending" };
    if (code !== PAID) return paymentFailure(code) ?? unknown(`resultCode ${code}`);
    const claim = readClaim(answer.fields);
    return claim?.theirId ? { kind: "succeeded", claim } : unknown("paid, but not what and how much");
  }

  async function refund({ refundReference, ...request }: RefundRequest): Promise<RefundOutcome> {
    const order = {
      partnerCode,
      orderId: refundReference,
      requestId: refundReference,
      amount: request.amountMinor,
      transId: Number(request.payment.theirId),
      description: plainText(request.reason),
    };
    const body = { ...(await signing.signed("refund", order)), lang: "en" };
    const answer = about(refundReference, await call("/v2/gateway/api/refund", body));
    if (answer.kind === "unknown") return answer;
    return refundStanding(answer.fields);
  }

  /** MoMo lists what it knows under the refund's order id; each entry has a result code of its own. */
  async function queryRefund({ refundReference, amountMinor }: RefundRequest) {
    const question = { partnerCode, requestId: deps.randomId(), orderId: refundReference };
    const body = { ...(await signing.signed("query", question)), lang: "en" };
    const answer = about(refundReference, await call("/v2/gateway/api/refund/query", body));
    if (answer.kind === "unknown") return answer;
    const code = answer.fields.get("resultCode") ?? "";
    if (code === NOT_FOUND) return { kind: "not_found" } as const;
    const entry = readRawList(answer.text, "refundTrans").find(
      (one) => one.get("orderId") === refundReference && one.get("amount") === String(amountMinor),
    );
    return entry ? refundStanding(entry) : unknown(`resultCode ${code}, without this refund`);
  }

  async function readCallback(request: Request): Promise<CallbackVerdict> {
    const raw = await readText(request, MAX_CALLBACK_BYTES);
    const fields = raw === null ? null : readRawJson(raw);
    if (raw === null || !fields) return { kind: "malformed", detail: "no JSON object" };
    if (!(await signing.isSigned("ipn", fields))) return { kind: "bad_signature" };
    const claim = readClaim(fields);
    const resultCode = fields.get("resultCode");
    if (!claim || !resultCode) return { kind: "malformed", detail: "a field is missing or unreadable" };
    return { kind: "payment", claim, standing: standingOf(resultCode), raw };
  }

  /** MoMo signs no answers: what isn't about our question is none. */
  function about(orderId: string, answer: Answer): Answer {
    if (answer.kind === "unknown") return answer;
    const isOurs =
      answer.fields.get("orderId") === orderId && answer.fields.get("partnerCode") === partnerCode;
    return isOurs ? answer : unknown("answered about something else");
  }

  return {
    name: "momo",
    merchant: partnerCode,
    limits: LIMITS,
    createPayment,
    queryPayment,
    refund,
    queryRefund,
    linking: null,
    readCallback,
    answerCallback: (answer) => new Response(null, { status: STATUS[answer] }),
  };
}

/** MoMo reads the status alone, and sends again what wasn't taken. */
const STATUS = {
  taken: 204,
  repeated: 204,
  unmatched: 204,
  mismatched: 204,
  irrelevant: 204,
  bad_signature: 400,
  malformed: 400,
  retry_later: 503,
} as const;

function created(
  answer: RawFields,
  { reference, amountMinor }: PaymentRequest,
  expiresAtMs: number,
): CreateOutcome {
  const code = answer.get("resultCode") ?? "";
  if (code !== PAID) return creationFailure(code) ?? unknown(`resultCode ${code}`);
  const redirectUrl = answer.get("payUrl") ?? "";
  const isOurs = answer.get("orderId") === reference && answer.get("amount") === String(amountMinor);
  if (!isOurs || !/^https?:/.test(redirectUrl)) return unknown("created something else");
  return { kind: "created", redirectUrl, createdAs: null, expiresAtMs };
}

function refundStanding(fields: RawFields): RefundOutcome {
  const code = fields.get("resultCode") ?? "";
  if (code === PAID) return { kind: "refunded", theirId: fields.get("transId") ?? null };
  if (isPending(code)) return { kind: "pending", theirId: null };
  return refundFailure(code) ?? unknown(`resultCode ${code}`);
}

/** MoMo takes dong alone, so it names no currency. */
function readClaim(fields: RawFields): GatewayClaim | null {
  const reference = fields.get("orderId");
  const merchant = fields.get("partnerCode");
  const amountMinor = readAmount(fields.get("amount"));
  const theirs = fields.get("transId");
  if (!reference || !merchant || amountMinor === null) return null;
  const theirId = theirs === undefined || theirs === "" || theirs === "0" ? null : theirs;
  return { reference, merchant, amountMinor, currency: "VND", theirId };
}

/**
 * A text that can't be taken for fields of a signed message: signatures are over `name=value&…` with the values as
 * they are, so an order named "x&orderId=…" would let a payer pass one payment's confirmation off as another's.
 */
const plainText = (text: string): string =>
  [...text.replace(/[\s&=\p{Cc}]+/gu, " ").trim()].slice(0, MAX_TEXT_LENGTH).join("");
