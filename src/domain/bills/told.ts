import { type Invoice, openOf } from "../invoice.ts";
import type { BillList } from "../notice.ts";
import { totalOpen } from "./bill.ts";

/** A mail lists so many bills. */
export const MAX_BILLS_TOLD = 20;

/** Bills as a mail names them: the first of them, and what is open of all. */
export const listed = (bills: readonly Invoice[]): BillList => ({
  bills: bills.slice(0, MAX_BILLS_TOLD).map((bill) => ({
    code: bill.code,
    name: bill.resourceName,
    open: openOf(bill),
    dueAtMs: bill.dueAtMs,
  })),
  moreBills: Math.max(0, bills.length - MAX_BILLS_TOLD),
  open: totalOpen(bills),
});
