import { describe, expect, test } from "vitest";
import type { CouponCode, ProductId } from "../../../src/domain/ids.ts";
import { money } from "../../../src/domain/money.ts";
import { cancelOrder, changeOrder, ORDER, payOrder, placeOrder, placeServer } from "../commands.ts";
import { carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import {
  accountOf,
  amountOff,
  instant,
  itemOf,
  percentOff,
  productOf,
  resourceType,
  sku,
  vserver,
} from "../samples.ts";

const NOW = instant("2023-03-06T10:00");
const HOUR = 3_600_000;

function placed(items = [itemOf("server", { general: 1 }), itemOf("server", { small: 1 }, { name: "db" })]) {
  const state = new MemoryState(accountOf(), 10_000_000);
  carryOut(state, placeOrder(items), NOW);
  return state;
}

describe("changing an unpaid order", () => {
  test("changes quantity, period and auto-renewal of the items it names and quotes anew", () => {
    const changes = [
      { item: 1, quantity: 2, autoRenew: { enabled: true, months: 3 } },
      { item: 0, period: { months: 2 } },
    ];
    const { answer: order, events } = carryOut(placed(), changeOrder({ changes }), NOW + HOUR);
    expect(events).toEqual([{ type: "order_changed", order }]);
    expect(order.items).toMatchObject([
      { quantity: 1, period: { months: 2 }, autoRenew: null },
      { quantity: 2, period: { months: 1 }, autoRenew: { enabled: true, months: 3 } },
    ]);
    expect(order.quote.lines.map(({ id, name, net }) => [id, name, net])).toEqual([
      ["ord_1.1", "web", 362_000],
      ["ord_1.2", "db-1", 90_000],
      ["ord_1.3", "db-2", 90_000],
    ]);
    expect(order.quote.total).toBe(542_000);
  });

  test("lets the later of two changes of one item win", () => {
    const changes = [
      { item: 0, quantity: 5, period: { months: 6 } },
      { item: 0, quantity: 2 },
    ];
    const { answer } = carryOut(placed(), changeOrder({ changes }), NOW);
    expect(answer.items[0]).toMatchObject({ quantity: 2, period: { months: 6 } });
  });

  test("of every item is made of each, unless the item has a change of its own", () => {
    const everyItem = { quantity: 3, period: { months: 6 } };
    const changes = [{ item: 1, quantity: 1 }];
    const { items } = carryOut(placed(), changeOrder({ everyItem, changes }), NOW).answer;
    expect(items.map(({ quantity, period }) => [quantity, period])).toEqual([
      [3, { months: 6 }],
      [1, { months: 6 }],
    ]);
  });

  test("doesn't lengthen the life of the order", () => {
    const { answer } = carryOut(placed(), changeOrder(), NOW + 23 * HOUR);
    expect([answer.createdAtMs, answer.expiresAtMs]).toEqual([NOW, NOW + 24 * HOUR]);
  });

  test("without a change takes today's prices and version", () => {
    const dearer = productOf([resourceType("server", [sku("general", "200000"), sku("small", "95000")])], {
      version: 2,
    });
    const { answer } = carryOut(placed(), changeOrder({ product: dearer }), NOW + HOUR);
    expect([answer.quote.catalogueVersion, answer.quote.total]).toEqual([2, 295_000]);
  });

  test("quotes an end instant from now on, for 30 minutes more", () => {
    const endAtMs = instant("2023-06-06T10:00");
    const state = placed([itemOf("server", { general: 1 }, { period: { endAtMs } })]);
    expect(state.order(ORDER)?.quote).toMatchObject({ total: 543_000, expiresAtMs: NOW + HOUR / 2 });
    const { answer } = carryOut(state, changeOrder(), NOW + HOUR);
    // An hour of three months is gone: 129 540 minutes.
    expect(answer.quote.lines[0]?.billedMinutes).toBe(129_540);
    expect(answer.quote).toMatchObject({ total: 542_749, expiresAtMs: NOW + HOUR + HOUR / 2 });
  });
});

describe("a coupon", () => {
  test("is split over the charges of all lines by largest remainder", () => {
    const state = placed([itemOf("server", { general: 1, licence: 3 }), itemOf("server", { small: 1 })]);
    const { quote } = carryOut(state, changeOrder({ coupon: amountOff(10_000) }), NOW).answer;
    // Of 274 000: 6 605.84 and 109.49 of the first line, 3 284.67 of the second.
    expect(quote.lines.flatMap(({ charges }) => charges.map(({ discount }) => discount))).toEqual([
      6_606, 109, 3_285,
    ]);
    expect(quote.lines.map(({ gross, tax, discount, net }) => [gross, tax, discount, net])).toEqual([
      [184_000, 16_677, 6_715, 177_285],
      [90_000, 8_182, 3_285, 86_715],
    ]);
    expect(quote).toMatchObject({ coupon: "TET", subtotal: 274_000, discount: 10_000, total: 264_000 });
  });

  test("comes off again with the next change that names none", () => {
    const state = placed();
    carryOut(state, changeOrder({ coupon: amountOff(10_000) }), NOW);
    const { quote } = carryOut(state, changeOrder(), NOW).answer;
    expect(quote).toMatchObject({ coupon: null, discount: 0, total: 271_000 });
  });

  test("of more than the order is worth makes it free, not negative", () => {
    const { quote } = carryOut(placed(), changeOrder({ coupon: amountOff(1_000_000) }), NOW).answer;
    expect(quote).toMatchObject({ subtotal: 271_000, discount: 271_000, total: 0 });
    expect(quote.lines.map(({ net }) => net)).toEqual([0, 0]);
  });

  test.each([
    ["coupon_not_yet_valid", amountOff(1, { validFromMs: NOW + 1 })],
    ["coupon_expired", amountOff(1, { validUntilMs: NOW })],
    ["currency_mismatch", amountOff(1, { currency: "USD" })],
    ["coupon_not_for_product", amountOff(1, { products: ["vstorage" as ProductId] })],
    ["coupon_minimum_order", percentOff("10", null, { minimumOrder: money(271_001) })],
  ])("is refused with %s, and the order keeps its quote", (code, coupon) => {
    const state = placed();
    carryOut(state, changeOrder({ coupon: amountOff(5, { code: "OLD" as CouponCode }) }), NOW);
    expect(refusalOf(state, changeOrder({ coupon }), NOW)).toMatchObject({ code, path: "coupon" });
    expect(state.order(ORDER)?.quote).toMatchObject({ coupon: "OLD", total: 270_995 });
  });

  test("may meet its minimum through the change that comes with it", () => {
    const coupon = amountOff(1_000, { minimumOrder: money(300_000) });
    expect(refusalOf(placed(), changeOrder({ coupon }), NOW)).toMatchObject({ code: "coupon_minimum_order" });
    const changes = [{ item: 1, quantity: 2 }];
    expect(carryOut(placed(), changeOrder({ coupon, changes }), NOW).answer.quote.total).toBe(360_000);
  });
});

describe("a change is refused", () => {
  test("for an item the order doesn't have, with the place of the change", () => {
    const changes = [{ item: 0, quantity: 2 }, { item: 2 }];
    expect(refusalOf(placed(), changeOrder({ changes }), NOW)).toEqual({
      code: "unknown_item",
      path: "lines[1].item",
    });
  });

  test("for what it breaks, with the place of the change, not that of the item it is for", () => {
    const changes = [{ item: 1, period: { months: 61 } }];
    expect(refusalOf(placed(), changeOrder({ changes }), NOW)).toMatchObject({
      code: "period_too_long",
      path: "lines[0].period.months",
    });
  });

  test.each([
    ["period_too_long", "period.months", { period: { months: 61 } }],
    ["period_in_the_past", "period.endAt", { period: { endAtMs: NOW } }],
  ])("with %s at the plain %s for a change of every item", (code, path, everyItem) => {
    expect(refusalOf(placed(), changeOrder({ everyItem }), NOW)).toMatchObject({ code, path });
  });

  test("at the plain auto-renewal for a change of every item, and at that of the change of one", () => {
    const autoRenew = { enabled: true, months: 1 };
    const state = placed([
      itemOf("server", { general: 1 }),
      itemOf("quota", { metrics: 1 }),
      itemOf("server", { small: 1 }),
    ]);
    expect(refusalOf(state, changeOrder({ everyItem: { autoRenew } }), NOW)).toEqual({
      code: "not_auto_renewable",
      path: "autoRenew",
    });
    const changes = [
      { item: 2, autoRenew },
      { item: 0, autoRenew },
      { item: 1, autoRenew },
    ];
    expect(refusalOf(state, changeOrder({ changes }), NOW)).toEqual({
      code: "not_auto_renewable",
      path: "lines[2].autoRenew",
    });
  });

  test("for the last of the changes of an item, which is the one that counts", () => {
    const changes = [
      { item: 1, period: { months: 61 } },
      { item: 0, quantity: 2 },
      { item: 1, period: { months: 62 } },
    ];
    expect(refusalOf(placed(), changeOrder({ changes }), NOW)).toMatchObject({
      code: "period_too_long",
      path: "lines[2].period.months",
    });
  });

  test("for the change of every item where another item than the broken one has its own", () => {
    const everyItem = { period: { months: 61 } };
    const changes = [{ item: 0, period: { months: 2 } }];
    expect(refusalOf(placed(), changeOrder({ everyItem, changes }), NOW)).toMatchObject({
      code: "period_too_long",
      path: "period.months",
    });
  });

  test("where prices of today no longer have what was asked for", () => {
    const product = productOf([resourceType("server", [sku("small", "90000")])], { version: 2 });
    expect(refusalOf(placed(), changeOrder({ product }), NOW)).toEqual({
      code: "unknown_sku",
      path: "lines[0].configuration[0].sku",
    });
  });

  test("for too many resources", () => {
    const changes = [{ item: 0, quantity: 200 }];
    expect(refusalOf(placed(), changeOrder({ changes }), NOW)).toMatchObject({
      code: "too_many_resources",
      path: "lines",
    });
  });

  test("once the order is paid, cancelled or expired", () => {
    const paid = placed();
    carryOut(paid, payOrder(), NOW);
    expect(refusalOf(paid, changeOrder(), NOW)).toEqual({ code: "order_already_paid" });
    const cancelled = placed();
    carryOut(cancelled, cancelOrder(), NOW);
    expect(refusalOf(cancelled, changeOrder(), NOW)).toEqual({ code: "order_cancelled" });
    expect(refusalOf(placed(), changeOrder(), NOW + 24 * HOUR)).toEqual({ code: "order_expired" });
  });

  test("to anybody who can't see the order", () => {
    const stranger = { nowMs: NOW, caller: { role: "product", product: "vstorage" as ProductId } } as const;
    expect(refusalOf(placed(), changeOrder(), stranger)).toEqual({ code: "order_not_found" });
    expect(refusalOf(new MemoryState(), changeOrder(), NOW)).toEqual({ code: "order_not_found" });
    expect(refusalOf(new MemoryState(null), changeOrder(), NOW)).toEqual({ code: "account_not_found" });
  });

  test("to nobody who can: the product's own console changes it as the owner does", () => {
    const console = { nowMs: NOW, caller: { role: "product", product: vserver.id } } as const;
    const { answer } = carryOut(placed(), changeOrder({ changes: [{ item: 0, quantity: 2 }] }), console);
    expect(answer.quote.total).toBe(452_000);
  });
});

test("a placed order that was changed lives as long as one that wasn't", () => {
  const state = new MemoryState();
  carryOut(state, placeServer(), NOW);
  carryOut(state, changeOrder(), NOW + 24 * HOUR - 1);
  expect(refusalOf(state, changeOrder(), NOW + 24 * HOUR)).toEqual({ code: "order_expired" });
});
