import { type Sku, UNIT_MINUTES } from "./catalogue.ts";
import type { SkuId } from "./ids.ts";
import { CURRENCIES, type Currency, type Money, money, roundTogether, sum } from "./money.ts";
import {
  decimal,
  dividedBy,
  type ExactText,
  exactText,
  minus,
  plus,
  type Ratio,
  ratio,
  roundHalfUp,
  times,
} from "./ratio.ts";

/** A SKU in a quantity, as a resource is configured with it. */
export interface ConfiguredSku {
  readonly sku: Sku;
  readonly quantity: number;
}

/** What was used of a SKU, in the units that its price is for. */
export interface UsedSku extends ConfiguredSku {
  readonly units: Ratio;
}

/** What one SKU of a charge costs; the amounts of a charge's items sum to its gross. */
export interface ChargeItem {
  readonly sku: SkuId;
  readonly name: string;
  readonly quantity: number;
  readonly unit: Sku["unit"];
  readonly unitPrice: string;
  readonly discount: string;
  /** Set where tax came on top of `unitPrice`. */
  readonly taxAdded?: true;
  /** How many units were metered, where they were; `quantity` is then what was configured. */
  readonly metered?: ExactText;
  readonly amount: Money;
}

/**
 * The unit of rounding: one resource, one priced period, one tax rate. `gross` includes tax, `tax` is the part of
 * the gross that is tax, `discount` the coupon's share (0 until a coupon is split over the order).
 */
export interface Charge {
  readonly taxRate: string;
  readonly gross: Money;
  readonly tax: Money;
  readonly discount: Money;
  readonly items: readonly ChargeItem[];
}

/** What the price of some use depends on. */
export interface Priced {
  readonly sku: Pick<Sku, "unitPrice" | "discount" | "taxIncluded" | "taxRate">;
  readonly units: Ratio;
}

const HUNDRED = ratio(100);

/** 1 − discount/100 or 1 + rate/100, exact. */
const lessPercent = (percent: string): Ratio => minus(ratio(1), dividedBy(decimal(percent), HUNDRED));
const plusPercent = (percent: string): Ratio => plus(ratio(1), dividedBy(decimal(percent), HUNDRED));

/** A configuration's use in a number of minutes: quantity × minutes / the unit's minutes. */
export const usedFor = ({ sku, quantity }: ConfiguredSku, minutes: Ratio): UsedSku => ({
  ...{ sku, quantity },
  units: dividedBy(times(ratio(quantity), minutes), ratio(UNIT_MINUTES[sku.unit])),
});

/**
 * The one price formula, exact and in minor units: units × unit price × (1 − discount/100) × (1 + tax rate/100 where
 * tax is not included). (Domain: Price.)
 */
export function exactPrice({ sku, units }: Priced, currency: Currency): Ratio {
  const perUnit = times(decimal(sku.unitPrice), ratio(10 ** CURRENCIES[currency].minorDigits));
  const net = times(times(perUnit, units), lessPercent(sku.discount));
  return sku.taxIncluded ? net : times(net, plusPercent(sku.taxRate));
}

/** The exact price of a whole configuration, all tax rates together, before any rounding. */
export const exactTotal = (
  configuration: readonly ConfiguredSku[],
  minutes: Ratio,
  currency: Currency,
): Ratio =>
  exactSum(
    configuration.map((item) => usedFor(item, minutes)),
    currency,
  );

const exactSum = (used: readonly UsedSku[], currency: Currency): Ratio =>
  used.map((item) => exactPrice(item, currency)).reduce(plus, ratio(0));

/** The tax inside a tax-inclusive amount: round(amount × rate / (100 + rate)). */
export const taxWithin = (amount: Money, taxRate: string): Money =>
  money(roundHalfUp(exactTaxWithin(amount, taxRate)));

export function exactTaxWithin(amount: Money, taxRate: string): Ratio {
  const rate = decimal(taxRate);
  return dividedBy(times(ratio(amount), rate), plus(HUNDRED, rate));
}

/** Prices a configuration for a number of minutes: one charge a tax rate, each rounded once, half up. */
export const priceConfiguration = (
  configuration: readonly ConfiguredSku[],
  minutes: Ratio,
  currency: Currency,
): Charge[] =>
  priceUse(
    configuration.map((item) => usedFor(item, minutes)),
    currency,
  );

/** Prices what was used: one charge a tax rate, each rounded once, half up. */
export function priceUse(used: readonly UsedSku[], currency: Currency): Charge[] {
  return groupByTaxRate(used).map((group) => {
    const gross = money(roundHalfUp(exactSum(group, currency)));
    const exactPrices = group.map((item) => exactPrice(item, currency));
    const amounts = roundTogether(gross, exactPrices);
    const taxRate = group[0].sku.taxRate;
    return {
      taxRate,
      gross,
      tax: taxWithin(gross, taxRate),
      discount: money(0),
      items: group.map(({ sku, quantity, units }, index) => ({
        sku: sku.id,
        name: sku.name,
        quantity,
        unit: sku.unit,
        unitPrice: sku.unitPrice,
        discount: sku.discount,
        ...(sku.taxIncluded ? {} : { taxAdded: true as const }),
        ...(sku.metering === "configuration" ? {} : { metered: exactText(units) }),
        amount: amounts[index] ?? money(0),
      })),
    };
  });
}

export const grossOf = (charges: readonly Charge[]): Money => sum(charges.map((charge) => charge.gross));
export const taxOf = (charges: readonly Charge[]): Money => sum(charges.map((charge) => charge.tax));
export const discountOf = (charges: readonly Charge[]): Money =>
  sum(charges.map((charge) => charge.discount));

type NonEmpty<T> = [T, ...T[]];

function groupByTaxRate(used: readonly UsedSku[]): NonEmpty<UsedSku>[] {
  const groups: NonEmpty<UsedSku>[] = [];
  for (const item of used) {
    const group = groups.find(([first]) => equalDecimals(first.sku.taxRate, item.sku.taxRate));
    if (group) group.push(item);
    else groups.push([item]);
  }
  return groups;
}

function equalDecimals(a: string, b: string): boolean {
  const difference = minus(decimal(a), decimal(b));
  return difference.num === 0n;
}
