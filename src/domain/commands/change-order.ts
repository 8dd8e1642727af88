import type { Product } from "../catalogue.ts";
import type { Coupon } from "../coupon.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import type { OrderId } from "../ids.ts";
import type { AutoRenew, Order, Period } from "../order.ts";
import { quoteCreation } from "../quote.ts";
import type { AccountState } from "../state.ts";
import { findUnpaidOrder } from "./find-order.ts";

export interface ItemChange {
  readonly item: number;
  readonly quantity?: number | undefined;
  readonly period?: Period | undefined;
  readonly autoRenew?: AutoRenew | undefined;
}

/**
 * Changes an unpaid order and quotes it anew at today's prices; without changes it only re-quotes. `product` is the
 * version now in force, `coupon` the one the order shall have: its rules, or null for none.
 */
export interface ChangeOrder {
  readonly type: "change_order";
  readonly order: OrderId;
  readonly product: Product;
  readonly changes: readonly ItemChange[];
  readonly coupon: Coupon | null;
}

export function changeOrder(state: AccountState, command: ChangeOrder, context: Context): Decided<Order> {
  const found = findUnpaidOrder(state, command.order, context);
  if (!found.ok) return found;
  const items = [...found.value.items];
  for (const [index, { item: position, quantity, period, autoRenew }] of command.changes.entries()) {
    const item = items[position];
    if (!item) return refused({ code: "unknown_item", path: `lines[${index}].item` });
    items[position] = {
      ...item,
      quantity: quantity ?? item.quantity,
      period: period ?? item.period,
      autoRenew: autoRenew ?? item.autoRenew,
    };
  }
  const { account } = state;
  if (!account) throw new Error("an order without an account");
  const quote = quoteCreation({ ...command, items, account, nowMs: context.nowMs });
  if (!quote.ok) return quote;
  const order: Order = { ...found.value, items, quote: quote.value };
  return done(order, { type: "order_changed", order });
}
