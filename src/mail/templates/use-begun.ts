import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    created: {
      subject: (name: string) => `${name} is ready`,
      message: "Your resource is ready to use. What you use in a month is invoiced at its end.",
    },
    resized: {
      subject: (name: string) => `${name} was changed`,
      message: "Your resource has its new configuration. Both are invoiced to the minute at the month's end.",
    },
    converted: {
      subject: (name: string) => `${name} is paid by the month now`,
      message:
        "The time that you paid for in advance is over. From now on, what you use in a month is invoiced at its end.",
    },
    tried: {
      subject: (name: string) => `${name} is yours to keep`,
      message:
        "Your resource is no trial any more. From now on, what you use in a month is invoiced at its end, and credit is held for it.",
    },
    from: "From",
  },
  vi: {
    created: {
      subject: (name: string) => `${name} đã sẵn sàng`,
      message:
        "Tài nguyên của bạn đã sẵn sàng sử dụng. Phần dùng trong tháng được lập hóa đơn vào cuối tháng.",
    },
    resized: {
      subject: (name: string) => `${name} đã được thay đổi`,
      message:
        "Tài nguyên của bạn đã có cấu hình mới. Cả hai cấu hình được tính đến từng phút trong hóa đơn cuối tháng.",
    },
    converted: {
      subject: (name: string) => `${name} đã chuyển sang trả sau`,
      message:
        "Thời gian trả trước đã hết. Từ bây giờ, phần dùng trong tháng được lập hóa đơn vào cuối tháng.",
    },
    tried: {
      subject: (name: string) => `${name} đã chuyển sang trả phí`,
      message:
        "Tài nguyên không còn là dùng thử. Từ bây giờ, phần dùng trong tháng được lập hóa đơn vào cuối tháng và số dư được tạm giữ cho phần này.",
    },
    from: "Từ",
  },
} as const;

export const useBegun: Template<NoticeOf<"use_begun">> = ({ name, why, startAtMs }, { locale, timeZone }) => {
  const words = WORDS[locale];
  return {
    subject: words[why].subject(name),
    message: words[why].message,
    facts: [[words.from, formatInstant(startAtMs, timeZone, locale)]],
  };
};
