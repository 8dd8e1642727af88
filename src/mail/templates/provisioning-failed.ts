import type { NoticeOf } from "../../domain/notice.ts";
import { amount, dateTime } from "../format.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} could not be set up`,
    message:
      "We are sorry: your resource could not be set up. What you paid for it is back in your credit wallet.",
    reason: "Reason",
    refund: "Refunded to credit",
    at: "Refunded at",
  },
  vi: {
    subject: (name: string) => `Không thể khởi tạo ${name}`,
    message:
      "Rất tiếc: tài nguyên của bạn không thể khởi tạo. Số tiền đã thanh toán đã được hoàn vào ví của bạn.",
    reason: "Lý do",
    refund: "Hoàn vào ví",
    at: "Thời điểm hoàn",
  },
} as const;

export const provisioningFailed: Template<NoticeOf<"provisioning_failed">> = (notice, reader) => {
  const words = WORDS[reader.locale];
  return {
    subject: words.subject(notice.name),
    message: words.message,
    facts: [
      [words.reason, notice.reason],
      [words.refund, amount(notice.refund, reader)],
      [words.at, dateTime(notice.atMs, reader)],
    ],
  };
};
