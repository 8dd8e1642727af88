import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (from: string) => `${from} asks you to pay an order`,
    message: (from: string) =>
      `${from} asks you to pay an order on their behalf. The link shows what it is for; you need no account. If you don't know who that is, do nothing.`,
    link: "Look at it and pay",
    total: "Amount",
    until: "Possible until",
  },
  vi: {
    subject: (from: string) => `${from} nhờ bạn thanh toán một đơn hàng`,
    message: (from: string) =>
      `${from} nhờ bạn thanh toán hộ một đơn hàng. Liên kết cho biết đơn hàng gồm những gì; bạn không cần tài khoản. Nếu không biết người này, bạn không cần làm gì.`,
    link: "Xem và thanh toán",
    total: "Số tiền",
    until: "Có hiệu lực đến",
  },
} as const;

export const orderShared: Template<NoticeOf<"order_shared">> = (notice, { locale, timeZone, currency }) => {
  const words = WORDS[locale];
  return {
    subject: words.subject(notice.from),
    message: words.message(notice.from),
    facts: [
      [words.total, formatMoney(notice.total, currency, locale)],
      [words.link, notice.url],
      [words.until, formatInstant(notice.untilMs, timeZone, locale)],
    ],
  };
};
