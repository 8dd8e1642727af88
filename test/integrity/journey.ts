import { runInDurableObject } from "cloudflare:test";
import type { CouponCode, ResourceId } from "../../src/domain/ids.ts";
import { type OrderView, openAccount, putCoupon, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";

export interface Journey {
  readonly account: TestAccount;
  readonly coupon: CouponCode;
  /** Paid with the coupon, and delivered. */
  readonly delivered: OrderView;
  /** One of its two lines was refunded. */
  readonly halfRefunded: OrderView;
  /** Paid; its console hasn't answered, and was called in vain until somebody must decide. */
  readonly waiting: OrderView;
  readonly unpaid: OrderView;
}

/** An account that has something of everything. */
export async function journey(): Promise<Journey> {
  const account = await openAccount(20 * SMALL_MONTH);
  const coupon = await putCoupon({ amount: 1_000 });
  const withCoupon = await account.placeWith(coupon);
  await account.pay(withCoupon.id);
  const delivered = await account.provisionAll(withCoupon.id, "succeeded");
  const two = await account.placeAndPay({ quantity: 2 });
  const [first, second] = two.lines;
  if (!first || !second) throw new Error("an order of two lines has two");
  await account.provision(first, "succeeded");
  await account.provision(second, "failed");
  const waiting = await account.placeAndPay();
  await killCall(account, waiting.lines[0]?.resourceId as ResourceId);
  const halfRefunded = await account.order(two.id);
  return { account, coupon, delivered, halfRefunded, waiting, unpaid: await account.place() };
}

const ATTEMPTS_OF_A_CALL = 10;

/** Has the next call about a resource fail as often as it may. */
export async function killCall(account: TestAccount, resource: ResourceId): Promise<void> {
  const { sequence } = await runInDurableObject(account.object, (_, { storage }) =>
    storage.sql
      .exec<{ sequence: number }>(
        "SELECT min(sequence) AS sequence FROM console_calls WHERE resource = ?",
        resource,
      )
      .one(),
  );
  for (let attempt = 0; attempt < ATTEMPTS_OF_A_CALL; attempt += 1) {
    await account.object.settleCall(resource, sequence, { taken: false, error: "refused" });
  }
}
