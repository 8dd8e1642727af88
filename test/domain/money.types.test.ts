import { expect, expectTypeOf, test } from "vitest";
import {
  add,
  larger,
  type Money,
  money,
  negate,
  portion,
  smaller,
  split,
  subtract,
  sum,
} from "../../src/domain/money.ts";
import { ratio } from "../../src/domain/ratio.ts";

// The compiler is what checks this file: an expected error that doesn't occur fails `npm run types`.

const dong = money<"VND">(3);
const cents = money<"USD">(2);

test("operations on one currency compile and answer that currency", () => {
  expectTypeOf(add(dong, dong)).toEqualTypeOf<Money<"VND">>();
  expectTypeOf(subtract(cents, cents)).toEqualTypeOf<Money<"USD">>();
  expectTypeOf(negate(dong)).toEqualTypeOf<Money<"VND">>();
  expectTypeOf(sum([dong, dong])).toEqualTypeOf<Money<"VND">>();
  expectTypeOf(split(cents, [1n])).toEqualTypeOf<Money<"USD">[]>();
  expectTypeOf(portion(dong, ratio(1, 2))).toEqualTypeOf<Money<"VND">>();
  expect(add(dong, dong)).toBe(6);
});

test("two currencies don't mix in any operation", () => {
  // @ts-expect-error dong and cents
  add(dong, cents);
  // @ts-expect-error cents and dong
  subtract(cents, dong);
  // @ts-expect-error a list of both
  sum([dong, cents]);
  // @ts-expect-error the smaller of both
  smaller(dong, cents);
  // @ts-expect-error the larger of both
  larger(cents, dong);
});

test("the result of an operation keeps its currency", () => {
  // @ts-expect-error negated dong are no cents
  const negated: Money<"USD"> = negate(dong);
  // @ts-expect-error shares of dong are no cents
  const shares: Money<"USD">[] = split(dong, [1n, 2n]);
  // @ts-expect-error a portion of dong is no amount of cents
  const part: Money<"USD"> = portion(dong, ratio(1, 3));
  expect([negated, ...shares, part]).toEqual([-3, 1, 2, 1]);
});

test("the account's own currency is neither of the two until it is known", () => {
  const own: Money = money(1);
  // @ts-expect-error dong are not yet known to be the account's currency
  const fromDong: Money = dong;
  // @ts-expect-error the account's currency is not known to be dong
  const asDong: Money<"VND"> = own;
  // @ts-expect-error nor may they be added
  add(own, dong);
  expect([fromDong, asDong]).toEqual([3, 1]);
});

test("bare numbers are not money, and only known currencies exist", () => {
  // @ts-expect-error a number has no currency
  const bare: Money = 5;
  // @ts-expect-error a number has no currency
  add(dong, 5);
  // @ts-expect-error EUR is not among the currencies
  const euros = money<"EUR">(1);
  expect([bare, euros]).toEqual([5, 1]);
});
