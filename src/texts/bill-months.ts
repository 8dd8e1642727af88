import type { Translated } from "./locale.ts";

const en = {
  title: "Months of {year}",
  byMonth: "By month",
  hint: "Invoices and credit notes, by the month in which they were issued.",
  month: "Month",
  invoices: "Invoices",
  total: "Invoiced",
  credited: "Credited",
  paid: "Paid",
  remaining: "Remaining",
  whole: "The whole year",
  none: "Nothing was invoiced in {year}",
};

/** The words of the months of the billing history. */
export const billMonthsTexts: Translated<typeof en> = {
  en,
  vi: {
    title: "Các tháng năm {year}",
    byMonth: "Theo tháng",
    hint: "Hóa đơn và phiếu ghi có, theo tháng phát hành.",
    month: "Tháng",
    invoices: "Hóa đơn",
    total: "Đã xuất",
    credited: "Ghi có",
    paid: "Đã trả",
    remaining: "Còn lại",
    whole: "Cả năm",
    none: "Năm {year} chưa có hóa đơn nào",
  },
};
