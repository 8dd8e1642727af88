import type { NoticeOf } from "../../domain/notice.ts";
import type { Template } from "../render.ts";
import { listed } from "./bill-list.ts";

const WORDS = {
  en: {
    subject: "Your bills for the month",
    message:
      "The month is closed, and what you used has been invoiced. Bills are paid from your credit by themselves each morning, as far as it suffices.",
  },
  vi: {
    subject: "Hóa đơn sử dụng trong tháng",
    message:
      "Tháng đã được chốt và phần bạn sử dụng đã được lập hóa đơn. Mỗi sáng, hóa đơn được tự động thanh toán từ số dư ví, trong phạm vi số dư cho phép.",
  },
} as const;

export const billsIssued: Template<NoticeOf<"bills_issued">> = (notice, reader) => ({
  ...WORDS[reader.locale],
  facts: listed(notice, reader),
});
