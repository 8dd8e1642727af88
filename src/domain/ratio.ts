/** An exact rational number. `den` is always positive; fractions are not reduced, they live for one calculation. */
export interface Ratio {
  readonly num: bigint;
  readonly den: bigint;
}

/** Decimal strings as the API takes them: up to 12 digits before the point and 9 after it, no sign, no exponent. */
export const DECIMAL_PATTERN = /^(0|[1-9]\d{0,11})(\.\d{1,9})?$/;

export function ratio(num: bigint | number, den: bigint | number = 1n): Ratio {
  const d = BigInt(den);
  if (d === 0n) throw new RangeError("a ratio's denominator is zero");
  const n = BigInt(num);
  return d < 0n ? { num: -n, den: -d } : { num: n, den: d };
}

/** The exact value of a decimal string ("7.7" is 77/10). Throws on text that does not match `DECIMAL_PATTERN`. */
export function decimal(text: string): Ratio {
  if (!DECIMAL_PATTERN.test(text)) throw new RangeError(`not a decimal: ${text}`);
  const [whole = "0", fraction = ""] = text.split(".");
  return { num: BigInt(whole + fraction), den: 10n ** BigInt(fraction.length) };
}

export const times = (a: Ratio, b: Ratio): Ratio => ({ num: a.num * b.num, den: a.den * b.den });

export const plus = (a: Ratio, b: Ratio): Ratio => ({
  num: a.num * b.den + b.num * a.den,
  den: a.den * b.den,
});

export const minus = (a: Ratio, b: Ratio): Ratio => plus(a, { num: -b.num, den: b.den });

export const dividedBy = (a: Ratio, b: Ratio): Ratio => ratio(a.num * b.den, a.den * b.num);

export const isLess = (a: Ratio, b: Ratio): boolean => a.num * b.den < b.num * a.den;

/** The greatest integer that is not above `r`. */
export function floor(r: Ratio): bigint {
  const quotient = r.num / r.den;
  return r.num % r.den < 0n ? quotient - 1n : quotient;
}

/** The nearest integer, halves towards plus infinity: the one rounding of the price formula. */
export const roundHalfUp = (r: Ratio): bigint => floor({ num: 2n * r.num + r.den, den: 2n * r.den });

declare const exactKind: unique symbol;

/** A ratio as it is stored: exact and reduced, "72000" or "100/7". */
export type ExactText = string & { readonly [exactKind]: true };

export function exactText(r: Ratio): ExactText {
  const divisor = greatestCommonDivisor(r.num < 0n ? -r.num : r.num, r.den);
  const [num, den] = [r.num / divisor, r.den / divisor];
  return (den === 1n ? `${num}` : `${num}/${den}`) as ExactText;
}

export function exact(text: ExactText): Ratio {
  const [num = "", den = "1"] = text.split("/");
  return ratio(BigInt(num), BigInt(den));
}

/** A ratio as people read it, rounded half away from zero to so many decimals at most: "72000", "14.285714", "-2.5". */
export function decimalText({ num, den }: Ratio, maxDecimals: number): string {
  const size = ratio(num < 0n ? -num : num, den);
  const scaled = roundHalfUp(times(size, ratio(10n ** BigInt(maxDecimals))));
  const digits = String(scaled).padStart(maxDecimals + 1, "0");
  const text = `${digits.slice(0, -maxDecimals)}.${digits.slice(-maxDecimals)}`.replace(/\.?0+$/, "");
  return num < 0n && scaled > 0n ? `-${text}` : text;
}

const greatestCommonDivisor = (a: bigint, b: bigint): bigint =>
  b === 0n ? a : greatestCommonDivisor(b, a % b);
