import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import type { ItemChange } from "../domain/commands/change-order.ts";
import type { Coupon } from "../domain/coupon.ts";
import type { DomainError } from "../domain/errors.ts";
import type { AccountId, CouponCode, InvoiceAddressId, OrderId } from "../domain/ids.ts";
import type { AutoRenew, Order, Period } from "../domain/order.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { currentProduct } from "../store/catalogue.ts";
import { now } from "./clock.ts";
import { ask, callerOf, type Requested } from "./commands.ts";
import type { App } from "./context.ts";
import { countWrongGuess, isGuessing } from "./coupon-guesses.ts";

/** What shall be different about an unpaid order. `coupon`: null for none, absent for the one it has. */
export interface OrderChange {
  readonly period?: Period | undefined;
  readonly autoRenew?: AutoRenew | undefined;
  readonly coupon?: CouponCode | null | undefined;
  readonly invoiceAddress?: InvoiceAddressId | undefined;
  readonly changes: readonly ItemChange[];
}

/** Changes an unpaid order on the caller's behalf and quotes it anew, at the prices and on the coupon rules of now. */
export async function changeOrder(
  c: Context<App>,
  account: AccountId,
  id: OrderId,
  { period, autoRenew, coupon: wanted, invoiceAddress, changes }: OrderChange,
): Promise<Requested<Order>> {
  const order = await accountObject(c.env, account).order(id, callerOf(c.get("principal")), now(c));
  if (!order) return refusal({ code: "order_not_found" });
  const product = await currentProduct(c.env, order.product);
  if (!product) return refusal({ code: "unknown_product", path: "product" });
  if (wanted && isGuessing(c, account)) return { kind: "too_many_requests" };
  const coupon = await usableCoupon(c, account, id, wanted === undefined ? order.quote.coupon : wanted);
  if (!coupon.ok) return refusal(coupon.error);
  return ask(c, account, {
    type: "change_order",
    order: id,
    product,
    everyItem: { period, autoRenew },
    changes,
    coupon: coupon.value,
    keepsCoupon: wanted === undefined,
    invoiceAddress,
  });
}

const refusal = (error: DomainError) => ({ kind: "refused", error, replayed: false }) as const;

/** The rules of a coupon that the account could use for an order now; no coupon is always right. */
async function usableCoupon(
  c: Context<App>,
  account: AccountId,
  order: OrderId,
  code: CouponCode | null,
): Promise<Result<Coupon | null, DomainError>> {
  if (code === null) return ok(null);
  const offer = await c.env.COUPONS.getByName(code).offer(account, order);
  if (!offer) {
    await countWrongGuess(c, account);
    return err({ code: "coupon_not_found", path: "coupon" });
  }
  return offer.refusal ? err(offer.refusal) : ok(offer.coupon);
}
