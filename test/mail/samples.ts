import type { MailJob, Notice, NoticeOf } from "../../src/domain/notice.ts";

/** 10:15 in Ho Chi Minh City. */
export const AT_MS = Date.UTC(2027, 2, 10, 3, 15);

/** One notice of every kind there is: a new kind doesn't compile without one. */
export const NOTICES: { readonly [T in Notice["template"]]: NoticeOf<T> } = {
  order_paid: {
    template: "order_paid",
    moreLines: 0,
    key: "order_paid:ord_1",
    atMs: AT_MS,
    order: "ord_1" as never,
    lines: [
      { name: "máy-chủ-1", amount: 90_000 as never },
      { name: "đĩa-2", amount: 1_250_000 as never },
    ],
    coupon: "TET2027" as never,
    discount: 10_000 as never,
    total: 1_330_000 as never,
  },
  resource_provisioned: {
    template: "resource_provisioned",
    key: "resource_provisioned:ord_1.1",
    atMs: AT_MS,
    resource: "res_1" as never,
    name: "máy-chủ-1",
    startAtMs: AT_MS,
    endAtMs: Date.UTC(2027, 3, 10, 3, 15),
    invoice: "202703-A1-1" as never,
    total: 90_000 as never,
  },
  provisioning_failed: {
    template: "provisioning_failed",
    key: "provisioning_failed:ord_1.1",
    atMs: AT_MS,
    line: "ord_1.1" as never,
    name: "máy-chủ-1",
    reason: "hết chỗ",
    refund: 90_000 as never,
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
