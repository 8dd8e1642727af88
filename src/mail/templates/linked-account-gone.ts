import type { NoticeOf } from "../../domain/notice.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatInstant } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (gateway: string) => `Your linked ${gateway} account was removed`,
    message: (gateway: string) =>
      `${gateway} says that your account isn't linked any more, so nothing can be charged to it. Link it again, or pay in another way.`,
    gateway: "Gateway",
    label: "Account",
    at: "Time",
  },
  vi: {
    subject: (gateway: string) => `Tài khoản ${gateway} liên kết đã bị gỡ`,
    message: (gateway: string) =>
      `${gateway} cho biết tài khoản của bạn không còn được liên kết nên không thể thanh toán bằng tài khoản này. Vui lòng liên kết lại, hoặc thanh toán bằng cách khác.`,
    gateway: "Cổng thanh toán",
    label: "Tài khoản",
    at: "Thời điểm",
  },
} as const;

export const linkedAccountGone: Template<NoticeOf<"linked_account_gone">> = (
  { gateway, label, atMs },
  { locale, timeZone },
) => {
  const words = WORDS[locale];
  const title = GATEWAY_TITLES[gateway];
  return {
    subject: words.subject(title),
    message: words.message(title),
    facts: [
      [words.gateway, title],
      ...(label === null ? [] : [[words.label, label] as const]),
      [words.at, formatInstant(atMs, timeZone, locale)],
    ],
  };
};
