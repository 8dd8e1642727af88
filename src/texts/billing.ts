import type { Translated } from "./locale.ts";

const en = {
  title: "Billing history",
  searchHint: "Invoice code or resource name",
  product: "Product",
  status: "Status",
  code: "Invoice",
  amount: "Amount",
  empty: "No invoices yet",
  emptyHint: "An invoice is issued as soon as a resource you paid for is ready.",
  print: "Print",
  pdf: "Download PDF",
  order: "Order",
  per: "per",
  time: "Time",
  howItAddsUp: "Quantity × unit price × time, less the discount, comes to the amount, tax included.",
  metered: "metered",
  couponHint: "this invoice's share",
};

/** The words of the billing history, and what an invoice's page says besides the invoice's own words. */
export const billingTexts: Translated<typeof en> = {
  en,
  vi: {
    title: "Lịch sử hóa đơn",
    searchHint: "Mã hóa đơn hoặc tên tài nguyên",
    product: "Sản phẩm",
    status: "Trạng thái",
    code: "Hóa đơn",
    amount: "Thành tiền",
    empty: "Chưa có hóa đơn nào",
    emptyHint: "Hóa đơn được phát hành ngay khi tài nguyên bạn đã thanh toán sẵn sàng.",
    print: "In",
    pdf: "Tải PDF",
    order: "Đơn hàng",
    per: "mỗi",
    time: "Thời gian",
    howItAddsUp: "Thành tiền là số lượng × đơn giá × thời gian, trừ chiết khấu, đã gồm thuế.",
    metered: "đo được",
    couponHint: "phần của hóa đơn này",
  },
};
