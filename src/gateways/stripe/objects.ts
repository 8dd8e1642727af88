import { z } from "zod";
import type { GatewayClaim, GatewayStanding } from "../../domain/gateway.ts";
import { CURRENCIES, type Currency, MAX_AMOUNT_MINOR, money } from "../../domain/money.ts";
import { AUTHENTICATION_REQUIRED, declined, failed } from "./codes.ts";

/** Where our reference stands in whatever we make at Stripe: others may use the same account. */
export const REFERENCE = "edge_billing_reference";
/** How a payment intent came about. Checkout's may fail and still be paid with another card: its session says when not. */
export const FLOW = "edge_billing_flow";
export const LINKED_FLOW = "linked";
export const CHECKOUT_FLOW = "checkout";

const metadata = z.record(z.string(), z.string()).nullish();
const amount = z.int().min(0).max(MAX_AMOUNT_MINOR);
const id = z.string().min(1);

export const intent = z.object({
  id,
  object: z.literal("payment_intent"),
  livemode: z.boolean(),
  status: z.string(),
  amount,
  amount_received: amount.nullish(),
  currency: z.string(),
  metadata,
  last_payment_error: z.object({ code: z.string().nullish(), decline_code: z.string().nullish() }).nullish(),
  next_action: z.object({ redirect_to_url: z.object({ url: z.string().nullish() }).nullish() }).nullish(),
});
export type Intent = z.infer<typeof intent>;

const expandable = <T extends z.ZodType>(object: T) => z.union([id, object]).nullish();

export const method = z.object({
  id,
  object: z.literal("payment_method"),
  customer: z.union([id, z.object({ id })]).nullish(),
  card: z.object({ brand: z.string(), last4: z.string() }).nullish(),
});
export type Method = z.infer<typeof method>;

const setup = z.object({
  id,
  object: z.literal("setup_intent"),
  status: z.string(),
  payment_method: expandable(method),
});

export const session = z.object({
  id,
  object: z.literal("checkout.session"),
  livemode: z.boolean(),
  mode: z.string(),
  status: z.string().nullable(),
  payment_status: z.string(),
  amount_total: amount.nullish(),
  currency: z.string().nullish(),
  customer: z.union([id, z.object({ id })]).nullish(),
  metadata,
  url: z.string().nullish(),
  expires_at: z.int(),
  payment_intent: expandable(intent),
  setup_intent: expandable(setup),
});
export type Session = z.infer<typeof session>;

export const refund = z.object({
  id,
  object: z.literal("refund"),
  status: z.string().nullable(),
  failure_reason: z.string().nullish(),
  metadata,
});
export type Refund = z.infer<typeof refund>;

/** What we call it; null where it isn't ours. */
export const referenceOf = (object: { readonly metadata?: Intent["metadata"] }): string | null =>
  object.metadata?.[REFERENCE] ?? null;

export const idOf = (object: string | { readonly id: string } | null | undefined): string | null =>
  typeof object === "string" ? object : (object?.id ?? null);

/** Our name at Stripe is which of its two worlds a key belongs to; a key of one sees nothing of the other. */
export const merchantOf = (isLive: boolean): string => (isLive ? "stripe_live" : "stripe_test");

/** Whichever object tells of a payment, its number is the payment intent's. Null for what we can't have asked for. */
export function sessionClaim(from: Session): GatewayClaim | null {
  return claimOf(from, from.amount_total, from.currency, idOf(from.payment_intent));
}

export function intentClaim(from: Intent): GatewayClaim | null {
  const amount = from.status === "succeeded" ? from.amount_received : from.amount;
  return claimOf(from, amount, from.currency, from.id);
}

function claimOf(
  from: Session | Intent,
  theirAmount: number | null | undefined,
  theirCurrency: string | null | undefined,
  theirId: string | null,
): GatewayClaim | null {
  const reference = referenceOf(from);
  const currency = theirCurrency?.toUpperCase() ?? "";
  if (reference === null || typeof theirAmount !== "number" || !isKnown(currency)) return null;
  return {
    reference,
    merchant: merchantOf(from.livemode),
    amountMinor: money(theirAmount),
    currency,
    theirId,
  };
}

const isKnown = (currency: string): currency is Currency => Object.hasOwn(CURRENCIES, currency);

/** How a checkout stands. One that is complete and unpaid waits for a slow method, unless that has failed. */
export function sessionStanding({ status, payment_status, payment_intent }: Session): GatewayStanding {
  if (status === "expired") return failed("expired", status);
  if (status !== "complete") return { kind: "pending" };
  if (payment_status === "paid") return { kind: "succeeded" };
  const paying = typeof payment_intent === "object" ? payment_intent : null;
  const isOver = paying?.status === "requires_payment_method" || paying?.status === "canceled";
  return isOver ? declined(paying.last_payment_error ?? {}) : { kind: "pending" };
}

/** How a charge to a linked card stands. One that is to be confirmed by the customer has failed once, and lives on. */
export function intentStanding({ status, last_payment_error: error }: Intent): GatewayStanding {
  if (status === "succeeded") return { kind: "succeeded" };
  if (status === "canceled") return failed("expired", status);
  if (status !== "requires_payment_method" || !error || error.code === AUTHENTICATION_REQUIRED)
    return { kind: "pending" };
  return declined(error);
}
