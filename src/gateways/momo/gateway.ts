import type { GatewayLimits } from "../../domain/gateway.ts";
import { money } from "../../domain/money.ts";
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
  AUTHORISED,
  isPending,
  NOT_FOUND,
  PAID,
  paymentFailure,
  refundFailure,
  standingOf,
} from "./codes.ts";
import { type MomoLinkingParts, momoLinking } from "./linking.ts";
import { created, orderExpiry, plainText, readClaim } from "./messages.ts";
import { momoSigning } from "./signing.ts";
import { isTokenKey } from "./tokens.ts";

export interface MomoConfig {
  /** Scheme, host and port. */
  readonly baseUrl: string;
  readonly partnerCode: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** PEM; tokens are sent encrypted for it. */
  readonly publicKey?: string | undefined;
}

const LIMITS: GatewayLimits = {
  currency: "VND",
  minMinor: money(1_000),
  maxMinor: money(50_000_000),
  maxRefundMinor: money(50_000_000),
};
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
    const { orderExpireTime, expiresAtMs } = orderExpiry(request, deps.nowMs());
    const body = { ...(await signing.signed("create", order)), lang: request.locale, orderExpireTime };
    const answer = await call("/v2/gateway/api/create", body);
    if (answer.kind === "unknown") return answer;
    return created(answer.fields, request, expiresAtMs);
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
    const isOfLink = isAboutLinks(fields) && (await signing.isSigned("linkedIpn", fields));
    if (!isOfLink && !(await signing.isSigned("ipn", fields))) return { kind: "bad_signature" };
    if (isOfLink && fields.get("partnerClientId") === fields.get("orderId")) return readDecision(fields);
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

  const callAbout: MomoLinkingParts["call"] = async (path, orderId, body) =>
    about(orderId, await call(path, body));

  return {
    name: "momo",
    merchant: partnerCode,
    limits: LIMITS,
    tellsOfSuccessAlone: false,
    createPayment,
    queryPayment,
    refund,
    queryRefund,
    linking: isTokenKey(config.secretKey) ? momoLinking({ ...config, signing, call: callAbout }, deps) : null,
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

const isAboutLinks = (fields: RawFields): boolean =>
  fields.has("callbackToken") || fields.has("partnerClientId");

function refundStanding(fields: RawFields): RefundOutcome {
  const code = fields.get("resultCode") ?? "";
  if (code === PAID) return { kind: "refunded", theirId: fields.get("transId") ?? null };
  if (isPending(code)) return { kind: "pending", theirId: null };
  return refundFailure(code) ?? unknown(`resultCode ${code}`);
}

/** A link's own callback: what came of it is asked, with the token for that where its customer agreed. */
function readDecision(fields: RawFields): CallbackVerdict {
  const [reference, code] = [fields.get("orderId"), fields.get("resultCode") ?? ""];
  if (!reference) return { kind: "malformed", detail: "a field is missing or unreadable" };
  const isAgreed = code === PAID || code === AUTHORISED;
  return { kind: "link", reference, grant: isAgreed ? (fields.get("callbackToken") ?? null) : null };
}
