import type { Account } from "./account.ts";
import type { ConsoleCall } from "./console-call.ts";
import type { CreditNote } from "./credit-note.ts";
import type { CouponCode, OrderId } from "./ids.ts";
import type { Invoice } from "./invoice.ts";
import type { LedgerTransaction } from "./ledger.ts";
import type { Notice } from "./notice.ts";
import type { Order } from "./order.ts";
import type { Payment } from "./payment.ts";
import type { Resource } from "./resource.ts";

/** Something operations must look at. `key` names it once: raising it again changes nothing. */
export interface Alert {
  readonly key: string;
  readonly kind: "provisioning_overdue" | "console_call_dead";
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
  | { readonly type: "order_changed"; readonly order: Order }
  | { readonly type: "resource_changed"; readonly resource: Resource }
  | { readonly type: "payment_recorded"; readonly payment: Payment }
  | { readonly type: "invoice_issued"; readonly invoice: Invoice }
  /** It names what corrected or replaced it; its amounts are as they were. */
  | { readonly type: "invoice_annotated"; readonly invoice: Invoice }
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
