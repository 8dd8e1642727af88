import type { Account } from "../account.ts";
import { type CreditNote, lateCreditNote } from "../credit-note.ts";
import type { Event } from "../events.ts";
import type { PaymentId } from "../ids.ts";
import type { Invoice } from "../invoice.ts";
import type { LateUse } from "../late-use.ts";
import { refund, reversal } from "../postings.ts";
import type { Resource } from "../resource.ts";
import type { AccountState, Counts } from "../state.ts";

/** What a refund of use says, in English. */
export const LESS_WAS_USED = "Less was used than was billed.";

/**
 * A closed month turned out to cost less than was billed of it, and the next bill is too small to say so: a credit note on
 * that month's bill gives the difference back, into credit. Null where that bill was credited before, or is smaller; then it
 * waits. (Domain: Metered, Late events.)
 */
export function creditLateUse(
  state: AccountState,
  account: Account,
  resource: Resource,
  { month, difference }: LateUse,
  { atMs, counts }: { readonly atMs: number; readonly counts: Omit<Counts, "resources"> },
): Event[] | null {
  const bill = month.bill && state.invoice(month.bill);
  if (!bill || bill.creditedBy.length > 0) return null;
  const note = lateCreditNote(bill, difference, { account, n: counts.documents + 1, nowMs: atMs });
  if (note.total > bill.total || note.tax > bill.tax) return null;
  const annotated: Invoice = { ...bill, creditedBy: [note.code] };
  const entry = { atMs, reference: note.code };
  return [
    { type: "credit_note_issued", creditNote: note },
    { type: "invoice_annotated", invoice: annotated },
    ...reversal(note, { ...entry, description: `Service taken back: ${resource.name}` }),
    refundRow(resource, bill, note, { atMs, counts }),
    ...refund(note.total, { ...entry, description: `Refund: ${resource.name}` }),
  ];
}

const refundRow = (
  { id, line, order }: Resource,
  bill: Invoice,
  note: CreditNote,
  { atMs, counts }: { readonly atMs: number; readonly counts: Omit<Counts, "resources"> },
): Event => ({
  type: "payment_recorded",
  payment: {
    id: `${id.replace(/^res_/, "pay_")}.l${note.n}` as PaymentId,
    n: counts.payments + 1,
    ...{ kind: "refund", method: "credit", gateway: null, status: "succeeded" },
    ...{ amount: note.total, currency: note.currency, order, refundOf: bill.payment },
    lines: [{ line, resource: id, amount: note.total, invoice: bill.code }],
    documents: counts.documents,
    reason: LESS_WAS_USED,
    createdAtMs: atMs,
  },
});
