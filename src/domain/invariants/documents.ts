import { costAtMs, costOf, isWithin } from "../budget/budget.ts";
import type { CreditNote } from "../credit-note.ts";
import type { InvoiceCode } from "../ids.ts";
import { openOf } from "../invoice.ts";
import { balanceOf } from "../ledger.ts";
import { subtract, sum, ZERO } from "../money.ts";

import { type Books, broken, type Violation } from "./books.ts";

/** What is billed and not paid is owed; an invoice says how far it is. */
export function receivableIsWhatIsOpen({ invoices, balances }: Books): Violation[] {
  const open = sum(invoices.map(openOf));
  const owed = subtract(ZERO, balanceOf(balances, "receivable"));
  const astray = invoices.filter((invoice) => {
    const { paid, total, status } = invoice;
    if (paid < 0 || paid > total) return true;
    return status !== (paid === total ? "paid" : paid > 0 ? "partially_paid" : "unpaid");
  });
  return [
    ...(open === owed ? [] : [broken(6, `${owed} is owed in the books, ${open} on invoices`)]),
    ...astray.map(({ code, status, paid }) => broken(6, `${code} is ${status} with ${paid} paid`)),
  ];
}

/** A number may be missing after a restore, when a document was issued that the account no longer knows; never twice. */
export function documentsAreCounted({ invoices, creditNotes, counts }: Books): Violation[] {
  const numbers = [...invoices, ...creditNotes].map(({ n }) => n);
  const areCounted =
    new Set(numbers).size === numbers.length && numbers.every((n) => n >= 1 && n <= counts.documents);
  return areCounted
    ? []
    : [broken(6, `${counts.documents} documents were counted, these exist: ${numbers.join(", ")}`)];
}

/** What corrects an invoice never takes back more than it, in total, tax or coupon; and the invoice names it. */
export function creditNotesFitTheirInvoices({ invoices, creditNotes }: Books): Violation[] {
  const corrections = new Map<InvoiceCode, CreditNote[]>();
  for (const note of creditNotes)
    corrections.set(note.invoice, [...(corrections.get(note.invoice) ?? []), note]);
  const known = new Set(invoices.map(({ code }) => code));
  return [
    ...creditNotes.flatMap(({ code, invoice }) =>
      known.has(invoice) ? [] : [broken(6, `${code} corrects ${invoice}, which isn't there`)],
    ),
    ...invoices.flatMap((invoice) => {
      const notes = corrections.get(invoice.code) ?? [];
      const isNamed =
        notes.length === invoice.creditedBy.length &&
        notes.every(({ code }) => invoice.creditedBy.includes(code));
      const isWithin =
        sum(notes.map(({ total }) => total)) <= invoice.total &&
        sum(notes.map(({ tax }) => tax)) <= invoice.tax &&
        sum(notes.map(({ coupon }) => coupon?.amount ?? ZERO)) <= (invoice.coupon?.amount ?? ZERO);
      return isNamed && isWithin ? [] : [broken(6, `${invoice.code} isn't what its credit notes correct`)];
    }),
  ];
}

/** A budget that is on has counted every document of its month. */
export function budgetCountsItsMonth({ budget, invoices, creditNotes }: Books): Violation[] {
  if (!budget?.isOn) return [];
  const documents = [...invoices, ...creditNotes].filter((one) => isWithin(costAtMs(one), budget.month));
  const total = sum(documents.map(costOf));
  return budget.invoiced === total
    ? []
    : [broken(12, `${budget.invoiced} is counted of the month's documents, they say ${total}`)];
}
