import { describe, expect, test } from "vitest";
import { decide } from "../../../src/domain/decide.ts";
import type { CouponCode, ProductId } from "../../../src/domain/ids.ts";
import { money } from "../../../src/domain/money.ts";
import { PAY_METHODS } from "../../../src/domain/payment.ts";
import {
  cancelOrder,
  changeOrder,
  failed,
  ORDER,
  payOrder,
  placeOrder,
  placeServer,
  succeeded,
} from "../commands.ts";
import { carryOut, MemoryState, OWNER, postingsOf, refusalOf, typesOf } from "../memory-state.ts";
import { accountOf, amountOff, instant, itemOf, vserver } from "../samples.ts";

const NOW = instant("2023-03-06T10:00");
const LATER = NOW + 60_000;
const HOUR = 3_600_000;

/** An order of two lines, 177 285 and 86 715 after a coupon of 10 000. */
function placed(availableMinor = 300_000) {
  const state = new MemoryState(accountOf(), availableMinor);
  carryOut(
    state,
    placeOrder([
      itemOf("server", { general: 1, licence: 3 }),
      itemOf("server", { small: 1 }, { name: "db" }),
    ]),
    NOW,
  );
  carryOut(state, changeOrder({ coupon: amountOff(10_000) }), NOW);
  return state;
}

const pay = payOrder({ reservedCoupon: "TET" });

function unreserved(availableMinor: number) {
  const state = new MemoryState(accountOf(), availableMinor);
  carryOut(state, placeServer(), NOW);
  return state;
}

describe("paying an order from credit", () => {
  test("moves the total from available credit to what is undelivered, in one posting", () => {
    const state = placed();
    const { events } = carryOut(state, pay, LATER);
    expect(postingsOf(events)).toEqual([
      {
        kind: "purchase",
        atMs: LATER,
        reference: ORDER,
        transfers: [["credit_available", "undelivered", 264_000]],
      },
    ]);
    expect(state.balances).toEqual({ credit_available: 36_000, undelivered: 264_000 });
    expect(state.creditHistory).toEqual([{ type: "purchase", amount: -264_000, available: 36_000, held: 0 }]);
  });

  test("records one payment with what each resource cost, and how many documents there were by then", () => {
    const { answer, events } = carryOut(placed(), pay, LATER);
    expect(answer.payment).toEqual({
      id: "pay_1",
      n: 1,
      kind: "payment",
      method: "credit",
      gateway: null,
      status: "succeeded",
      amount: 264_000,
      currency: "VND",
      order: ORDER,
      refundOf: null,
      lines: [
        { line: "ord_1.1", resource: "res_1.1", amount: 177_285 },
        { line: "ord_1.2", resource: "res_1.2", amount: 86_715 },
      ],
      documents: 0,
      reason: null,
      createdAtMs: LATER,
    });
    expect(typesOf(events)).toEqual([
      "money_posted",
      "order_changed",
      "payment_recorded",
      "resource_changed",
      "console_called",
      "resource_changed",
      "console_called",
      "notice_given",
    ]);
  });

  test("has the console of each resource told to provision it", () => {
    const state = placed();
    carryOut(state, pay, LATER);
    expect(state.calls).toMatchObject([
      {
        type: "resource.provision",
        product: "vserver",
        resource: "res_1.1",
        order: ORDER,
        line: "ord_1.1",
        configuration: [
          { sku: "general", quantity: 1 },
          { sku: "licence", quantity: 3 },
        ],
        startAtMs: null,
        endAtMs: null,
        atMs: LATER,
      },
      { type: "resource.provision", resource: "res_1.2", line: "ord_1.2", atMs: LATER },
    ]);
  });

  test("tells the customer once what was paid for", () => {
    const state = placed();
    carryOut(state, pay, LATER);
    expect(state.notices).toEqual([
      {
        key: "order_paid:ord_1",
        template: "order_paid",
        moreLines: 0,
        atMs: LATER,
        order: ORDER,
        action: "create",
        lines: [
          { name: "web", amount: 184_000 },
          { name: "db", amount: 90_000 },
        ],
        coupon: "TET",
        discount: 10_000,
        total: 264_000,
        gateway: null,
        isOnPoc: false,
      },
    ]);
  });

  test("starts provisioning every line, each as a resource of its own that has no term yet", () => {
    const state = placed();
    carryOut(state, pay, LATER);
    const order = state.order(ORDER);
    expect(order).toMatchObject({ status: "provisioning", payment: "pay_1", paidAtMs: LATER });
    expect(order?.quote.lines.map(({ status, resource }) => [status, resource])).toEqual([
      ["provisioning", "res_1.1"],
      ["provisioning", "res_1.2"],
    ]);
    expect(
      [...state.resources.values()].map(({ id, name, state: is, terms, endAtMs }) => [
        id,
        name,
        is,
        terms,
        endAtMs,
      ]),
    ).toEqual([
      ["res_1.1", "web", "provisioning", [], null],
      ["res_1.2", "db", "provisioning", [], null],
    ]);
    expect([...state.resources.values()][0]).toMatchObject({
      product: "vserver",
      resourceType: "server",
      billing: "prepaid",
      configuration: [
        { sku: "general", quantity: 1 },
        { sku: "licence", quantity: 3 },
      ],
      policy: { refundable: true, lifecycle: { graceDays: 15 } },
      autoRenew: { enabled: false, months: 1 },
      version: 1,
      order: ORDER,
      line: "ord_1.1",
    });
  });

  test("takes the last dong, and keeps the auto-renewal that was asked for", () => {
    const state = new MemoryState(accountOf(), 181_000);
    carryOut(state, placeServer({ autoRenew: { enabled: true, months: 6 } }), NOW);
    carryOut(state, payOrder(), NOW);
    expect(state.balances.credit_available).toBe(0);
    expect([...state.resources.values()][0]?.autoRenew).toEqual({ enabled: true, months: 6 });
  });

  test("of nothing posts nothing, and is a payment all the same", () => {
    const state = unreserved(0);
    carryOut(state, changeOrder({ coupon: amountOff(181_000) }), NOW);
    const { answer, events } = carryOut(state, pay, NOW);
    expect(answer.payment).toMatchObject({ amount: 0, status: "succeeded", lines: [{ amount: 0 }] });
    expect(typesOf(events)).not.toContain("money_posted");
    expect(state.resources.size).toBe(1);
    expect(state.creditHistory).toEqual([]);
  });

  test("costs what the quote says, whatever the coupon's end or the catalogue have become", () => {
    const state = unreserved(181_000);
    carryOut(state, changeOrder({ coupon: amountOff(1_000, { validUntilMs: NOW + 1 }) }), NOW);
    expect(carryOut(state, pay, NOW + 23 * HOUR).answer.payment.amount).toBe(180_000);
  });
});

describe("without enough credit", () => {
  test("a payment is refused with what there is and what is missing", () => {
    const { balances } = placed();
    expect(balances.undelivered).toBeUndefined();
    expect(refusalOf(placed(263_999), pay, LATER)).toEqual({
      code: "insufficient_credit",
      available: 263_999,
      missing: 1,
    });
  });

  test("held credit and trial money don't help", () => {
    const state = unreserved(1_000);
    state.balances = { ...state.balances, credit_held: money(500_000), poc: money(500_000) };
    expect(refusalOf(state, payOrder(), LATER)).toEqual({
      code: "insufficient_credit",
      available: 1_000,
      missing: 180_000,
    });
  });

  test("no coupon is asked for", () => {
    expect(refusalOf(placed(1), payOrder(), LATER)).toMatchObject({ code: "insufficient_credit" });
  });
});

describe("an order with a coupon", () => {
  const decided = (state: MemoryState, reservedCoupon?: string) =>
    decide(state, payOrder(reservedCoupon ? { reservedCoupon } : {}), { nowMs: LATER, caller: OWNER });
  const needsCoupon = { ok: true, value: { kind: "needs_coupon", coupon: "TET", order: ORDER } };

  test("is paid only while that coupon is reserved for it", () => {
    expect(decided(placed())).toEqual(needsCoupon);
    expect(decided(placed(), "OTHER")).toEqual(needsCoupon);
    expect(decided(placed(), "TET")).toMatchObject({ ok: true, value: { kind: "done" } });
  });

  test("asks for the coupon it has by then", () => {
    const state = placed();
    carryOut(state, changeOrder({ coupon: amountOff(1, { code: "NEW" as CouponCode }) }), NOW);
    expect(decided(state, "TET")).toMatchObject({ value: { kind: "needs_coupon", coupon: "NEW" } });
  });
});

describe("a payment is refused", () => {
  test("for another total than its customer agreed to, whatever else stands in its way", () => {
    const changed = { code: "order_changed" };
    for (const agreedTotal of [0, 180_999, 181_001])
      expect(refusalOf(unreserved(181_000), payOrder({ agreedTotal }), LATER)).toEqual(changed);
    expect(refusalOf(unreserved(0), payOrder({ agreedTotal: 1 }), LATER)).toEqual(changed);
    const state = unreserved(362_000);
    carryOut(state, changeOrder({ everyItem: { quantity: 2 } }), NOW);
    expect(refusalOf(state, payOrder({ agreedTotal: 181_000 }), LATER)).toEqual(changed);
    expect(carryOut(state, payOrder({ agreedTotal: 362_000 }), LATER).answer.payment.amount).toBe(362_000);
  });

  test("for every other method, as long as it isn't offered", () => {
    for (const method of PAY_METHODS.filter((one) => one !== "credit")) {
      expect(refusalOf(unreserved(181_000), payOrder({ method }), LATER)).toMatchObject({
        code: "method_not_available",
        path:
          { gateway: "gateway", top_up_and_pay: "gateway", linked: "linkedAccount" }[method as string] ??
          "method",
      });
    }
  });

  test("for its method before anything about the order's state, but not to whom it isn't there for", () => {
    const gateway = payOrder({ method: "gateway" });
    const unavailable = { code: "method_not_available", path: "gateway" };
    const paid = unreserved(181_000);
    carryOut(paid, payOrder(), NOW);
    expect(refusalOf(paid, gateway, NOW)).toEqual(unavailable);
    const cancelled = unreserved(181_000);
    carryOut(cancelled, cancelOrder(), NOW);
    expect(refusalOf(cancelled, gateway, NOW)).toEqual(unavailable);
    expect(refusalOf(unreserved(181_000), gateway, NOW + 24 * HOUR)).toEqual(unavailable);
    expect(refusalOf(unreserved(0), gateway, NOW)).toEqual(unavailable);
    const caller = { role: "product", product: "vstorage" as ProductId } as const;
    expect(refusalOf(unreserved(181_000), gateway, { nowMs: NOW, caller })).toEqual({
      code: "order_not_found",
    });
  });

  test("from the very instant a quote of an end instant is 30 minutes old, until it is quoted anew", () => {
    const state = () => {
      const fresh = new MemoryState(accountOf(), 1_000_000);
      carryOut(fresh, placeServer({ period: { endAtMs: instant("2023-04-26T10:00") } }), NOW);
      return fresh;
    };
    expect(carryOut(state(), payOrder(), NOW + HOUR / 2 - 1).answer.payment.amount).toBe(301_667);
    const old = state();
    expect(refusalOf(old, payOrder(), NOW + HOUR / 2)).toEqual({ code: "quote_expired" });
    carryOut(old, changeOrder(), NOW + HOUR / 2);
    // 71 970 minutes × 181 000 / 43 200 = 301 541.0
    expect(carryOut(old, payOrder(), NOW + HOUR / 2).answer.payment.amount).toBe(301_541);
  });

  test("not at all for the age of a quote by the month", () => {
    expect(carryOut(unreserved(181_000), payOrder(), NOW + 24 * HOUR - 1).answer.payment.amount).toBe(
      181_000,
    );
  });

  test("from the very instant the order is 24 hours old, run or not", () => {
    expect(refusalOf(unreserved(181_000), payOrder(), NOW + 24 * HOUR)).toEqual({ code: "order_expired" });
  });

  test("a second time, whatever became of the order", () => {
    const state = unreserved(1_000_000);
    carryOut(state, payOrder(), NOW);
    expect(refusalOf(state, payOrder(), NOW)).toEqual({ code: "order_already_paid" });
    carryOut(state, succeeded(), NOW);
    expect(refusalOf(state, payOrder(), NOW)).toEqual({ code: "order_already_paid" });
    const refunded = unreserved(1_000_000);
    carryOut(refunded, payOrder(), NOW);
    carryOut(refunded, failed(), NOW);
    expect(refusalOf(refunded, payOrder(), NOW + 48 * HOUR)).toEqual({ code: "order_already_paid" });
  });

  test("of a cancelled order", () => {
    const state = unreserved(181_000);
    carryOut(state, cancelOrder(), NOW);
    expect(refusalOf(state, payOrder(), NOW)).toEqual({ code: "order_cancelled" });
  });

  test("to anybody who can't see the order", () => {
    const caller = { role: "product", product: "vstorage" as ProductId } as const;
    expect(refusalOf(unreserved(181_000), payOrder(), { nowMs: NOW, caller })).toEqual({
      code: "order_not_found",
    });
    expect(refusalOf(new MemoryState(), payOrder(), NOW)).toEqual({ code: "order_not_found" });
    expect(refusalOf(new MemoryState(null), payOrder(), NOW)).toEqual({ code: "account_not_found" });
    expect(vserver.id).not.toBe(caller.product);
  });
});
