import type { Translated } from "./locale.ts";

const en = {
  signOut: "Sign out",
  signedOut: "You are signed out",
  back: "Back to the console",
  menu: "Portal",
  rooms: {
    dashboard: "Overview",
    resources: "Resources",
    use: "Use",
    billing: "Billing",
    payments: "Payments",
    credits: "Credit",
    linkedAccounts: "Linked accounts",
    invoiceAddresses: "Invoice addresses",
    recipients: "Recipients",
  },
  notSignedIn: "You are not signed in",
  notSignedInHint:
    "The portal is opened from your product's console. Please go back there and open it again.",
  linkUsed: "This link was used before",
  linkInvalid: "This link is not valid any more",
  linkHint:
    "Links into the portal work once and for one minute. Please open the portal from the console again.",
  notAllowed: "You are not allowed to see this",
  notAllowedHint: "Ask the owner of this account to give you access to it.",
  notFound: "There is nothing here",
  notFoundHint: "The address may be old, or what it showed is gone.",
  failed: "Something went wrong on our side",
  failedHint: "Nothing was lost. Please try again; if it happens again, tell us this number:",
  formRefused: "This form was not sent from our page",
  formRefusedHint: "Please open the page again and repeat what you did.",
  formTooLarge: "This is too much for one form",
  formTooLargeHint: "Please go back and enter less.",
};

/** The portal's own words, and those of pages that can't be shown. */
export const portalTexts: Translated<typeof en> = {
  en,
  vi: {
    signOut: "Đăng xuất",
    signedOut: "Bạn đã đăng xuất",
    back: "Về trang quản trị dịch vụ",
    menu: "Cổng thanh toán",
    rooms: {
      dashboard: "Tổng quan",
      resources: "Tài nguyên",
      use: "Mức dùng",
      billing: "Hóa đơn",
      payments: "Thanh toán",
      credits: "Số dư",
      linkedAccounts: "Liên kết",
      invoiceAddresses: "Địa chỉ hóa đơn",
      recipients: "Người nhận",
    },
    notSignedIn: "Bạn chưa đăng nhập",
    notSignedInHint: "Cổng thanh toán được mở từ trang quản trị dịch vụ. Vui lòng quay lại đó và mở lại.",
    linkUsed: "Liên kết này đã được sử dụng",
    linkInvalid: "Liên kết này không còn hiệu lực",
    linkHint:
      "Liên kết vào cổng thanh toán chỉ dùng được một lần trong một phút. Vui lòng mở lại từ trang quản trị dịch vụ.",
    notAllowed: "Bạn không có quyền xem trang này",
    notAllowedHint: "Hãy đề nghị chủ tài khoản cấp quyền cho bạn.",
    notFound: "Không có gì ở đây",
    notFoundHint: "Địa chỉ có thể đã cũ, hoặc nội dung không còn nữa.",
    failed: "Đã xảy ra lỗi từ phía chúng tôi",
    failedHint: "Không có gì bị mất. Vui lòng thử lại; nếu vẫn lỗi, hãy cho chúng tôi biết mã này:",
    formRefused: "Biểu mẫu này không được gửi từ trang của chúng tôi",
    formRefusedHint: "Vui lòng mở lại trang và thực hiện lại thao tác.",
    formTooLarge: "Nội dung quá lớn cho một biểu mẫu",
    formTooLargeHint: "Vui lòng quay lại và nhập ít hơn.",
  },
};
