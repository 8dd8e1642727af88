import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `Reminder: renew ${name}`,
    before: "The paid time of your resource is coming to its end. Renew it to keep it running.",
    renewed:
      "The paid time of your resource is coming to its end. It will be renewed automatically if your credit covers that.",
    after: "The paid time of your resource is over. Renew it to keep it.",
    trash: "The paid time of your resource is over, and it is in the trash. Recover it before it is deleted.",
    trial: "The trial of your resource is coming to its end. Convert it to paid to keep it running.",
    tried:
      "The trial of your resource is over, and it is in the trash. Recover it, paid, before it is deleted.",
    trialSubject: (name: string) => `Reminder: the trial of ${name}`,
    end: "Paid until",
    deleted: "Deleted on",
  },
  vi: {
    subject: (name: string) => `Nhắc nhở: gia hạn ${name}`,
    before: "Thời gian đã thanh toán của tài nguyên sắp hết. Hãy gia hạn để tài nguyên tiếp tục hoạt động.",
    renewed:
      "Thời gian đã thanh toán của tài nguyên sắp hết. Tài nguyên sẽ được tự động gia hạn nếu số dư ví đủ.",
    after: "Thời gian đã thanh toán của tài nguyên đã hết. Hãy gia hạn để giữ tài nguyên.",
    trash:
      "Thời gian đã thanh toán của tài nguyên đã hết và tài nguyên đang ở trong thùng rác. Hãy khôi phục trước khi bị xóa.",
    trial:
      "Thời gian dùng thử của tài nguyên sắp hết. Hãy chuyển sang trả phí để tài nguyên tiếp tục hoạt động.",
    tried:
      "Thời gian dùng thử của tài nguyên đã hết và tài nguyên đang ở trong thùng rác. Hãy khôi phục có trả phí trước khi bị xóa.",
    trialSubject: (name: string) => `Nhắc nhở: thời gian dùng thử của ${name}`,
    end: "Đã thanh toán đến",
    deleted: "Bị xóa vào",
  },
} as const;

export const expiryReminder: Template<NoticeOf<"expiry_reminder">> = (notice, { locale, timeZone }) => {
  const words = WORDS[locale];
  const { deletesAtMs, days, isAutoRenewed, isOnPoc } = notice;
  const ahead = isAutoRenewed ? "renewed" : "before";
  const over = deletesAtMs === null ? "after" : "trash";
  const paid = days < 0 ? ahead : over;
  const tried = days < 0 ? "trial" : "tried";
  return {
    subject: isOnPoc ? words.trialSubject(notice.name) : words.subject(notice.name),
    message: words[isOnPoc ? tried : paid],
    facts: [
      [words.end, formatInstant(notice.endAtMs, timeZone, locale)],
      ...(deletesAtMs === null
        ? []
        : [[words.deleted, formatInstant(deletesAtMs, timeZone, locale)] as const]),
    ],
  };
};
