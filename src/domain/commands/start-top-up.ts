import type { Attempt, AttemptId } from "../attempts/attempt.ts";
import { begin } from "../attempts/begin.ts";
import { type GatewayTerms, whyNot } from "../attempts/offers.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import { offerOf } from "../gateway.ts";
import { isChargeable } from "../linking/chargeable.ts";
import type { LinkedAccountId } from "../linking/linked-account.ts";
import { type Money, ZERO } from "../money.ts";
import type { Payment } from "../payment.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Somebody buys credit at a gateway, there or from a linked account. `terms`: null where this installation hasn't got it. */
export interface StartTopUp {
  readonly type: "start_top_up";
  readonly payment: AttemptId;
  readonly amount: Money;
  readonly terms: GatewayTerms | null;
  readonly returnUrl: string;
  /** Whether payers may be sent back there: to our own pages, or to an origin that a product registered. */
  readonly returnAllowed: boolean;
  /** Null where the payer goes to the gateway. */
  readonly linkedAccount: LinkedAccountId | null;
}

export interface TopUpStarted {
  readonly payment: Payment;
  readonly attempt: Attempt;
}

export function startTopUp(
  state: AccountState,
  { payment: id, amount, terms, returnUrl, returnAllowed, linkedAccount }: StartTopUp,
  { nowMs }: Context,
): Decided<TopUpStarted> {
  const { account, counts } = state;
  if (!account) return err({ code: "account_not_found" });
  if (!returnAllowed) return refused({ code: "return_url_not_allowed", path: "returnUrl" });
  if (!terms) return refused({ code: "method_not_available", path: "gateway" });
  if (linkedAccount && !isChargeable(state, linkedAccount, terms))
    return refused({ code: "method_not_available", path: "linkedAccount" });
  const { currency } = account;
  const offer = offerOf(terms.limits, amount, currency);
  if (offer.kind !== "offered")
    return refused({ code: "method_not_available", path: "amount", detail: whyNot(offer) });
  const method = linkedAccount ? "linked" : "gateway";
  const agreed = { id, terms, returnUrl, linkedAccount, amount, currency, method, pays: null } as const;
  const { attempt, payment, events } = begin(
    { ...agreed, paidBy: null, credit: ZERO, toPay: ZERO },
    counts,
    nowMs,
  );
  return done({ payment, attempt }, ...events);
}
