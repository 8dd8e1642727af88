import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} is ready`,
    message: "Your resource is ready to use, and its invoice has been issued.",
    recovered: "Your resource is back from the trash, and its invoice has been issued.",
    onPoc: "Your resource is ready to use, on your trial credit until its end. Convert it to keep it longer.",
    start: "Runs from",
    end: "Paid until",
    invoice: "Invoice",
    total: "Total",
  },
  vi: {
    subject: (name: string) => `${name} đã sẵn sàng`,
    recovered: "Tài nguyên của bạn đã được khôi phục từ thùng rác và hóa đơn đã được phát hành.",
    message: "Tài nguyên của bạn đã sẵn sàng sử dụng và hóa đơn đã được phát hành.",
    onPoc:
      "Tài nguyên của bạn đã sẵn sàng, chạy bằng tiền dùng thử đến hết hạn. Hãy chuyển sang trả phí để giữ lâu hơn.",
    start: "Bắt đầu từ",
    end: "Đã thanh toán đến",
    invoice: "Hóa đơn",
    total: "Tổng cộng",
  },
} as const;

export const resourceProvisioned: Template<NoticeOf<"resource_provisioned">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  const paid = notice.isRecovered ? words.recovered : words.message;
  return {
    subject: words.subject(notice.name),
    message: notice.invoice === null ? words.onPoc : paid,
    facts: [
      [words.start, formatInstant(notice.startAtMs, timeZone, locale)],
      [words.end, formatInstant(notice.endAtMs, timeZone, locale)],
      ...(notice.invoice === null ? [] : [[words.invoice, notice.invoice] as const]),
      [words.total, formatMoney(notice.total, currency, locale)],
    ],
  };
};
