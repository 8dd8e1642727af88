import type { NoticeOf } from "../../domain/notice.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: "Money was sent back to you",
    bought:
      "Credit that you had bought was sent back the way it was paid. Depending on the bank, it arrives within some days.",
    paid: (order: string) =>
      `Money that was paid for order ${order} was sent back the way it came. Depending on the bank, it arrives within some days.`,
    amount: "Amount",
    gateway: "Sent back through",
    at: "Sent at",
  },
  vi: {
    subject: "Chúng tôi đã hoàn tiền cho bạn",
    bought:
      "Số tiền bạn đã nạp được hoàn về nguồn thanh toán ban đầu. Tùy ngân hàng, tiền sẽ về sau vài ngày.",
    paid: (order: string) =>
      `Số tiền đã thanh toán cho đơn hàng ${order} được hoàn về nguồn thanh toán ban đầu. Tùy ngân hàng, tiền sẽ về sau vài ngày.`,
    amount: "Số tiền",
    gateway: "Hoàn qua",
    at: "Hoàn lúc",
  },
} as const;

export const refundSent: Template<NoticeOf<"refund_sent">> = (
  { order, amount, gateway, atMs },
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  return {
    subject: words.subject,
    message: order === null ? words.bought : words.paid(order),
    facts: [
      [words.amount, formatMoney(amount, currency, locale)],
      [words.gateway, GATEWAY_TITLES[gateway]],
      [words.at, formatInstant(atMs, timeZone, locale)],
    ],
  };
};
