import type { Translated } from "./locale.ts";

const en = {
  title: "Statistics",
  hint: "By the day of issue, {from} to {to}; as invoiced, credit notes are listed by month.",
  byProduct: "By product",
  byMonth: "By month",
  product: "Product",
  month: "Month",
  paid: "Paid",
  unpaid: "Not paid",
  total: "Total",
  share: "Share",
  pressed: "Choose a product to see its invoices alone.",
  showAll: "Show all products",
};

/** The words of the billing history's charts. */
export const billingStatisticsTexts: Translated<typeof en> = {
  en,
  vi: {
    title: "Thống kê",
    hint: "Theo ngày phát hành, từ {from} đến {to}; theo giá trị hóa đơn, phiếu ghi có được liệt kê theo tháng.",
    byProduct: "Theo sản phẩm",
    byMonth: "Theo tháng",
    product: "Sản phẩm",
    month: "Tháng",
    paid: "Đã thanh toán",
    unpaid: "Chưa thanh toán",
    total: "Tổng cộng",
    share: "Tỷ trọng",
    pressed: "Chọn một sản phẩm để chỉ xem hóa đơn của sản phẩm đó.",
    showAll: "Xem tất cả sản phẩm",
  },
};
