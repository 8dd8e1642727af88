import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} is suspended`,
    message:
      "Your resource was stopped because its paid time is over. Its data are kept for now: renew it to use it again.",
    trash:
      "Your resource was stopped because its paid time is over, and is in the trash now. Recover it to use it again.",
    onPoc:
      "Your resource was stopped because its trial is over, and is in the trash now. Recover it, paid, to use it again.",
    deleted: "Deleted on",
  },
  vi: {
    subject: (name: string) => `${name} đã bị tạm ngưng`,
    message:
      "Tài nguyên đã bị dừng vì hết thời gian đã thanh toán. Dữ liệu vẫn được giữ: hãy gia hạn để sử dụng lại.",
    trash:
      "Tài nguyên đã bị dừng vì hết thời gian đã thanh toán và đang ở trong thùng rác. Hãy khôi phục để sử dụng lại.",
    onPoc:
      "Tài nguyên đã bị dừng vì hết thời gian dùng thử và đang ở trong thùng rác. Hãy khôi phục có trả phí để sử dụng lại.",
    deleted: "Bị xóa vào",
  },
} as const;

export const resourceSuspended: Template<NoticeOf<"resource_suspended">> = (notice, { locale, timeZone }) => {
  const words = WORDS[locale];
  const paid = notice.isInTrash ? words.trash : words.message;
  return {
    subject: words.subject(notice.name),
    message: notice.isOnPoc ? words.onPoc : paid,
    facts: [[words.deleted, formatInstant(notice.deletesAtMs, timeZone, locale)]],
  };
};
