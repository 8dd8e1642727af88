import { describe, expect, test } from "vitest";
import { orderDueAtMs, statusAt } from "../../../src/domain/order.ts";
import { PROVISIONING_TIMED_OUT } from "../../../src/domain/provisioning.ts";
import {
  changeOrder,
  failed,
  ORDER,
  payOrder,
  placeOrder,
  placeServer,
  runOrderDue,
  succeeded,
} from "../commands.ts";
import { carryOut, MemoryState, postingsOf } from "../memory-state.ts";
import { accountOf, amountOff, instant, itemOf } from "../samples.ts";

const NOW = instant("2023-03-06T10:00:30");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function placed() {
  const state = new MemoryState(accountOf(), 300_000);
  carryOut(
    state,
    placeOrder([itemOf("server", { general: 1 }), itemOf("server", { small: 1 }, { name: "db" })]),
    NOW,
  );
  return state;
}

function paid() {
  const state = placed();
  carryOut(state, changeOrder({ coupon: amountOff(10_000) }), NOW);
  carryOut(state, payOrder({ reservedCoupon: "TET" }), NOW);
  return state;
}

const run = (state: MemoryState, nowMs: number) => carryOut(state, runOrderDue(), nowMs);

/** Runs as the due work does: as long as the order is due. */
function runAll(state: MemoryState, nowMs: number) {
  const answers: string[] = [];
  for (let runs = 0; runs < 10; runs++) {
    const order = state.order(ORDER);
    const dueAtMs = order && orderDueAtMs(order);
    if (dueAtMs === null || dueAtMs > nowMs) break;
    answers.push(run(state, nowMs).answer);
  }
  return answers;
}

describe("an unpaid order", () => {
  test("is expired from the very instant on at which it is 24 hours old, with nothing left to do about it", () => {
    const state = placed();
    const order = state.order(ORDER);
    if (!order) throw new Error("nothing was placed");
    expect([NOW + DAY - 1, NOW + DAY].map((atMs) => statusAt(order, atMs))).toEqual([
      "awaiting_payment",
      "expired",
    ]);
    expect(orderDueAtMs(order)).toBeNull();
    expect(run(state, NOW + DAY)).toMatchObject({ answer: "nothing", events: [] });
  });
});

describe("a paid order that its console is silent about", () => {
  test("is alerted about at exactly one hour, once", () => {
    const state = paid();
    expect(run(state, NOW + HOUR - 1).events).toEqual([]);
    expect(run(state, NOW + HOUR).answer).toBe("alerted");
    expect(state.alerts).toEqual([
      { key: "provisioning:ord_1", kind: "provisioning_overdue", subject: ORDER, atMs: NOW + HOUR },
    ]);
    expect(run(state, NOW + HOUR)).toMatchObject({ answer: "nothing", events: [] });
    expect(run(state, NOW + DAY - 1)).toMatchObject({ answer: "nothing", events: [] });
    expect(state.transactions).toHaveLength(1);
  });

  test("is refunded at exactly 24 hours, line by line, and gives its coupon back", () => {
    const state = paid();
    run(state, NOW + HOUR);
    const { answer, events } = run(state, NOW + DAY);
    expect(answer).toBe("refunded");
    expect(postingsOf(events)).toEqual([
      {
        kind: "refund",
        atMs: NOW + DAY,
        reference: "ord_1.1",
        transfers: [["undelivered", "credit_available", 174_321]],
      },
      {
        kind: "refund",
        atMs: NOW + DAY,
        reference: "ord_1.2",
        transfers: [["undelivered", "credit_available", 86_679]],
      },
    ]);
    expect(state.order(ORDER)).toMatchObject({ status: "failed" });
    expect(state.order(ORDER)?.quote.lines.map(({ status, failure }) => [status, failure])).toEqual([
      ["refunded", PROVISIONING_TIMED_OUT],
      ["refunded", PROVISIONING_TIMED_OUT],
    ]);
    expect([...state.resources.values()].map((resource) => resource.state)).toEqual(["deleted", "deleted"]);
    expect([...state.payments.values()].map(({ id, kind, amount }) => [id, kind, amount])).toEqual([
      ["pay_1", "payment", 261_000],
      ["pay_1.1", "refund", 174_321],
      ["pay_1.2", "refund", 86_679],
    ]);
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: false }]);
    expect(state.balances).toEqual({ credit_available: 300_000, undelivered: 0 });
  });

  test("is refunded for the silent lines only, which the console is told to delete as of then", () => {
    const state = paid();
    carryOut(state, succeeded("1.1"), NOW + 2 * HOUR);
    expect(runAll(state, NOW + DAY)).toEqual(["alerted", "refunded"]);
    expect(state.order(ORDER)).toMatchObject({ status: "completed" });
    expect(state.balances).toMatchObject({ credit_available: 39_000 + 86_679, undelivered: 0 });
    expect(state.calls.filter(({ type }) => type === "resource.delete")).toMatchObject([
      { resource: "res_1.2", line: "ord_1.2", atMs: NOW + DAY },
    ]);
    expect(state.notices.at(-1)).toMatchObject({
      key: "provisioning_failed:ord_1.2",
      atMs: NOW + DAY,
      refund: 86_679,
    });
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: true }]);
  });

  test("is alerted about and refunded as of those instants by a run that comes days late", () => {
    const state = paid();
    expect(runAll(state, NOW + 5 * DAY)).toEqual(["alerted", "refunded"]);
    expect(state.alerts.map(({ atMs }) => atMs)).toEqual([NOW + HOUR]);
    expect(state.transactions.slice(1).map(({ atMs }) => atMs)).toEqual([NOW + DAY, NOW + DAY]);
    expect([...state.payments.values()].map(({ createdAtMs }) => createdAtMs)).toEqual([
      NOW,
      NOW + DAY,
      NOW + DAY,
    ]);
    expect(runAll(state, NOW + 6 * DAY)).toEqual([]);
  });

  test("is left alone once every line is answered", () => {
    for (const second of [succeeded("1.2"), failed("1.2")]) {
      const state = paid();
      carryOut(state, succeeded("1.1"), NOW + 60_000);
      carryOut(state, second, NOW + 60_000);
      expect(run(state, NOW + 2 * DAY)).toMatchObject({ answer: "nothing", events: [] });
    }
  });
});

test("an order that isn't there is due for nothing", () => {
  expect(run(new MemoryState(), NOW)).toMatchObject({ answer: "nothing", events: [] });
});

test("the next due instant is the alert about a paid order, then the refund, then none", () => {
  const state = new MemoryState(accountOf(), 181_000);
  const due = () => {
    const order = state.order(ORDER);
    return order && orderDueAtMs(order);
  };
  carryOut(state, placeServer(), NOW);
  expect(due()).toBeNull();
  carryOut(state, payOrder(), NOW + 5 * HOUR);
  expect(due()).toBe(NOW + 6 * HOUR);
  run(state, NOW + 6 * HOUR);
  expect(due()).toBe(NOW + 29 * HOUR);
  run(state, NOW + 29 * HOUR);
  expect(due()).toBeNull();
});
