import type { Attempt } from "../attempts/attempt.ts";
import type { Budget } from "../budget/budget.ts";
import type { CreditNote } from "../credit-note.ts";
import type { Invoice } from "../invoice.ts";
import type { Balances, LedgerTransaction } from "../ledger.ts";
import type { Order } from "../order.ts";
import type { Payment } from "../payment.ts";
import type { PocWallet } from "../poc/wallet.ts";
import type { SourceRefund } from "../refunds/source-refund.ts";
import type { Resource } from "../resource.ts";
import type { Counts } from "../state.ts";

/** Everything an account holds, for a look at the whole. */
export interface Books {
  readonly balances: Balances;
  readonly pocWallet: PocWallet | null;
  readonly counts: Counts;
  readonly ledger: readonly LedgerTransaction[];
  readonly orders: readonly Order[];
  readonly resources: readonly Resource[];
  readonly payments: readonly Payment[];
  readonly attempts: readonly Attempt[];
  readonly refunds: readonly SourceRefund[];
  readonly invoices: readonly Invoice[];
  readonly creditNotes: readonly CreditNote[];
  readonly budget: Budget | null;
}

/** What must always be true of an account, by its number in the domain's list, and what is wrong with it. */
export interface Violation {
  readonly invariant: 1 | 2 | 3 | 4 | 6 | 7 | 8 | 9 | 10 | 11 | 12;
  readonly problem: string;
}

/** A broken invariant, by its number. */
export const broken = (invariant: Violation["invariant"], problem: string): Violation => ({
  invariant,
  problem,
});
