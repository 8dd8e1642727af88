import type { NoticeOf } from "../../domain/notice.ts";
import type { Template } from "../render.ts";
import { listed } from "./bill-list.ts";

const WORDS = {
  en: {
    due: { subject: "Your bills are due", message: "These bills are due now. Please pay them." },
    overdue: {
      subject: (days: number) => `Your bills have been overdue for ${days} days`,
      message: "These bills are overdue. Please pay them.",
      refused:
        "These bills are overdue. Until they are paid, nothing new can be ordered and nothing can be changed. Please pay them.",
    },
  },
  vi: {
    due: {
      subject: "Hóa đơn đã đến hạn",
      message: "Các hóa đơn sau đã đến hạn. Vui lòng thanh toán.",
    },
    overdue: {
      subject: (days: number) => `Hóa đơn đã quá hạn ${days} ngày`,
      message: "Các hóa đơn sau đã quá hạn. Vui lòng thanh toán.",
      refused:
        "Các hóa đơn sau đã quá hạn. Bạn không thể tạo mới hoặc thay đổi tài nguyên cho đến khi thanh toán. Vui lòng thanh toán.",
    },
  },
} as const;

export const billsOverdue: Template<NoticeOf<"bills_overdue">> = (notice, reader) => {
  const { due, overdue } = WORDS[reader.locale];
  const facts = listed(notice, reader);
  if (notice.days === 0) return { ...due, facts };
  return {
    subject: overdue.subject(notice.days),
    message: notice.isRefused ? overdue.refused : overdue.message,
    facts,
  };
};
