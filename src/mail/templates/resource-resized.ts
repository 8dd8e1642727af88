import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} has its new configuration`,
    message:
      "Your resource was changed as you ordered. A new invoice covers the time that is left; those before it were credited.",
    onPoc: "Your resource was changed as you ordered, on your trial credit.",
    end: "Paid until",
    invoice: "Invoice",
    total: "Total",
    refund: "Refunded to credit",
    pocRefund: "Refunded to trial credit",
  },
  vi: {
    subject: (name: string) => `${name} đã có cấu hình mới`,
    message:
      "Tài nguyên đã được thay đổi theo đơn hàng. Hóa đơn mới áp dụng cho thời gian còn lại; các hóa đơn trước đã được điều chỉnh giảm.",
    onPoc: "Tài nguyên đã được thay đổi theo đơn hàng, bằng tiền dùng thử.",
    end: "Đã thanh toán đến",
    invoice: "Hóa đơn",
    total: "Tổng cộng",
    refund: "Hoàn vào ví",
    pocRefund: "Hoàn vào ví dùng thử",
  },
} as const;

export const resourceResized: Template<NoticeOf<"resource_resized">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  const isOnPoc = notice.invoice === null;
  const refund = isOnPoc ? words.pocRefund : words.refund;
  return {
    subject: words.subject(notice.name),
    message: isOnPoc ? words.onPoc : words.message,
    facts: [
      [words.end, formatInstant(notice.endAtMs, timeZone, locale)],
      ...(notice.invoice === null ? [] : [[words.invoice, notice.invoice] as const]),
      [words.total, formatMoney(notice.total, currency, locale)],
      ...(notice.refund === 0 ? [] : [[refund, formatMoney(notice.refund, currency, locale)] as const]),
    ],
  };
};
