import type { NoticeOf } from "../../domain/notice.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (order: string) => `Order ${order} is paid`,
    message:
      "Thank you: your order is paid. Your resources are being set up now; you'll hear from us when they are.",
    renewed: "Thank you: your order is paid. Your resources run on.",
    more: "More resources",
    discount: "Coupon",
    total: "Paid from credit",
    onPoc: "Paid from trial credit",
    through: (gateway: string) => `Paid at ${gateway}`,
    by: "Paid by",
    at: "Paid at",
  },
  vi: {
    subject: (order: string) => `Đơn hàng ${order} đã được thanh toán`,
    renewed: "Cảm ơn bạn: đơn hàng đã được thanh toán. Tài nguyên của bạn tiếp tục hoạt động.",
    message:
      "Cảm ơn bạn: đơn hàng đã được thanh toán. Tài nguyên của bạn đang được khởi tạo; chúng tôi sẽ báo khi hoàn tất.",
    more: "Tài nguyên khác",
    discount: "Mã giảm giá",
    total: "Thanh toán từ ví",
    onPoc: "Thanh toán từ ví dùng thử",
    through: (gateway: string) => `Thanh toán qua ${gateway}`,
    by: "Người thanh toán",
    at: "Thời điểm thanh toán",
  },
} as const;

export const orderPaid: Template<NoticeOf<"order_paid">> = (notice, { locale, timeZone, currency }) => {
  const words = WORDS[locale];
  const coupon = [
    `${words.discount} ${notice.coupon}`,
    formatMoney(0 - notice.discount, currency, locale),
  ] as const;
  const fromWallet = notice.isOnPoc ? words.onPoc : words.total;
  return {
    subject: words.subject(notice.order),
    message: notice.action === "renew" || notice.action === "match_end_time" ? words.renewed : words.message,
    facts: [
      ...notice.lines.map((line) => [line.name, formatMoney(line.amount, currency, locale)] as const),
      ...(notice.moreLines === 0 ? [] : [[words.more, String(notice.moreLines)] as const]),
      ...(notice.coupon === null ? [] : [coupon]),
      [
        notice.gateway ? words.through(GATEWAY_TITLES[notice.gateway]) : fromWallet,
        formatMoney(notice.total, currency, locale),
      ],
      ...(notice.paidBy === undefined ? [] : [[words.by, notice.paidBy] as const]),
      [words.at, formatInstant(notice.atMs, timeZone, locale)],
    ],
  };
};
