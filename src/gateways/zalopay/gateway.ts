import type { GatewayLimits } from "../../domain/gateway.ts";
import { money } from "../../domain/money.ts";
import { ask, unknown } from "../exchange.ts";
import type {
  CreateOutcome,
  Gateway,
  GatewayDeps,
  NotFound,
  PaymentRequest,
  RefundOutcome,
  RefundRequest,
} from "../port.ts";
import { ANSWERS, zalopayCallbacks } from "./callbacks.ts";
import { isNotFound, refundFailure, refundStandingFailure, replyOf } from "./codes.ts";
import { zalopayLinking } from "./linking.ts";
import { refundIdOf } from "./names.ts";
import { type Call, zalopayOrders } from "./orders.ts";
import { type ZalopayKeys, zalopaySigning } from "./signing.ts";

export interface ZalopayConfig extends ZalopayKeys {
  /** Scheme, host and port. */
  readonly baseUrl: string;
  readonly appId: string;
}

const LIMITS: GatewayLimits = {
  currency: "VND",
  minMinor: money(1_000),
  maxMinor: money(50_000_000),
  maxRefundMinor: money(50_000_000),
};
const MAX_REASON_LENGTH = 100;

/** ZaloPay's wallet and gateway, version 2. */
export function zalopay({ baseUrl, appId, ...keys }: ZalopayConfig, deps: GatewayDeps): Gateway {
  const signing = zalopaySigning(keys);
  const call: Call = async (method, fields) => {
    const body = await signing.signed(method, { app_id: Number(appId), ...fields });
    const answer = await ask(deps, new URL(`/v2/${method}`, baseUrl).href, body);
    return answer.kind === "unknown" ? answer : replyOf(answer.fields);
  };
  const orders = zalopayOrders(appId, call, deps);

  async function createPayment(request: PaymentRequest): Promise<CreateOutcome> {
    const ordered = await orders.create(request);
    if (ordered.kind !== "ordered") return ordered;
    const redirectUrl = ordered.fields.get("order_url") ?? "";
    if (!/^https?:/.test(redirectUrl)) return unknown("created, but not where");
    return { kind: "created", redirectUrl, createdAs: null, expiresAtMs: ordered.expiresAtMs };
  }

  /** ZaloPay takes a refund in hand, and knows later how it went. */
  async function refund({ payment, refundReference, ...request }: RefundRequest): Promise<RefundOutcome> {
    const reply = await call("refund", {
      m_refund_id: refundIdOf(appId, refundReference, request.createdAtMs),
      zp_trans_id: payment.theirId,
      amount: request.amountMinor,
      timestamp: deps.nowMs(),
      description: [...request.reason].slice(0, MAX_REASON_LENGTH).join(""),
    });
    if (reply.kind === "unknown") return reply;
    if (reply.kind === "refused") return refundFailure(reply);
    const theirId = reply.fields.get("refund_id") ?? null;
    return { kind: reply.kind === "done" ? "refunded" : "pending", theirId };
  }

  async function queryRefund(
    { refundReference, createdAtMs }: RefundRequest,
    theirId: string | null,
  ): Promise<RefundOutcome | NotFound> {
    const reply = await call("query_refund", {
      m_refund_id: refundIdOf(appId, refundReference, createdAtMs),
      timestamp: deps.nowMs(),
    });
    if (reply.kind === "unknown") return reply;
    if (reply.kind === "refused")
      return isNotFound(reply) ? { kind: "not_found" } : refundStandingFailure(reply);
    return { kind: reply.kind === "done" ? "refunded" : "pending", theirId };
  }

  return {
    name: "zalopay",
    merchant: appId,
    limits: LIMITS,
    tellsOfSuccessAlone: true,
    createPayment,
    queryPayment: orders.query,
    refund,
    queryRefund,
    linking: zalopayLinking(call, orders, deps),
    readCallback: zalopayCallbacks(appId, keys),
    answerCallback: (answer) => Response.json(ANSWERS[answer]),
  };
}
