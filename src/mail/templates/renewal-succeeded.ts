import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} was renewed`,
    message: "Your resource was renewed automatically from your credit.",
    end: "Paid until",
    invoice: "Invoice",
    total: "Paid from credit",
  },
  vi: {
    subject: (name: string) => `${name} đã được gia hạn`,
    message: "Tài nguyên của bạn đã được tự động gia hạn từ số dư ví.",
    end: "Đã thanh toán đến",
    invoice: "Hóa đơn",
    total: "Thanh toán từ ví",
  },
} as const;

export const renewalSucceeded: Template<NoticeOf<"renewal_succeeded">> = (
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
    ],
  };
};
