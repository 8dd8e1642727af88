import { describe, expect, test } from "vitest";
import { type OrderLine, statusFromLines } from "../../src/domain/order.ts";
import { changeOrder, grantCredit, ORDER, payOrder, placeOrder, succeeded } from "./commands.ts";
import { carryOut, MemoryState } from "./memory-state.ts";
import { accountOf, amountOff, instant, itemOf } from "./samples.ts";

const START = instant("2023-03-31T22:00");
const HOUR = 3_600_000;

test("an order of two resources with a coupon, from the first credit to the last invoice", () => {
  const state = new MemoryState(accountOf());
  const items = [itemOf("server", { small: 1, disk: 1 }, { period: { months: 2 }, quantity: 2 })];
  carryOut(state, grantCredit(600_000), START);
  carryOut(state, placeOrder(items), START);
  carryOut(state, changeOrder({ coupon: amountOff(20_001) }), START);
  carryOut(state, payOrder({ reservedCoupon: "TET" }), START + HOUR);
  carryOut(state, succeeded("1.1"), START + HOUR);
  carryOut(state, succeeded("1.2"), START + 3 * HOUR);

  expect(state.order(ORDER)).toMatchObject({ status: "completed", quote: { total: 479_999 } });
  expect(state.invoices.map(({ code, total, coupon }) => [code, total, coupon?.amount])).toEqual([
    ["202303-7QK-1", 239_999, 10_001],
    ["202304-7QK-2", 240_000, 10_000],
  ]);
  expect(state.creditHistory).toEqual([
    { type: "adjustment", amount: 600_000, available: 600_000, held: 0 },
    { type: "purchase", amount: -479_999, available: 120_001, held: 0 },
  ]);
  // Tax of each 250 000 is 22 727, whatever the coupon.
  expect(state.balances).toEqual({
    adjustments: -600_000,
    credit_available: 120_001,
    undelivered: 0,
    promotions: -20_001,
    "revenue:vserver": 454_546,
    tax: 45_454,
  });
});

describe("the status of an order follows its lines", () => {
  const lines = (...statuses: OrderLine["status"][]) => statuses.map((status) => ({ status }) as OrderLine);

  test.each<[OrderLine["status"][], string]>([
    [["provisioning", "active"], "provisioning"],
    [["provisioning", "refunded"], "provisioning"],
    [["active", "active"], "completed"],
    [["active", "refunded"], "completed"],
    [["refunded", "refunded"], "failed"],
  ])("%j: %s", (statuses, status) => {
    expect(statusFromLines(lines(...statuses))).toBe(status);
  });
});
