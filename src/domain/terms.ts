import { type Span, unusedPart } from "./calendar.ts";
import type { InvoiceCode } from "./ids.ts";
import { floorToMinute } from "./local-time.ts";
import { add, type Currency, type Money, money, portion, split, subtract, sum, ZERO } from "./money.ts";
import { type Charge, type ConfiguredSku, grossOf, priceConfiguration, taxWithin } from "./pricing.ts";
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
  /** Where a resize made it of running terms: when the last of them began. */
  readonly replacesFromMs?: number;
}

/** How long a term really was, whatever it was resized to on the way. */
export const lengthMs = ({ startMs, endMs, replacesFromMs = startMs }: Term): number =>
  endMs - replacesFromMs;

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

export interface Instant {
  readonly atMs: number;
  readonly timeZone: string;
}

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
  at: Instant,
  rules: { readonly currency: Currency; readonly refundable: boolean },
): ResizePrice {
  const { minutes } = unusedValue(terms, at.atMs, at.timeZone);
  return replaceTerms(terms, priceConfiguration(configuration, minutes, rules.currency), at, rules);
}

/** The same for a configuration that was priced, for the unused minutes, before. */
export function replaceTerms(
  terms: readonly Term[],
  charges: readonly Charge[],
  { atMs, timeZone }: Instant,
  { refundable }: { readonly refundable: boolean },
): ResizePrice {
  const running = terms.filter((term) => term.endMs > atMs);
  const last = running.at(-1);
  if (!last) throw new RangeError("a resource without time left can't be resized");
  const oldValue = unusedValue(running, atMs, timeZone);
  const newGross = grossOf(charges);
  const difference = subtract(newGross, oldValue.gross);
  const toPay = difference > 0 ? difference : ZERO;
  const refund =
    difference < 0 && refundable ? portion(money(-difference), ratio(oldValue.paid, oldValue.gross)) : ZERO;
  const gross = difference < 0 && !refundable ? oldValue.gross : newGross;
  const paid = subtract(add(oldValue.paid, toPay), refund);
  return {
    toPay,
    refund,
    oldValue,
    term: {
      startMs: floorToMinute(atMs),
      endMs: last.endMs,
      billed: exactText(oldValue.minutes),
      gross,
      paid,
      charges: worth(charges, gross, subtract(gross, paid)),
      invoice: null,
      replacesFromMs: last.replacesFromMs ?? last.startMs,
    },
  };
}

/** What of a term is unused at an instant, charge by charge: never more of any than was charged. (Domain: Terms.) */
export function unusedCharges(term: Term, { atMs, timeZone }: Instant): Charge[] {
  const part = unusedPart(term, atMs, timeZone);
  const gross = portion(term.gross, part);
  return worth(term.charges, gross, subtract(gross, portion(term.paid, part)));
}

/** Charges brought to another gross and discount, split over them by largest remainder. Tax follows the gross. */
function worth(charges: readonly Charge[], gross: Money, discount: Money): Charge[] {
  const grosses = splitOver(
    gross,
    charges.map((charge) => charge.gross),
  );
  const discounts = splitOver(discount, grosses);
  return charges.map((charge, index): Charge => {
    const amount = grosses[index] ?? ZERO;
    const amounts = splitOver(
      amount,
      charge.items.map((item) => item.amount),
    );
    return {
      ...charge,
      gross: amount,
      tax: taxWithin(amount, charge.taxRate),
      discount: discounts[index] ?? ZERO,
      items: charge.items.map((item, at) => ({ ...item, amount: amounts[at] ?? ZERO })),
    };
  });
}

/** By weight; where nothing has any, evenly. */
function splitOver(total: Money, weights: readonly Money[]): Money[] {
  const areAllZero = weights.every((weight) => weight === 0);
  return split(
    total,
    weights.map((weight) => (areAllZero ? 1n : BigInt(weight))),
  );
}
