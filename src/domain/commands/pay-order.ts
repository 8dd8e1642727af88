import { hindrance } from "../action.ts";
import { type Context, type Done, done, type NeedsCoupon } from "../decision.ts";
import { type DomainError, refused } from "../errors.ts";
import type { Event } from "../events.ts";
import { renewPaid } from "../fulfilment/renew.ts";
import { startLine } from "../fulfilment/start.ts";
import type { CouponCode, OrderId, PaymentId } from "../ids.ts";
import { balanceOf } from "../ledger.ts";
import { type Money, subtract, sum } from "../money.ts";
import type { Notice } from "../notice.ts";
import { type Order, toPayForOrder } from "../order.ts";
import { type PayMethod, type Payment, paymentFor } from "../payment.ts";
import { purchase } from "../postings.ts";
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
  const outdated = outdatedLine(state, unpaid, context.nowMs);
  if (outdated) return err(outdated);
  const [available, toPay] = [balanceOf(state.balances, "credit_available"), toPayForOrder(unpaid)];
  if (available < toPay) {
    return err({ code: "insufficient_credit", available, missing: subtract(toPay, available) });
  }
  if (quote.coupon !== null && quote.coupon !== command.reservedCoupon) {
    return ok({ kind: "needs_coupon", coupon: quote.coupon, order: unpaid.id });
  }
  const paid = isMoreTime(unpaid) ? payRenewal : payProvisioning;
  const { order, payment, events } = paid(state, unpaid, command, context.nowMs);
  const refund = sum(quote.lines.map((line) => line.refund));
  return done({ payment, refund }, ...events, {
    type: "notice_given",
    notice: paidNotice(order, payment, context.nowMs),
  });
}

const isMoreTime = ({ action }: Order): boolean => action === "renew" || action === "match_end_time";

/** Why a line's quote no longer fits its resource. (Domain: Checkout, versions.) */
function outdatedLine(state: AccountState, { quote, action }: Order, nowMs: number): DomainError | null {
  for (const line of quote.lines) {
    if (line.resource === null) continue;
    const resource = state.resource(line.resource);
    if (!resource) throw new Error(`line ${line.id} is about no resource`);
    const code = hindrance(action, resource, nowMs);
    if (code) return { code };
    if (resource.version !== line.resourceVersion) return { code: "resource_changed" };
    if (line.endAtMs !== null && line.endAtMs <= nowMs) return { code: "quote_expired" };
  }
  return null;
}

interface Settled {
  readonly order: Order;
  readonly payment: Payment;
  readonly events: readonly Event[];
}

function payRenewal(
  state: AccountState,
  unpaid: Order,
  { payment, method }: PayOrder,
  nowMs: number,
): Settled {
  const { account, counts } = state;
  if (!account) throw new Error("an order without an account");
  const resources = unpaid.quote.lines.flatMap(
    ({ resource }) => (resource && state.resource(resource)) ?? [],
  );
  return renewPaid({ account, counts, order: unpaid, resources, payment, method, nowMs });
}

function payProvisioning(
  { counts, resource }: AccountState,
  unpaid: Order,
  { payment: id, method }: PayOrder,
  nowMs: number,
): Settled {
  const started = unpaid.quote.lines.map((line, index) => {
    const n = counts.resources + index + 1;
    return startLine(line, unpaid, line.resource && resource(line.resource), { n, nowMs });
  });
  const order: Order = {
    ...unpaid,
    status: "provisioning",
    quote: { ...unpaid.quote, lines: started.map(({ line }) => line) },
    payment: id,
    paidAtMs: nowMs,
  };
  const payment = paymentFor(order, { id, method, counts, nowMs });
  const entry = { atMs: nowMs, reference: order.id, description: "Payment of services" };
  return {
    order,
    payment,
    events: [
      ...purchase(payment.amount, entry),
      { type: "order_changed", order },
      { type: "payment_recorded", payment },
      ...started.flatMap(({ resource, call }): Event[] => [
        { type: "resource_changed", resource },
        { type: "console_called", call },
      ]),
    ],
  };
}

/** A mail lists so many resources by name. */
const MAX_LINES_TOLD = 20;

const paidNotice = ({ id, action, quote }: Order, { amount }: Payment, atMs: number): Notice => ({
  key: `order_paid:${id}`,
  template: "order_paid",
  atMs,
  order: id,
  action,
  lines: quote.lines.slice(0, MAX_LINES_TOLD).map(({ name, gross }) => ({ name, amount: gross })),
  moreLines: Math.max(0, quote.lines.length - MAX_LINES_TOLD),
  coupon: quote.coupon,
  discount: quote.discount,
  total: amount,
});
