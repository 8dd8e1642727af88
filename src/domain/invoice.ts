import type { Account } from "./account.ts";
import { addDays, type Span } from "./calendar.ts";
import type {
  CouponCode,
  CreditNoteCode,
  InvoiceAddressId,
  InvoiceCode,
  OrderId,
  PaymentId,
  ProductId,
  ResourceId,
  ResourceTypeId,
} from "./ids.ts";
import { type InvoiceParty, invoicePartyOf } from "./invoice-address.ts";
import { localTime } from "./local-time.ts";
import { type Currency, type Money, subtract, ZERO } from "./money.ts";
import { type Charge, discountOf, grossOf, taxOf } from "./pricing.ts";
import type { ExactText } from "./ratio.ts";
import type { Resource } from "./resource.ts";
import type { UsedMonth } from "./usage.ts";

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
  /** Whom it is made out to; null where the account had no address. */
  readonly billedTo: InvoiceParty | null;
  readonly resource: ResourceId;
  readonly resourceType: ResourceTypeId;
  readonly resourceName: string;
  readonly order: OrderId;
  /** The payment before it; null for a bill, which is issued before it is paid. */
  readonly payment: PaymentId | null;
  readonly period: { readonly startMs: number; readonly endMs: number };
  readonly lines: readonly InvoiceLine[];
  /** The minutes that were paid for in advance, exact; a bill's lines have each their own real time. */
  readonly billedMinutes?: ExactText;
  readonly coupon: { readonly code: CouponCode; readonly amount: Money } | null;
  /** The resource's tags as they were then. */
  readonly tags: Readonly<Record<string, string>>;
  readonly creditedBy: readonly CreditNoteCode[];
  readonly supersededBy: InvoiceCode | null;
}

/** `period`: the part of the invoice's that a line is about, where it has lines of several. */
export interface InvoiceLine extends Charge {
  readonly period?: Span;
}

/** `YYYYMM-<account's short id>-<n>`, the month in account-local time. (README: How it's built.) */
export function documentCode<C extends InvoiceCode | CreditNoteCode>(
  account: Account,
  n: number,
  issuedAtMs: number,
): C {
  const { year, month0 } = localTime(issuedAtMs, account.timeZone);
  const month = String(year * 100 + month0 + 1).padStart(6, "0");
  return `${month}-${account.shortId}-${n}` as C;
}

/** What a paid invoice is about: some time of a resource, and the order line that bought it. */
export interface Sold {
  readonly account: Account;
  readonly n: number;
  readonly nowMs: number;
  readonly resource: Resource;
  readonly order: OrderId;
  readonly payment: PaymentId;
  readonly period: Span;
  readonly billedMinutes: ExactText;
  readonly charges: readonly Charge[];
  readonly coupon: CouponCode | null;
  readonly invoiceAddress: InvoiceAddressId | null;
}

/** The invoice of what was paid before it is issued; its total is what is left after the coupon. */
export function paidInvoice(sold: Sold): Invoice {
  const { account, n, nowMs, resource, charges, period, coupon } = sold;
  const discount = discountOf(charges);
  const total = subtract(grossOf(charges), discount);
  return {
    code: documentCode(account, n, nowMs),
    n,
    status: "paid",
    total,
    paid: total,
    tax: taxOf(charges),
    currency: account.currency,
    issuedAtMs: nowMs,
    dueAtMs: nowMs,
    product: resource.product,
    billedTo: invoicePartyOf(account, sold.invoiceAddress),
    resource: resource.id,
    resourceType: resource.resourceType,
    resourceName: resource.name,
    order: sold.order,
    payment: sold.payment,
    period: { startMs: period.startMs, endMs: period.endMs },
    lines: charges,
    billedMinutes: sold.billedMinutes,
    coupon: coupon === null ? null : { code: coupon, amount: discount },
    tags: resource.tags,
    creditedBy: [],
    supersededBy: null,
  };
}

/** A bill is to be paid within so many days. (Domain: Postpaid, Month close.) */
const DUE_DAYS = 15;

/** The bill of what was used of a resource within a month; what cost nothing is paid. (Domain: Postpaid, Month close.) */
export function billFor(
  account: Account,
  resource: Resource,
  { period, charges, total, tax }: UsedMonth,
  { n, atMs }: { readonly n: number; readonly atMs: number },
): Invoice {
  return {
    code: documentCode(account, n, atMs),
    n,
    status: total === 0 ? "paid" : "unpaid",
    total,
    paid: ZERO,
    tax,
    currency: account.currency,
    issuedAtMs: atMs,
    dueAtMs: addDays(atMs, DUE_DAYS, account.timeZone),
    product: resource.product,
    billedTo: invoicePartyOf(account, null),
    resource: resource.id,
    resourceType: resource.resourceType,
    resourceName: resource.name,
    order: resource.order,
    payment: null,
    period,
    lines: charges,
    coupon: null,
    tags: resource.tags,
    creditedBy: [],
    supersededBy: null,
  };
}

/** What of an invoice isn't paid yet. */
export const openOf = ({ total, paid }: Pick<Invoice, "total" | "paid">): Money => subtract(total, paid);
