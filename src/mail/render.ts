import type { Account } from "../domain/account.ts";
import type { MailJob, Notice } from "../domain/notice.ts";
import { asHtml, asText, type Content } from "./layout.ts";
import type { Mail } from "./sender.ts";
import { billsIssued } from "./templates/bills-issued.ts";
import { billsOverdue } from "./templates/bills-overdue.ts";
import { billsPaid } from "./templates/bills-paid.ts";
import { billsPayable } from "./templates/bills-payable.ts";
import { budgetReached } from "./templates/budget-reached.ts";
import { depositReceived } from "./templates/deposit-received.ts";
import { expiryReminder } from "./templates/expiry-reminder.ts";
import { holdResumed } from "./templates/hold-resumed.ts";
import { holdShort } from "./templates/hold-short.ts";
import { linkedAccountGone } from "./templates/linked-account-gone.ts";
import { orderPaid } from "./templates/order-paid.ts";
import { orderShared } from "./templates/order-shared.ts";
import { paidOnBehalf } from "./templates/paid-on-behalf.ts";
import { paymentFailed } from "./templates/payment-failed.ts";
import { pocEnding } from "./templates/poc-ending.ts";
import { provisioningFailed } from "./templates/provisioning-failed.ts";
import { recipientAsked } from "./templates/recipient-asked.ts";
import { refundSent } from "./templates/refund-sent.ts";
import { renewalFailed } from "./templates/renewal-failed.ts";
import { renewalSucceeded } from "./templates/renewal-succeeded.ts";
import { resourceDeleted } from "./templates/resource-deleted.ts";
import { resourceProvisioned } from "./templates/resource-provisioned.ts";
import { resourceResized } from "./templates/resource-resized.ts";
import { resourceRestricted } from "./templates/resource-restricted.ts";
import { resourceSuspended } from "./templates/resource-suspended.ts";
import { resourceTrashed } from "./templates/resource-trashed.ts";
import { useBegun } from "./templates/use-begun.ts";
import { useSuspended } from "./templates/use-suspended.ts";

/** How an account reads amounts and times. */
export type Reader = Pick<Account, "locale" | "timeZone" | "currency">;

/** A message's words for its reader, without what every mail has. */
export type Template<N extends Notice> = (
  notice: N,
  reader: Reader,
) => Pick<Content, "subject" | "message" | "facts">;

const FRAME = {
  en: {
    greeting: (name: string) => `Hello ${name},`,
    closing: "This message was sent by your cloud provider's billing.",
  },
  vi: {
    greeting: (name: string) => `Xin chào ${name},`,
    closing: "Thư này do hệ thống thanh toán của nhà cung cấp gửi.",
  },
} as const;

/** A mail in its reader's language, as text and HTML. */
export function render(job: MailJob, key: string): Mail {
  const frame = FRAME[job.locale];
  const content = {
    greeting: frame.greeting(job.customer),
    closing: frame.closing,
    ...contentOf(job.notice, job),
  };
  return {
    key,
    to: job.to,
    // A subject is a header: what stands in a name must not begin another one.
    subject: content.subject.replaceAll(/\p{Cc}+/gu, " "),
    text: asText(content),
    html: asHtml(content, job.locale),
    atMs: job.notice.atMs,
  };
}

function contentOf(notice: Notice, reader: Reader) {
  switch (notice.template) {
    case "recipient_asked":
      return recipientAsked(notice, reader);
    case "order_paid":
      return orderPaid(notice, reader);
    case "bills_payable":
      return billsPayable(notice, reader);
    case "bills_issued":
      return billsIssued(notice, reader);
    case "bills_overdue":
      return billsOverdue(notice, reader);
    case "bills_paid":
      return billsPaid(notice, reader);
    case "budget_reached":
      return budgetReached(notice, reader);
    case "use_suspended":
      return useSuspended(notice, reader);
    case "deposit_received":
      return depositReceived(notice, reader);
    case "order_shared":
      return orderShared(notice, reader);
    case "paid_on_behalf":
      return paidOnBehalf(notice, reader);
    case "refund_sent":
      return refundSent(notice, reader);
    case "payment_failed":
      return paymentFailed(notice, reader);
    case "linked_account_gone":
      return linkedAccountGone(notice, reader);
    case "poc_ending":
    case "poc_ended":
      return pocEnding(notice, reader);
    case "resource_provisioned":
      return resourceProvisioned(notice, reader);
    case "provisioning_failed":
      return provisioningFailed(notice, reader);
    case "resource_resized":
      return resourceResized(notice, reader);
    case "use_begun":
      return useBegun(notice, reader);
    case "hold_short":
      return holdShort(notice, reader);
    case "hold_resumed":
      return holdResumed(notice, reader);
    case "renewal_succeeded":
      return renewalSucceeded(notice, reader);
    case "renewal_failed":
      return renewalFailed(notice, reader);
    case "expiry_reminder":
      return expiryReminder(notice, reader);
    case "resource_restricted":
      return resourceRestricted(notice, reader);
    case "resource_suspended":
      return resourceSuspended(notice, reader);
    case "resource_trashed":
      return resourceTrashed(notice, reader);
    case "resource_deleted":
      return resourceDeleted(notice, reader);
  }
}
