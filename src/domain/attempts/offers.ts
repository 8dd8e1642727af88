import { type GatewayLimits, type GatewayName, type Offer, offerOf } from "../gateway.ts";
import type { LinkedAccount, LinkedAccountId } from "../linking/linked-account.ts";
import { type Currency, larger, type Money, subtract, ZERO } from "../money.ts";
import { ATTEMPT_METHODS, type AttemptMethod } from "./attempt.ts";

/** A gateway as an attempt needs to know it. */
export interface GatewayTerms {
  readonly name: GatewayName;
  readonly merchant: string;
  readonly limits: GatewayLimits;
}

/** What an order takes, and what there is to pay it with. */
export interface Charge {
  readonly toPay: Money;
  readonly available: Money;
  readonly currency: Currency;
}

export type MethodOffer =
  /** `amount` is charged at the gateway, `credit` is held beside it; what exceeds the price stays credit. */
  | { readonly kind: "offered"; readonly amount: Money; readonly credit: Money }
  | { readonly kind: "not_offered"; readonly why: "nothing_to_pay" | "credit_suffices" }
  | Exclude<Offer, { readonly kind: "offered" }>;

/**
 * What an order would cost at a gateway, or why it can't be paid there: all of it, or what credit doesn't cover, but at
 * least what the gateway takes. (Domain: Checkout, methods.)
 */
export function methodOffer(
  method: AttemptMethod,
  { toPay, available, currency }: Charge,
  { limits }: Pick<GatewayTerms, "limits">,
): MethodOffer {
  if (toPay === 0) return { kind: "not_offered", why: "nothing_to_pay" };
  const toppingUp = method === "top_up_and_pay";
  if (toppingUp && available >= toPay) return { kind: "not_offered", why: "credit_suffices" };
  const amount = toppingUp ? larger(subtract(toPay, available), limits.minMinor) : toPay;
  const offer = offerOf(limits, amount, currency);
  return offer.kind === "offered" ? { ...offer, amount, credit: toppingUp ? available : ZERO } : offer;
}

/** One way to pay an order at a gateway, offered or not; `linkedAccount` is the one that would be charged. */
export interface MethodListing {
  readonly method: AttemptMethod;
  readonly gateway: GatewayName;
  readonly offer: MethodOffer;
  readonly linkedAccount: { readonly id: LinkedAccountId; readonly label: string | null } | null;
}

/**
 * Every way to pay at a gateway there is, in the order in which they are offered. `linked` are the linked accounts that
 * can be charged, the default first.
 */
export const methodListings = (
  charge: Charge,
  gateways: readonly GatewayTerms[],
  linked: readonly LinkedAccount[],
): MethodListing[] => [
  ...AT_GATEWAYS.flatMap((method) =>
    gateways.map((terms) => ({
      ...{ method, gateway: terms.name, offer: methodOffer(method, charge, terms) },
      linkedAccount: null,
    })),
  ),
  ...linked.flatMap(({ id, label, gateway }) => {
    const terms = gateways.find(({ name }) => name === gateway);
    return terms
      ? [
          {
            ...{ method: "linked" as const, gateway, offer: methodOffer("linked", charge, terms) },
            linkedAccount: { id, label },
          },
        ]
      : [];
  }),
];

/** The methods for which the payer goes there. */
const AT_GATEWAYS = ATTEMPT_METHODS.filter((method) => method !== "linked");

/** Why something isn't offered, for who reads the API. */
export function whyNot(offer: Exclude<MethodOffer, { readonly kind: "offered" }>): string {
  switch (offer.why) {
    case "nothing_to_pay":
      return "There is nothing to pay: pay by credit.";
    case "credit_suffices":
      return "The available credit suffices: pay by credit.";
    case "other_currency":
      return "This gateway takes another currency.";
    case "below_minimum":
      return `This gateway takes ${offer.minMinor} at least.`;
    case "above_maximum":
      return `This gateway takes ${offer.maxMinor} at most.`;
  }
}
