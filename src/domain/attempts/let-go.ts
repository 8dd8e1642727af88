import type { Event } from "../events.ts";
import type { InvoiceCode } from "../ids.ts";
import { type Money, sum, ZERO } from "../money.ts";
import type { Order } from "../order.ts";
import { release } from "../postings.ts";
import { endOfLifeMs } from "../share.ts";
import type { AccountState } from "../state.ts";
import { type Attempt, orderPaidBy } from "./attempt.ts";

export interface LetGo {
  /** The order, which lives as long again as without attempts. */
  readonly order: Order;
  /** Credit that is available again. */
  readonly freed: Money;
  readonly events: readonly Event[];
}

/** Whatever an order's attempts hold is let go; they stay watched. The caller records the order. (Domain: Checkout.) */
export function letGo(state: AccountState, order: Order, atMs: number): LetGo {
  const holder = holderOf(state, order);
  if (!holder) return { order, freed: ZERO, events: [] };
  return {
    order: { ...order, expiresAtMs: endOfLifeMs(order, null) },
    freed: holder.held,
    events: letGoOf(holder, atMs),
  };
}

/** The same for good: the coupon's use goes back, too, and the order is recorded. */
export function giveUp(state: AccountState, order: Order, atMs: number): LetGo {
  const free = letGo(state, order, atMs);
  if (free.events.length === 0) return free;
  return {
    ...free,
    events: [...free.events, { type: "order_changed", order: free.order }, ...couponBack(order)],
  };
}

/** The same for whatever an attempt pays, where it is that one that holds something for it. */
export function giveUpOf(state: AccountState, attempt: Attempt, atMs: number): readonly Event[] {
  if (attempt.hasLetGo) return [];
  if (attempt.pays?.kind === "bills") return letGoOf(attempt, atMs);
  const id = orderPaidBy(attempt);
  const order = id && state.order(id);
  return order ? giveUp(state, order, atMs).events : [];
}

/** The attempts that hold something for one of some bills. */
export const holdersOfBills = (state: AccountState, codes: readonly InvoiceCode[]): Attempt[] =>
  state
    .billAttempts()
    .filter(
      ({ hasLetGo, pays }) =>
        !hasLetGo && pays?.kind === "bills" && pays.bills.some(({ invoice }) => codes.includes(invoice)),
    );

/** Whatever attempts hold for some bills is let go; they stay watched. */
export function letGoOfBills(
  state: AccountState,
  codes: readonly InvoiceCode[],
  atMs: number,
): Pick<LetGo, "freed" | "events"> {
  const holders = holdersOfBills(state, codes);
  return {
    freed: sum(holders.map(({ held }) => held)),
    events: holders.flatMap((holder) => letGoOf(holder, atMs)),
  };
}

const letGoOf = (holder: Attempt, atMs: number): Event[] => [
  ...released(holder, atMs),
  { type: "attempt_changed", attempt: { ...holder, held: ZERO, hasLetGo: true } },
];

/** The attempt that holds something for an order: a newer one makes the others let go. */
export function holderOf(state: AccountState, { attempts }: Order): Attempt | null {
  const newest = attempts.at(-1);
  const attempt = newest ? state.attempt(newest) : null;
  return attempt && !attempt.hasLetGo ? attempt : null;
}

const released = ({ id, held }: Attempt, atMs: number): Event[] =>
  release(held, { atMs, reference: id, description: "Released: the payment ended" });

const couponBack = ({ id, quote: { coupon } }: Order): Event[] =>
  coupon === null ? [] : [{ type: "coupon_settled", coupon, order: id, spent: false }];
