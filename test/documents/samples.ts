import type { Account } from "../../src/domain/account.ts";
import type { Invoice } from "../../src/domain/invoice.ts";
import type { Charge, ChargeItem } from "../../src/domain/pricing.ts";

/** 10:15 in Ho Chi Minh City. */
const AT_MS = Date.UTC(2027, 2, 10, 3, 15);

export const ACCOUNT: Account = {
  id: "acc_1" as never,
  shortId: "A1",
  email: "anh@example.com",
  name: "Nguyễn Thị Ánh Tuyết",
  billingMode: "prepaid",
  currency: "VND",
  timeZone: "Asia/Ho_Chi_Minh",
  locale: "vi",
  postpaidLimit: null,
  suspendOverdueDays: null,
  recipients: [],
  invoiceAddresses: [],
  createdAtMs: 0,
};

export const itemOf = (name: string, amount: number, more: Partial<ChargeItem> = {}): ChargeItem => ({
  sku: name as never,
  name,
  quantity: 1,
  unit: "30 days",
  unitPrice: String(amount),
  discount: "0",
  amount: amount as never,
  ...more,
});

const chargeOf = (taxRate: string, tax: number, discount: number, items: readonly ChargeItem[]): Charge => ({
  taxRate,
  gross: items.reduce((sum, { amount }) => sum + amount, 0) as never,
  tax: tax as never,
  discount: discount as never,
  items,
});

/** Of a server for two months: two tax rates, a discount, a price with a fraction, a coupon, paid in part. */
export const INVOICE: Invoice = {
  code: "202703-A1-7" as never,
  n: 7,
  status: "partially_paid",
  total: 1_411_240 as never,
  paid: 1_000_000 as never,
  tax: 137_295 as never,
  currency: "VND",
  issuedAtMs: AT_MS,
  dueAtMs: Date.UTC(2027, 2, 25, 3, 15),
  product: "vserver" as never,
  billedTo: null,
  resource: "res_1" as never,
  resourceType: "server" as never,
  resourceName: "máy-chủ-đường-sắt",
  order: "ord_1" as never,
  payment: "pay_1" as never,
  period: { startMs: AT_MS, endMs: Date.UTC(2027, 4, 10, 3, 15) },
  lines: [
    chargeOf("10", 130_909, 90_000, [
      itemOf("Máy chủ 4 vCPU, 8 GB", 1_170_000, { unitPrice: "650000", discount: "10" }),
      itemOf("Ổ đĩa SSD", 270_000, { quantity: 45, unitPrice: "3000", unit: "GB-30-days" }),
    ]),
    chargeOf("8", 4_536, 0, [itemOf("Bản quyền", 61_240, { unitPrice: "7.7", unit: "GB-hour" })]),
  ],
  coupon: { code: "TET2027" as never, amount: 90_000 as never },
  tags: {},
  creditedBy: [],
  supersededBy: null,
};

/** Of so many items that they don't go on one page, each with an amount of its own. */
export const longInvoice = (items: number): Invoice => {
  const gross = chargeOf(
    "10",
    0,
    0,
    Array.from({ length: items }, (_, index) => itemOf(`Ổ đĩa số ${index + 1}`, 1_000_003 + index * 1_001)),
  );
  return { ...INVOICE, lines: [gross], coupon: null, total: gross.gross, paid: gross.gross, status: "paid" };
};
