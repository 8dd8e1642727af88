import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} has its new configuration`,
    message:
      "Your resource was changed as you ordered. A new invoice covers the time that is left; those before it were credited.",
    end: "Paid until",
    invoice: "Invoice",
    total: "Total",
    refund: "Refunded to credit",
  },
  vi: {
    subject: (name: string) => `${name} đã có cấu hình mới`,
    message:
      "Tài nguyên đã được thay đổi theo đơn hàng. Hóa đơn mới áp dụng cho thời gian còn lại; các hóa đơn trước đã được điều chỉnh giảm.",
    end: "Đã thanh toán đến",
    invoice: "Hóa đơn",
    total: "Tổng cộng",
    refund: "Hoàn vào ví",
  },
} as const;

export const resourceResized: Template<NoticeOf<"resource_resized">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  return {
    subject: words.subject(notice.name),
    message: words.message,
    facts: [
      [words.end, formatInstant(notice.endAtMs, timeZone, locale)],
      [words.invoice, notice.invoice],
      [words.total, formatMoney(notice.total, currency, locale)],
      ...(notice.refund === 0 ? [] : [[words.refund, formatMoney(notice.refund, currency, locale)] as const]),
    ],
  };
};
