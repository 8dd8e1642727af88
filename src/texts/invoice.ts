import type { Account } from "../domain/account.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { Translated } from "./locale.ts";

/** The words of an invoice. */
export interface InvoiceTexts {
  readonly title: string;
  readonly status: Readonly<Record<Invoice["status"], string>>;
  readonly seller: string;
  readonly customer: string;
  readonly taxCode: (code: string) => string;
  readonly issued: string;
  readonly due: string;
  readonly resource: string;
  readonly period: string;
  readonly until: (instant: string) => string;
  readonly item: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly discount: string;
  readonly taxRate: string;
  /** Of a column whose amounts are in a currency. */
  readonly amountIn: (currency: string) => string;
  readonly subtotal: string;
  readonly coupon: (code: string) => string;
  readonly total: string;
  readonly taxIncluded: string;
  readonly paid: string;
  readonly open: string;
  readonly creditedBy: (codes: string) => string;
  readonly supersededBy: (code: string) => string;
}

/** Whom an invoice is made out to: the party it names, or else the customer as the account knows them. */
export function customerLines(
  { billedTo }: Pick<Invoice, "billedTo">,
  { name, email }: Pick<Account, "name" | "email">,
  { taxCode }: InvoiceTexts,
): readonly string[] {
  if (!billedTo) return [name, email];
  const lines = [billedTo.name, billedTo.taxCode && taxCode(billedTo.taxCode), billedTo.address];
  return [...lines, billedTo.email ?? email].filter((line) => line !== null);
}

export const invoiceTexts: Translated<InvoiceTexts> = {
  en: {
    title: "Invoice",
    status: { paid: "Paid", partially_paid: "Partially paid", unpaid: "Unpaid" },
    seller: "Seller",
    customer: "Customer",
    taxCode: (code) => `Tax code ${code}`,
    issued: "Issued on",
    due: "Due on",
    resource: "Resource",
    period: "Period",
    until: (instant) => `until ${instant}`,
    item: "Item",
    quantity: "Quantity",
    unitPrice: "Unit price",
    discount: "Discount",
    taxRate: "Tax",
    amountIn: (currency) => `Amount with tax (${currency})`,
    subtotal: "Subtotal",
    coupon: (code) => `Coupon ${code}`,
    total: "Total",
    taxIncluded: "Tax included",
    paid: "Paid",
    open: "Still open",
    creditedBy: (codes) => `Corrected by credit note ${codes}.`,
    supersededBy: (code) => `Superseded by invoice ${code}.`,
  },
  vi: {
    title: "Hóa đơn",
    status: {
      paid: "Đã thanh toán",
      partially_paid: "Thanh toán một phần",
      unpaid: "Chưa thanh toán",
    },
    seller: "Bên bán",
    customer: "Khách hàng",
    taxCode: (code) => `Mã số thuế ${code}`,
    issued: "Ngày phát hành",
    due: "Hạn thanh toán",
    resource: "Tài nguyên",
    period: "Kỳ sử dụng",
    until: (instant) => `đến ${instant}`,
    item: "Hạng mục",
    quantity: "Số lượng",
    unitPrice: "Đơn giá",
    discount: "Chiết khấu",
    taxRate: "Thuế",
    amountIn: (currency) => `Thành tiền có thuế (${currency})`,
    subtotal: "Tạm tính",
    coupon: (code) => `Mã giảm giá ${code}`,
    total: "Tổng cộng",
    taxIncluded: "Trong đó thuế",
    paid: "Đã thanh toán",
    open: "Còn phải trả",
    creditedBy: (codes) => `Được điều chỉnh bởi phiếu ghi có ${codes}.`,
    supersededBy: (code) => `Được thay thế bởi hóa đơn ${code}.`,
  },
};
