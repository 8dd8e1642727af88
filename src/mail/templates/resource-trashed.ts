import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} is in the trash`,
    message: "You deleted this resource. Until its data are deleted for good you can recover it.",
    onPoc: "The trial of this resource is over. Until its data are deleted for good you can recover it.",
    refund: "Refunded to credit",
    pocRefund: "Refunded to trial credit",
    deleted: "Deleted for good on",
  },
  vi: {
    subject: (name: string) => `${name} đã được chuyển vào thùng rác`,
    message: "Bạn đã xóa tài nguyên này. Bạn có thể khôi phục trước khi dữ liệu bị xóa vĩnh viễn.",
    onPoc: "Tài nguyên này đã ngừng dùng thử. Bạn có thể khôi phục trước khi dữ liệu bị xóa vĩnh viễn.",
    refund: "Hoàn vào ví",
    pocRefund: "Hoàn vào ví dùng thử",
    deleted: "Bị xóa vĩnh viễn vào",
  },
} as const;

export const resourceTrashed: Template<NoticeOf<"resource_trashed">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  return {
    subject: words.subject(notice.name),
    message: notice.isOnPoc ? words.onPoc : words.message,
    facts: [
      [notice.isOnPoc ? words.pocRefund : words.refund, formatMoney(notice.refund, currency, locale)],
      [words.deleted, formatInstant(notice.deletesAtMs, timeZone, locale)],
    ],
  };
};
