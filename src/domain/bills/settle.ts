import { letGoOfBills } from "../attempts/let-go.ts";
import type { Event } from "../events.ts";
import type { PaymentId } from "../ids.ts";
import { type Invoice, openOf } from "../invoice.ts";
import type { Book } from "../ledger.ts";
import { type Money, sum } from "../money.ts";
import type { Notice } from "../notice.ts";
import type { Payment } from "../payment.ts";
import { billPayment } from "../postings.ts";
import type { AccountState } from "../state.ts";
import { areSuspending, type BillShare, inPayingOrder, totalOpen, withPaid } from "./bill.ts";
import { isSuspendedForBills, resumeUse } from "./suspension.ts";
import { MAX_BILLS_TOLD } from "./told.ts";

/** How bills are being paid, and out of which book. */
export interface BillPaying {
  readonly id: PaymentId;
  readonly method: Payment["method"];
  readonly from: Book;
  /** The row that has waited for it. */
  readonly pending: Payment | null;
  readonly isAutomatic: boolean;
  /** What somebody outside calls it. */
  readonly reference: string | null;
}

export interface BillsSettled {
  readonly payment: Payment;
  readonly bills: readonly Invoice[];
  readonly events: readonly Event[];
}

/**
 * Bills are paid, whole or in part. What attempts hold for them is let go; what was suspended until they were paid runs
 * again. (Domain: Postpaid, Bills.)
 */
export function settleBills(
  state: AccountState,
  shares: readonly BillShare[],
  paying: BillPaying,
  atMs: number,
): BillsSettled {
  const { account } = state;
  if (!account) throw new Error("bills without an account");
  const amount = sum(shares.map((share) => share.amount));
  const payment = paymentOfBills(state, shares, paying, amount, atMs);
  const bills = shares.map(withPaid);
  const after = stillOpen(state, bills);
  const isFree = !areSuspending(after, account, atMs) && state.usedResources().some(isSuspendedForBills);
  const notice: Notice = {
    key: `bills_paid:${payment.id}`,
    template: "bills_paid",
    atMs,
    bills: shares.slice(0, MAX_BILLS_TOLD).map((share, index) => ({
      code: share.bill.code,
      name: share.bill.resourceName,
      amount: share.amount,
      open: openOf(bills[index] ?? share.bill),
    })),
    moreBills: Math.max(0, shares.length - MAX_BILLS_TOLD),
    ...{ amount, open: totalOpen(after), isAutomatic: paying.isAutomatic, isResumed: isFree },
    gateway: paying.pending?.gateway ?? null,
  };
  const codes = bills.map(({ code }) => code);
  return {
    payment,
    bills,
    events: [
      ...letGoOfBills(state, codes, atMs).events,
      ...billPayment(amount, paying.from, {
        ...{ atMs, reference: payment.id },
        description: paying.isAutomatic ? "Automatic payment of bills" : "Payment of bills",
      }),
      { type: "payment_recorded", payment },
      ...bills.map((invoice): Event => ({ type: "bill_paid", invoice })),
      ...(isFree ? resumeUse(state, atMs) : []),
      { type: "notice_given", notice },
    ],
  };
}

/** The account's unpaid bills once some of them are as they are now. */
function stillOpen(state: AccountState, changed: readonly Invoice[]): Invoice[] {
  const now = new Map(changed.map((bill) => [bill.code, bill]));
  return inPayingOrder(state.unpaidBills().map((bill) => now.get(bill.code) ?? bill)).filter(
    (bill) => openOf(bill) > 0,
  );
}

function paymentOfBills(
  state: AccountState,
  shares: readonly BillShare[],
  { id, method, pending, reference }: BillPaying,
  amount: Money,
  nowMs: number,
): Payment {
  const [first] = shares;
  if (!first) throw new Error(`${id} pays nothing`);
  return {
    id,
    n: pending?.n ?? state.counts.payments + 1,
    kind: "payment",
    method,
    gateway: pending?.gateway ?? null,
    status: "succeeded",
    amount: pending?.amount ?? amount,
    currency: first.bill.currency,
    order: null,
    refundOf: null,
    lines: shares.map(({ bill, amount }) => {
      const resource = state.resource(bill.resource);
      if (!resource) throw new Error(`${bill.code} is about no resource`);
      return { line: resource.line, resource: bill.resource, amount, invoice: bill.code };
    }),
    documents: state.counts.documents,
    reason: null,
    ...(reference === null ? {} : { reference }),
    createdAtMs: pending?.createdAtMs ?? nowMs,
  };
}
