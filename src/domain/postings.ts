import type { CreditNote } from "./credit-note.ts";
import type { Event } from "./events.ts";
import type { GatewayName } from "./gateway.ts";
import type { Invoice } from "./invoice.ts";
import {
  type Balances,
  type Book,
  type LedgerTransaction,
  post,
  type Transfer,
  transfersOf,
} from "./ledger.ts";
import type { Money } from "./money.ts";
import { type Order, toPayForOrder } from "./order.ts";
import { discountOf } from "./pricing.ts";

/** Who a transaction was made for, and when. */
type Entry = Pick<LedgerTransaction, "atMs" | "reference" | "description">;

/** Credit, trial money, or what a gateway took for us, pays for what is still to be delivered. */
export const purchase = (amount: Money, from: Book, entry: Entry): Event[] =>
  posting("purchase", entry, { from, to: "undelivered", amount });

/** The same for a whole order. */
export const purchaseOf = (order: Order, from: Book, atMs: number): Event[] =>
  purchase(toPayForOrder(order), from, {
    ...{ atMs, reference: order.id, description: "Payment of services" },
  });

/** The same pays for what was billed. */
export const billPayment = (amount: Money, from: Book, entry: Entry): Event[] =>
  posting("purchase", entry, { from, to: "receivable", amount });

/** Money that a gateway took for us becomes credit. */
export const deposit = (amount: Money, gateway: GatewayName, entry: Entry): Event[] =>
  posting("deposit", entry, { from: `clearing:${gateway}`, to: "credit_available", amount });

/** Credit is set aside, or let go. */
export const hold = (amount: Money, entry: Entry): Event[] =>
  posting("hold", entry, { from: "credit_available", to: "credit_held", amount });

export const release = (amount: Money, entry: Entry): Event[] =>
  posting("release", entry, { from: "credit_held", to: "credit_available", amount });

/** What was paid and isn't delivered, or is taken back, is credit again, or trial money. */
export const refund = (amount: Money, entry: Entry, to: Book = "credit_available"): Event[] =>
  posting("refund", entry, { from: "undelivered", to, amount });

/** Credit is taken, to be sent back to a gateway. */
export const sendBack = (amount: Money, entry: Entry): Event[] =>
  posting("refund", entry, { from: "credit_available", to: "sending_back", amount });

/** The gateway didn't take it: it is credit again. */
export const keepAfterAll = (amount: Money, entry: Entry): Event[] =>
  posting("refund", entry, { from: "sending_back", to: "credit_available", amount });

/** The gateway has given it to the payer. */
export const sentBack = (amount: Money, gateway: GatewayName, entry: Entry): Event[] =>
  posting("return", entry, { from: "sending_back", to: `clearing:${gateway}`, amount });

/** What an invoice is about is delivered. The coupon's share is promotion; it lowers neither revenue nor tax. */
export function sale(invoice: Invoice, entry: Entry): Event[] {
  const revenue = `revenue:${invoice.product}` as const;
  return posting(
    "sale",
    entry,
    { from: "undelivered", to: revenue, amount: invoice.total },
    { from: "promotions", to: revenue, amount: discountOf(invoice.lines) },
    { from: revenue, to: "tax", amount: invoice.tax },
  );
}

/** What was used is delivered and owed for. */
export function billed(bill: Invoice, entry: Entry): Event[] {
  const revenue = `revenue:${bill.product}` as const;
  return posting(
    "sale",
    entry,
    { from: "receivable", to: revenue, amount: bill.total },
    { from: revenue, to: "tax", amount: bill.tax },
  );
}

/** What a credit note takes back was earned for nothing: it is owed again. */
export function reversal(note: CreditNote, entry: Entry): Event[] {
  const revenue = `revenue:${note.product}` as const;
  return posting(
    "reversal",
    entry,
    { from: "tax", to: revenue, amount: note.tax },
    { from: revenue, to: "promotions", amount: discountOf(note.lines) },
    { from: revenue, to: "undelivered", amount: note.total },
  );
}

/** Service is delivered for trial money: nothing was sold. */
export const trial = (amount: Money, entry: Entry): Event[] =>
  posting("sale", entry, { from: "undelivered", to: "trials", amount });

/** What trial money paid for won't be used: it is owed again. */
export const trialReversal = (amount: Money, entry: Entry): Event[] =>
  posting("reversal", entry, { from: "trials", to: "undelivered", amount });

/** The balances once some events have happened. */
export const balancesAfter = (balances: Balances, events: readonly Event[]): Balances =>
  events.reduce(
    (after, event) => (event.type === "money_posted" ? post(after, event.transaction) : after),
    balances,
  );

/** A transaction that moves nothing leaves no entry. */
function posting(kind: LedgerTransaction["kind"], entry: Entry, ...moves: readonly Transfer[]): Event[] {
  const transfers = transfersOf(...moves);
  return transfers.length > 0 ? [{ type: "money_posted", transaction: { kind, ...entry, transfers } }] : [];
}
