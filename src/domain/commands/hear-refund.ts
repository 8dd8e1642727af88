import { FAILURE_TEXTS } from "../attempts/reasons.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import type { FailureReason } from "../gateway.ts";
import { subtract } from "../money.ts";
import type { Payment } from "../payment.ts";
import { keepAfterAll, sentBack } from "../postings.ts";
import { endedRefund, type RefundId, type SourceRefund, UNHEARD_AFTER_MS } from "../refunds/source-refund.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** How a refund stands at its gateway; `unknown` where that couldn't be learnt. */
export type RefundStanding =
  | { readonly kind: "refunded" | "pending"; readonly theirId: string | null }
  | { readonly kind: "failed"; readonly reason: FailureReason }
  | { readonly kind: "not_found" | "unknown" };

/**
 * A gateway is heard about a refund: because it was told of it, or because it was asked. The same may be heard any
 * number of times, late and in any order.
 */
export interface HearRefund {
  readonly type: "hear_refund";
  readonly refund: RefundId;
  readonly standing: RefundStanding;
}

/** A refund ends once. What isn't certain keeps the credit taken. (Domain: Refunds to the source.) */
export function hearRefund(
  state: AccountState,
  { refund: id, standing }: HearRefund,
  { nowMs }: Context,
): Decided<null> {
  const refund = state.refund(id);
  if (!refund) return err({ code: "payment_not_found" });
  if (refund.status !== "open")
    return done(null, ...answered(refund), ...contradiction(refund, standing, nowMs));
  switch (standing.kind) {
    case "refunded":
      return done(null, ...succeed(state, refund, standing.theirId, nowMs));
    case "failed":
      return done(null, ...fail(state, refund, standing.reason, nowMs));
    case "not_found":
      return nowMs >= refund.createdAtMs + UNHEARD_AFTER_MS
        ? done(null, ...fail(state, refund, "gateway_unavailable", nowMs))
        : done(null, ...answered(refund));
    case "pending":
      return done(null, ...answered(refund, standing.theirId));
    case "unknown":
      return done(null, ...answered(refund));
  }
}

/** The gateway has answered, and said its number of the refund or not; nothing else has changed. */
function answered(refund: SourceRefund, said: string | null = null): Event[] {
  const theirId = refund.theirId ?? said;
  return refund.isAsked || theirId !== refund.theirId
    ? [{ type: "refund_changed", refund: { ...refund, theirId, isAsked: false } }]
    : [];
}

function succeed(state: AccountState, refund: SourceRefund, said: string | null, atMs: number): Event[] {
  const { id, gateway, amount } = refund;
  const row = rowOf(state, refund);
  return [
    ...sentBack(amount, gateway, { atMs, reference: id, description: "Sent back to the payer" }),
    {
      type: "refund_changed",
      refund: endedRefund(
        refund,
        { status: "succeeded", failure: null, theirId: said ?? refund.theirId },
        atMs,
      ),
    },
    { type: "payment_recorded", payment: { ...row, status: "succeeded" } },
    {
      type: "notice_given",
      notice: { key: `refund_sent:${id}`, template: "refund_sent", atMs, order: row.order, gateway, amount },
    },
  ];
}

/** The gateway didn't take it: it is credit again, and may be sent back by another refund. */
function fail(state: AccountState, refund: SourceRefund, reason: FailureReason, atMs: number): Event[] {
  const { id, attempt: of, amount, theirId } = refund;
  const attempt = state.attempt(of);
  if (!attempt) throw new Error(`refund ${id} gives back ${of}, which isn't there`);
  const description = "The payment gateway didn't take it";
  return [
    ...keepAfterAll(amount, { atMs, reference: id, description }),
    {
      type: "attempt_changed",
      attempt: { ...attempt, sentBack: subtract(attempt.sentBack, amount) },
    },
    {
      type: "refund_changed",
      refund: endedRefund(refund, { status: "failed", failure: reason, theirId }, atMs),
    },
    {
      type: "payment_recorded",
      payment: { ...rowOf(state, refund), status: "failed", reason: FAILURE_TEXTS[reason] },
    },
  ];
}

/** What was final is said to be otherwise. */
function contradiction({ id, status }: SourceRefund, { kind }: RefundStanding, atMs: number): Event[] {
  const isSo = status === "succeeded" ? kind === "refunded" : kind === "failed" || kind === "not_found";
  if (isSo || kind === "unknown") return [];
  const key = `contradiction:${id}:${kind}`;
  return [{ type: "alert_raised", alert: { key, kind: "gateway_contradiction", subject: id, atMs } }];
}

function rowOf(state: AccountState, { id }: SourceRefund): Payment {
  const payment = state.payment(id);
  if (!payment) throw new Error(`refund ${id} has no payment`);
  return payment;
}
