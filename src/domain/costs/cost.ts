import type { Span } from "../calendar.ts";
import type { CreditNote } from "../credit-note.ts";
import type { ProductId, ResourceId, ResourceTypeId } from "../ids.ts";
import type { Invoice } from "../invoice.ts";
import { type Money, subtract, sum, ZERO } from "../money.ts";
import { type Charge, discountOf, grossOf, taxOf } from "../pricing.ts";
import type { Resource } from "../resource.ts";
import type { UsedMonth } from "../usage.ts";

/** What something cost: `total` is after the coupon, `tax` the tax inside what it was before. */
export interface Amounts {
  readonly total: Money;
  readonly discount: Money;
  readonly tax: Money;
}

export const NOTHING: Amounts = { total: ZERO, discount: ZERO, tax: ZERO };

/** What a cost is about. */
export interface CostSubject {
  readonly product: ProductId;
  readonly resourceType: ResourceTypeId;
  readonly resource: ResourceId;
  readonly resourceName: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What a resource cost over some time. `clock` is what that time is counted by: `calendar` where it was paid for in
 * advance, `real` where it was used first. Up to `untilMs` it counts: what a credit note took back begins there, or was found
 * after it not to have been used.
 * (Domain: Costs.)
 */
export interface Cost extends CostSubject, Span {
  readonly clock: "calendar" | "real";
  readonly untilMs: number;
  readonly billed: Amounts;
  readonly credited: Amounts;
  /** When it was invoiced, and when it was taken back; null where it wasn't. */
  readonly issuedAtMs: number | null;
  readonly creditedAtMs: number | null;
}

/** A cost that was invoiced: `n` is its invoice's number, `part` tells an invoice's costs apart. */
export interface InvoicedCost extends Cost {
  readonly n: number;
  readonly part: number;
  readonly issuedAtMs: number;
}

/**
 * The costs that an invoice is: one for each stretch of time that its lines are about. What a credit note took back of a bill is
 * taken off the first. (Domain: Costs.)
 */
export function costsOf(invoice: Invoice, note: CreditNote | null): InvoicedCost[] {
  const { n, product, resourceType, resource, resourceName, tags, issuedAtMs } = invoice;
  const subject = { product, resourceType, resource, resourceName, tags };
  const back = note && { credited: amountsOf(note.lines), creditedAtMs: note.issuedAtMs };
  const nothing = { credited: NOTHING, creditedAtMs: null };
  if (invoice.payment === null)
    return stretchesOf(invoice).map(({ part, span, lines }, index) => ({
      ...{ n, part, ...subject, ...span, issuedAtMs },
      ...{ clock: "real", untilMs: span.endMs, billed: amountsOf(lines) },
      ...((index === 0 ? back : null) ?? nothing),
    }));
  const { startMs, endMs } = invoice.period;
  return [
    {
      ...{ n, part: 0, ...subject, startMs, endMs, issuedAtMs },
      ...{ clock: "calendar", untilMs: note?.period.startMs ?? endMs, billed: amountsOf(invoice.lines) },
      ...(back ?? nothing),
    },
  ];
}

/** What was used of a resource within a month and isn't invoiced yet, as it will be. */
export const costsToBe = (
  { product, resourceType, id: resource, name: resourceName, tags }: Resource,
  { period, charges }: UsedMonth,
): Cost[] =>
  stretchesOf({ period, lines: charges }).map(({ span, lines }) => ({
    ...{ product, resourceType, resource, resourceName, tags, ...span },
    ...{ clock: "real", untilMs: span.endMs, billed: amountsOf(lines) },
    ...{ credited: NOTHING, issuedAtMs: null, creditedAtMs: null },
  }));

interface Stretch {
  /** The index of its first line. */
  readonly part: number;
  readonly span: Span;
  readonly lines: readonly Charge[];
}

/** A bill's lines by the time they are about, which is never outside the bill's: what it makes good of earlier months is its own. */
function stretchesOf({ period, lines }: Pick<Invoice, "period" | "lines">): Stretch[] {
  const spans = lines.map(({ period: own = period }) =>
    own.startMs >= period.startMs && own.endMs <= period.endMs ? own : period,
  );
  const isSame = (a: Span | undefined, b: Span) => a?.startMs === b.startMs && a.endMs === b.endMs;
  return spans.flatMap(({ startMs, endMs }, part) => {
    const span = { startMs, endMs };
    if (spans.slice(0, part).some((earlier) => isSame(earlier, span))) return [];
    return [{ part, span, lines: lines.filter((_, index) => isSame(spans[index], span)) }];
  });
}

function amountsOf(lines: readonly Charge[]): Amounts {
  const discount = discountOf(lines);
  return { total: subtract(grossOf(lines), discount), discount, tax: taxOf(lines) };
}

export const plusAmounts = (a: Amounts, b: Amounts): Amounts => ({
  total: sum([a.total, b.total]),
  discount: sum([a.discount, b.discount]),
  tax: sum([a.tax, b.tax]),
});

export const minusAmounts = (a: Amounts, b: Amounts): Amounts => ({
  total: subtract(a.total, b.total),
  discount: subtract(a.discount, b.discount),
  tax: subtract(a.tax, b.tax),
});
