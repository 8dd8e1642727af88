import { UNIT_MINUTES } from "./catalogue.ts";
import type { Invoice, InvoiceLine } from "./invoice.ts";
import { MINUTE_MS } from "./local-time.ts";
import { CURRENCIES, type Currency } from "./money.ts";
import { type ChargeItem, exactPrice, exactTaxWithin } from "./pricing.ts";
import { dividedBy, exact, plus, type Ratio, ratio, roundHalfUp, times } from "./ratio.ts";

/** How a line of an invoice came to its amounts, exact and in the currency's whole units, by what the invoice itself keeps. */
export interface Explained {
  readonly line: InvoiceLine;
  /** What time is charged; null where only meters counted. */
  readonly minutes: Ratio | null;
  readonly items: readonly ExplainedItem[];
  /** What its items come to before they are rounded, once. */
  readonly sum: Ratio;
  /** A resize kept it at what the time before was worth, which was more. (Domain: Terms, Resize.) */
  readonly isKept: boolean;
  /** The tax inside its gross before that is rounded. */
  readonly tax: Ratio;
}

export interface ExplainedItem {
  readonly item: ChargeItem;
  /** What was metered, in the units that its price is for; null where its time is charged. */
  readonly metered: Ratio | null;
  /** How many minutes the unit price is for; 1 where it isn't for time. */
  readonly unitMinutes: number;
  readonly price: Ratio;
}

type Explainable = Pick<Invoice, "currency" | "billedMinutes">;

/**
 * Reckons a line anew; null where its amounts can't be had from what is kept of it: it is never explained by something
 * that it doesn't come from. (Domain: Price.)
 */
export function explainedLine({ currency, billedMinutes }: Explainable, line: InvoiceLine): Explained | null {
  const { period, gross, taxRate } = line;
  const billed = billedMinutes === undefined ? null : exact(billedMinutes);
  const minutes = period ? ratio((period.endMs - period.startMs) / MINUTE_MS) : billed;
  const items: ExplainedItem[] = [];
  for (const item of line.items) {
    const metered = item.metered === undefined ? null : exact(item.metered);
    const unitMinutes = UNIT_MINUTES[item.unit];
    const units = metered ?? (minutes && dividedBy(times(ratio(item.quantity), minutes), ratio(unitMinutes)));
    if (!units) return null;
    const sku = { ...item, taxRate, taxIncluded: item.taxAdded !== true };
    items.push({
      item,
      metered,
      unitMinutes,
      price: inWhole(exactPrice({ sku, units }, currency), currency),
    });
  }
  const sum = items.map(({ price }) => price).reduce(plus, ratio(0));
  const rounded = roundHalfUp(times(sum, minorPerWhole(currency)));
  const isKept = !period && rounded < gross;
  if (rounded !== BigInt(gross) && !isKept) return null;
  const isOfTime = items.some(({ metered }) => metered === null);
  const tax = inWhole(exactTaxWithin(gross, taxRate), currency);
  return { line, minutes: isOfTime ? minutes : null, items, sum, isKept, tax };
}

const minorPerWhole = (currency: Currency): Ratio => ratio(10 ** CURRENCIES[currency].minorDigits);

const inWhole = (minor: Ratio, currency: Currency): Ratio => dividedBy(minor, minorPerWhole(currency));
