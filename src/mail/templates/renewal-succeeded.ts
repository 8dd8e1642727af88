import type { NoticeOf } from "../../domain/notice.ts";
import { amount, dateTime } from "../format.ts";
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

export const renewalSucceeded: Template<NoticeOf<"renewal_succeeded">> = (notice, reader) => {
  const words = WORDS[reader.locale];
  return {
    subject: words.subject(notice.name),
    message: words.message,
    facts: [
      [words.end, dateTime(notice.endAtMs, reader)],
      [words.invoice, notice.invoice],
      [words.total, amount(notice.total, reader)],
    ],
  };
};
