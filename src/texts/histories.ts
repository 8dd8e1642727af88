import type { Translated } from "./locale.ts";

const en = {
  payments: "Payment history",
  credits: "Credit history",
  time: "Time",
  kind: "Kind",
  method: "Method",
  status: "Status",
  paidFor: "For",
  amount: "Amount",
  available: "Available",
  held: "Held",
  total: "Balance after",
  noPayments: "No payments yet",
  noPaymentsHint: "Payments and refunds appear here as they happen.",
  noCredits: "No changes of credit yet",
  noCreditsHint: "Whatever changes your credit appears here, with the balance after it.",
};

/** The words of the payment and the credit history. */
export const historyTexts: Translated<typeof en> = {
  en,
  vi: {
    payments: "Lịch sử thanh toán",
    credits: "Lịch sử số dư",
    time: "Thời điểm",
    kind: "Loại",
    method: "Phương thức",
    status: "Trạng thái",
    paidFor: "Nội dung",
    amount: "Số tiền",
    available: "Khả dụng",
    held: "Tạm giữ",
    total: "Số dư sau đó",
    noPayments: "Chưa có thanh toán nào",
    noPaymentsHint: "Các khoản thanh toán và hoàn tiền sẽ hiện ở đây.",
    noCredits: "Chưa có thay đổi số dư nào",
    noCreditsHint: "Mọi thay đổi số dư sẽ hiện ở đây, kèm số dư sau đó.",
  },
};
