import type { Attempt } from "../attempts/attempt.ts";
import type { GatewayTerms } from "../attempts/offers.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import type { PaymentId } from "../ids.ts";
import { balanceOf } from "../ledger.ts";
import { add, type Money, subtract } from "../money.ts";
import type { Payment } from "../payment.ts";
import { sendBack } from "../postings.ts";
import { openRefund, type RefundId, type SourceRefund } from "../refunds/source-refund.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Operations send money of a payment back through the gateway it came from. */
export interface StartRefund {
  readonly type: "start_refund";
  readonly payment: PaymentId;
  readonly refund: RefundId;
  readonly amount: Money;
  readonly reason: string;
  readonly requestedBy: string;
  /** The gateways that this installation has. */
  readonly terms: readonly GatewayTerms[];
}

export interface RefundStarted {
  readonly refund: SourceRefund;
  readonly payment: Payment;
}

/**
 * Takes the amount out of available credit, and records the refund before its gateway hears of it: never more than was
 * captured and not sent back, however many refunds are under way. (Domain: Refunds to the source.)
 */
export function startRefund(
  state: AccountState,
  { payment: refundOf, refund: id, amount, reason, requestedBy, terms }: StartRefund,
  { nowMs }: Context,
): Decided<RefundStarted> {
  const payment = state.payment(refundOf);
  if (!payment) return err({ code: state.account ? "payment_not_found" : "account_not_found" });
  const attempt = state.attempt(refundOf);
  if (!attempt) return refused({ code: "not_paid_at_gateway", path: "payment" });
  const gateway = terms.find(({ name }) => name === attempt.gateway);
  if (!gateway) return refused({ code: "method_not_available", path: "payment" });
  const { maxRefundMinor } = gateway.limits;
  if (amount > maxRefundMinor) {
    const detail = `This gateway gives back ${maxRefundMinor} at most in one refund.`;
    return refused({ code: "refund_too_large", path: "amount", detail });
  }
  if (attempt.status !== "succeeded") return err({ code: "payment_not_captured" });
  const left = subtract(payment.amount, attempt.sentBack);
  if (amount > left)
    return err({ code: "refund_exceeds_payment", detail: `${left} can still be sent back of this payment.` });
  const available = balanceOf(state.balances, "credit_available");
  if (available < amount)
    return err({ code: "insufficient_credit", available, missing: subtract(amount, available) });
  const { currency } = attempt;
  const refund = openRefund(
    { id, attempt: attempt.id, gateway: attempt.gateway, amount, currency, reason, requestedBy },
    nowMs,
  );
  const row: Payment = {
    ...payment,
    ...{ id, n: state.counts.payments + 1, kind: "refund", status: "pending", amount, refundOf },
    ...{ lines: [], documents: state.counts.documents, reason, createdAtMs: nowMs },
  };
  const withdrawn: Attempt = { ...attempt, sentBack: add(attempt.sentBack, amount) };
  return done(
    { refund, payment: row },
    ...sendBack(amount, { atMs: nowMs, reference: id, description: "Sent back to the payment gateway" }),
    { type: "attempt_changed", attempt: withdrawn },
    { type: "refund_changed", refund },
    { type: "payment_recorded", payment: row },
  );
}
