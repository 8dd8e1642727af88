import type { Account } from "../account.ts";
import { type CreditNote, creditNoteFor } from "../credit-note.ts";
import type { Event } from "../events.ts";
import type { InvoiceCode } from "../ids.ts";
import type { Invoice } from "../invoice.ts";
import { reversal } from "../postings.ts";
import type { AccountState } from "../state.ts";
import type { Instant, Term } from "../terms.ts";

export interface Correction {
  readonly notes: readonly CreditNote[];
  readonly events: readonly Event[];
}

/**
 * Takes back what of some terms is unused at an instant: a credit note a term, which its invoice names from then on,
 * with what replaces it. `firstN` is the number of the first document. (Domain: Terms; Money, Documents.)
 */
export function creditTerms(
  terms: readonly Term[],
  at: Instant,
  of: {
    account: Account;
    invoice: AccountState["invoice"];
    firstN: number;
    nowMs: number;
    reason: CreditNote["reason"];
    reference: string;
    supersededBy: InvoiceCode | null;
  },
): Correction {
  const corrected = terms.map((term, index) => {
    const invoice = invoiceOf(term, of.invoice);
    const note = creditNoteFor(invoice, term, at, { ...of, n: of.firstN + index });
    const annotated: Invoice = {
      ...invoice,
      creditedBy: [...invoice.creditedBy, note.code],
      supersededBy: of.supersededBy,
    };
    return { note, annotated };
  });
  return {
    notes: corrected.map(({ note }) => note),
    events: corrected.flatMap(({ note, annotated }): Event[] => [
      { type: "credit_note_issued", creditNote: note },
      { type: "invoice_annotated", invoice: annotated },
      ...reversal(note, {
        atMs: of.nowMs,
        reference: of.reference,
        description: `Service taken back: ${note.resourceName}`,
      }),
    ]),
  };
}

/** Every term was invoiced when it began to count. */
export function invoiceOf(term: Term, invoice: AccountState["invoice"]): Invoice {
  const found = term.invoice && invoice(term.invoice);
  if (!found) throw new Error(`a term up to ${term.endMs} has no invoice`);
  return found;
}
