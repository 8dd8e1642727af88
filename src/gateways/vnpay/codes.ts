import type { Failure, FailureReason, GatewayStanding } from "../../domain/gateway.ts";

/** VNPay's `vnp_ResponseCode`s and `vnp_TransactionStatus`es. */
export const OK = "00";
export const NOT_FOUND = "91";
const STATUS_FAILED = "02";
const REFUND_UNDER_WAY = ["05", "06"];
const REFUND_REJECTED = "09";

const REASON: Readonly<Record<string, FailureReason>> = {
  "10": "authentication_failed",
  "11": "expired",
  "13": "authentication_failed",
  "24": "cancelled",
  "51": "insufficient_funds",
  "65": "limit_exceeded",
  "75": "gateway_unavailable",
  "79": "authentication_failed",
};

const REFUND_REFUSED: Readonly<Record<string, FailureReason>> = {
  "02": "misconfigured",
  "03": "misconfigured",
  "91": "not_refundable",
  "93": "amount_not_allowed",
  "95": "not_refundable",
  "97": "misconfigured",
};

const failed = (reason: FailureReason, theirCode: string): Failure => ({ kind: "failed", reason, theirCode });

/**
 * How a payment stands. Only both codes together mean that it is paid, and only status 02 that it failed: with
 * others (suspected fraud, reversed) money has left the payer, and somebody at VNPay has still to decide.
 */
export function standingOf(responseCode: string, transactionStatus: string): GatewayStanding {
  if (responseCode === OK && transactionStatus === OK) return { kind: "succeeded" };
  if (transactionStatus !== STATUS_FAILED) return { kind: "pending" };
  return failed(REASON[responseCode] ?? "declined", responseCode === OK ? transactionStatus : responseCode);
}

/** How a refund went; null where that isn't certain. */
export function refundStanding(
  responseCode: string,
  transactionStatus: string,
): { readonly kind: "refunded" } | { readonly kind: "pending" } | Failure | null {
  if (responseCode !== OK) {
    const reason = REFUND_REFUSED[responseCode];
    return reason === undefined ? null : failed(reason, responseCode);
  }
  if (transactionStatus === OK) return { kind: "refunded" };
  if (REFUND_UNDER_WAY.includes(transactionStatus)) return { kind: "pending" };
  return transactionStatus === REFUND_REJECTED ? failed("declined", transactionStatus) : null;
}
