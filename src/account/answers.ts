import type { Account } from "../domain/account.ts";
import type { Attempt } from "../domain/attempts/attempt.ts";
import type { Hold } from "../domain/hold/hold.ts";
import type { InvoiceCode } from "../domain/ids.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { LinkedAccount } from "../domain/linking/linked-account.ts";
import type { Measured } from "../domain/metering/measured.ts";
import type { MeteredResource } from "../domain/metering/usage-event.ts";
import type { Money } from "../domain/money.ts";
import type { Month } from "../domain/month.ts";
import type { Order } from "../domain/order.ts";
import type { Payment } from "../domain/payment.ts";
import type { SourceRefund } from "../domain/refunds/source-refund.ts";
import type { Resource } from "../domain/resource.ts";
import type { UsedMonth } from "../domain/usage.ts";
import type { ProjectedRow } from "../store/projection.ts";

/** What the read side should hold of an account, how far it was told, and when time next matters. */
export interface Projection {
  readonly epoch: number;
  readonly seq: number;
  readonly dueAtMs: number | null;
  readonly rows: readonly ProjectedRow[];
}

/** An attempt to pay, with its row of the payment history. */
export interface RecordedAttempt {
  readonly attempt: Attempt;
  readonly payment: Payment;
}

/** Open bills in the order in which they are paid. */
export interface BillsToPay {
  readonly bills: readonly Invoice[];
  /** The credit that could pay them: what attempts to pay them hold is among that. */
  readonly available: Money;
  /** What was begun at gateways to pay them, and isn't decided yet. */
  readonly attempts: readonly Attempt[];
}

/** Bills that should have been paid by now, oldest first, and what has come of that. */
export interface OverdueBills {
  /** The first of them. */
  readonly codes: readonly InvoiceCode[];
  /** What is open of all. */
  readonly open: Money;
  readonly sinceMs: number;
  /** Nothing new is sold. */
  readonly isRefused: boolean;
  /** What is paid by the month doesn't run. */
  readonly isSuspended: boolean;
}

/** A payment of bills, and what was paid, or is to be. */
export interface BillPayment {
  readonly payment: Payment;
  /** What was to bring the money; null where nothing was needed. */
  readonly attempt: Attempt | null;
  readonly bills: readonly Invoice[];
}

/** The linked accounts there are, the latest that are no more, and the unpaid orders that one could pay. */
export interface LinkedAccounts {
  readonly linked: LinkedAccount[];
  readonly gone: LinkedAccount[];
  readonly unpaid: Order[];
  /** The bills that one could pay, in the order in which they are paid. */
  readonly bills: Invoice[];
}

/** An invoice with the payment that it followed. */
export interface InvoiceWithPayment {
  readonly invoice: Invoice;
  readonly payment: Payment | null;
}

/** A refund with what it is about: `payment` is its own row, `captured` the row of what it gives back. */
export interface RefundWithPayment {
  readonly refund: SourceRefund;
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly captured: Payment;
  /** The other refunds of the same payment. */
  readonly siblings: readonly SourceRefund[];
}

/** Resources as usage events see them, and the zone that their days are counted in. */
export interface MeteredService {
  readonly timeZone: string;
  readonly resources: readonly MeteredResource[];
}

/** What will be billed by and by. */
export interface Usage {
  readonly account: Account;
  readonly used: readonly { readonly resource: Resource; readonly used: UsedMonth }[];
  readonly total: Money;
  /** The number of the last document that was issued then: what it bills is no longer among this. */
  readonly documents: number;
  /** What each resource's use of the present month will come to. */
  readonly foreseen: readonly { readonly resource: Resource; readonly month: UsedMonth }[];
}

/** The use of one resource in the present month. */
export interface ResourceUse {
  readonly account: Account;
  readonly resource: Resource;
  readonly month: Month;
  /** Null where nothing that costs was used so far. */
  readonly used: UsedMonth | null;
  readonly foreseen: UsedMonth | null;
  readonly meters: readonly Measured[];
}

/** What credit is held for: resources by their use, and payments that are under way at gateways. */
export interface Holds {
  readonly account: Account;
  readonly total: Money;
  /** What there wasn't credit for. */
  readonly missing: Money;
  readonly resources: readonly (Resource & { readonly hold: Hold })[];
  readonly payments: readonly Attempt[];
}
