import { describe, expect, test } from "vitest";
import type { ProductId } from "../../../src/domain/ids.ts";
import {
  cancelOrder,
  changeOrder,
  failed,
  ORDER,
  openCheckout,
  payOrder,
  placeServer,
  runOrderDue,
} from "../commands.ts";
import { carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import { accountOf } from "../samples.ts";

const HOUR = 3_600_000;

function placed() {
  const state = new MemoryState(accountOf(), 181_000);
  carryOut(state, placeServer(), 0);
  return state;
}

describe("following a checkout link", () => {
  test("counts the opening, and changes nothing else", () => {
    const state = placed();
    const before = state.order(ORDER);
    const { answer, events } = carryOut(state, openCheckout(0), HOUR);
    expect(answer).toEqual({ ...before, checkoutsOpened: 1 });
    expect(events).toEqual([{ type: "order_changed", order: answer }]);
  });

  test("works once for each link, in the order of their numbers", () => {
    const state = placed();
    carryOut(state, openCheckout(0), HOUR);
    for (const opening of [0, 2, -1, 0.5])
      expect(refusalOf(state, openCheckout(opening), HOUR)).toEqual({ code: "checkout_link_used" });
    expect(carryOut(state, openCheckout(1), HOUR).answer.checkoutsOpened).toBe(2);
    expect(refusalOf(state, openCheckout(1), HOUR)).toEqual({ code: "checkout_link_used" });
  });

  test("is counted through changes and the payment: an old link never works again", () => {
    const state = placed();
    carryOut(state, openCheckout(0), HOUR);
    carryOut(state, changeOrder({ everyItem: { period: { months: 1 } } }), HOUR);
    carryOut(state, payOrder(), HOUR);
    expect(refusalOf(state, openCheckout(0), HOUR)).toEqual({ code: "checkout_link_used" });
    expect(state.order(ORDER)?.checkoutsOpened).toBe(1);
  });

  test("works whatever became of the order: its page tells", () => {
    const paid = placed();
    carryOut(paid, payOrder(), HOUR);
    const refunded = placed();
    carryOut(refunded, payOrder(), HOUR);
    carryOut(refunded, failed(), HOUR);
    const cancelled = placed();
    carryOut(cancelled, cancelOrder(), HOUR);
    const expired = placed();
    carryOut(expired, runOrderDue(), 24 * HOUR);
    for (const state of [paid, refunded, cancelled, expired]) {
      const status = state.order(ORDER)?.status;
      expect(carryOut(state, openCheckout(0), 25 * HOUR).answer.status).toBe(status);
    }
  });

  test("is refused to anybody who can't see the order", () => {
    const caller = { role: "product", product: "vstorage" as ProductId } as const;
    const unseen = { code: "order_not_found" };
    expect(refusalOf(placed(), openCheckout(0), { nowMs: HOUR, caller })).toEqual(unseen);
    expect(refusalOf(placed(), openCheckout(0, "ord_2"), HOUR)).toEqual(unseen);
    expect(refusalOf(new MemoryState(null), openCheckout(0), HOUR)).toEqual({ code: "account_not_found" });
  });
});
