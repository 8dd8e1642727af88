import { describe, expect, test } from "vitest";
import type { ProductId } from "../../../src/domain/ids.ts";
import { cancelOrder, ORDER, payOrder, placeServer, runOrderDue } from "../commands.ts";
import { carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import { accountOf, vserver } from "../samples.ts";

const HOUR = 3_600_000;

function placed() {
  const state = new MemoryState(accountOf(), 181_000);
  carryOut(state, placeServer(), 0);
  return state;
}

describe("cancelling", () => {
  test("ends an unpaid order and moves no money", () => {
    const state = placed();
    const before = state.order(ORDER);
    const { answer, events } = carryOut(state, cancelOrder(), HOUR);
    expect(answer).toEqual({ ...before, status: "cancelled" });
    expect(events).toEqual([{ type: "order_changed", order: answer }]);
  });

  test("leaves nothing for time to do", () => {
    const state = placed();
    carryOut(state, cancelOrder(), HOUR);
    expect(carryOut(state, runOrderDue(), 48 * HOUR)).toMatchObject({ answer: "nothing", events: [] });
  });

  test("is open to the product's own console", () => {
    const caller = { role: "product", product: vserver.id } as const;
    expect(carryOut(placed(), cancelOrder(), { nowMs: HOUR, caller }).answer.status).toBe("cancelled");
  });

  test("is refused once the order is paid, cancelled or expired", () => {
    const paid = placed();
    carryOut(paid, payOrder(), HOUR);
    expect(refusalOf(paid, cancelOrder(), HOUR)).toEqual({ code: "order_already_paid" });
    const cancelled = placed();
    carryOut(cancelled, cancelOrder(), HOUR);
    expect(refusalOf(cancelled, cancelOrder(), HOUR)).toEqual({ code: "order_cancelled" });
    expect(refusalOf(placed(), cancelOrder(), 24 * HOUR)).toEqual({ code: "order_expired" });
  });

  test("is refused to anybody who can't see the order", () => {
    const caller = { role: "product", product: "vstorage" as ProductId } as const;
    expect(refusalOf(placed(), cancelOrder(), { nowMs: HOUR, caller })).toEqual({ code: "order_not_found" });
    expect(refusalOf(placed(), cancelOrder("ord_2"), HOUR)).toEqual({ code: "order_not_found" });
    expect(refusalOf(new MemoryState(null), cancelOrder(), HOUR)).toEqual({ code: "account_not_found" });
  });
});
