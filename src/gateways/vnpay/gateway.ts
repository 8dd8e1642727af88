import type { GatewayClaim, GatewayLimits } from "../../domain/gateway.ts";
import { type Money, money } from "../../domain/money.ts";
import { readAmount } from "../amounts.ts";
import { type Answer, ask, unknown } from "../exchange.ts";
import type {
  CallbackAnswer,
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
import { vietnamTime } from "../vietnam-time.ts";
import { NOT_FOUND, OK, refundStanding, standingOf } from "./codes.ts";
import { type VnpayCommand, type VnpayFields, vnpaySigning } from "./signing.ts";

export interface VnpayConfig {
  /** Scheme, host and port. */
  readonly baseUrl: string;
  readonly tmnCode: string;
  readonly hashSecret: string;
}

const VERSION = "2.1.0";
const LIMITS: GatewayLimits = {
  currency: "VND",
  minMinor: money(5_000),
  maxMinor: money(999_999_999),
  maxRefundMinor: money(999_999_999),
};
const MAX_TEXT_LENGTH = 255;
const REQUEST_ID_LENGTH = 32;
const MAX_QUERY_LENGTH = 8 * 1_024;
/** Calls between servers name no payer's address. */
const OUR_IP = "127.0.0.1";
const WHOLE_REFUND = "02";
const PARTIAL_REFUND = "03";
const REFUNDS = [WHOLE_REFUND, PARTIAL_REFUND];

/** VNPay's payment gateway, version 2.1.0. */
export function vnpay({ baseUrl, tmnCode, hashSecret }: VnpayConfig, deps: GatewayDeps): Gateway {
  const signing = vnpaySigning(hashSecret);

  /** Nothing is asked: VNPay learns of a payment when the payer follows the address. */
  async function createPayment(request: PaymentRequest): Promise<CreateOutcome> {
    const query = await signing.signedQuery({
      vnp_Version: VERSION,
      vnp_Command: "pay",
      vnp_TmnCode: tmnCode,
      vnp_Amount: theirAmount(request.amountMinor),
      vnp_CurrCode: request.currency,
      vnp_TxnRef: request.reference,
      vnp_OrderInfo: plainText(request.description),
      vnp_OrderType: "other",
      vnp_Locale: request.locale === "vi" ? "vn" : "en",
      vnp_ReturnUrl: request.returnUrl,
      vnp_IpAddr: request.customerIp,
      vnp_CreateDate: vietnamTime(request.createdAtMs),
      vnp_ExpireDate: vietnamTime(request.expiresAtMs),
    });
    const redirectUrl = `${new URL("/paymentv2/vpcpay.html", baseUrl).href}?${query}`;
    return { kind: "created", redirectUrl, createdAs: null, expiresAtMs: request.expiresAtMs };
  }

  async function queryPayment({ reference, createdAtMs }: KnownPayment): Promise<QueryOutcome> {
    const answer = await call("querydr", {
      vnp_RequestId: deps.randomId().replaceAll("-", "").slice(0, REQUEST_ID_LENGTH),
      vnp_TxnRef: reference,
      vnp_TransactionDate: vietnamTime(createdAtMs),
      vnp_OrderInfo: "Query",
    });
    if (answer.kind === "unknown") return answer;
    const { fields } = answer;
    const responseCode = fields.get("vnp_ResponseCode") ?? "";
    if (responseCode === NOT_FOUND) return { kind: "not_found" };
    if (responseCode !== OK) return unknown(`vnp_ResponseCode ${responseCode}`);
    // What was given back may be answered about as that: it says nothing of what was paid.
    if (REFUNDS.includes(fields.get("vnp_TransactionType") ?? "")) return unknown("answered about a refund");
    const standing = standingOf(responseCode, fields.get("vnp_TransactionStatus") ?? "");
    if (standing.kind !== "succeeded") return standing;
    const claim = readClaim(fields);
    return claim?.theirId ? { kind: "succeeded", claim } : unknown("paid, but not what and how much");
  }

  async function refund({ payment, refundReference, ...request }: RefundRequest): Promise<RefundOutcome> {
    const answer = await call("refund", {
      // VNPay refuses a request id that it has seen on the same day. The end of our reference names the attempt.
      vnp_RequestId: refundReference.slice(-REQUEST_ID_LENGTH),
      vnp_TransactionType: request.amountMinor === payment.amountMinor ? WHOLE_REFUND : PARTIAL_REFUND,
      vnp_TxnRef: payment.reference,
      vnp_Amount: theirAmount(request.amountMinor),
      vnp_TransactionNo: payment.theirId,
      vnp_TransactionDate: vietnamTime(payment.createdAtMs),
      vnp_CreateBy: plainText(request.requestedBy),
      vnp_OrderInfo: plainText(request.reason),
    });
    if (answer.kind === "unknown") return answer;
    const { fields } = answer;
    const responseCode = fields.get("vnp_ResponseCode") ?? "";
    const standing = refundStanding(responseCode, fields.get("vnp_TransactionStatus") ?? "");
    if (standing?.kind === "refunded" || standing?.kind === "pending")
      return { kind: standing.kind, theirId: fields.get("vnp_TransactionNo") || null };
    return standing ?? unknown(`vnp_ResponseCode ${responseCode}`);
  }

  /**
   * Asked by VNPay's number of it. Where that was lost, only a payment that was given back whole tells of its refund:
   * of several parts nobody knows which one an answer is about. It is never sent again, since VNPay remembers request
   * ids for a day alone.
   */
  async function queryRefund(
    { payment, amountMinor }: RefundRequest,
    theirId: string | null,
  ): Promise<RefundOutcome> {
    const answer = await call("querydr", {
      vnp_RequestId: deps.randomId().replaceAll("-", "").slice(0, REQUEST_ID_LENGTH),
      vnp_TxnRef: payment.reference,
      vnp_TransactionDate: vietnamTime(payment.createdAtMs),
      vnp_OrderInfo: "Query",
      ...(theirId === null ? {} : { vnp_TransactionNo: theirId }),
    });
    if (answer.kind === "unknown") return answer;
    const { fields } = answer;
    const [responseCode, number] = [fields.get("vnp_ResponseCode") ?? "", fields.get("vnp_TransactionNo")];
    const type = amountMinor === payment.amountMinor ? WHOLE_REFUND : PARTIAL_REFUND;
    const isOfOurs =
      fields.get("vnp_TransactionType") === type && ourAmount(fields.get("vnp_Amount")) === amountMinor;
    if (responseCode !== OK || !isOfOurs)
      return unknown(`vnp_ResponseCode ${responseCode}, not of this refund`);
    const standing = refundStanding(responseCode, fields.get("vnp_TransactionStatus") ?? "");
    if (theirId === null)
      return standing?.kind === "refunded" && type === WHOLE_REFUND
        ? { kind: "refunded", theirId: number || null }
        : unknown("it isn't certain which refund this is");
    if (number !== theirId || !standing) return unknown("answered about something else");
    return standing.kind === "failed" ? standing : { kind: standing.kind, theirId };
  }

  /** Asks, and takes for an answer only what VNPay signed and what is about the payment asked about. */
  async function call(command: VnpayCommand, fields: VnpayFields & { vnp_TxnRef: string }): Promise<Answer> {
    const request = {
      vnp_Version: VERSION,
      vnp_Command: command,
      vnp_TmnCode: tmnCode,
      vnp_CreateDate: vietnamTime(deps.nowMs()),
      vnp_IpAddr: OUR_IP,
      ...fields,
    };
    const body = await signing.signed(command, request);
    const answer = await ask(deps, new URL("/merchant_webapi/api/transaction", baseUrl).href, body);
    if (answer.kind === "unknown") return answer;
    if (!(await signing.isAnswer(command, answer.fields)))
      return unknown(`answered ${answer.fields.get("vnp_ResponseCode")} without a valid signature`);
    const isOurs =
      answer.fields.get("vnp_TxnRef") === fields.vnp_TxnRef && answer.fields.get("vnp_TmnCode") === tmnCode;
    return isOurs ? answer : unknown("answered about something else");
  }

  async function readCallback({ url }: Request): Promise<CallbackVerdict> {
    const query = new URL(url).search.slice(1);
    if (query.length > MAX_QUERY_LENGTH) return { kind: "malformed", detail: "too long" };
    if (!(await signing.isSignedQuery(query))) return { kind: "bad_signature" };
    const pairs = [...new URLSearchParams(query)];
    const fields = new Map(pairs);
    if (fields.size < pairs.length) return { kind: "malformed", detail: "a parameter stands twice" };
    const claim = readClaim(fields);
    const responseCode = fields.get("vnp_ResponseCode");
    const transactionStatus = fields.get("vnp_TransactionStatus");
    if (!claim || !responseCode || !transactionStatus)
      return { kind: "malformed", detail: "a parameter is missing or unreadable" };
    return { kind: "payment", claim, standing: standingOf(responseCode, transactionStatus), raw: query };
  }

  return {
    name: "vnpay",
    merchant: tmnCode,
    limits: LIMITS,
    tellsOfSuccessAlone: false,
    createPayment,
    queryPayment,
    refund,
    queryRefund,
    linking: null,
    readCallback,
    answerCallback: (answer) => Response.json(ANSWERS[answer]),
  };
}

/** VNPay reads the body alone, and sends again what wasn't confirmed. */
const ANSWERS: Readonly<Record<CallbackAnswer, { readonly RspCode: string; readonly Message: string }>> = {
  taken: { RspCode: "00", Message: "Confirm Success" },
  repeated: { RspCode: "02", Message: "Order already confirmed" },
  unmatched: { RspCode: "01", Message: "Order not found" },
  irrelevant: { RspCode: "00", Message: "Confirm Success" },
  mismatched: { RspCode: "04", Message: "Invalid amount" },
  bad_signature: { RspCode: "97", Message: "Invalid Checksum" },
  malformed: { RspCode: "99", Message: "Invalid request" },
  retry_later: { RspCode: "99", Message: "Unknown error" },
};

/** VNPay takes dong alone; its callbacks name no currency. */
function readClaim(fields: ReadonlyMap<string, string>): GatewayClaim | null {
  const reference = fields.get("vnp_TxnRef");
  const merchant = fields.get("vnp_TmnCode");
  const amountMinor = ourAmount(fields.get("vnp_Amount"));
  const theirs = fields.get("vnp_TransactionNo");
  if (!reference || !merchant || amountMinor === null) return null;
  const theirId = theirs === undefined || theirs === "" || theirs === "0" ? null : theirs;
  return { reference, merchant, amountMinor, currency: "VND", theirId };
}

/** VNPay counts hundredths of a dong. */
const theirAmount = (amountMinor: Money): string => `${amountMinor}00`;

const ourAmount = (theirs: string | undefined): Money | null =>
  theirs?.endsWith("00") ? readAmount(theirs.slice(0, -2)) : null;

/** VNPay asks for Vietnamese without accents, and no special characters. */
const plainText = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/đ/gi, (letter) => (letter === "đ" ? "d" : "D"))
    .replace(/[^A-Za-z0-9.:_-]+/g, " ")
    .trim()
    .slice(0, MAX_TEXT_LENGTH);
