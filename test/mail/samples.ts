import type { MailJob, Notice, NoticeOf } from "../../src/domain/notice.ts";

/** 10:15 in Ho Chi Minh City. */
export const AT_MS = Date.UTC(2027, 2, 10, 3, 15);

const OF_RESOURCE = { atMs: AT_MS, resource: "res_1" as never, name: "máy-chủ-1" } as const;

/** One notice of every kind there is: a new kind doesn't compile without one. */
export const NOTICES: { readonly [T in Notice["template"]]: NoticeOf<T> } = {
  recipient_asked: {
    template: "recipient_asked",
    key: "recipient_asked:rcp_1",
    atMs: AT_MS,
    to: "chi@example.com",
    confirmationUrl: "https://billing.example/recipients/confirm?code=abc.def",
    untilMs: AT_MS + 3 * 86_400_000,
  },
  order_paid: {
    template: "order_paid",
    moreLines: 0,
    key: "order_paid:ord_1",
    atMs: AT_MS,
    order: "ord_1" as never,
    action: "create",
    lines: [
      { name: "máy-chủ-1", amount: 90_000 as never },
      { name: "đĩa-2", amount: 1_250_000 as never },
    ],
    coupon: "TET2027" as never,
    discount: 10_000 as never,
    total: 1_330_000 as never,
    gateway: null,
  },
  deposit_received: {
    template: "deposit_received",
    key: "deposit_received:1",
    atMs: AT_MS,
    order: "ord_1" as never,
    gateway: "momo",
    amount: 90_000 as never,
  },
  refund_sent: {
    template: "refund_sent",
    key: "refund_sent:1",
    atMs: AT_MS,
    order: "ord_1" as never,
    gateway: "vnpay",
    amount: 45_000 as never,
  },
  payment_failed: {
    template: "payment_failed",
    key: "payment_failed:1",
    atMs: AT_MS,
    order: "ord_1" as never,
    gateway: "vnpay",
    amount: 90_000 as never,
    reason: "cancelled",
  },
  linked_account_gone: {
    template: "linked_account_gone",
    key: "linked_account_gone:1",
    atMs: AT_MS,
    gateway: "momo",
    label: "09******99",
  },
  resource_provisioned: {
    template: "resource_provisioned",
    key: "resource_provisioned:ord_1.1",
    atMs: AT_MS,
    resource: "res_1" as never,
    name: "máy-chủ-1",
    isRecovered: false,
    startAtMs: AT_MS,
    endAtMs: Date.UTC(2027, 3, 10, 3, 15),
    invoice: "202703-A1-1" as never,
    total: 90_000 as never,
  },
  use_begun: {
    template: "use_begun",
    key: "use_begun:ord_1.1",
    ...OF_RESOURCE,
    why: "converted",
    startAtMs: AT_MS,
  },
  provisioning_failed: {
    template: "provisioning_failed",
    key: "provisioning_failed:ord_1.1",
    atMs: AT_MS,
    action: "create",
    line: "ord_1.1" as never,
    name: "máy-chủ-1",
    reason: "hết chỗ",
    refund: 90_000 as never,
  },
  resource_resized: {
    template: "resource_resized",
    key: "resource_resized:ord_1.1",
    ...OF_RESOURCE,
    endAtMs: Date.UTC(2027, 3, 10, 3, 15),
    invoice: "202703-A1-1" as never,
    total: 90_000 as never,
    refund: 20_000 as never,
  },
  renewal_succeeded: {
    template: "renewal_succeeded",
    key: "renewal_succeeded:res_1",
    ...OF_RESOURCE,
    endAtMs: Date.UTC(2027, 3, 10, 3, 15),
    invoice: "202703-A1-1" as never,
    total: 90_000 as never,
  },
  renewal_failed: {
    template: "renewal_failed",
    key: "renewal_failed:res_1",
    ...OF_RESOURCE,
    endAtMs: Date.UTC(2027, 2, 14, 3, 15),
    amount: 90_000 as never,
    missing: 40_000 as never,
    nextAttemptAtMs: Date.UTC(2027, 2, 13, 1),
  },
  expiry_reminder: {
    template: "expiry_reminder",
    key: "expiry_reminder:res_1",
    ...OF_RESOURCE,
    state: "suspended",
    endAtMs: Date.UTC(2027, 2, 9, 3, 15),
    deletesAtMs: Date.UTC(2027, 2, 16, 3, 15),
    days: 1,
    isAutoRenewed: false,
  },
  resource_restricted: {
    template: "resource_restricted",
    key: "resource_restricted:res_1",
    ...OF_RESOURCE,
    nextAtMs: Date.UTC(2027, 2, 25, 3, 15),
  },
  resource_suspended: {
    template: "resource_suspended",
    key: "resource_suspended:res_1",
    ...OF_RESOURCE,
    deletesAtMs: Date.UTC(2027, 2, 25, 3, 15),
    isInTrash: false,
  },
  resource_trashed: {
    template: "resource_trashed",
    key: "resource_trashed:res_1",
    ...OF_RESOURCE,
    deletesAtMs: Date.UTC(2027, 2, 17, 3, 15),
    refund: 20_000 as never,
  },
  resource_deleted: {
    template: "resource_deleted",
    key: "resource_deleted:res_1",
    ...OF_RESOURCE,
    refund: 20_000 as never,
  },
};

export const ALL_NOTICES: readonly Notice[] = Object.values(NOTICES);

/** A mail about a notice, to a Vietnamese customer unless said otherwise. */
export const jobOf = (notice: Notice, more: Partial<MailJob> = {}): MailJob => ({
  type: "send_mail",
  account: "acc_1" as never,
  to: "an@example.com",
  customer: "Nguyễn Thị Ánh",
  locale: "vi",
  timeZone: "Asia/Ho_Chi_Minh",
  currency: "VND",
  notice,
  ...more,
});
