import { vi } from "vitest";
import type { Refused, Reservation } from "../../src/coupon/coupon-object.ts";
import { CouponObject } from "../../src/coupon/coupon-object.ts";

export interface Gate {
  /** Resolves when this many reservations were made whose answers the gate holds back. */
  reached(count?: number): Promise<void>;
  /** Lets the answers through, those held back and those to come. */
  open(): void;
}

/**
 * Holds back what a coupon answers to reservations, so that a payment stands in the middle: its use is reserved, and
 * nothing is decided yet.
 */
export function holdReservations(): Gate {
  let held = 0;
  const opened = Promise.withResolvers<void>();
  const reserve = CouponObject.prototype.reserve;
  const spy = vi.spyOn(CouponObject.prototype, "reserve").mockImplementation(async function (
    this: CouponObject,
    reservation: Reservation,
  ): Promise<Refused | null> {
    const answer = await reserve.call(this, reservation);
    held += 1;
    await opened.promise;
    return answer;
  });
  return {
    reached: async (count = 1) => {
      await vi.waitUntil(() => held >= count, { interval: 1 });
    },
    open: () => {
      spy.mockRestore();
      opened.resolve();
    },
  };
}
