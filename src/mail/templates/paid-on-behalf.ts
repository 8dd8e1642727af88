import type { NoticeOf } from "../../domain/notice.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: "Your payment has arrived",
    message: "Thank you: the money that you paid on somebody's behalf has arrived. They get the invoice.",
    order: "Order",
    amount: "Amount",
    gateway: "Paid at",
    at: "Received at",
  },
  vi: {
    subject: "Chúng tôi đã nhận được khoản thanh toán của bạn",
    message:
      "Cảm ơn bạn: chúng tôi đã nhận được số tiền bạn thanh toán hộ. Hóa đơn được gửi cho chủ đơn hàng.",
    order: "Đơn hàng",
    amount: "Số tiền",
    gateway: "Thanh toán qua",
    at: "Nhận lúc",
  },
} as const;

export const paidOnBehalf: Template<NoticeOf<"paid_on_behalf">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  return {
    subject: words.subject,
    message: words.message,
    facts: [
      [words.order, notice.order],
      [words.amount, formatMoney(notice.amount, currency, locale)],
      [words.gateway, GATEWAY_TITLES[notice.gateway]],
      [words.at, formatInstant(notice.atMs, timeZone, locale)],
    ],
  };
};
