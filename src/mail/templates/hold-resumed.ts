import type { NoticeOf } from "../../domain/notice.ts";
import { formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} runs again`,
    message: "No credit is missing any more. Your resource is back in service.",
    amount: "Held",
  },
  vi: {
    subject: (name: string) => `${name} đã hoạt động lại`,
    message: "Không còn thiếu số dư. Tài nguyên của bạn đã hoạt động trở lại.",
    amount: "Tạm giữ",
  },
} as const;

export const holdResumed: Template<NoticeOf<"hold_resumed">> = ({ name, amount }, { locale, currency }) => {
  const words = WORDS[locale];
  return {
    ...{ subject: words.subject(name), message: words.message },
    facts: amount === 0 ? [] : [[words.amount, formatMoney(amount, currency, locale)]],
  };
};
