import type { Notice } from "../notice.ts";
import { type Order, toPayForOrder } from "../order.ts";
import type { Paying } from "../payment.ts";

/** A mail lists so many resources by name. */
const MAX_LINES_TOLD = 20;

export const paidNotice = (order: Order, { from, pending, method }: Paying, atMs: number): Notice => ({
  key: `order_paid:${order.id}`,
  template: "order_paid",
  atMs,
  order: order.id,
  action: order.action,
  lines: order.quote.lines.slice(0, MAX_LINES_TOLD).map(({ name, gross }) => ({ name, amount: gross })),
  moreLines: Math.max(0, order.quote.lines.length - MAX_LINES_TOLD),
  coupon: order.quote.coupon,
  discount: order.quote.discount,
  total: toPayForOrder(order),
  gateway: from === "credit_available" ? null : (pending?.gateway ?? null),
  isOnPoc: method === "poc",
  ...(pending?.paidBy === undefined ? {} : { paidBy: pending.paidBy }),
});
