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
  /** Whether it calls back of success alone: of all else only who asks it hears. */
  readonly tellsOfSuccessAlone: boolean;
  createPayment(request: PaymentRequest): Promise<CreateOutcome>;
  queryPayment(payment: KnownPayment): Promise<QueryOutcome>;
  /** Asking again under the same `refundReference` doesn't refund again. */
  refund(request: RefundRequest): Promise<RefundOutcome>;
  /** How a refund stands that was asked for before; `not_found` where the provider never heard of it. */
  queryRefund(request: RefundRequest, theirRefundId: string | null): Promise<RefundOutcome | NotFound>;
  /** Paying without leaving our page; null where the provider has no such thing. */
  readonly linking: Linking | null;
  /** Reads what was sent to our webhook, its body included, and believes nothing that isn't signed. */
  readCallback(request: Request): Promise<CallbackVerdict>;
  /** What the provider is told, in its own form. */
  answerCallback(answer: CallbackAnswer): Response;
}

/**
 * The part of a gateway that keeps a customer's account with it, to be charged later without the customer. A token is
 * the provider's, or several of its names put together by the adapter: nobody else reads it.
 */
export interface Linking {
  /** Begins a link; the customer agrees to it at the provider. */
  link(request: LinkRequest): Promise<CreateOutcome>;
  /** What has become of a link. `grant` is what a callback handed over, where the provider needs it back. */
  readLink(link: KnownLink, grant: string | null): Promise<LinkOutcome>;
  /** Charges a linked account. Charging again under the same reference doesn't charge again. */
  charge(request: ChargeRequest): Promise<ChargeOutcome>;
  unlink(link: LinkedToken): Promise<UnlinkOutcome>;
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
  readonly expiresAtMs: number;
  /** What the provider called it when it was created; null where it gave no name, or its answer was lost. */
  readonly createdAs: string | null;
}

/** What every conversation with a payer takes. */
interface Visit {
  readonly reference: GatewayReference;
  readonly createdAtMs: number;
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

export interface PaymentRequest extends Visit {
  readonly amountMinor: Money;
  readonly currency: Currency;
}

/** Its `reference` is also what the provider calls the customer: a link is one customer to it. */
export type LinkRequest = Visit;

export type KnownLink = KnownPayment;

/** A linked account as the provider knows it. */
export interface LinkedToken {
  /** The reference of the link. */
  readonly link: GatewayReference;
  readonly token: string;
}

export interface ChargeRequest extends PaymentRequest {
  readonly from: LinkedToken;
}

export type Unknown = {
  readonly kind: "unknown";
  /** For the log: never shown to anybody else. */
  readonly detail: string;
};

export type NotFound = { readonly kind: "not_found" };

export type CreateOutcome =
  | {
      readonly kind: "created";
      readonly redirectUrl: string;
      /** The provider's name for it, where queries need it. */
      readonly createdAs: string | null;
      /** When the provider ends it, which may be later than was asked for. */
      readonly expiresAtMs: number;
    }
  | Failure
  | Unknown;

/** A success carries what it claims; a payment that was never opened may be `not_found` although it can still be paid. */
export type QueryOutcome =
  | Exclude<GatewayStanding, { readonly kind: "succeeded" }>
  | { readonly kind: "succeeded"; readonly claim: GatewayClaim }
  | NotFound
  | Unknown;

/** What came of asking about a link: `label` is how people recognise the account, such as •••• 4242. */
export type LinkOutcome =
  | { readonly kind: "linked"; readonly token: string; readonly label: string | null }
  | { readonly kind: "pending" }
  | Failure
  | NotFound
  | Unknown;

/** `needs_customer`: the provider wants the customer to confirm this charge, at `redirectUrl`. */
export type ChargeOutcome =
  | { readonly kind: "succeeded"; readonly claim: GatewayClaim }
  | { readonly kind: "pending"; readonly createdAs: string | null }
  | { readonly kind: "needs_customer"; readonly redirectUrl: string; readonly createdAs: string | null }
  /** Of which `link_gone`: the token is of no more use. */
  | Failure
  | Unknown;

export type UnlinkOutcome = { readonly kind: "unlinked" } | Failure | Unknown;

export interface RefundRequest {
  /** The payment, as it was recorded and as its gateway confirmed it. */
  readonly payment: Pick<KnownPayment, "reference" | "createdAtMs"> & {
    readonly amountMinor: Money;
    readonly theirId: string;
  };
  /** What this one refund is called. */
  readonly refundReference: GatewayReference;
  readonly amountMinor: Money;
  readonly currency: Currency;
  /** When this refund was recorded. */
  readonly createdAtMs: number;
  readonly reason: string;
  /** Who asked for it. */
  readonly requestedBy: string;
}

export type RefundOutcome =
  | { readonly kind: "refunded"; readonly theirId: string | null }
  | { readonly kind: "pending"; readonly theirId: string | null }
  | Failure
  | Unknown;

/** What a callback is worth. `raw` is what came in, for the record of those that match no attempt. */
export type CallbackVerdict =
  | { readonly kind: "bad_signature" }
  | { readonly kind: "malformed"; readonly detail: string }
  | {
      readonly kind: "payment";
      readonly claim: GatewayClaim;
      readonly standing: GatewayStanding;
      readonly raw: string;
    }
  /** A customer has agreed to a link, or not: what became of it is asked, with the `grant` where there is one. */
  | { readonly kind: "link"; readonly reference: string; readonly grant: string | null }
  /** A refund stands otherwise than it did: it is asked about. */
  | { readonly kind: "refund"; readonly reference: string }
  /** Genuine, and about nothing that we keep. */
  | { readonly kind: "irrelevant" };

/** What became of a callback. `mismatched`: its claim differs from the attempt's record, and it is quarantined. */
export type CallbackAnswer =
  | "taken"
  | "repeated"
  | "unmatched"
  | "mismatched"
  | "irrelevant"
  | "bad_signature"
  | "malformed"
  | "retry_later";
