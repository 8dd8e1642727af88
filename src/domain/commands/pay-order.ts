import { callAbout } from "../console-call.ts";
import { type Context, type Done, done, type NeedsCoupon } from "../decision.ts";
import { type DomainError, refused } from "../errors.ts";
import type { Event } from "../events.ts";
import { type CouponCode, type OrderId, type PaymentId, resourceIdOf } from "../ids.ts";
import { balanceOf, transfersOf } from "../ledger.ts";
import { subtract } from "../money.ts";
import type { Notice } from "../notice.ts";
import type { Order, OrderItem, OrderLine } from "../order.ts";
import type { PayMethod, Payment } from "../payment.ts";
import { newResource, type Resource } from "../resource.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState, Counts } from "../state.ts";
import { findOrder, findUnpaidOrder } from "./find-order.ts";

/** Pays a whole order. `reservedCoupon` is the coupon that is held for this order by now, if any. */
export interface PayOrder {
  readonly type: "pay_order";
  readonly order: OrderId;
  readonly method: PayMethod;
  readonly payment: PaymentId;
  readonly reservedCoupon: CouponCode | null;
}

export interface OrderPaid {
  readonly payment: Payment;
}

/**
 * Takes the order's total from available credit and starts provisioning every line. An order costs what its quote
 * says; a quote that depends on the moment it was made is refused once it is old. (Domain: Checkout.)
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
  if (quote.expiresAtMs !== null && context.nowMs >= quote.expiresAtMs) return err({ code: "quote_expired" });
  const available = balanceOf(state.balances, "credit_available");
  if (available < quote.total) {
    return err({ code: "insufficient_credit", available, missing: subtract(quote.total, available) });
  }
  if (quote.coupon !== null && quote.coupon !== command.reservedCoupon) {
    return ok({ kind: "needs_coupon", coupon: quote.coupon, order: unpaid.id });
  }
  return settle(unpaid, command, state.counts, context);
}

function settle(
  unpaid: Order,
  { method, payment: id }: PayOrder,
  counts: Counts,
  { nowMs }: Context,
): Result<Done<OrderPaid>, never> {
  const { quote } = unpaid;
  const created = quote.lines.map((line, index) =>
    startProvisioning(line, unpaid, counts.resources + index + 1, nowMs),
  );
  const order: Order = {
    ...unpaid,
    status: "provisioning",
    quote: { ...quote, lines: created.map(({ line }) => line) },
    payment: id,
    paidAtMs: nowMs,
  };
  const payment: Payment = {
    id,
    n: counts.payments + 1,
    kind: "payment",
    method,
    gateway: null,
    status: "succeeded",
    amount: quote.total,
    currency: unpaid.currency,
    order: unpaid.id,
    refundOf: null,
    lines: created.map(({ line, resource }) => ({
      line: line.id,
      resource: resource.id,
      amount: line.net,
    })),
    documents: counts.documents,
    reason: null,
    createdAtMs: nowMs,
  };
  const purchase: Event = {
    type: "money_posted",
    transaction: {
      kind: "purchase",
      atMs: nowMs,
      reference: unpaid.id,
      description: "Payment of services",
      transfers: transfersOf({ from: "credit_available", to: "undelivered", amount: quote.total }),
    },
  };
  return done(
    { payment },
    ...(quote.total > 0 ? [purchase] : []),
    { type: "order_changed", order },
    { type: "payment_recorded", payment },
    ...created.flatMap(({ resource }): Event[] => [
      { type: "resource_changed", resource },
      { type: "console_called", call: callAbout("resource.provision", resource, nowMs) },
    ]),
    { type: "notice_given", notice: paidNotice(order, nowMs) },
  );
}

function startProvisioning(
  line: OrderLine,
  order: Order,
  n: number,
  nowMs: number,
): { line: OrderLine; resource: Resource } {
  const item: OrderItem | undefined = order.items[line.item];
  const policy = item && order.quote.policies[item.resourceType];
  if (!item || !policy) throw new Error(`line ${line.id} was quoted without its item or policy`);
  const id = resourceIdOf(line.id);
  const resource = newResource(line, item, { id, n, order: order.id, product: order.product, policy, nowMs });
  return { line: { ...line, status: "provisioning", resource: id }, resource };
}

/** A mail lists so many resources by name. */
const MAX_LINES_TOLD = 20;

const paidNotice = ({ id, quote }: Order, atMs: number): Notice => ({
  key: `order_paid:${id}`,
  template: "order_paid",
  atMs,
  order: id,
  lines: quote.lines.slice(0, MAX_LINES_TOLD).map(({ name, gross }) => ({ name, amount: gross })),
  moreLines: Math.max(0, quote.lines.length - MAX_LINES_TOLD),
  coupon: quote.coupon,
  discount: quote.discount,
  total: quote.total,
});
