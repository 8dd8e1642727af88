import type { Account } from "./account.ts";
import type { Attempt } from "./attempts/attempt.ts";
import type { FiledCallback } from "./attempts/callback.ts";
import type { AutoTopUp } from "./auto-top-up/auto-top-up.ts";
import type { Collection } from "./bills/collection.ts";
import type { Budget } from "./budget/budget.ts";
import type { Span } from "./calendar.ts";
import type { CallbackId, InvoiceCode, OrderId, PaymentId, ResourceId } from "./ids.ts";
import type { Invoice } from "./invoice.ts";
import type { Balances } from "./ledger.ts";
import type { LinkedAccount, LinkedAccountId } from "./linking/linked-account.ts";
import type { Money } from "./money.ts";
import type { Order } from "./order.ts";
import type { Payment } from "./payment.ts";
import type { PocWallet } from "./poc/wallet.ts";
import type { SourceRefund } from "./refunds/source-refund.ts";
import type { Resource } from "./resource.ts";

/** How many of each the account has ever had; the next one's number `n` is one more. Documents are invoices and credit notes. */
export interface Counts {
  readonly documents: number;
  readonly payments: number;
  readonly resources: number;
}

/** The account as one decision sees it: a snapshot that is read row by row. `account` is null until it is opened. */
export interface AccountState {
  readonly account: Account | null;
  readonly balances: Balances;
  /** Null until trial money is granted. */
  readonly pocWallet: PocWallet | null;
  readonly counts: Counts;
  readonly collection: Collection;
  order(id: OrderId): Order | null;
  resource(id: ResourceId): Resource | null;
  payment(id: PaymentId): Payment | null;
  attempt(id: PaymentId): Attempt | null;
  refund(id: PaymentId): SourceRefund | null;
  readonly autoTopUp: AutoTopUp | null;
  readonly budget: Budget | null;
  /** What the documents say whose cost lies in a span, what they take back taken off. (Domain: Budget.) */
  invoicedIn(span: Span): Money;
  /** Those whose next milestone is a renewal at or before an instant. */
  renewalsBy(atMs: number): readonly Resource[];
  linkedAccount(id: LinkedAccountId): LinkedAccount | null;
  /** Those that weren't removed, in the order in which they were begun. */
  linkedAccounts(): readonly LinkedAccount[];
  callback(id: CallbackId): FiledCallback | null;
  /** Bills of which something is open. */
  unpaidBills(): readonly Invoice[];
  /** Attempts that hold something, or may settle, for bills. */
  billAttempts(): readonly Attempt[];
  /** Resources with use that isn't invoiced; whatever is paid by the month and goes on is among them. */
  usedResources(): readonly Resource[];
  invoice(code: InvoiceCode): Invoice | null;
  /** Resources that wait, suspended, for credit to be held for their use; the oldest first. */
  suspendedForCredit(): readonly Resource[];
  /** What lives, or lived, on trial money. */
  pocResources(): readonly Resource[];
  /** Whether a resource isn't deleted, or was used and isn't invoiced. */
  hasLiveResources(): boolean;
}
