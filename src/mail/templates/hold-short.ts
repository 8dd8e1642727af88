import type { NoticeOf } from "../../domain/notice.ts";
import { formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    short: {
      subject: (name: string) => `Your credit doesn't cover ${name}`,
      message:
        "There isn't enough credit to be held for the use of your resource. Please top up: otherwise it will be suspended.",
    },
    suspended: {
      subject: (name: string) => `${name} is suspended for want of credit`,
      message:
        "There wasn't enough credit to be held for the use of your resource. It runs again as soon as you have topped up what is missing.",
    },
    total: "To be held",
    missing: "Missing",
  },
  vi: {
    short: {
      subject: (name: string) => `Số dư ví không đủ cho ${name}`,
      message:
        "Số dư ví không đủ để tạm giữ cho việc sử dụng tài nguyên của bạn. Vui lòng nạp thêm, nếu không tài nguyên sẽ bị tạm ngưng.",
    },
    suspended: {
      subject: (name: string) => `${name} đã bị tạm ngưng do thiếu số dư`,
      message:
        "Số dư ví không đủ để tạm giữ cho việc sử dụng tài nguyên của bạn. Tài nguyên hoạt động lại ngay khi bạn nạp đủ số tiền còn thiếu.",
    },
    total: "Cần tạm giữ",
    missing: "Còn thiếu",
  },
} as const;

export const holdShort: Template<NoticeOf<"hold_short">> = (
  { name, total, missing, isSuspended },
  { locale, currency },
) => {
  const words = WORDS[locale];
  const { subject, message } = isSuspended ? words.suspended : words.short;
  return {
    ...{ subject: subject(name), message },
    facts: [
      [words.total, formatMoney(total, currency, locale)],
      [words.missing, formatMoney(missing, currency, locale)],
    ],
  };
};
