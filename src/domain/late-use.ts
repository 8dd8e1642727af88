import type { InvoiceCode } from "./ids.ts";
import type { DayReading } from "./metering/reading.ts";
import { add, type Currency, negate, subtract, sum, ZERO } from "./money.ts";
import { type ChargeItem, grossOf, taxWithin } from "./pricing.ts";
import { type ExactText, exact, exactText, minus, plus, ratio } from "./ratio.ts";
import { type Segment, type UseCharge, usedMonths } from "./usage.ts";

/** A month that is invoiced, with what it takes to say anew what was used in it. */
export interface ClosedMonth {
  readonly endMs: number;
  /** What of the resource's use lay in it, with the prices of then. */
  readonly segments: readonly Segment[];
  /** What bills have said of it by now: its own, and later ones. */
  readonly billed: readonly UseCharge[];
  /** Its own bill, or the first that said anything of it; null where nothing had been used. */
  readonly bill: InvoiceCode | null;
}

/** The months that something may still be reported of. `toMs`: the end of the last month that was closed. */
export interface Closed {
  readonly toMs: number;
  readonly months: readonly ClosedMonth[];
}

/** What a closed month costs by what is known now, and how that differs from what was billed of it: a line a tax rate. */
export interface LateUse {
  readonly month: ClosedMonth;
  readonly charges: readonly UseCharge[];
  readonly difference: readonly UseCharge[];
}

/** What was reported of closed months since their bills. (Domain: Metered, Late events.) */
export const lateUse = (
  closed: Closed | null,
  account: { readonly timeZone: string; readonly currency: Currency },
  readings: readonly DayReading[],
): LateUse[] =>
  (closed?.months ?? []).map((month) => {
    const [used] = usedMonths(month.segments, month.endMs, account, readings);
    const charges = used?.charges ?? [];
    return { month, charges, difference: differenceOf(month, charges) };
  });

function differenceOf({ segments, billed }: ClosedMonth, charges: readonly UseCharge[]): UseCharge[] {
  const [first, last] = [segments[0], segments.at(-1)];
  if (!first || !last) return [];
  const rates = new Set([...billed, ...charges].map(({ taxRate }) => taxRate));
  return [...rates].flatMap((taxRate) => {
    const of = (all: readonly UseCharge[]) => all.filter((charge) => charge.taxRate === taxRate);
    const gross = subtract(grossOf(of(charges)), grossOf(of(billed)));
    if (gross === 0) return [];
    const items = itemsBetween(of(billed), of(charges));
    // What rounding gave to items that aren't metered stands with the first that is.
    const [top, ...others] = items;
    const rest = subtract(gross, sum(items.map(({ amount }) => amount)));
    const whole = top ? [{ ...top, amount: add(top.amount, rest) }, ...others] : [];
    const period = { startMs: first.startMs, endMs: last.endMs ?? last.startMs };
    return [{ taxRate, gross, tax: taxWithin(gross, taxRate), discount: ZERO, items: whole, period }];
  });
}

/** How the metered items of some charges differ, each at its price. */
function itemsBetween(before: readonly UseCharge[], after: readonly UseCharge[]): ChargeItem[] {
  const metered = (charges: readonly UseCharge[], sign: 1 | -1) =>
    charges.flatMap(({ items }) =>
      items.flatMap(({ metered, ...item }) => (metered ? [{ item: { ...item, metered }, sign }] : [])),
    );
  const items = new Map<string, ChargeItem & { readonly metered: ExactText }>();
  for (const { item, sign } of [...metered(after, 1), ...metered(before, -1)]) {
    const name = `${item.sku} ${item.unitPrice} ${item.discount}`;
    const known = items.get(name) ?? { ...item, metered: exactText(ratio(0)), amount: ZERO };
    const units = exact(item.metered);
    items.set(name, {
      ...known,
      metered: exactText(plus(exact(known.metered), sign === 1 ? units : minus(ratio(0), units))),
      amount: add(known.amount, sign === 1 ? item.amount : negate(item.amount)),
    });
  }
  return [...items.values()].filter(({ amount, metered }) => amount !== 0 || metered !== "0");
}
