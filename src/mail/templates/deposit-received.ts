import type { NoticeOf } from "../../domain/notice.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: "Credit was added to your account",
    bought: "Your payment has arrived: it is credit in your account now.",
    late: (order: string) =>
      `Your payment for order ${order} arrived when that no longer needed it, or not as it was agreed. Nothing is lost: it is credit in your account now.`,
    lateForBills:
      "Your payment for bills arrived when they no longer needed it, or not as it was agreed. Nothing is lost: it is credit in your account now.",
    bills: "Bills",
    amount: "Amount",
    gateway: "Paid at",
    at: "Received at",
  },
  vi: {
    subject: "Tài khoản của bạn đã được cộng tiền",
    bought: "Chúng tôi đã nhận được khoản thanh toán; số tiền đã được cộng vào ví của bạn.",
    late: (order: string) =>
      `Khoản thanh toán cho đơn hàng ${order} đến khi đơn hàng không còn cần, hoặc không như đã thỏa thuận. Tiền không mất: số tiền đã được cộng vào ví của bạn.`,
    lateForBills:
      "Khoản thanh toán hóa đơn đến khi hóa đơn không còn cần, hoặc không như đã thỏa thuận. Tiền không mất: số tiền đã được cộng vào ví của bạn.",
    bills: "Hóa đơn",
    amount: "Số tiền",
    gateway: "Thanh toán qua",
    at: "Nhận lúc",
  },
} as const;

export const depositReceived: Template<NoticeOf<"deposit_received">> = (
  { order, bills, amount, gateway, atMs },
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  return {
    subject: words.subject,
    message: bills ? words.lateForBills : order === null ? words.bought : words.late(order),
    facts: [
      ...(bills ? [[words.bills, bills.join(", ")] as const] : []),
      [words.amount, formatMoney(amount, currency, locale)],
      [words.gateway, GATEWAY_TITLES[gateway]],
      [words.at, formatInstant(atMs, timeZone, locale)],
    ],
  };
};
