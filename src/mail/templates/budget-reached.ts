import type { NoticeOf } from "../../domain/notice.ts";
import { formatMoney, formatMonth } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    near: {
      subject: (percent: number) => `${percent}% of your monthly budget is used`,
      message: "What this month costs comes close to the budget that you set. Nothing is stopped by it.",
    },
    over: {
      subject: (_: number) => "Your monthly budget is used up",
      message: "What this month costs has reached the budget that you set. Nothing is stopped by it.",
    },
    month: "Month",
    spent: "Cost so far",
    limit: "Budget",
  },
  vi: {
    near: {
      subject: (percent: number) => `Bạn đã dùng ${percent}% ngân sách tháng`,
      message: "Chi phí tháng này đã gần đến ngân sách bạn đặt. Dịch vụ không bị dừng vì điều này.",
    },
    over: {
      subject: (_: number) => "Bạn đã dùng hết ngân sách tháng",
      message: "Chi phí tháng này đã chạm ngân sách bạn đặt. Dịch vụ không bị dừng vì điều này.",
    },
    month: "Tháng",
    spent: "Chi phí đến nay",
    limit: "Ngân sách",
  },
} as const;

export const budgetReached: Template<NoticeOf<"budget_reached">> = (
  { percent, monthStartMs, spent, monthlyLimit },
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  const { subject, message } = percent < 100 ? words.near : words.over;
  return {
    ...{ subject: subject(percent), message },
    facts: [
      [words.month, formatMonth(monthStartMs, timeZone, locale)],
      [words.spent, formatMoney(spent, currency, locale)],
      [words.limit, formatMoney(monthlyLimit, currency, locale)],
    ],
  };
};
