import type { Account } from "./account.ts";
import type {
  CouponCode,
  CreditNoteCode,
  InvoiceCode,
  ProductId,
  ResourceId,
  ResourceTypeId,
} from "./ids.ts";
import { documentCode, type Invoice } from "./invoice.ts";
import { floorToMinute } from "./local-time.ts";
import { type Currency, type Money, negate, subtract } from "./money.ts";
import { type Charge, discountOf, grossOf, taxOf } from "./pricing.ts";
import { type Instant, type Term, unusedCharges } from "./terms.ts";
import type { UseCharge } from "./usage.ts";

export const CREDIT_REASONS = ["resize", "delete", "late_use"] as const;

/**
 * A document that takes back part of an invoice: the time that won't be used, or what turned out not to have been used. `total` is what was paid for it, after
 * the coupon. `n` counts the account's documents, invoices and credit notes alike. (Domain: Money, Documents.)
 */
export interface CreditNote {
  readonly code: CreditNoteCode;
  readonly n: number;
  readonly invoice: InvoiceCode;
  readonly reason: (typeof CREDIT_REASONS)[number];
  readonly total: Money;
  readonly tax: Money;
  readonly currency: Currency;
  readonly issuedAtMs: number;
  readonly product: ProductId;
  readonly resource: ResourceId;
  readonly resourceType: ResourceTypeId;
  readonly resourceName: string;
  readonly period: { readonly startMs: number; readonly endMs: number };
  readonly lines: readonly Charge[];
  readonly coupon: { readonly code: CouponCode; readonly amount: Money } | null;
}

/** Takes back what of a term is unused at an instant. Throws for an invoice that was corrected before: a bug. */
export function creditNoteFor(
  invoice: Invoice,
  term: Term,
  at: Instant,
  of: { account: Account; n: number; nowMs: number; reason: CreditNote["reason"] },
): CreditNote {
  if (invoice.creditedBy.length > 0) throw new Error(`${invoice.code} was credited before`);
  const period = { startMs: Math.max(term.startMs, floorToMinute(at.atMs)), endMs: term.endMs };
  return noteOn(invoice, unusedCharges(term, at), { ...of, period });
}

/** Takes back what a bill said too much of a month; `difference` is below zero. */
export const lateCreditNote = (
  bill: Invoice,
  difference: readonly UseCharge[],
  of: { account: Account; n: number; nowMs: number },
): CreditNote => noteOn(bill, difference.map(lessOf), { ...of, reason: "late_use", period: bill.period });

const lessOf = ({ taxRate, gross, tax, discount, items }: UseCharge): Charge => ({
  ...{ taxRate, discount, gross: negate(gross), tax: negate(tax) },
  items: items.map((item) => ({ ...item, amount: negate(item.amount) })),
});

function noteOn(
  invoice: Invoice,
  lines: readonly Charge[],
  of: { account: Account; n: number; nowMs: number } & Pick<CreditNote, "reason" | "period">,
): CreditNote {
  const { account, n, nowMs, reason, period } = of;
  const discount = discountOf(lines);
  return {
    code: documentCode(account, n, nowMs),
    n,
    invoice: invoice.code,
    reason,
    total: subtract(grossOf(lines), discount),
    tax: taxOf(lines),
    currency: invoice.currency,
    issuedAtMs: nowMs,
    product: invoice.product,
    resource: invoice.resource,
    resourceType: invoice.resourceType,
    resourceName: invoice.resourceName,
    period,
    lines,
    coupon: invoice.coupon && { code: invoice.coupon.code, amount: discount },
  };
}
