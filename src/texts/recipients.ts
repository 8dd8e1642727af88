import type { Translated } from "./locale.ts";

const en = {
  title: "Recipients",
  hint: "These people get the account's messages, too, once they have said yes to it.",
  email: "E-mail address",
  add: "Ask to confirm",
  status: "Status",
  confirmedStatus: "Confirmed",
  pendingStatus: "Waiting for confirmation until {until}",
  lateStatus: "Not confirmed in time",
  remove: "Remove",
  none: "Nobody yet: messages go to {email} alone.",
  emailInvalid: "This isn't an e-mail address.",
  tooMany: "Too many people were asked. Please wait a minute.",
  question: "Do you want to get billing messages?",
  questionHint: "You were named as somebody who should get a customer's billing messages.",
  confirm: "Yes, send them to me",
  confirmed: "Thank you",
  confirmedHint: "From now on you get this customer's billing messages.",
  linkInvalid: "This link is not valid any more",
  linkHint: "Ask whoever named you to have you asked again.",
};

/** The words of who gets an account's mails. */
export const recipientTexts: Translated<typeof en> = {
  en,
  vi: {
    title: "Người nhận",
    hint: "Những người này cũng nhận thông báo của tài khoản sau khi họ đồng ý.",
    email: "Địa chỉ email",
    add: "Gửi yêu cầu xác nhận",
    status: "Trạng thái",
    confirmedStatus: "Đã xác nhận",
    pendingStatus: "Chờ xác nhận đến {until}",
    lateStatus: "Không xác nhận kịp",
    remove: "Bỏ",
    none: "Chưa có ai: thông báo chỉ gửi tới {email}.",
    emailInvalid: "Đây không phải là địa chỉ email.",
    tooMany: "Bạn đã mời quá nhiều người. Vui lòng đợi một phút.",
    question: "Bạn có muốn nhận thông báo thanh toán không?",
    questionHint: "Bạn được đề nghị là người nhận thông báo thanh toán của một khách hàng.",
    confirm: "Có, hãy gửi cho tôi",
    confirmed: "Cảm ơn bạn",
    confirmedHint: "Từ nay bạn sẽ nhận thông báo thanh toán của khách hàng này.",
    linkInvalid: "Liên kết này không còn hiệu lực",
    linkHint: "Hãy đề nghị người đã giới thiệu bạn gửi lại yêu cầu.",
  },
};
