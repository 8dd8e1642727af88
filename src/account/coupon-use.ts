import type { Refused, Reservation } from "../coupon/coupon-object.ts";
import type { OrderId } from "../domain/ids.ts";
import type { Order } from "../domain/order.ts";
import { describeError, log } from "../observability/log.ts";
import type { CouponSettlement } from "./outbox.ts";

/** What a reservation is to its order: still wanted, used for good, or of no use any more. */
export type CouponStanding = "open" | "spent" | "gone";

/** The account's side of coupons, whose uses are counted in an object of their own. */
export class CouponUse {
  readonly #env: Env;
  readonly #underWay: Reservation[] = [];

  constructor(env: Env) {
    this.#env = env;
  }

  /** Asks for one use of a coupon. The caller decides and then says `finish`, whatever the answer. */
  async reserve(reservation: Reservation): Promise<Refused | null> {
    this.#underWay.push(reservation);
    return this.#env.COUPONS.getByName(reservation.coupon).reserve(reservation);
  }

  /** Gives a use back that no payment needs: not this one, and no other that is under way for the order. */
  async finish(reservation: Reservation, isWanted: boolean): Promise<void> {
    this.#underWay.splice(this.#underWay.indexOf(reservation), 1);
    if (isWanted || this.#isUnderWay(reservation.order)) return;
    try {
      await this.#env.COUPONS.getByName(reservation.coupon).release(reservation.order, reservation.token);
    } catch (error) {
      // The coupon finds the reservation orphaned and asks about it.
      log("warn", "coupon_release_failed", { order: reservation.order, error: describeError(error) });
    }
  }

  async settle({ coupon, order, spent }: CouponSettlement): Promise<void> {
    const object = this.#env.COUPONS.getByName(coupon);
    await (spent ? object.commit(order) : object.release(order, null));
  }

  /** `isHeld`: an attempt to pay the order counts on the use. */
  standing(id: OrderId, order: Order | null, isHeld: boolean): CouponStanding {
    if (this.#isUnderWay(id) || (isHeld && order?.payment === null)) return "open";
    if (!order || order.payment === null || order.status === "failed") return "gone";
    return order.quote.lines.some(({ status }) => status === "active") ? "spent" : "open";
  }

  #isUnderWay(id: OrderId): boolean {
    return this.#underWay.some(({ order }) => order === id);
  }
}
