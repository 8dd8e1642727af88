import { type Span, unusedPart } from "./calendar.ts";
import type { InvoiceCode } from "./ids.ts";
import { floorToMinute } from "./local-time.ts";
import { add, type Currency, type Money, money, portion, subtract, sum, ZERO } from "./money.ts";
import { type Charge, type ConfiguredSku, grossOf, priceConfiguration } from "./pricing.ts";
import { type ExactText, exact, exactText, plus, type Ratio, ratio, times } from "./ratio.ts";

/**
 * A paid stretch of a prepaid resource's life. `gross` is its price before, `paid` after the coupon; `billed` the
 * exact minutes it was priced for; its prices stay frozen in `charges`. (Domain: Terms.)
 */
export interface Term extends Span {
  readonly billed: ExactText;
  readonly gross: Money;
  readonly paid: Money;
  readonly charges: readonly Charge[];
  readonly invoice: InvoiceCode | null;
}

/** What the unexpired terms are worth at an instant: G (`gross`), P (`paid`) and the exact unused minutes Σu. */
export interface UnusedValue {
  readonly gross: Money;
  readonly paid: Money;
  readonly minutes: Ratio;
}

export function unusedValue(terms: readonly Term[], atMs: number, timeZone: string): UnusedValue {
  const parts = terms.map((term) => ({ term, part: unusedPart(term, atMs, timeZone) }));
  return {
    gross: sum(parts.map(({ term, part }) => portion(term.gross, part))),
    paid: sum(parts.map(({ term, part }) => portion(term.paid, part))),
    minutes: parts.map(({ term, part }) => times(exact(term.billed), part)).reduce(plus, ratio(0)),
  };
}

/** What deleting at `atMs` pays back: P, or nothing for a type that isn't refundable. (Domain: Terms, Delete.) */
export const deleteRefund = (
  terms: readonly Term[],
  atMs: number,
  timeZone: string,
  refundable: boolean,
): Money => (refundable ? unusedValue(terms, atMs, timeZone).paid : ZERO);

export interface ResizePrice {
  /** N − G where the new configuration is worth more, otherwise 0. */
  readonly toPay: Money;
  /** round((G − N) × P / G) where it is worth less and the type is refundable, otherwise 0. */
  readonly refund: Money;
  readonly oldValue: UnusedValue;
  /** The one term, to the same end, that replaces all of the resource's unexpired terms. */
  readonly term: Term;
}

/**
 * Prices a change of configuration at `atMs` for the time that is left, at today's prices. The new term is worth N
 * (for a type that isn't refundable at least G) and counts as paid: P plus the charge less the refund.
 * At least one term must end after `atMs`. (Domain: Terms, Resize.)
 */
export function priceResize(
  terms: readonly Term[],
  configuration: readonly ConfiguredSku[],
  at: { readonly atMs: number; readonly timeZone: string },
  rules: { readonly currency: Currency; readonly refundable: boolean },
): ResizePrice {
  const endMs = Math.max(...terms.map((term) => term.endMs));
  if (endMs <= at.atMs) throw new RangeError("a resource without time left can't be resized");
  const oldValue = unusedValue(terms, at.atMs, at.timeZone);
  const charges = priceConfiguration(configuration, oldValue.minutes, rules.currency);
  const newGross = grossOf(charges);
  const difference = subtract(newGross, oldValue.gross);
  const toPay = difference > 0 ? difference : ZERO;
  const refund =
    difference < 0 && rules.refundable
      ? portion(money(-difference), ratio(oldValue.paid, oldValue.gross))
      : ZERO;
  const gross = difference < 0 && !rules.refundable ? oldValue.gross : newGross;
  const paid = subtract(add(oldValue.paid, toPay), refund);
  const billed = exactText(oldValue.minutes);
  return {
    toPay,
    refund,
    oldValue,
    term: { startMs: floorToMinute(at.atMs), endMs, billed, gross, paid, charges, invoice: null },
  };
}
