import type { Translated } from "./locale.ts";

const en = {
  title: "Linked accounts",
  hint: "Orders and credit are paid from a linked account at once, without going to its gateway.",
  none: "No account is linked yet.",
  account: "Account",
  status: "Status",
  actions: "Actions",
  statuses: {
    active: "Linked",
    pending: "Waiting for your consent",
    failed: "Not linked",
  },
  default: "Pays first",
  makeDefault: "Let it pay first",
  unlink: "Unlink",
  linkAt: "Link an account at",
  link: "Link",
  noGateways: "Accounts can't be linked here at the moment.",
  gatewayInvalid: "Please choose where your account is.",
  leavingHint: "You agree there that we may charge it, and come back here afterwards.",
  gone: "{account} couldn't be charged any more, so it isn't linked now. Please link it again, or pay another way.",
  unpaid: "Unpaid orders",
  unpaidHint: "They can be paid now, from a linked account too.",
  payUntil: "can be paid until {until}",
  openCheckout: "To the checkout",
};

/** The words of linked accounts. */
export const linkingTexts: Translated<typeof en> = {
  en,
  vi: {
    title: "Tài khoản liên kết",
    hint: "Đơn hàng và nạp tiền được trả ngay từ tài khoản liên kết, không cần qua cổng thanh toán.",
    none: "Chưa có tài khoản nào được liên kết.",
    account: "Tài khoản",
    status: "Trạng thái",
    actions: "Thao tác",
    statuses: {
      active: "Đã liên kết",
      pending: "Đang chờ bạn đồng ý",
      failed: "Chưa liên kết được",
    },
    default: "Ưu tiên trả",
    makeDefault: "Đặt ưu tiên trả",
    unlink: "Hủy liên kết",
    linkAt: "Liên kết tài khoản tại",
    link: "Liên kết",
    noGateways: "Hiện không thể liên kết tài khoản tại đây.",
    gatewayInvalid: "Vui lòng chọn nơi có tài khoản của bạn.",
    leavingHint: "Bạn đồng ý tại đó để chúng tôi được trừ tiền, rồi quay lại đây.",
    gone: "Không thể trừ tiền từ {account} nữa nên liên kết đã bị gỡ. Vui lòng liên kết lại hoặc thanh toán cách khác.",
    unpaid: "Đơn hàng chưa thanh toán",
    unpaidHint: "Có thể thanh toán ngay, kể cả từ tài khoản liên kết.",
    payUntil: "có thể thanh toán đến {until}",
    openCheckout: "Tới trang thanh toán",
  },
};
