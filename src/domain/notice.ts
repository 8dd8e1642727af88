import type { Account } from "./account.ts";
import type { FailureReason, GatewayName } from "./gateway.ts";
import type { CouponCode, InvoiceCode, LineId, OrderId, ResourceId } from "./ids.ts";
import type { Currency, Money } from "./money.ts";
import type { Action } from "./order.ts";
import { isSameAddress } from "./recipient.ts";
import type { ResourceState } from "./resource.ts";

/** What a customer is told by mail. `key` names the occasion once: a recipient gets one mail for it. */
export type Notice = { readonly key: string; readonly atMs: number } & (
  | {
      readonly template: "order_paid";
      readonly order: OrderId;
      readonly action: Action;
      /** The first lines; `moreLines` counts the rest. A mail must fit into a queue's message. */
      readonly lines: readonly { readonly name: string; readonly amount: Money }[];
      readonly moreLines: number;
      readonly coupon: CouponCode | null;
      readonly discount: Money;
      readonly total: Money;
      /** Where it was paid; null for what was paid from a wallet. */
      readonly gateway: GatewayName | null;
      /** Trial money paid it. */
      readonly isOnPoc: boolean;
      /** Who paid on the customer's behalf, where somebody did. */
      readonly paidBy?: string;
    }
  | {
      readonly template: "recipient_asked";
      readonly to: string;
      readonly confirmationUrl: string;
      readonly untilMs: number;
    }
  | {
      readonly template: "resource_provisioned";
      readonly resource: ResourceId;
      readonly name: string;
      readonly isRecovered: boolean;
      readonly startAtMs: number;
      readonly endAtMs: number;
      /** Null for what trial money paid. */
      readonly invoice: InvoiceCode | null;
      readonly total: Money;
    }
  | {
      readonly template: "provisioning_failed";
      readonly action: Action;
      readonly line: LineId;
      readonly name: string;
      readonly reason: string;
      readonly refund: Money;
      readonly isOnPoc: boolean;
    }
  | ({ readonly template: "poc_ending" } & PocNotice)
  | ({ readonly template: "poc_ended" } & PocNotice)
  | {
      readonly template: "deposit_received";
      /** The order, or the bills, that needed it no longer; neither where credit was what was asked for. */
      readonly order: OrderId | null;
      readonly bills?: readonly InvoiceCode[];
      readonly gateway: GatewayName;
      readonly amount: Money;
    }
  | {
      readonly template: "order_shared";
      readonly to: string;
      /** Who asks for it. */
      readonly from: string;
      readonly order: OrderId;
      readonly total: Money;
      readonly url: string;
      readonly untilMs: number;
    }
  | {
      readonly template: "paid_on_behalf";
      readonly to: string;
      readonly order: OrderId;
      readonly gateway: GatewayName;
      readonly amount: Money;
    }
  | {
      readonly template: "refund_sent";
      /** What the money had been paid for; null where it was credit. */
      readonly order: OrderId | null;
      readonly gateway: GatewayName;
      readonly amount: Money;
    }
  | {
      readonly template: "payment_failed";
      readonly order: OrderId | null;
      readonly bills?: readonly InvoiceCode[];
      readonly gateway: GatewayName;
      readonly amount: Money;
      readonly reason: FailureReason;
    }
  | {
      readonly template: "linked_account_gone";
      readonly gateway: GatewayName;
      readonly label: string | null;
    }
  | {
      readonly template: "budget_reached";
      /** An address that is told besides. */
      readonly also: string | null;
      readonly percent: number;
      readonly monthlyLimit: Money;
      readonly spent: Money;
      readonly monthStartMs: number;
    }
  | BillNotice
  | ({ readonly resource: ResourceId; readonly name: string } & ResourceNotice)
);

/** The POC wallet's end, and what is left in it, or was. (Domain: POC.) */
interface PocNotice {
  readonly expiresAtMs: number;
  readonly balance: Money;
}

/** The first of some bills, with what is open of each; `open` is of all of them. */
export interface BillList {
  readonly bills: readonly {
    readonly code: InvoiceCode;
    readonly name: string;
    readonly open: Money;
    readonly dueAtMs: number;
  }[];
  readonly moreBills: number;
  readonly open: Money;
}

/** What a customer is told about their bills. (Domain: Postpaid.) */
type BillNotice =
  | ({ readonly template: "bills_issued" } & BillList)
  /** Days since they were due; from then on nothing new may be sold. */
  | ({ readonly template: "bills_overdue"; readonly days: number; readonly isRefused: boolean } & BillList)
  | ({ readonly template: "use_suspended" } & BillList)
  /** They can be paid now by an account that was linked. */
  | ({
      readonly template: "bills_payable";
      readonly gateway: GatewayName;
      readonly label: string | null;
    } & BillList)
  | {
      readonly template: "bills_paid";
      readonly bills: readonly {
        readonly code: InvoiceCode;
        readonly name: string;
        readonly amount: Money;
        /** What is still open of it. */
        readonly open: Money;
      }[];
      readonly moreBills: number;
      readonly amount: Money;
      /** What is still open of all the account's bills. */
      readonly open: Money;
      readonly isAutomatic: boolean;
      /** What was suspended for them runs again. */
      readonly isResumed: boolean;
      readonly gateway: GatewayName | null;
    };

/** What a customer is told about one resource in its course. (Domain: Lifecycle.) */
type ResourceNotice =
  | {
      readonly template: "resource_resized";
      readonly endAtMs: number;
      /** Null for what trial money paid. */
      readonly invoice: InvoiceCode | null;
      readonly total: Money;
      readonly refund: Money;
    }
  | {
      /** It is used from now on, and paid by the month. */
      readonly template: "use_begun";
      readonly why: "created" | "resized" | "converted" | "tried";
      readonly startAtMs: number;
    }
  | {
      /** There is too little credit to hold for its use. */
      readonly template: "hold_short";
      readonly total: Money;
      readonly missing: Money;
      readonly isSuspended: boolean;
    }
  | { readonly template: "hold_resumed"; readonly amount: Money }
  | {
      readonly template: "renewal_succeeded";
      readonly endAtMs: number;
      readonly invoice: InvoiceCode;
      readonly total: Money;
    }
  | {
      readonly template: "renewal_failed";
      readonly endAtMs: number;
      /** Null where it has no price any more. */
      readonly amount: Money | null;
      readonly missing: Money;
      /** Null after the last attempt: auto-renewal is then off. */
      readonly nextAttemptAtMs: number | null;
    }
  | {
      readonly template: "expiry_reminder";
      readonly state: ResourceState;
      readonly endAtMs: number;
      readonly deletesAtMs: number | null;
      /** From the end: below zero before it. */
      readonly days: number;
      readonly isAutoRenewed: boolean;
      readonly isOnPoc: boolean;
    }
  | { readonly template: "resource_restricted"; readonly nextAtMs: number }
  | {
      readonly template: "resource_suspended";
      readonly deletesAtMs: number;
      readonly isInTrash: boolean;
      readonly isOnPoc: boolean;
    }
  | {
      readonly template: "resource_trashed";
      readonly deletesAtMs: number;
      readonly refund: Money;
      readonly isOnPoc: boolean;
    }
  | { readonly template: "resource_deleted"; readonly refund: Money; readonly isOnPoc: boolean };

export type NoticeOf<T extends Notice["template"]> = Extract<Notice, { template: T }>;

/** One mail on its way: what happened, to whom it is told, and how their account writes amounts and times. */
export interface MailJob {
  readonly type: "send_mail";
  readonly account: Account["id"];
  readonly to: string;
  readonly customer: string;
  readonly locale: Account["locale"];
  readonly timeZone: string;
  readonly currency: Currency;
  readonly notice: Notice;
}

/**
 * A notice's mails: to the account's owner and everybody who said yes to its mails, or to the one that it is for, whom
 * we know by address alone.
 */
export function mailsFor(
  { id, email, name, locale, timeZone, currency, recipients }: Account,
  notice: Notice,
): MailJob[] {
  const confirmed = recipients.filter(({ confirmedAtMs }) => confirmedAtMs !== null);
  const own = [email, ...confirmed.map((recipient) => recipient.email)];
  const also = "also" in notice && notice.also !== null ? [notice.also] : [];
  const addresses =
    "to" in notice
      ? [notice.to]
      : [...own, ...also.filter((other) => !own.some((known) => isSameAddress(known, other)))];
  const isForStranger = notice.template === "order_shared" || notice.template === "paid_on_behalf";
  return addresses.map((to) => ({
    type: "send_mail",
    account: id,
    to,
    customer: isForStranger ? to : name,
    locale,
    timeZone,
    currency,
    notice,
  }));
}
