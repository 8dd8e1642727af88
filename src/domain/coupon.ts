import type { Product } from "./catalogue.ts";
import { type DomainError, type Refusal, refused } from "./errors.ts";
import type { CouponCode, ProductId } from "./ids.ts";
import { add, type Currency, type Money, money, smaller, split, sum } from "./money.ts";
import type { Charge } from "./pricing.ts";
import { decimal, dividedBy, ratio, roundHalfUp, times } from "./ratio.ts";
import { ok, type Result } from "./result.ts";

/** What a coupon takes off: a fixed amount, or a percentage (exact decimal) of the eligible gross up to a cap. */
export type CouponValue =
  | { readonly kind: "amount"; readonly amount: Money }
  | { readonly kind: "percent"; readonly percent: string; readonly cap: Money | null };

/** A coupon's rules; its amounts are in `currency`. `null` means unrestricted. `validUntilMs` is the first instant it is no longer valid. */
export interface Coupon {
  readonly code: CouponCode;
  readonly currency: Currency;
  readonly value: CouponValue;
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
  readonly products: readonly ProductId[] | null;
  readonly minimumOrder: Money | null;
  readonly limit: number | null;
  readonly limitPerAccount: number | null;
}

/** Whether a coupon may be used at an instant. (Domain: Coupon.) */
export function checkValidity(coupon: Coupon, nowMs: number): Refusal | null {
  if (coupon.validFromMs !== null && nowMs < coupon.validFromMs)
    return { code: "coupon_not_yet_valid", path: "coupon" };
  if (coupon.validUntilMs !== null && nowMs >= coupon.validUntilMs)
    return { code: "coupon_expired", path: "coupon" };
  return null;
}

/**
 * The coupon's share of each charge of an order, in the charges' order. The value is the fixed amount, or the
 * percentage of the eligible gross rounded half up and then capped; never more than the eligible gross. It is split
 * by largest remainder, ties to the earlier charge, so the shares sum to it exactly. (Domain: Coupon.)
 */
export function couponShares(
  coupon: Coupon,
  product: Pick<Product, "id" | "currency">,
  charges: readonly Charge[],
  nowMs: number,
): Result<Money[], DomainError> {
  const invalid = checkValidity(coupon, nowMs);
  if (invalid) return refused(invalid);
  if (coupon.currency !== product.currency) return refused({ code: "currency_mismatch", path: "coupon" });
  if (coupon.products && !coupon.products.includes(product.id)) {
    return refused({ code: "coupon_not_for_product", path: "coupon" });
  }
  const eligible = sum(charges.map((charge) => charge.gross));
  if (coupon.minimumOrder !== null && eligible < coupon.minimumOrder) {
    return refused({
      code: "coupon_minimum_order",
      path: "coupon",
      detail: `The order must be ${coupon.minimumOrder} at least.`,
    });
  }
  const value = smaller(discountValue(coupon.value, eligible), eligible);
  return ok(
    split(
      value,
      charges.map((charge) => BigInt(charge.gross)),
    ),
  );
}

function discountValue(value: CouponValue, eligible: Money): Money {
  if (value.kind === "amount") return value.amount;
  const share: Money = money(
    roundHalfUp(dividedBy(times(ratio(eligible), decimal(value.percent)), ratio(100))),
  );
  return value.cap === null ? share : smaller(share, value.cap);
}

export const withDiscount = (charge: Charge, discount: Money): Charge => ({
  ...charge,
  discount: add(charge.discount, discount),
});
