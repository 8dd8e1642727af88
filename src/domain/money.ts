import { floor, minus, type Ratio, ratio, roundHalfUp, times } from "./ratio.ts";

/** The currencies accounts may have, with the number of decimals of their minor unit. */
export const CURRENCIES = { VND: { minorDigits: 0 }, USD: { minorDigits: 2 } } as const;

export type Currency = keyof typeof CURRENCIES;

declare const unit: unique symbol;

/**
 * An amount in the minor unit of currency `C` (VND: dong). The brand is invariant, so amounts of different
 * currencies don't mix: `add(dong, cents)` does not compile. `Money` alone is "the currency of this account".
 */
export type Money<C extends Currency = Currency> = number & { readonly [unit]: (currency: C) => C };

/** Largest amount one line, order or credit entry may have: 10^13 minor units, far inside what sums stay exact in. */
export const MAX_AMOUNT_MINOR = 10_000_000_000_000;

/** Brands minor units as money. Throws when they are not a safe integer, which no parsed input can reach. */
export function money<C extends Currency = Currency>(minor: number | bigint): Money<C> {
  const value = Number(minor);
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe amount of minor units: ${minor}`);
  return value as Money<C>;
}

export const ZERO: Money = money(0);

export const add = <C extends Currency>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> => money(a + b);

export const subtract = <C extends Currency>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> => money(a - b);

export const negate = <C extends Currency>(a: Money<C>): Money<C> => money(0 - a);

export const sum = <C extends Currency>(amounts: readonly Money<C>[]): Money<C> =>
  amounts.reduce<Money<C>>(add, money<C>(0));

export const smaller = <C extends Currency>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> => (a < b ? a : b);

export const larger = <C extends Currency>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> => (a > b ? a : b);

/** The part `fraction` of an amount, rounded half up. */
export const portion = <C extends Currency>(amount: Money<C>, fraction: Ratio): Money<C> =>
  money(roundHalfUp(times(ratio(amount), fraction)));

/**
 * Splits `total` by `weights`, largest remainder first, ties to the earlier part; the parts always sum to `total`.
 * A share never exceeds its weight while `total` is at most the sum of the weights. All weights zero: all parts
 * zero, and `total` must be zero. (Domain: Coupon.)
 */
export function split<C extends Currency>(total: Money<C>, weights: readonly bigint[]): Money<C>[] {
  const whole = weights.reduce((a, b) => a + b, 0n);
  if (whole === 0n) {
    if (total !== 0) throw new RangeError("nothing to split an amount over");
    return weights.map(() => money<C>(0));
  }
  return roundTogether(
    total,
    weights.map((weight) => ratio(BigInt(total) * weight, whole)),
  );
}

/**
 * Whole amounts for exact ones: each is rounded down, and what is then missing to `total` goes to the largest
 * remainders, ties to the earlier part. `total` is the exact sum, rounded either way. (Domain: Price, Rounding.)
 */
export function roundTogether<C extends Currency>(total: Money<C>, exactParts: readonly Ratio[]): Money<C>[] {
  const parts = exactParts.map(floor);
  const remainders = exactParts.map((part, index) => minus(part, ratio(parts[index] ?? 0n)));
  const byRemainder = [...remainders.keys()].sort((a, b) => compare(remainders[b], remainders[a]) || a - b);
  const missing = BigInt(total) - parts.reduce((a, b) => a + b, 0n);
  if (missing < 0n || missing > parts.length) throw new RangeError(`${total} isn't the sum of its parts`);
  for (const index of byRemainder.slice(0, Number(missing))) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts.map((part) => money<C>(part));
}

function compare(a: Ratio | undefined, b: Ratio | undefined): number {
  if (!a || !b) throw new RangeError("nothing to compare");
  const difference = a.num * b.den - b.num * a.den;
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}
