import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Coupon, couponShares, withDiscount } from "../../src/domain/coupon.ts";
import type { ProductId } from "../../src/domain/ids.ts";
import { money } from "../../src/domain/money.ts";
import { discountOf, grossOf, taxOf } from "../../src/domain/pricing.ts";
import { amountOff, chargeOf, percentOff } from "./samples.ts";

const vserver = { id: "vserver" as ProductId, currency: "VND" } as const;

function shares(coupon: Coupon, grosses: readonly number[], nowMs = 0): number[] {
  const result = couponShares(coupon, vserver, grosses.map(chargeOf), nowMs);
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

const refusal = (coupon: Coupon, grosses: readonly number[], nowMs = 0) => {
  const result = couponShares(coupon, vserver, grosses.map(chargeOf), nowMs);
  return result.ok ? null : result.error;
};

describe("a coupon of an amount", () => {
  test.each<[number, number[], number[]]>([
    [150_000, [1_000_000, 500_000], [100_000, 50_000]],
    [100, [100, 100, 100], [34, 33, 33]],
    [20_000, [250_000], [20_000]],
    [1, [1, 1], [1, 0]],
    [500, [100, 0, 200], [100, 0, 200]],
    [300, [100, 0, 200], [100, 0, 200]],
    [0, [100, 200], [0, 0]],
    [10, [0, 0], [0, 0]],
    [10, [], []],
  ])("of %d over charges of %j takes off %j", (amount, grosses, expected) => {
    expect(shares(amountOff(amount), grosses)).toEqual(expected);
  });
});

describe("a coupon of a percentage", () => {
  test.each<[string, number | null, number[], number[]]>([
    ["10", null, [15], [2]],
    ["10", null, [14], [1]],
    ["10", 1, [15], [1]],
    ["10", 2, [15], [2]],
    ["12.5", null, [181_000], [22_625]],
    ["33.3", null, [100, 100], [34, 33]],
    ["10", 50_000, [1_000_000, 500_000], [33_333, 16_667]],
    ["100", null, [7, 8], [7, 8]],
    ["150", null, [7, 8], [7, 8]],
    ["0", null, [7, 8], [0, 0]],
  ])("of %s with a cap of %j over charges of %j takes off %j", (percent, cap, grosses, expected) => {
    expect(shares(percentOff(percent, cap), grosses)).toEqual(expected);
  });

  test("is taken of the whole order and then split, not of each charge", () => {
    // 10 % of each 14 would be 1.4, rounded 1 and 1; of the whole 28 it is 2.8, rounded 3.
    expect(shares(percentOff("10"), [14, 14])).toEqual([2, 1]);
  });
});

describe("over any charges", () => {
  const grosses = fc.array(
    fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 10 ** 12 })),
    {
      minLength: 1,
      maxLength: 10,
    },
  );
  const whole = (parts: readonly number[]) => parts.reduce((a, b) => a + b, 0);

  test("an amount is split exactly, and no charge falls below zero", () => {
    fc.assert(
      fc.property(grosses, fc.integer({ min: 0, max: 10 ** 13 }), (charges, amount) => {
        const split = shares(amountOff(amount), charges);
        expect(whole(split)).toBe(Math.min(amount, whole(charges)));
        for (const [index, share] of split.entries()) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(charges[index] ?? 0);
        }
      }),
    );
  });

  test("a percentage is rounded half up once and capped after that", () => {
    const caps = fc.option(fc.integer({ min: 0, max: 10 ** 6 }));
    fc.assert(
      fc.property(grosses, fc.integer({ min: 0, max: 100 }), caps, (charges, percent, cap) => {
        const taken = whole(shares(percentOff(String(percent), cap), charges));
        const uncapped = Number((2n * BigInt(whole(charges)) * BigInt(percent) + 100n) / 200n);
        expect(taken).toBe(cap === null ? uncapped : Math.min(uncapped, cap));
      }),
    );
  });
});

describe("a coupon is refused", () => {
  test("below its minimum order, and taken exactly at it", () => {
    const coupon = amountOff(10, { minimumOrder: money(300) });
    expect(refusal(coupon, [100, 199])).toMatchObject({ code: "coupon_minimum_order", path: "coupon" });
    expect(shares(coupon, [100, 200])).toEqual([3, 7]);
  });

  test("before its first instant and from its last one on", () => {
    const coupon = amountOff(10, { validFromMs: 1_000, validUntilMs: 2_000 });
    expect(refusal(coupon, [100], 999)).toEqual({ code: "coupon_not_yet_valid", path: "coupon" });
    expect(shares(coupon, [100], 1_000)).toEqual([10]);
    expect(shares(coupon, [100], 1_999)).toEqual([10]);
    expect(refusal(coupon, [100], 2_000)).toEqual({ code: "coupon_expired", path: "coupon" });
  });

  test("for a product of another currency, whatever it takes off", () => {
    const mismatch = { code: "currency_mismatch", path: "coupon" };
    expect(refusal(amountOff(10, { currency: "USD" }), [100])).toEqual(mismatch);
    expect(refusal(percentOff("10", null, { currency: "USD" }), [100])).toEqual(mismatch);
    const usd = couponShares(amountOff(10), { ...vserver, currency: "USD" }, [chargeOf(100)], 0);
    expect(usd).toEqual({ ok: false, error: mismatch });
  });

  test("for its currency rather than its product or minimum, and for its time before that", () => {
    const coupon = amountOff(10, {
      currency: "USD",
      products: [],
      minimumOrder: money(300),
      validUntilMs: 1_000,
    });
    expect(refusal(coupon, [100], 999)).toEqual({ code: "currency_mismatch", path: "coupon" });
    expect(refusal(coupon, [100], 1_000)).toEqual({ code: "coupon_expired", path: "coupon" });
  });

  test("not for its currency where that is its product's", () => {
    const coupon = amountOff(10, { currency: "USD" });
    expect(couponShares(coupon, { ...vserver, currency: "USD" }, [chargeOf(100)], 0)).toEqual({
      ok: true,
      value: [10],
    });
  });

  test("for a product that isn't among its own", () => {
    const ofProducts = (...products: string[]) => amountOff(10, { products: products as ProductId[] });
    expect(refusal(ofProducts("vstorage"), [100])).toEqual({
      code: "coupon_not_for_product",
      path: "coupon",
    });
    expect(refusal(ofProducts(), [100])).toEqual({ code: "coupon_not_for_product", path: "coupon" });
    expect(shares(ofProducts("vstorage", "vserver"), [100])).toEqual([10]);
  });
});

test("a coupon's share lowers neither the gross nor the tax of a charge", () => {
  const charges = [{ ...chargeOf(1_100), taxRate: "10", tax: money(100) }];
  const discounted = charges.map((charge) => withDiscount(charge, money(1_000)));
  expect([grossOf(discounted), taxOf(discounted), discountOf(discounted)]).toEqual([1_100, 100, 1_000]);
});
