import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} could not be renewed`,
    missing: "Your credit doesn't cover the renewal of your resource.",
    noPrice:
      "Your resource can't be renewed as it is: a part of it is no longer sold. Please choose another configuration.",
    again: "Top up before the next attempt, and it will be renewed then.",
    off: "This was the last attempt: auto-renewal is off now. Renew the resource yourself to keep it running.",
    price: "Price of the renewal",
    short: "Missing",
    end: "Runs until",
    next: "Next attempt",
  },
  vi: {
    subject: (name: string) => `Không thể gia hạn ${name}`,
    missing: "Số dư ví không đủ để gia hạn tài nguyên của bạn.",
    noPrice:
      "Không thể gia hạn tài nguyên với cấu hình hiện tại: một phần không còn được bán. Vui lòng chọn cấu hình khác.",
    again: "Hãy nạp thêm trước lần thử tiếp theo để tài nguyên được gia hạn.",
    off: "Đây là lần thử cuối cùng: tự động gia hạn đã được tắt. Hãy tự gia hạn để tài nguyên tiếp tục hoạt động.",
    price: "Giá gia hạn",
    short: "Còn thiếu",
    end: "Hoạt động đến",
    next: "Lần thử tiếp theo",
  },
} as const;

export const renewalFailed: Template<NoticeOf<"renewal_failed">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  const { amount: price, nextAttemptAtMs } = notice;
  return {
    subject: words.subject(notice.name),
    message: `${price === null ? words.noPrice : words.missing} ${nextAttemptAtMs === null ? words.off : words.again}`,
    facts: [
      ...(price === null
        ? []
        : ([
            [words.price, formatMoney(price, currency, locale)],
            [words.short, formatMoney(notice.missing, currency, locale)],
          ] as const)),
      [words.end, formatInstant(notice.endAtMs, timeZone, locale)],
      ...(nextAttemptAtMs === null
        ? []
        : [[words.next, formatInstant(nextAttemptAtMs, timeZone, locale)] as const]),
    ],
  };
};
