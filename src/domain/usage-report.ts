import { minutesBetween, type Span } from "./calendar.ts";
import type { Invoice } from "./invoice.ts";
import { add, larger, type Money, split, subtract, sum, ZERO } from "./money.ts";
import { monthOf } from "./month.ts";
import { type ChargeItem, discountOf } from "./pricing.ts";

/**
 * What one item of an invoice comes to in one calendar month of its time. `period` is the part of that month, `coupon` the
 * month's share of the invoice's coupon, `total` what is left after it. (Domain: Portal, Usage report.)
 */
export interface UsageRow {
  readonly invoice: Invoice;
  readonly period: Span;
  readonly item: ChargeItem;
  readonly taxRate: string;
  readonly coupon: Money;
  readonly total: Money;
}

/** An item within a month, before the coupon. */
interface Share extends Pick<UsageRow, "period" | "item" | "taxRate"> {
  readonly monthMs: number;
  readonly amount: Money;
}

/**
 * An invoice by reconciliation period, oldest month first, and within it by line and item. An item's amount is split over
 * its months by their minutes on the prepaid calendar, the coupon evenly, both by largest remainder: the totals sum to the
 * invoice's, the coupons to its coupon. (Domain: Portal, Usage report.)
 */
export function usageRowsOf(invoice: Invoice, timeZone: string): UsageRow[] {
  const shares = invoice.lines.flatMap(({ period = invoice.period, taxRate, items }) => {
    const parts = monthlyParts(period, timeZone);
    return items.flatMap((item) => {
      const amounts = split(
        item.amount,
        parts.map(({ minutes }) => BigInt(minutes)),
      );
      return parts.map(
        ({ monthMs, span }, index): Share => ({
          ...{ monthMs, item, taxRate, period: span },
          amount: amounts[index] ?? ZERO,
        }),
      );
    });
  });
  const months = Map.groupBy(
    shares.toSorted((a, b) => a.monthMs - b.monthMs),
    ({ monthMs }) => monthMs,
  );
  // What is made good of an earlier month may be less than nothing, and has no coupon.
  const room = [...months.values()].map((month) => larger(sum(month.map(({ amount }) => amount)), ZERO));
  const coupons = spreadEvenly(discountOf(invoice.lines), room);
  return [...months.values()].flatMap((month, index) => {
    const parts = split(
      coupons[index] ?? ZERO,
      month.map(({ amount }) => BigInt(amount)),
    );
    return month.map(({ period, item, taxRate, amount }, at): UsageRow => {
      const coupon = parts[at] ?? ZERO;
      return { invoice, period, item, taxRate, coupon, total: subtract(amount, coupon) };
    });
  });
}

interface MonthlyPart {
  readonly monthMs: number;
  readonly span: Span;
  readonly minutes: number;
}

/** A span by calendar month. Days that the prepaid calendar doesn't count, as the 31st, are no part of their own. */
function monthlyParts({ startMs, endMs }: Span, timeZone: string): MonthlyPart[] {
  const parts: MonthlyPart[] = [];
  for (let fromMs = startMs; fromMs < endMs; ) {
    const month = monthOf(fromMs, timeZone);
    const span = { startMs: fromMs, endMs: Math.min(month.endMs, endMs) };
    const minutes = minutesBetween(span.startMs, span.endMs, timeZone);
    if (minutes > 0) parts.push({ monthMs: month.startMs, span, minutes });
    fromMs = month.endMs;
  }
  const whole = { monthMs: monthOf(startMs, timeZone).startMs, span: { startMs, endMs }, minutes: 1 };
  return parts.length > 0 ? parts : [whole];
}

/**
 * An amount in equal parts, none above its limit: what one has no room for is spread over the others in the same way.
 * `total` is at most the sum of the limits.
 */
function spreadEvenly(total: Money, limits: readonly Money[]): Money[] {
  const shares = split(
    total,
    limits.map((limit) => (limit > 0 ? 1n : 0n)),
  );
  const isFull = limits.map((limit, index) => (shares[index] ?? ZERO) > limit);
  if (!isFull.includes(true)) return shares;
  const filled = limits.map((limit, index) => (isFull[index] ? limit : ZERO));
  const others = spreadEvenly(
    subtract(total, sum(filled)),
    limits.map((limit, index) => (isFull[index] ? ZERO : limit)),
  );
  return filled.map((limit, index) => add(limit, others[index] ?? ZERO));
}
