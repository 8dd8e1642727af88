import type { Translated } from "./locale.ts";

const en = {
  ask: "Let somebody else pay",
  askHint:
    "We send them a link. They see this order alone, and pay it at a gateway; the invoice stays yours.",
  email: "Their e-mail address",
  emailInvalid: "An e-mail address, please.",
  send: "Send the link",
  sendAnew: "Send a new link",
  sentTo: "Sent to {email}, good until {until}",
  link: "Link to pay",
  takeBack: "Take the link back",
  title: "Pay for somebody else",
  hint: "Somebody has asked you to pay this order. Its invoice is theirs.",
  payUntil: "This link is good until {until}.",
  isBeingPaid: "This order is being paid at the moment",
  isBeingPaidHint: "Please wait a little: this page looks again by itself.",
  paidTitle: "This order is paid. Thank you!",
  paidHint: "Its customer and you are told by mail.",
  closedTitle: "This order can't be paid here",
  linkInvalid: "There is no such link: ask for a new one.",
};

/** The words of paying on somebody's behalf. */
export const sharingTexts: Translated<typeof en> = {
  en,
  vi: {
    ask: "Nhờ người khác thanh toán",
    askHint:
      "Chúng tôi gửi cho họ một liên kết. Họ chỉ thấy đơn hàng này và trả qua cổng thanh toán; hóa đơn vẫn là của bạn.",
    email: "E-mail của họ",
    emailInvalid: "Vui lòng nhập địa chỉ e-mail.",
    send: "Gửi liên kết",
    sendAnew: "Gửi liên kết mới",
    sentTo: "Đã gửi tới {email}, có hiệu lực đến {until}",
    link: "Liên kết thanh toán",
    takeBack: "Thu hồi liên kết",
    title: "Thanh toán hộ",
    hint: "Có người nhờ bạn thanh toán đơn hàng này. Hóa đơn được xuất cho họ.",
    payUntil: "Liên kết này có hiệu lực đến {until}.",
    isBeingPaid: "Đơn hàng này đang được thanh toán",
    isBeingPaidHint: "Vui lòng đợi một chút, trang này sẽ tự động cập nhật.",
    paidTitle: "Đơn hàng này đã được thanh toán. Cảm ơn bạn!",
    paidHint: "Khách hàng và bạn đều được thông báo qua e-mail.",
    closedTitle: "Không thể thanh toán đơn hàng này tại đây",
    linkInvalid: "Liên kết không tồn tại: hãy xin một liên kết mới.",
  },
};
