import { giveUp } from "../attempts/let-go.ts";
import type { Product } from "../catalogue.ts";
import type { Coupon } from "../coupon.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { type DomainError, refused } from "../errors.ts";
import type { InvoiceAddressId, OrderId } from "../ids.ts";
import type { AutoRenew, Order, OrderItem, Period } from "../order.ts";
import { pocEndMs } from "../poc/wallet.ts";
import { quoteOrder } from "../quotes/quote-order.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";
import { findUnpaidOrder } from "./find-order.ts";

interface Change {
  readonly quantity?: number | undefined;
  readonly period?: Period | undefined;
  readonly autoRenew?: AutoRenew | undefined;
}

export interface ItemChange extends Change {
  readonly item: number;
}

/**
 * Changes an unpaid order and quotes it anew at today's prices; without changes it only re-quotes. `product` is the
 * version now in force, `coupon` the one the order shall have: its rules, or null for none. What is said of an item
 * in `changes` goes before what is said of `everyItem`. An attempt to pay what it was lets go what it holds.
 */
export interface ChangeOrder {
  readonly type: "change_order";
  readonly order: OrderId;
  readonly product: Product;
  readonly everyItem: Change;
  readonly changes: readonly ItemChange[];
  readonly coupon: Coupon | null;
  /** The coupon is the order's own, as it was looked up: by now the order may have another. */
  readonly keepsCoupon?: boolean;
  /** Whom its invoices are made out to; absent where that stays. */
  readonly invoiceAddress?: InvoiceAddressId | undefined;
}

export function changeOrder(state: AccountState, command: ChangeOrder, context: Context): Decided<Order> {
  const found = findUnpaidOrder(state, command.order, context);
  if (!found.ok) return found;
  const { account } = state;
  if (!account) throw new Error("an order without an account");
  const { invoiceAddress = found.value.invoiceAddress } = command;
  if (command.invoiceAddress && !account.invoiceAddresses.some(({ id }) => id === invoiceAddress))
    return refused({ code: "unknown_invoice_address", path: "invoiceAddress" });
  const { quote: before } = found.value;
  if (command.keepsCoupon && (command.coupon?.code ?? null) !== before.coupon)
    return err({ code: "order_changed" });
  const items = found.value.items.map((item) => changed(item, command.everyItem));
  for (const [index, change] of command.changes.entries()) {
    const item = items[change.item];
    if (!item) return refused({ code: "unknown_item", path: `lines[${index}].item` });
    items[change.item] = changed(item, change);
  }
  const quote = quoteOrder({
    ...{
      order: command.order,
      action: found.value.action,
      billing: found.value.billing,
      items,
      account,
      nowMs: context.nowMs,
    },
    ...{ product: command.product, coupon: command.coupon, resource: (id) => state.resource(id) },
    pocEndMs: pocEndMs(state.pocWallet, context.nowMs),
  });
  if (!quote.ok) return err(asRequested(quote.error, command));
  const free = giveUp(state, found.value, context.nowMs);
  const order: Order = {
    ...free.order,
    ...{ items, quote: quote.value, invoiceAddress },
    billing: quote.value.soldAs[0] ?? free.order.billing,
  };
  return done(order, ...free.events, { type: "order_changed", order });
}

const changed = (item: OrderItem, { quantity, period, autoRenew }: Change): OrderItem => ({
  ...item,
  quantity: quantity ?? item.quantity,
  period: period ?? item.period,
  autoRenew: autoRenew ?? item.autoRenew,
});

/** A quote names items and their fields; the request named what it changed. What it didn't set keeps the item's name. */
function asRequested(error: DomainError, { changes, everyItem }: ChangeOrder): DomainError {
  const [, number, path, field] = ("path" in error && FIELD_OF_ITEM.exec(error.path)) || [];
  if (!("path" in error) || !isChangeable(field)) return error;
  const index = changes.findLastIndex(
    (change) => change.item === Number(number) && change[field] !== undefined,
  );
  if (index >= 0) return { ...error, path: `lines[${index}].${path}` };
  return path !== undefined && everyItem[field] !== undefined ? { ...error, path } : error;
}

const FIELD_OF_ITEM = /^lines\[(\d+)\]\.((\w+).*)$/;

const isChangeable = (field: string | undefined): field is keyof Change =>
  field === "quantity" || field === "period" || field === "autoRenew";
