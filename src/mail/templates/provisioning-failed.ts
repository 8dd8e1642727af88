import type { NoticeOf } from "../../domain/notice.ts";
import { NO_REASON_GIVEN, PROVISIONING_TIMED_OUT } from "../../domain/provisioning.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import type { Template } from "../render.ts";

const WORDS = {
  en: {
    subject: (name: string) => `${name} could not be set up`,
    message:
      "We are sorry: your resource could not be set up. What you paid for it is back in your credit wallet.",
    unchanged: (name: string) => `${name} could not be changed`,
    asBefore:
      "We are sorry: what you ordered for your resource could not be done. It is as it was before, and what you paid is back in your credit wallet.",
    notCharged:
      "We are sorry: your resource could not be set up. Nothing was used, and nothing will be billed for it.",
    stays: "We are sorry: your resource could not be changed. It is as it was before, and billed as before.",
    onPoc: "We are sorry: this could not be done. What it cost is back in your trial credit.",
    reason: "Reason",
    refund: "Refunded to credit",
    pocRefund: "Refunded to trial credit",
    at: "Refunded at",
    failedAt: "Failed at",
    ours: new Map([
      [PROVISIONING_TIMED_OUT, "It took too long."],
      [NO_REASON_GIVEN, "The product couldn't set it up."],
    ]),
  },
  vi: {
    subject: (name: string) => `Không thể khởi tạo ${name}`,
    unchanged: (name: string) => `Không thể thay đổi ${name}`,
    asBefore:
      "Rất tiếc: không thể thực hiện yêu cầu cho tài nguyên của bạn. Tài nguyên được giữ nguyên và số tiền đã thanh toán đã được hoàn vào ví của bạn.",
    message:
      "Rất tiếc: tài nguyên của bạn không thể khởi tạo. Số tiền đã thanh toán đã được hoàn vào ví của bạn.",
    notCharged:
      "Rất tiếc: tài nguyên của bạn không thể khởi tạo. Bạn chưa sử dụng gì và sẽ không bị tính phí.",
    stays:
      "Rất tiếc: không thể thay đổi tài nguyên của bạn. Tài nguyên được giữ nguyên và tính phí như trước.",
    onPoc: "Rất tiếc: không thể thực hiện yêu cầu này. Số tiền đã được hoàn vào ví dùng thử của bạn.",
    reason: "Lý do",
    refund: "Hoàn vào ví",
    pocRefund: "Hoàn vào ví dùng thử",
    at: "Thời điểm hoàn",
    failedAt: "Thời điểm",
    ours: new Map([
      [PROVISIONING_TIMED_OUT, "Quá thời gian chờ."],
      [NO_REASON_GIVEN, "Sản phẩm không thể khởi tạo tài nguyên."],
    ]),
  },
} as const;

export const provisioningFailed: Template<NoticeOf<"provisioning_failed">> = (
  notice,
  { locale, timeZone, currency },
) => {
  const words = WORDS[locale];
  const isNew = notice.action === "create";
  const subject = isNew ? words.subject(notice.name) : words.unchanged(notice.name);
  const reason = [words.reason, words.ours.get(notice.reason) ?? notice.reason] as const;
  const at = formatInstant(notice.atMs, timeZone, locale);
  // What is paid after its use, or cost nothing, has nothing to give back.
  if (notice.refund === 0)
    return {
      ...{ subject, message: isNew ? words.notCharged : words.stays },
      facts: [reason, [words.failedAt, at]],
    };
  const paid = isNew ? words.message : words.asBefore;
  return {
    subject,
    message: notice.isOnPoc ? words.onPoc : paid,
    facts: [
      reason,
      [notice.isOnPoc ? words.pocRefund : words.refund, formatMoney(notice.refund, currency, locale)],
      [words.at, at],
    ],
  };
};
