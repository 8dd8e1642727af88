import type { Account } from "./account.ts";
import type {
  CouponCode,
  InvoiceCode,
  OrderId,
  PaymentId,
  ProductId,
  ResourceId,
  ResourceTypeId,
} from "./ids.ts";
import { localTime } from "./local-time.ts";
import type { Currency, Money } from "./money.ts";
import type { Charge } from "./pricing.ts";

/**
 * A document as it was issued: its amounts never change. `total` is after the coupon, `tax` is the tax inside the
 * lines' gross, which a coupon doesn't change. `n` counts the account's documents.
 */
export interface Invoice {
  readonly code: InvoiceCode;
  readonly n: number;
  readonly status: "paid" | "partially_paid" | "unpaid";
  readonly total: Money;
  readonly paid: Money;
  readonly tax: Money;
  readonly currency: Currency;
  readonly issuedAtMs: number;
  readonly dueAtMs: number;
  readonly product: ProductId;
  readonly resource: ResourceId;
  readonly resourceType: ResourceTypeId;
  readonly resourceName: string;
  readonly order: OrderId;
  readonly payment: PaymentId | null;
  readonly period: { readonly startMs: number; readonly endMs: number };
  readonly lines: readonly Charge[];
  readonly coupon: { readonly code: CouponCode; readonly amount: Money } | null;
  readonly creditedBy: readonly string[];
  readonly supersededBy: InvoiceCode | null;
}

/** `YYYYMM-<account's short id>-<n>`, the month in account-local time. (README: How it's built.) */
export function invoiceCode(account: Account, n: number, issuedAtMs: number): InvoiceCode {
  const { year, month0 } = localTime(issuedAtMs, account.timeZone);
  const month = String(year * 100 + month0 + 1).padStart(6, "0");
  return `${month}-${account.shortId}-${n}` as InvoiceCode;
}
