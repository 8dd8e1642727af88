import type { Event } from "../events.ts";
import type { LinkedAccountId } from "../linking/linked-account.ts";
import { type Currency, type Money, ZERO } from "../money.ts";
import type { Order } from "../order.ts";
import type { Payment } from "../payment.ts";
import { hold } from "../postings.ts";
import type { Counts } from "../state.ts";
import {
  ATTEMPT_LIFE_MS,
  type Attempt,
  type AttemptId,
  type AttemptMethod,
  letsGoAtMs,
  nextQueryAtMs,
  orderPaidBy,
  type Payable,
} from "./attempt.ts";
import type { GatewayTerms } from "./offers.ts";

/** An attempt that is agreed to: what its gateway is to take, and the credit set aside beside that. */
export interface Agreed {
  readonly id: AttemptId;
  readonly method: AttemptMethod;
  readonly terms: GatewayTerms;
  readonly returnUrl: string;
  readonly pays: Payable | null;
  readonly linkedAccount: LinkedAccountId | null;
  /** Who pays on the customer's behalf, where somebody does. */
  readonly paidBy: string | null;
  readonly amount: Money;
  readonly credit: Money;
  readonly toPay: Money;
  readonly currency: Currency;
}

export interface Begun {
  readonly attempt: Attempt;
  readonly payment: Payment;
  readonly events: readonly Event[];
}

/** An attempt is recorded, with its payment and what it holds, before its gateway hears of it. */
export function begin(agreed: Agreed, counts: Counts, nowMs: number): Begun {
  const { terms, credit, paidBy, ...same } = agreed;
  const attempt: Attempt = {
    ...same,
    ...{ gateway: terms.name, merchant: terms.merchant, held: credit, hasLetGo: agreed.pays === null },
    ...{ status: "open", failure: null, endedAtMs: null, createdAs: null, redirectUrl: null, theirId: null },
    createdAtMs: nowMs,
    expiresAtMs: nowMs + ATTEMPT_LIFE_MS,
    nextQueryAtMs: nextQueryAtMs(nowMs, nowMs),
    reconciliations: 0,
    isAsked: false,
    sentBack: ZERO,
  };
  const payment = { ...pendingPayment(attempt, counts), ...(paidBy === null ? {} : { paidBy }) };
  const entry = { atMs: nowMs, reference: attempt.id, description: "Held for a payment" };
  return {
    attempt,
    payment,
    events: [
      ...hold(credit, entry),
      { type: "attempt_changed", attempt },
      { type: "payment_recorded", payment },
    ],
  };
}

/** The order knows its attempts, and doesn't expire under one that holds something for it. */
export const withAttempt = (order: Order, attempt: Attempt): Order => ({
  ...order,
  attempts: [...order.attempts, attempt.id],
  expiresAtMs: Math.max(order.expiresAtMs, letsGoAtMs(attempt)),
});

const pendingPayment = (attempt: Attempt, counts: Counts): Payment => ({
  id: attempt.id,
  n: counts.payments + 1,
  kind: attempt.pays === null ? "deposit" : "payment",
  method: attempt.method,
  gateway: attempt.gateway,
  status: "pending",
  amount: attempt.amount,
  currency: attempt.currency,
  order: orderPaidBy(attempt),
  refundOf: null,
  lines: [],
  documents: counts.documents,
  reason: null,
  createdAtMs: attempt.createdAtMs,
});
