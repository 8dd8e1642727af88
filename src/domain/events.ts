import type { Account } from "./account.ts";
import type { Attempt, AttemptId } from "./attempts/attempt.ts";
import type { FiledCallback } from "./attempts/callback.ts";
import type { AutoTopUp } from "./auto-top-up/auto-top-up.ts";
import type { Collection } from "./bills/collection.ts";
import type { Budget } from "./budget/budget.ts";
import type { ConsoleCall } from "./console-call.ts";
import type { CreditNote } from "./credit-note.ts";
import type { CouponCode, OrderId } from "./ids.ts";
import type { Invoice } from "./invoice.ts";
import type { LedgerTransaction } from "./ledger.ts";
import type { LinkedAccount, LinkedAccountId } from "./linking/linked-account.ts";
import type { Notice } from "./notice.ts";
import type { Order } from "./order.ts";
import type { Payment } from "./payment.ts";
import type { PocWallet } from "./poc/wallet.ts";
import type { RefundId, SourceRefund } from "./refunds/source-refund.ts";
import type { Resource } from "./resource.ts";

export type AlertKind =
  | "provisioning_overdue"
  | "console_call_dead"
  /** Money that a gateway took for something we don't know, or otherwise than we know it. */
  | "callback_filed"
  /** A gateway says something else than it said before, or than we recorded. */
  | "gateway_contradiction"
  /** A gateway hasn't said anything final for as long as it is asked. */
  | "attempt_unresolved"
  | "refund_unresolved"
  /** A gateway couldn't be told that a linked account is one no more. */
  | "unlink_unresolved";

/** Something operations must look at. `key` names it once: raising it again changes nothing. */
export interface Alert {
  readonly key: string;
  readonly kind: AlertKind;
  readonly subject: string;
  readonly atMs: number;
}

/**
 * What a command made true. Changed things are carried whole: the account's store writes exactly these, in one
 * transaction, and its projection tells the rest of the world.
 */
export type Event =
  | { readonly type: "account_configured"; readonly account: Account }
  | { readonly type: "money_posted"; readonly transaction: LedgerTransaction }
  | { readonly type: "poc_wallet_changed"; readonly wallet: PocWallet }
  | { readonly type: "order_changed"; readonly order: Order }
  | { readonly type: "resource_changed"; readonly resource: Resource }
  | { readonly type: "payment_recorded"; readonly payment: Payment }
  | { readonly type: "attempt_changed"; readonly attempt: Attempt }
  /** Its gateway is to be asked how it stands; the answer comes as a command. */
  | { readonly type: "query_wanted"; readonly attempt: AttemptId }
  | { readonly type: "refund_changed"; readonly refund: SourceRefund }
  | { readonly type: "refund_query_wanted"; readonly refund: RefundId }
  | { readonly type: "linked_account_changed"; readonly linkedAccount: LinkedAccount }
  /** Its gateway is to be asked what became of it, or told of its end; the answer comes as a command. */
  | { readonly type: "link_query_wanted"; readonly link: LinkedAccountId }
  | { readonly type: "auto_top_up_changed"; readonly autoTopUp: AutoTopUp }
  /** Credit is to be bought from a linked account, if it still is by then; the charge comes as a command. */
  | { readonly type: "auto_top_up_wanted" }
  | { readonly type: "budget_changed"; readonly budget: Budget }
  | { readonly type: "callback_filed"; readonly callback: FiledCallback }
  | { readonly type: "invoice_issued"; readonly invoice: Invoice }
  /** It names what corrected or replaced it; its amounts are as they were. */
  | { readonly type: "invoice_annotated"; readonly invoice: Invoice }
  /** A part of it, or all, was paid. */
  | { readonly type: "bill_paid"; readonly invoice: Invoice }
  /** Time has done something about the unpaid bills. */
  | { readonly type: "collection_ran"; readonly collection: Collection }
  | { readonly type: "credit_note_issued"; readonly creditNote: CreditNote }
  | {
      readonly type: "coupon_settled";
      readonly coupon: CouponCode;
      readonly order: OrderId;
      readonly spent: boolean;
    }
  | { readonly type: "console_called"; readonly call: ConsoleCall }
  | { readonly type: "notice_given"; readonly notice: Notice }
  | { readonly type: "alert_raised"; readonly alert: Alert };

export type EventOf<T extends Event["type"]> = Extract<Event, { type: T }>;
