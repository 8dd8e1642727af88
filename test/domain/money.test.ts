import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  MAX_AMOUNT_MINOR,
  money,
  negate,
  portion,
  roundTogether,
  split,
  subtract,
  sum,
} from "../../src/domain/money.ts";
import {
  DECIMAL_PATTERN,
  decimal,
  dividedBy,
  exact,
  exactText,
  floor,
  minus,
  plus,
  type Ratio,
  ratio,
  roundHalfUp,
  times,
} from "../../src/domain/ratio.ts";

const amounts = fc.integer({ min: 0, max: MAX_AMOUNT_MINOR });
const signed = fc.integer({ min: -MAX_AMOUNT_MINOR, max: MAX_AMOUNT_MINOR });
const weights = fc.array(
  fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 10n ** 15n })),
  {
    minLength: 1,
    maxLength: 12,
  },
);
const whole = (parts: readonly bigint[]) => parts.reduce((a, b) => a + b, 0n);
const divisible = (parts: readonly bigint[]) => fc.pre(whole(parts) > 0n);

describe("a split", () => {
  test("always sums to the total", () => {
    fc.assert(
      fc.property(signed, weights, (total, parts) => {
        divisible(parts);
        expect(sum(split(money(total), parts))).toBe(total);
      }),
    );
  });

  test("gives each part its exact share to within one minor unit, and nothing for a weight of zero", () => {
    fc.assert(
      fc.property(signed, weights, (total, parts) => {
        divisible(parts);
        for (const [index, share] of split(money(total), parts).entries()) {
          const difference = BigInt(share) * whole(parts) - BigInt(total) * (parts[index] ?? 0n);
          expect(difference > -whole(parts) && difference < whole(parts)).toBe(true);
          if (parts[index] === 0n) expect(share).toBe(0);
        }
      }),
    );
  });

  test("gives no part more than its weight while the total is at most the sum of the weights", () => {
    const totalWithin = weights.chain((parts) =>
      fc.tuple(fc.constant(parts), fc.bigInt({ min: 0n, max: whole(parts) })),
    );
    fc.assert(
      fc.property(totalWithin, ([parts, total]) => {
        divisible(parts);
        for (const [index, share] of split(money(total), parts).entries()) {
          expect(BigInt(share) <= (parts[index] ?? 0n)).toBe(true);
        }
      }),
    );
  });

  test("never gives the smaller of two weights more", () => {
    fc.assert(
      fc.property(amounts, weights, (total, parts) => {
        divisible(parts);
        const shares = split(money(total), parts);
        const ordered = parts.map((weight, index) => ({ weight, share: shares[index] ?? 0 }));
        ordered.sort((a, b) => (a.weight === b.weight ? a.share - b.share : a.weight < b.weight ? -1 : 1));
        expect(ordered.map(({ share }) => share)).toEqual(
          ordered.map(({ share }) => share).sort((a, b) => a - b),
        );
      }),
    );
  });

  test.each([
    { total: 100, over: [1n, 1n, 1n], gives: [34, 33, 33], because: "a tie goes to the earlier part" },
    { total: 101, over: [1n, 1n, 1n], gives: [34, 34, 33], because: "two ties go to the two earlier parts" },
    {
      total: 10,
      over: [3n, 3n, 1n],
      gives: [4, 4, 2],
      because: "4.29, 4.29, 1.43: the largest remainder is the last",
    },
    { total: 5, over: [1n, 2n], gives: [2, 3], because: "1.67 and 3.33: the first has the larger remainder" },
    { total: 1, over: [0n, 1n, 1n], gives: [0, 1, 0], because: "a weight of nothing gets nothing" },
    { total: 7, over: [5n], gives: [7], because: "one part takes all" },
    { total: 0, over: [2n, 3n], gives: [0, 0], because: "nothing splits into nothing" },
    { total: 0, over: [0n, 0n], gives: [0, 0], because: "nothing may be split over nothing" },
  ])("of $total over $over is $gives: $because", ({ total, over, gives }) => {
    expect(split(money(total), over)).toEqual(gives);
  });

  test("of something over nothing is a bug and throws", () => {
    expect(() => split(money(1), [0n, 0n])).toThrow(RangeError);
    expect(() => split(money(1), [])).toThrow(RangeError);
  });

  test.each([
    { total: -1, over: [1n, 1n], gives: [0, -1], because: "a tie is rounded up in the earlier part" },
    { total: -100, over: [1n, 1n, 1n], gives: [-33, -33, -34], because: "two of three are rounded up" },
    { total: -5, over: [1n, 2n], gives: [-2, -3], because: "-1.67 and -3.33: the second is rounded up" },
    { total: -7, over: [0n, 5n], gives: [0, -7], because: "a weight of nothing gives nothing either" },
  ])("of the negative total $total over $over is $gives: $because", ({ total, over, gives }) => {
    expect(split(money(total), over)).toEqual(gives);
  });

  test("of something negative over nothing throws, too", () => {
    expect(() => split(money(-1), [0n, 0n])).toThrow(RangeError);
  });
});

describe("rounding parts together", () => {
  const together = (total: number, parts: readonly Ratio[]) => roundTogether(money(total), parts);
  const tenths = (...parts: readonly number[]) => parts.map((part) => ratio(part, 10));

  test.each([
    { total: 2, of: [1, 2, 12], gives: [0, 1, 1], because: "0.1, 0.2, 1.2: a tie goes to the earlier part" },
    { total: 1, of: [1, 2, 12], gives: [0, 0, 1], because: "the exact sum of 1.5 was rounded down" },
    { total: 32, of: [104, 108, 104], gives: [11, 11, 10], because: "the largest remainder comes first" },
    { total: 3, of: [10, 20], gives: [1, 2], because: "whole parts stay as they are" },
    { total: 3, of: [10, 5, 10], gives: [1, 1, 1], because: "a whole part gets none of what is missing" },
    { total: -1, of: [-5, -5], gives: [0, -1], because: "negative parts are rounded down first, too" },
    { total: 1, of: [-5, 15], gives: [0, 1], because: "parts of both signs: ties to the earlier" },
    { total: 0, of: [0, 0], gives: [0, 0], because: "nothing is nothing" },
    { total: 0, of: [], gives: [], because: "no parts, no amounts" },
  ])("to $total of $of tenths is $gives: $because", ({ total, of, gives }) => {
    expect(together(total, tenths(...of))).toEqual(gives);
  });

  test("compares remainders of different denominators exactly", () => {
    // 0.3333…, 0.33 and 0.3367: the last is the largest.
    expect(together(1, [ratio(1, 3), ratio(33, 100), ratio(3_367, 10_000)])).toEqual([0, 0, 1]);
    expect(together(1, [ratio(2, 6), ratio(1, 3), ratio(4, 12)])).toEqual([1, 0, 0]);
  });

  test("sums to the total and keeps each part within one unit, and the order of the remainders", () => {
    const exactParts = fc.array(
      fc
        .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 50n }))
        .map(([num, den]): Ratio => ({ num, den })),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(exactParts, fc.boolean(), (parts, up) => {
        const exactSum = parts.reduce(plus, ratio(0));
        const total = money(up ? -floor(minus(ratio(0), exactSum)) : floor(exactSum));
        const rounded = roundTogether(total, parts);
        expect(sum(rounded)).toBe(total);
        const places = parts.map((part, index) => ({
          index,
          remainder: minus(part, ratio(floor(part))),
          more: BigInt(rounded[index] ?? Number.NaN) - floor(part),
        }));
        for (const { more, remainder } of places) {
          expect(more === 0n || (more === 1n && remainder.num > 0n)).toBe(true);
        }
        for (const a of places) {
          for (const b of places) {
            const difference = minus(a.remainder, b.remainder).num;
            if (difference > 0n || (difference === 0n && a.index < b.index)) {
              expect(a.more >= b.more).toBe(true);
            }
          }
        }
      }),
    );
  });

  test("to what isn't their sum is a bug and throws", () => {
    expect(() => together(4, tenths(15, 5))).toThrow(RangeError);
    expect(() => together(0, tenths(15, 5))).toThrow(RangeError);
    expect(() => together(1, [])).toThrow(RangeError);
  });
});

describe("rounding", () => {
  test.each<[bigint, bigint, bigint]>([
    [1n, 2n, 1n],
    [3n, 2n, 2n],
    [49n, 100n, 0n],
    [149n, 100n, 1n],
    [0n, 7n, 0n],
    [-1n, 2n, 0n],
    [-3n, 2n, -1n],
    [-51n, 100n, -1n],
    [-149n, 100n, -1n],
    [-151n, 100n, -2n],
    [-2n, 1n, -2n],
  ])("takes %d/%d half up to %d", (num, den, rounded) => {
    expect(roundHalfUp(ratio(num, den))).toBe(rounded);
  });

  test("is never further than a half away, and a half goes up, whatever the sign", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        (num, den) => {
          const twiceTheError = 2n * (roundHalfUp({ num, den }) * den - num);
          expect(twiceTheError > -den && twiceTheError <= den).toBe(true);
        },
      ),
    );
  });

  test("of a portion of an amount is half up", () => {
    expect(portion(money(101), ratio(1, 2))).toBe(51);
    expect(portion(money(-101), ratio(1, 2))).toBe(-50);
    expect(portion(money(181_000), ratio(20, 30))).toBe(120_667);
  });

  test("stays exact where floating point would not: 10^13 × 43 199 / 43 200", () => {
    expect(portion(money(MAX_AMOUNT_MINOR), ratio(43_199, 43_200))).toBe(9_999_768_518_519);
  });
});

describe("exact numbers", () => {
  const ratios = fc
    .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 6n }))
    .map(([num, den]): Ratio => ({ num, den }));
  const equal = (a: Ratio, b: Ratio) => a.num * b.den === b.num * a.den;

  test("survive being stored as text", () => {
    fc.assert(fc.property(ratios, (r) => equal(exact(exactText(r)), r)));
    expect(exactText(ratio(144_000, 2))).toBe("72000");
    expect(exactText(ratio(-200, 14))).toBe("-100/7");
    expect(exactText(ratio(0, 5))).toBe("0");
  });

  test("add, subtract, multiply and divide without loss", () => {
    fc.assert(
      fc.property(ratios, ratios, (a, b) => {
        expect(equal(minus(plus(a, b), b), a)).toBe(true);
        if (b.num !== 0n) expect(equal(dividedBy(times(a, b), b), a)).toBe(true);
      }),
    );
    expect(equal(plus(decimal("0.1"), decimal("0.2")), decimal("0.3"))).toBe(true);
  });

  test("keep their denominator above zero", () => {
    expect(ratio(1, -2)).toEqual({ num: -1n, den: 2n });
    expect(dividedBy(ratio(1), ratio(-2))).toEqual({ num: -1n, den: 2n });
    expect(() => ratio(1, 0)).toThrow(RangeError);
    expect(() => dividedBy(ratio(1), ratio(0))).toThrow(RangeError);
  });

  test("are cut towards minus infinity by floor", () => {
    expect([floor(ratio(7, 2)), floor(ratio(-7, 2)), floor(ratio(-4, 2))]).toEqual([3n, -4n, -2n]);
  });

  test.each([
    "",
    "-1",
    "+1",
    "1.",
    ".5",
    "01",
    "1e3",
    "1,000",
    " 1",
    "1\n",
    "0.1234567890",
    "1234567890123",
    "NaN",
  ])("are not read from %j", (text) => {
    expect(DECIMAL_PATTERN.test(text)).toBe(false);
    expect(() => decimal(text)).toThrow(RangeError);
  });

  test.each<[string, bigint, bigint]>([
    ["7.7", 77n, 10n],
    ["0", 0n, 1n],
    ["0.000000001", 1n, 1_000_000_000n],
    ["999999999999.999999999", 999_999_999_999_999_999_999n, 1_000_000_000n],
    ["58.30", 583n, 10n],
  ])("read %s as exactly %d/%d", (text, num, den) => {
    expect(equal(decimal(text), { num, den })).toBe(true);
  });
});

describe("amounts", () => {
  const largest = money(Number.MAX_SAFE_INTEGER);

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53)])("can't be %d", (minor) => {
    expect(() => money(minor)).toThrow(RangeError);
  });

  test("can't be a big integer that numbers don't hold exactly", () => {
    expect(money(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => money(2n ** 53n)).toThrow(RangeError);
    expect(() => money(2n ** 53n + 1n)).toThrow(RangeError);
  });

  test("throw rather than lose a unit in a sum or a difference", () => {
    expect(() => add(largest, money(1))).toThrow(RangeError);
    expect(() => subtract(negate(largest), money(1))).toThrow(RangeError);
    expect(() => sum([largest, largest])).toThrow(RangeError);
    expect(() => portion(largest, ratio(3, 2))).toThrow(RangeError);
  });

  test("of nothing are plain zero, never minus zero", () => {
    expect(Object.is(negate(money(0)), 0)).toBe(true);
    expect(Object.is(portion(money(-1), ratio(1, 4)), 0)).toBe(true);
    expect(Object.is(sum([]), 0)).toBe(true);
  });
});
