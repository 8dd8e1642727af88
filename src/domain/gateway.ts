import type { Currency, Money } from "./money.ts";

/** The payment gateways there are, in the order in which they are offered. */
export const GATEWAYS = ["momo", "zalopay", "vnpay", "stripe"] as const;
export type GatewayName = (typeof GATEWAYS)[number];

/** What a gateway takes in one payment, and gives back in one refund; both bounds belong to it. */
export interface GatewayLimits {
  readonly currency: Currency;
  readonly minMinor: Money;
  readonly maxMinor: Money;
  readonly maxRefundMinor: Money;
}

/** Whether a gateway can take an amount, or what keeps it from that. */
export type Offer =
  | { readonly kind: "offered" }
  | { readonly kind: "not_offered"; readonly why: "other_currency" }
  | { readonly kind: "not_offered"; readonly why: "below_minimum"; readonly minMinor: Money }
  | { readonly kind: "not_offered"; readonly why: "above_maximum"; readonly maxMinor: Money };

/** A method whose caps exclude the amount isn't offered, and says why. (Domain: Checkout.) */
export function offerOf(limits: GatewayLimits, amountMinor: Money, currency: Currency): Offer {
  const { minMinor, maxMinor } = limits;
  if (currency !== limits.currency) return { kind: "not_offered", why: "other_currency" };
  if (amountMinor < minMinor) return { kind: "not_offered", why: "below_minimum", minMinor };
  if (amountMinor > maxMinor) return { kind: "not_offered", why: "above_maximum", maxMinor };
  return { kind: "offered" };
}

/** Why a gateway took or gave no money, in our words; its own code stands beside it. */
export const FAILURE_REASONS = [
  "cancelled",
  "expired",
  "declined",
  "insufficient_funds",
  "limit_exceeded",
  "authentication_failed",
  "amount_not_allowed",
  "not_refundable",
  "gateway_unavailable",
  // The account that was linked is linked no more: its token is of no use.
  "link_gone",
  // Keys, rights or addresses are wrong: operations must look.
  "misconfigured",
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

export interface Failure {
  readonly kind: "failed";
  readonly reason: FailureReason;
  readonly theirCode: string;
}

/** How far a payment is at its gateway. */
export type GatewayStanding = { readonly kind: "pending" } | { readonly kind: "succeeded" } | Failure;

/** What a gateway claims of a payment; all of it is compared with the recorded attempt before anything moves. */
export interface GatewayClaim {
  /** Our reference, as the gateway spells it. */
  readonly reference: string;
  /** The merchant that was paid. */
  readonly merchant: string;
  readonly amountMinor: Money;
  readonly currency: Currency;
  /** The gateway's own number of the transaction; null where it gave none. */
  readonly theirId: string | null;
}
