import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `The paid time of ${name} is over`,
    message:
      "Your resource still runs, but with restrictions, and not for long. Renew it to keep it running.",
    end: "Paid until",
    next: "Runs until",
  },
  vi: {
    subject: (name: string) => `Thời gian đã thanh toán của ${name} đã hết`,
    message:
      "Tài nguyên vẫn hoạt động nhưng bị hạn chế trong thời gian ngắn. Hãy gia hạn để tiếp tục sử dụng.",
    end: "Đã thanh toán đến",
    next: "Hoạt động đến",
  },
} as const;

export const resourceRestricted: Template<NoticeOf<"resource_restricted">> = (
  notice,
  { locale, timeZone },
) => {
  const words = WORDS[locale];
  return {
    subject: words.subject(notice.name),
    message: words.message,
    facts: [
      [words.end, formatInstant(notice.atMs, timeZone, locale)],
      [words.next, formatInstant(notice.nextAtMs, timeZone, locale)],
    ],
  };
};
