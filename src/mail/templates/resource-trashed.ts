import type { NoticeOf } from "../../domain/notice.ts";
import { amount, dateTime } from "../format.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} is in the trash`,
    message: "You deleted this resource. Until its data are deleted for good you can recover it.",
    refund: "Refunded to credit",
    deleted: "Deleted for good on",
  },
  vi: {
    subject: (name: string) => `${name} đã được chuyển vào thùng rác`,
    message: "Bạn đã xóa tài nguyên này. Bạn có thể khôi phục trước khi dữ liệu bị xóa vĩnh viễn.",
    refund: "Hoàn vào ví",
    deleted: "Bị xóa vĩnh viễn vào",
  },
} as const;

export const resourceTrashed: Template<NoticeOf<"resource_trashed">> = (notice, reader) => {
  const words = WORDS[reader.locale];
  return {
    subject: words.subject(notice.name),
    message: words.message,
    facts: [
      [words.refund, amount(notice.refund, reader)],
      [words.deleted, dateTime(notice.deletesAtMs, reader)],
    ],
  };
};
