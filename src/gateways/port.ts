import type {
  Failure,
  GatewayClaim,
  GatewayLimits,
  GatewayName,
  GatewayStanding,
} from "../domain/gateway.ts";
import type { GatewayReference } from "../domain/gateway-reference.ts";
import type { Currency, Money } from "../domain/money.ts";

/**
 * One payment gateway. Whatever can be expected is a value; nothing here throws for what a provider or the network
 * does. `unknown` is never a failure: the attempt stays pending, and is queried.
 */
export interface Gateway {
  readonly name: GatewayName;
  /** Our name at the provider; recorded with an attempt, and compared with what its callback and queries claim. */
  readonly merchant: string;
  readonly limits: GatewayLimits;
  createPayment(request: PaymentRequest): Promise<CreateOutcome>;
  queryPayment(payment: KnownPayment): Promise<QueryOutcome>;
  /** Asking again under the same `refundReference` doesn't refund again. */
  refund(request: RefundRequest): Promise<RefundOutcome>;
  /** Reads what was sent to our webhook, its body included, and believes nothing that isn't signed. */
  readCallback(request: Request): Promise<CallbackVerdict>;
  /** What the provider is told, in its own form. */
  answerCallback(answer: CallbackAnswer): Response;
}

/** What the outside world does for a gateway. */
export interface GatewayDeps {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The present instant of business time. */
  readonly nowMs: () => number;
  /** A fresh name of at most 36 letters, digits and dashes. */
  readonly randomId: () => string;
}

/** A payment as it was recorded before its gateway heard of it. */
export interface KnownPayment {
  readonly reference: GatewayReference;
  readonly createdAtMs: number;
}

export interface PaymentRequest extends KnownPayment {
  readonly amountMinor: Money;
  readonly currency: Currency;
  readonly expiresAtMs: number;
  /** What the payer reads at the gateway. */
  readonly description: string;
  readonly locale: "en" | "vi";
  /** Where the payer's browser is sent afterwards; it settles nothing. */
  readonly returnUrl: string;
  /** The origin under which the provider reaches our webhooks. */
  readonly publicUrl: string;
  readonly customerIp: string;
}

export type Unknown = {
  readonly kind: "unknown";
  /** For the log: never shown to anybody else. */
  readonly detail: string;
};

export type CreateOutcome =
  | {
      readonly kind: "created";
      readonly redirectUrl: string;
      /** When the provider ends it, which may be later than was asked for. */
      readonly expiresAtMs: number;
    }
  | Failure
  | Unknown;

/** A success carries what it claims; a payment that was never opened may be `not_found` although it can still be paid. */
export type QueryOutcome =
  | Exclude<GatewayStanding, { readonly kind: "succeeded" }>
  | { readonly kind: "succeeded"; readonly claim: GatewayClaim }
  | { readonly kind: "not_found" }
  | Unknown;

export interface RefundRequest {
  /** The payment, as it was recorded and as its gateway confirmed it. */
  readonly payment: KnownPayment & { readonly amountMinor: Money; readonly theirId: string };
  /** What this one refund is called. */
  readonly refundReference: GatewayReference;
  readonly amountMinor: Money;
  readonly currency: Currency;
  readonly reason: string;
  /** Who asked for it. */
  readonly requestedBy: string;
}

export type RefundOutcome =
  | { readonly kind: "refunded"; readonly theirId: string | null }
  | { readonly kind: "pending" }
  | Failure
  | Unknown;

/** What a callback is worth. `raw` is what came in, for the record of those that match no attempt. */
export type CallbackVerdict =
  | { readonly kind: "bad_signature" }
  | { readonly kind: "malformed"; readonly detail: string }
  | {
      readonly kind: "genuine";
      readonly claim: GatewayClaim;
      readonly standing: GatewayStanding;
      readonly raw: string;
    };

/** What became of a callback. `mismatched`: its claim differs from the attempt's record, and it is quarantined. */
export type CallbackAnswer =
  | "taken"
  | "repeated"
  | "unmatched"
  | "mismatched"
  | "bad_signature"
  | "malformed"
  | "retry_later";
