import type { Invoice } from "../domain/invoice.ts";
import type { CreditEntry, PocEntry } from "../domain/ledger.ts";
import type { Payment } from "../domain/payment.ts";
import type { BillingStatus, Resource, ResourceState } from "../domain/resource.ts";
import { invoiceTexts } from "./invoice.ts";
import type { Translated } from "./locale.ts";

interface Statuses {
  readonly invoice: Readonly<Record<Invoice["status"], string>>;
  readonly payment: Readonly<Record<Payment["status"], string>>;
  readonly paymentKind: Readonly<Record<Payment["kind"], string>>;
  readonly method: Readonly<Record<Payment["method"], string>>;
  readonly credit: Readonly<Record<CreditEntry["type"], string>>;
  readonly trial: Readonly<Record<PocEntry["type"], string>>;
  readonly paidBy: Readonly<Record<Resource["billing"], string>>;
  readonly resource: Readonly<Record<ResourceState, string>>;
  readonly billing: Readonly<Record<BillingStatus, string>>;
}

/** What states and kinds of things are called. */
export const statuses: Translated<Statuses> = {
  en: {
    invoice: invoiceTexts.en.status,
    payment: { pending: "Pending", succeeded: "Succeeded", failed: "Failed" },
    paymentKind: { payment: "Payment", refund: "Refund", deposit: "Deposit" },
    method: {
      outside: "Outside",
      credit: "Credit",
      top_up_and_pay: "Top up and pay",
      gateway: "Payment gateway",
      linked: "Linked account",
      poc: "Trial credit",
      hold: "Credit hold",
    },
    credit: {
      deposit: "Deposit",
      adjustment: "Adjustment",
      refund: "Refund",
      purchase: "Purchase",
      hold: "Hold",
      release: "Release",
    },
    trial: { grant: "Granted", purchase: "Purchase", refund: "Given back", expiry: "Expired" },
    paidBy: { prepaid: "In advance", postpaid: "By the month", hold: "By use, held for", poc: "Trial" },
    resource: {
      provisioning: "Being set up",
      active: "Active",
      stopped: "Stopped",
      restricted: "Restricted",
      suspended: "Suspended",
      deleted: "Deleted",
    },
    billing: { good: "Good", warning: "Warning", alerted: "Ends soon", expired: "Expired" },
  },
  vi: {
    invoice: invoiceTexts.vi.status,
    payment: { pending: "Đang xử lý", succeeded: "Thành công", failed: "Thất bại" },
    paymentKind: { payment: "Thanh toán", refund: "Hoàn tiền", deposit: "Nạp tiền" },
    method: {
      outside: "Ngoài cổng thanh toán",
      credit: "Ví tín dụng",
      top_up_and_pay: "Nạp tiền và thanh toán",
      gateway: "Cổng thanh toán",
      linked: "Tài khoản liên kết",
      poc: "Tiền dùng thử",
      hold: "Tạm giữ từ ví",
    },
    credit: {
      deposit: "Nạp tiền",
      adjustment: "Điều chỉnh",
      refund: "Hoàn tiền",
      purchase: "Mua dịch vụ",
      hold: "Tạm giữ",
      release: "Bỏ tạm giữ",
    },
    trial: { grant: "Được cấp", purchase: "Mua dịch vụ", refund: "Hoàn lại", expiry: "Hết hạn" },
    paidBy: { prepaid: "Trả trước", postpaid: "Trả sau", hold: "Theo mức sử dụng", poc: "Dùng thử" },
    resource: {
      provisioning: "Đang khởi tạo",
      active: "Đang hoạt động",
      stopped: "Đã dừng",
      restricted: "Bị hạn chế",
      suspended: "Bị tạm ngưng",
      deleted: "Đã xóa",
    },
    billing: { good: "Tốt", warning: "Cần chú ý", alerted: "Sắp hết hạn", expired: "Đã hết hạn" },
  },
};
