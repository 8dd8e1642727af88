import type { Account } from "./account.ts";
import type { Event } from "./events.ts";
import type { Balances } from "./ledger.ts";
import { sum } from "./money.ts";
import { type Order, type OrderItem, type OrderLine, statusFromLines, toPayFor } from "./order.ts";
import type { Payment } from "./payment.ts";
import type { PocWallet } from "./poc/wallet.ts";
import type { Resource } from "./resource.ts";
import type { AccountState, Counts } from "./state.ts";

/** Why a line wasn't delivered, where no console said it. */
export const PROVISIONING_TIMED_OUT = "The product didn't answer in time.";
export const NO_REASON_GIVEN = "The product couldn't provision it.";

/** A paid or confirmed order with everything its lines' outcomes touch. */
export interface PaidOrder {
  readonly account: Account;
  readonly counts: Counts;
  readonly order: Order;
  /** Null where what is used is paid afterwards. */
  readonly payment: Payment | null;
  readonly balances: Balances;
  readonly pocWallet: PocWallet | null;
  readonly invoice: AccountState["invoice"];
}

/** A line that waits for its console, with what was asked for and the resource it is to become. */
export interface OpenLine {
  readonly line: OrderLine;
  readonly item: OrderItem;
  readonly resource: Resource;
}

export interface Outcome {
  readonly order: Order;
  readonly resource: Resource;
  readonly events: readonly Event[];
}

export function withLine(order: Order, changed: OrderLine): Order {
  const lines = order.quote.lines.map((line) => (line.id === changed.id ? changed : line));
  return { ...order, status: statusFromLines(lines), quote: { ...order.quote, lines } };
}

/** A coupon is spent once any line stands, and given back when the order fails as a whole. (Domain: Coupon.) */
export function couponSettlement(before: Order, after: Order): Event[] {
  const { coupon } = after.quote;
  if (coupon === null) return [];
  const stands = (order: Order) => order.quote.lines.some((line) => line.status === "active");
  if (after.status === "failed") return [{ type: "coupon_settled", coupon, order: after.id, spent: false }];
  if (stands(after) && !stands(before))
    return [{ type: "coupon_settled", coupon, order: after.id, spent: true }];
  return [];
}

/** What of an order's price still waits to be delivered or refunded. */
export const undeliveredOf = (order: Order) =>
  sum(order.quote.lines.filter((line) => line.status === "provisioning").map(toPayFor));
