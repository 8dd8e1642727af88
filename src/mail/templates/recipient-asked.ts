import type { NoticeOf } from "../../domain/notice.ts";
import { formatInstant } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: "Do you want to get billing messages?",
    message:
      "You were named as somebody who should get this customer's billing messages. Follow the link to say yes; without that you won't hear from us again.",
    link: "Say yes",
    until: "Possible until",
  },
  vi: {
    subject: "Bạn có muốn nhận thông báo thanh toán không?",
    message:
      "Bạn được đề nghị là người nhận thông báo thanh toán của khách hàng này. Hãy mở liên kết để đồng ý; nếu không, chúng tôi sẽ không gửi thư cho bạn nữa.",
    link: "Đồng ý",
    until: "Có hiệu lực đến",
  },
} as const;

export const recipientAsked: Template<NoticeOf<"recipient_asked">> = (notice, { locale, timeZone }) => {
  const words = WORDS[locale];
  return {
    subject: words.subject,
    message: words.message,
    facts: [
      [words.link, notice.confirmationUrl],
      [words.until, formatInstant(notice.untilMs, timeZone, locale)],
    ],
  };
};
