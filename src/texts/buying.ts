import type { Translated } from "./locale.ts";

const en = {
  title: "Buy credit",
  hint: "Credit pays orders and renewals at once, without going to a gateway each time.",
  amount: "Amount",
  amountInvalid: "An amount in whole numbers, please.",
  payAt: "Pay at",
  limits: "{min} to {max} each time",
  belowMinimum: "{gateway} takes {amount} at least.",
  aboveMaximum: "{gateway} takes {amount} at most each time.",
  otherCurrency: "{gateway} takes another currency.",
  gatewayInvalid: "Please choose where you want to pay.",
  submit: "Continue",
  noGateways: "Credit can't be bought here at the moment.",
  boughtTitle: "Thank you! {amount} is in your credit",
  boughtHint: "It can be used at once.",
  failedTitle: "No credit was bought",
  tryAgain: "Try again",
  available: "Available credit",
  toHistory: "Credit history",
};

/** The words of buying credit. */
export const buyingTexts: Translated<typeof en> = {
  en,
  vi: {
    title: "Nạp tiền",
    hint: "Số dư trong ví thanh toán ngay cho đơn hàng và gia hạn, không cần qua cổng thanh toán mỗi lần.",
    amount: "Số tiền",
    amountInvalid: "Vui lòng nhập số tiền là số nguyên.",
    payAt: "Thanh toán qua",
    limits: "{min} đến {max} mỗi lần",
    belowMinimum: "{gateway} nhận tối thiểu {amount}.",
    aboveMaximum: "{gateway} nhận tối đa {amount} mỗi lần.",
    otherCurrency: "{gateway} chỉ nhận loại tiền khác.",
    gatewayInvalid: "Vui lòng chọn nơi thanh toán.",
    submit: "Tiếp tục",
    noGateways: "Hiện không thể nạp tiền tại đây.",
    boughtTitle: "Cảm ơn bạn! {amount} đã được cộng vào ví",
    boughtHint: "Bạn có thể dùng ngay.",
    failedTitle: "Chưa nạp được tiền",
    tryAgain: "Thử lại",
    available: "Số dư khả dụng",
    toHistory: "Lịch sử số dư",
  },
};
