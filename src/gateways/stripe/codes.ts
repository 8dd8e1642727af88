import type Stripe from "stripe";
import type { Failure, FailureReason } from "../../domain/gateway.ts";

/** The issuer wants the customer to confirm a charge: the code of an error, and of a payment's last one. */
export const AUTHENTICATION_REQUIRED = "authentication_required";
const MISSING = "resource_missing";

/** What Stripe's `code` and an issuer's `decline_code` mean; any other decline is just one. */
const DECLINED: Readonly<Record<string, FailureReason>> = {
  insufficient_funds: "insufficient_funds",
  [AUTHENTICATION_REQUIRED]: "authentication_failed",
  authentication_not_handled: "authentication_failed",
  payment_intent_authentication_failure: "authentication_failed",
  card_velocity_exceeded: "limit_exceeded",
  withdrawal_count_limit_exceeded: "limit_exceeded",
  amount_too_small: "amount_not_allowed",
  amount_too_large: "amount_not_allowed",
  invalid_amount: "amount_not_allowed",
  issuer_not_available: "gateway_unavailable",
  processing_error: "gateway_unavailable",
  // The card will never pay again.
  expired_card: "link_gone",
  lost_card: "link_gone",
  pickup_card: "link_gone",
  stolen_card: "link_gone",
};

/** Why a refund failed after Stripe had begun it. */
const REFUND_FAILED: Readonly<Record<string, FailureReason>> = {
  insufficient_funds: "insufficient_funds",
  declined: "declined",
};

/** What a payment that failed says of it. */
export interface PaymentError {
  readonly code?: string | null | undefined;
  readonly decline_code?: string | null | undefined;
}

/** Why a card wasn't charged. */
export function declined({ code, decline_code }: PaymentError): Failure {
  const theirCode = decline_code || code || "declined";
  return failed(DECLINED[theirCode] ?? DECLINED[code ?? ""] ?? "declined", theirCode);
}

/** Why Stripe did nothing of what it was asked for: a card's issuer, the amount, or something of ours that is wrong. */
export function refusal(error: Stripe.errors.StripeError): Failure {
  if (error.rawType === "card_error") return declined(error);
  const theirCode = codeOf(error);
  return failed(DECLINED[theirCode] ?? "misconfigured", theirCode);
}

export function refundRefusal(error: Stripe.errors.StripeError): Failure {
  const theirCode = codeOf(error);
  if (error.statusCode === 401 || error.statusCode === 403) return failed("misconfigured", theirCode);
  return failed(error.param === "amount" ? "amount_not_allowed" : "not_refundable", theirCode);
}

export const refundFailure = (reason: string | null | undefined): Failure =>
  failed(REFUND_FAILED[reason ?? ""] ?? "not_refundable", reason ?? "failed");

export const failed = (reason: FailureReason, theirCode: string): Failure => ({
  kind: "failed",
  reason,
  theirCode,
});

export const isMissing = ({ code, statusCode }: Stripe.errors.StripeError): boolean =>
  code === MISSING || statusCode === 404;

const codeOf = ({ code, rawType, statusCode }: Stripe.errors.StripeError): string =>
  code ?? rawType ?? String(statusCode);
