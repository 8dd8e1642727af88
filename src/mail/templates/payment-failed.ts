import { FAILURE_TEXTS } from "../../domain/attempts/reasons.ts";
import type { NoticeOf } from "../../domain/notice.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import { formatReason } from "../../texts/reasons.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (gateway: string) => `Your payment at ${gateway} failed`,
    order: (order: string) =>
      `No money was taken for order ${order}, and credit that was held for it is available again. You can pay in another way.`,
    bills:
      "No money was taken for your bills, and credit that was held for them is available again. You can pay in another way.",
    topUp: "No money was taken. You can try again.",
    reason: "Reason",
    amount: "Amount",
    at: "Time",
  },
  vi: {
    subject: (gateway: string) => `Thanh toán qua ${gateway} không thành công`,
    order: (order: string) =>
      `Đơn hàng ${order} chưa bị trừ tiền, số tiền tạm giữ đã được trả lại ví. Bạn có thể thanh toán bằng cách khác.`,
    bills:
      "Bạn chưa bị trừ tiền cho hóa đơn, số tiền tạm giữ đã được trả lại ví. Bạn có thể thanh toán bằng cách khác.",
    topUp: "Bạn chưa bị trừ tiền. Bạn có thể thử lại.",
    reason: "Lý do",
    amount: "Số tiền",
    at: "Thời điểm",
  },
} as const;

export const paymentFailed: Template<NoticeOf<"payment_failed">> = (
  { order, bills, amount, gateway, reason, atMs },
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  return {
    subject: words.subject(GATEWAY_TITLES[gateway]),
    message: bills ? words.bills : order === null ? words.topUp : words.order(order),
    facts: [
      [words.reason, formatReason(FAILURE_TEXTS[reason], locale)],
      [words.amount, formatMoney(amount, currency, locale)],
      [words.at, formatInstant(atMs, timeZone, locale)],
    ],
  };
};
