import type { NoticeOf } from "../../domain/notice.ts";
import type { Template } from "../render.ts";
import { listed } from "./bill-list.ts";

const WORDS = {
  en: {
    subject: "Your resources are suspended until your bills are paid",
    message:
      "These bills are overdue, so your resources don't run any more. Their data is kept, and nothing is charged meanwhile. They run again as soon as the bills are paid.",
  },
  vi: {
    subject: "Tài nguyên bị tạm ngưng cho đến khi thanh toán hóa đơn",
    message:
      "Các hóa đơn sau đã quá hạn nên tài nguyên của bạn ngừng chạy. Dữ liệu được giữ và không tính phí trong thời gian này. Tài nguyên chạy lại ngay khi hóa đơn được thanh toán.",
  },
} as const;

export const useSuspended: Template<NoticeOf<"use_suspended">> = (notice, reader) => ({
  ...WORDS[reader.locale],
  facts: listed(notice, reader),
});
