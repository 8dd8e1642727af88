import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} was deleted`,
    message: "Your resource and its data were deleted.",
    refund: "Refunded to credit",
    pocRefund: "Refunded to trial credit",
    at: "Deleted at",
  },
  vi: {
    subject: (name: string) => `${name} đã bị xóa`,
    message: "Tài nguyên và dữ liệu của tài nguyên đã bị xóa.",
    refund: "Hoàn vào ví",
    pocRefund: "Hoàn vào ví dùng thử",
    at: "Thời điểm xóa",
  },
} as const;

export const resourceDeleted: Template<NoticeOf<"resource_deleted">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  const refund = notice.isOnPoc ? words.pocRefund : words.refund;
  return {
    subject: words.subject(notice.name),
    message: words.message,
    facts: [
      ...(notice.refund === 0 ? [] : [[refund, formatMoney(notice.refund, currency, locale)] as const]),
      [words.at, formatInstant(notice.atMs, timeZone, locale)],
    ],
  };
};
