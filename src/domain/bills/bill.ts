import type { Account } from "../account.ts";
import { addDays } from "../calendar.ts";
import type { InvoiceCode } from "../ids.ts";
import { type Invoice, openOf } from "../invoice.ts";
import { add, type Money, smaller, subtract, ZERO } from "../money.ts";

/** Days after a bill is due at which its customer is reminded of it. (Domain: Postpaid, Overdue.) */
export const BILL_REMINDER_DAYS: readonly number[] = [0, 7, 14];
/** So many days after a bill was due, nothing new is sold until it is paid. */
export const REFUSAL_DAYS = 14;

/** How much of a bill is paid. */
export interface BillShare {
  readonly bill: Invoice;
  readonly amount: Money;
}

/** The same by name, as it is kept. */
export interface NamedShare {
  readonly invoice: InvoiceCode;
  readonly amount: Money;
}

export const isOpenBill = (invoice: Invoice): boolean => openOf(invoice) > 0;

/** Bills are paid by oldest issue, then the smaller first. (Domain: Postpaid, Automatic payment.) */
export const inPayingOrder = (bills: readonly Invoice[]): Invoice[] =>
  [...bills].sort((a, b) => a.issuedAtMs - b.issuedAtMs || openOf(a) - openOf(b) || a.n - b.n);

/** What an amount pays of some bills, in their order: each wholly before the next has any. */
export function sharesOf(bills: readonly Invoice[], amount: Money): BillShare[] {
  let left = amount;
  const shares: BillShare[] = [];
  for (const bill of inPayingOrder(bills)) {
    const share = smaller(openOf(bill), left);
    if (share > 0) shares.push({ bill, amount: share });
    left = subtract(left, share);
  }
  return shares;
}

/** A bill after a part of it is paid. */
export function withPaid({ bill, amount }: BillShare): Invoice {
  const paid = add(bill.paid, amount);
  if (paid > bill.total) throw new RangeError(`${bill.code} would be paid ${paid} of ${bill.total}`);
  return { ...bill, paid, status: paid === bill.total ? "paid" : "partially_paid" };
}

type Policy = Pick<Account, "timeZone" | "suspendOverdueDays">;

const isDueSince = (bill: Invoice, days: number, nowMs: number, timeZone: string): boolean =>
  nowMs >= addDays(bill.dueAtMs, days, timeZone);

/** Whether what is used is suspended until these bills are paid: by the account's policy, which is off without days. */
export const areSuspending = (
  bills: readonly Invoice[],
  { suspendOverdueDays, timeZone }: Policy,
  nowMs: number,
): boolean =>
  suspendOverdueDays !== null && bills.some((bill) => isDueSince(bill, suspendOverdueDays, nowMs, timeZone));

/** Whether nothing new is sold until these bills are paid; what is suspended isn't added to either. */
export const areOverdue = (bills: readonly Invoice[], account: Policy, nowMs: number): boolean =>
  bills.some((bill) => isDueSince(bill, REFUSAL_DAYS, nowMs, account.timeZone)) ||
  areSuspending(bills, account, nowMs);

export const totalOpen = (bills: readonly Invoice[]): Money =>
  bills.reduce<Money>((total, bill) => add(total, openOf(bill)), ZERO);
