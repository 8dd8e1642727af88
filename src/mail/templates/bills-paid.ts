import type { NoticeOf } from "../../domain/notice.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    paid: "Your bills are paid",
    partly: "Your bills are paid in part",
    automatic: "We have paid your bills from your credit, as far as it sufficed.",
    received: "Your payment has arrived. Thank you.",
    resumed: "Your resources, which were suspended, run again.",
    whole: (amount: string) => `${amount}, paid`,
    part: (amount: string, open: string) => `${amount} paid, ${open} still to pay`,
    more: "And others",
    amount: "Paid",
    open: "Still to pay",
    gateway: "Paid at",
  },
  vi: {
    paid: "Hóa đơn đã được thanh toán",
    partly: "Hóa đơn đã được thanh toán một phần",
    automatic: "Chúng tôi đã thanh toán hóa đơn từ ví của bạn, trong phạm vi số dư cho phép.",
    received: "Chúng tôi đã nhận được khoản thanh toán. Xin cảm ơn.",
    resumed: "Các tài nguyên bị tạm ngưng của bạn đã chạy lại.",
    whole: (amount: string) => `${amount}, đã thanh toán đủ`,
    part: (amount: string, open: string) => `đã thanh toán ${amount}, còn lại ${open}`,
    more: "Và các hóa đơn khác",
    amount: "Đã thanh toán",
    open: "Còn phải thanh toán",
    gateway: "Thanh toán qua",
  },
} as const;

export const billsPaid: Template<NoticeOf<"bills_paid">> = (notice, { locale, currency }) => {
  const words = WORDS[locale];
  const money = (amount: (typeof notice)["amount"]) => formatMoney(amount, currency, locale);
  const { bills, moreBills, isAutomatic, isResumed, gateway, open } = notice;
  return {
    subject: bills.some((bill) => bill.open > 0) ? words.partly : words.paid,
    message: `${isAutomatic ? words.automatic : words.received}${isResumed ? ` ${words.resumed}` : ""}`,
    facts: [
      ...bills.map((bill): readonly [string, string] => [
        `${bill.code} ${bill.name}`,
        bill.open > 0 ? words.part(money(bill.amount), money(bill.open)) : words.whole(money(bill.amount)),
      ]),
      ...(moreBills > 0 ? [[words.more, String(moreBills)] as const] : []),
      [words.amount, money(notice.amount)],
      [words.open, money(open)],
      ...(gateway === null ? [] : [[words.gateway, GATEWAY_TITLES[gateway]] as const]),
    ],
  };
};
