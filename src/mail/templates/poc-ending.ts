import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    poc_ending: {
      subject: "Your trial credit ends soon",
      message:
        "What is left of your trial credit can't be used after its end, and what runs on it will stop then. Convert what you want to keep.",
      balance: "Trial credit left",
    },
    poc_ended: {
      subject: "Your trial credit has ended",
      message:
        "What was left of your trial credit can't be used any more. What ran on it waits in the trash for 7 days: recover what you want to keep, paid. What is paid by its use was deleted.",
      balance: "Trial credit expired",
    },
    end: "End",
  },
  vi: {
    poc_ending: {
      subject: "Tiền dùng thử sắp hết hạn",
      message:
        "Số tiền dùng thử còn lại không thể sử dụng sau khi hết hạn, và các tài nguyên chạy bằng tiền này sẽ dừng. Hãy chuyển sang trả phí những gì bạn muốn giữ.",
      balance: "Tiền dùng thử còn lại",
    },
    poc_ended: {
      subject: "Tiền dùng thử đã hết hạn",
      message:
        "Số tiền dùng thử còn lại không thể sử dụng nữa. Các tài nguyên đã chạy bằng tiền này nằm trong thùng rác 7 ngày: hãy khôi phục có trả phí những gì bạn muốn giữ. Tài nguyên tính phí theo mức sử dụng đã bị xóa.",
      balance: "Tiền dùng thử hết hạn",
    },
    end: "Hết hạn",
  },
} as const;

/** Trial money that comes to its end, or has. */
export const pocEnding: Template<NoticeOf<"poc_ending" | "poc_ended">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  const { subject, message, balance } = words[notice.template];
  return {
    subject,
    message,
    facts: [
      [balance, formatMoney(notice.balance, currency, locale)],
      [words.end, formatInstant(notice.expiresAtMs, timeZone, locale)],
    ],
  };
};
