import { type Context, type Done, done, type NeedsCoupon } from "../decision.ts";
import { type DomainError, refused } from "../errors.ts";
import { outdatedBy } from "../fulfilment/outdated.ts";
import { settleOrder } from "../fulfilment/settle.ts";
import type { CouponCode, OrderId, PaymentId } from "../ids.ts";
import { balanceOf } from "../ledger.ts";
import { type Money, subtract, sum } from "../money.ts";
import { type Order, toPayForOrder } from "../order.ts";
import type { PayMethod, Payment } from "../payment.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";
import { findOrder, findUnpaidOrder } from "./find-order.ts";

/** Pays a whole order. `reservedCoupon` is the coupon that is held for this order by now, if any. */
export interface PayOrder {
  readonly type: "pay_order";
  readonly order: OrderId;
  readonly method: PayMethod;
  readonly payment: PaymentId;
  readonly reservedCoupon: CouponCode | null;
  /** What the customer was shown and agreed to: an order that costs something else by now isn't paid. */
  readonly agreedTotal?: Money;
}

export interface OrderPaid {
  readonly payment: Payment;
  readonly order: Order;
  /** What its lines will give back when they are delivered. */
  readonly refund: Money;
}

/**
 * Takes from available credit what the order costs. More time is had at once; everything else waits for its console.
 * An order costs what its quote says; a quote that depends on the moment it was made is refused once it is old, or once
 * a resource that it is about has changed. (Domain: Checkout.)
 */
export function payOrder(
  state: AccountState,
  command: PayOrder,
  context: Context,
): Result<Done<OrderPaid> | NeedsCoupon, DomainError> {
  const visible = findOrder(state, command.order, context);
  if (!visible.ok) return visible;
  if (command.method !== "credit") return refused({ code: "method_not_available", path: "method" });
  const found = findUnpaidOrder(state, command.order, context);
  if (!found.ok) return found;
  const unpaid = found.value;
  const { quote } = unpaid;
  if (command.agreedTotal !== undefined && command.agreedTotal !== quote.total)
    return err({ code: "order_changed" });
  if (quote.expiresAtMs !== null && context.nowMs >= quote.expiresAtMs) return err({ code: "quote_expired" });
  const outdated = outdatedBy(state, unpaid, context.nowMs);
  if (outdated) return err({ code: outdated });
  const [available, toPay] = [balanceOf(state.balances, "credit_available"), toPayForOrder(unpaid)];
  if (available < toPay) {
    return err({ code: "insufficient_credit", available, missing: subtract(toPay, available) });
  }
  if (quote.coupon !== null && quote.coupon !== command.reservedCoupon) {
    return ok({ kind: "needs_coupon", coupon: quote.coupon, order: unpaid.id });
  }
  const paying = { id: command.payment, method: command.method, from: "credit_available" } as const;
  const { order, payment, events } = settleOrder(state, unpaid, paying, context.nowMs);
  return done({ payment, order, refund: sum(quote.lines.map((line) => line.refund)) }, ...events);
}
