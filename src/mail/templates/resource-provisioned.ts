import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} is ready`,
    message: "Your resource is ready to use, and its invoice has been issued.",
    recovered: "Your resource is back from the trash, and its invoice has been issued.",
    start: "Runs from",
    end: "Paid until",
    invoice: "Invoice",
    total: "Total",
  },
  vi: {
    subject: (name: string) => `${name} đã sẵn sàng`,
    recovered: "Tài nguyên của bạn đã được khôi phục từ thùng rác và hóa đơn đã được phát hành.",
    message: "Tài nguyên của bạn đã sẵn sàng sử dụng và hóa đơn đã được phát hành.",
    start: "Bắt đầu từ",
    end: "Đã thanh toán đến",
    invoice: "Hóa đơn",
    total: "Tổng cộng",
  },
} as const;

export const resourceProvisioned: Template<NoticeOf<"resource_provisioned">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  return {
    subject: words.subject(notice.name),
    message: notice.isRecovered ? words.recovered : words.message,
    facts: [
      [words.start, formatInstant(notice.startAtMs, timeZone, locale)],
      [words.end, formatInstant(notice.endAtMs, timeZone, locale)],
      [words.invoice, notice.invoice],
      [words.total, formatMoney(notice.total, currency, locale)],
    ],
  };
};
