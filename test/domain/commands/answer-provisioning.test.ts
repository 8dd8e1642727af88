import { describe, expect, test } from "vitest";
import type { LineId, ProductId } from "../../../src/domain/ids.ts";
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
import { carryOut, MemoryState, postingsOf, refusalOf, typesOf } from "../memory-state.ts";
import { accountOf, amountOff, instant, itemOf, vserver } from "../samples.ts";

const PAID = instant("2023-03-06T10:00");
const NOW = instant("2023-03-06T10:07:42");
const MINUTE = instant("2023-03-06T10:07");
const HOUR = 3_600_000;

/** Two lines, 177 285 and 86 715 after a coupon of 10 000, paid from 300 000. */
function paidState() {
  const state = new MemoryState(accountOf(), 300_000);
  const items = [
    itemOf("server", { general: 1, licence: 3 }),
    itemOf("server", { small: 1 }, { name: "db" }),
  ];
  carryOut(state, placeOrder(items), PAID);
  carryOut(state, changeOrder({ coupon: amountOff(10_000) }), PAID);
  carryOut(state, payOrder({ reservedCoupon: "TET" }), PAID);
  return state;
}

/** One server for a period, paid from exactly what it costs. */
function paidServer(more: Parameters<typeof placeServer>[0], atMs = PAID) {
  const state = new MemoryState(accountOf(), 10_000_000);
  carryOut(state, placeServer(more), atMs);
  carryOut(state, payOrder(), atMs);
  return state;
}

describe("a console that delivered a line", () => {
  test("starts the resource's first term at that minute", () => {
    const { resource } = carryOut(paidState(), succeeded(), NOW).answer;
    expect(resource).toMatchObject({
      id: "res_1.1",
      state: "active",
      version: 2,
      startAtMs: MINUTE,
      endAtMs: instant("2023-04-06T10:07"),
      anchorDay: 6,
    });
    expect(resource.terms).toMatchObject([
      {
        startMs: MINUTE,
        endMs: instant("2023-04-06T10:07"),
        billed: "43200",
        gross: 184_000,
        paid: 177_285,
        invoice: "202303-7QK-1",
      },
    ]);
    expect(resource.terms[0]?.charges.map(({ gross, discount }) => [gross, discount])).toEqual([
      [181_000, 6_606],
      [3_000, 109],
    ]);
  });

  test("turns what was paid, and the coupon's share, into revenue and tax", () => {
    const state = paidState();
    const { events } = carryOut(state, succeeded(), NOW);
    expect(postingsOf(events)).toEqual([
      {
        kind: "sale",
        atMs: NOW,
        reference: "ord_1.1",
        transfers: [
          ["undelivered", "revenue:vserver", 177_285],
          ["promotions", "revenue:vserver", 6_715],
          ["revenue:vserver", "tax", 16_677],
        ],
      },
    ]);
    expect(state.balances).toEqual({
      credit_available: 36_000,
      undelivered: 86_715,
      promotions: -6_715,
      "revenue:vserver": 167_323,
      tax: 16_677,
    });
    expect(state.creditHistory).toHaveLength(1);
  });

  test("leads to a paid invoice after the coupon, which names its payment; the payment stays as it is", () => {
    const state = paidState();
    const payments = [...state.payments.values()];
    carryOut(state, succeeded(), NOW);
    expect(state.invoices).toHaveLength(1);
    expect(state.invoices[0]).toMatchObject({
      code: "202303-7QK-1",
      n: 1,
      status: "paid",
      total: 177_285,
      paid: 177_285,
      tax: 16_677,
      currency: "VND",
      issuedAtMs: NOW,
      dueAtMs: NOW,
      resource: "res_1.1",
      resourceName: "web",
      order: ORDER,
      payment: "pay_1",
      period: { startMs: MINUTE, endMs: instant("2023-04-06T10:07") },
      coupon: { code: "TET", amount: 6_715 },
      creditedBy: [],
      supersededBy: null,
    });
    expect([...state.payments.values()]).toEqual(payments);
  });

  test("spends the coupon with the first line that stands, once", () => {
    const state = paidState();
    const first = carryOut(state, succeeded("1.2"), NOW);
    expect(first.answer.order.status).toBe("provisioning");
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: true }]);
    const second = carryOut(state, succeeded("1.1"), NOW + HOUR);
    expect(second.answer.order.status).toBe("completed");
    expect(state.couponsSettled).toHaveLength(1);
    expect(state.invoices.map(({ code, resource }) => [code, resource])).toEqual([
      ["202303-7QK-1", "res_1.2"],
      ["202303-7QK-2", "res_1.1"],
    ]);
    expect(state.balances).toMatchObject({ undelivered: 0, promotions: -10_000, tax: 24_859 });
  });

  test("gets the document code of the account's local month", () => {
    const state = paidServer({}, instant("2023-03-31T23:50"));
    carryOut(state, succeeded(), instant("2023-04-01T00:10"));
    expect(state.invoices[0]?.code).toBe("202304-7QK-1");
  });

  test("delivers n months from then on, though it was paid earlier", () => {
    const state = paidServer({ period: { months: 2 } }, instant("2022-12-30T23:59"));
    const { resource } = carryOut(state, succeeded(), instant("2022-12-31T00:01")).answer;
    expect([resource.anchorDay, resource.endAtMs]).toEqual([31, instant("2023-02-28T00:01")]);
    expect(resource.terms[0]).toMatchObject({ billed: "86400", gross: 362_000, paid: 362_000 });
  });

  test("delivers to the end instant that was paid for, for the minutes of the quote", () => {
    const endAtMs = instant("2023-04-30T18:00");
    const { resource } = carryOut(paidServer({ period: { endAtMs } }), succeeded(), NOW).answer;
    // 54 days and 8 hours from the payment, at 181 000.
    expect(resource.terms[0]).toMatchObject({
      startMs: MINUTE,
      endMs: endAtMs,
      billed: "78240",
      gross: 327_811,
    });
    expect(resource).toMatchObject({ anchorDay: 30, endAtMs });
  });

  test("of a free line issues its invoice of nothing, and posts the coupon alone", () => {
    const state = new MemoryState(accountOf());
    carryOut(state, placeServer(), PAID);
    carryOut(state, changeOrder({ coupon: amountOff(181_000) }), PAID);
    carryOut(state, payOrder({ reservedCoupon: "TET" }), PAID);
    const { events } = carryOut(state, succeeded(), NOW);
    expect(state.invoices[0]).toMatchObject({
      status: "paid",
      total: 0,
      tax: 16_455,
      coupon: { amount: 181_000 },
    });
    expect(postingsOf(events)[0]?.transfers).toEqual([
      ["promotions", "revenue:vserver", 181_000],
      ["revenue:vserver", "tax", 16_455],
    ]);
  });
});

describe("a console that couldn't deliver a line", () => {
  test("gives the customer back what was paid for it, as credit, and the other line stands", () => {
    const state = paidState();
    const { answer, events } = carryOut(state, failed("1.2"), NOW);
    expect(postingsOf(events)).toEqual([
      {
        kind: "refund",
        atMs: NOW,
        reference: "ord_1.2",
        transfers: [["undelivered", "credit_available", 86_715]],
      },
    ]);
    expect(state.creditHistory.at(-1)).toEqual({
      type: "refund",
      amount: 86_715,
      available: 122_715,
      held: 0,
    });
    expect(answer.order.quote.lines.map(({ status, failure }) => [status, failure])).toEqual([
      ["provisioning", null],
      ["refunded", "no capacity"],
    ]);
    expect(answer.order.status).toBe("provisioning");
    carryOut(state, succeeded("1.1"), NOW);
    expect(state.order(ORDER)?.status).toBe("completed");
    expect(state.balances).toMatchObject({ credit_available: 122_715, undelivered: 0, promotions: -6_715 });
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: true }]);
  });

  test("leaves a refund in the payment history and a resource that never was", () => {
    const state = paidState();
    const { answer } = carryOut(state, failed("1.2"), NOW);
    expect(answer.resource).toMatchObject({
      id: "res_1.2",
      state: "deleted",
      version: 2,
      terms: [],
      endAtMs: null,
    });
    expect(state.resource(answer.resource.id)).toEqual(answer.resource);
    expect(state.invoices).toEqual([]);
    expect([...state.payments.values()].slice(1)).toEqual([
      {
        id: "pay_1.2",
        n: 2,
        kind: "refund",
        method: "credit",
        gateway: null,
        status: "succeeded",
        amount: 86_715,
        currency: "VND",
        order: ORDER,
        refundOf: "pay_1",
        lines: [{ line: "ord_1.2", resource: "res_1.2", amount: 86_715 }],
        documents: 0,
        reason: "no capacity",
        createdAtMs: NOW,
      },
    ]);
  });

  test("for every line fails the order, which gives the coupon back", () => {
    const state = paidState();
    carryOut(state, failed("1.1"), NOW);
    expect(state.couponsSettled).toEqual([]);
    const { answer } = carryOut(state, failed("1.2"), NOW);
    expect([...state.payments.values()].map(({ id, n }) => [id, n])).toEqual([
      ["pay_1", 1],
      ["pay_1.1", 2],
      ["pay_1.2", 3],
    ]);
    expect(answer.order.status).toBe("failed");
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: false }]);
    expect(state.balances).toEqual({ credit_available: 300_000, undelivered: 0 });
  });

  test("of a free line moves no money and refunds no payment", () => {
    const state = new MemoryState(accountOf());
    carryOut(state, placeServer(), PAID);
    carryOut(state, changeOrder({ coupon: amountOff(181_000) }), PAID);
    carryOut(state, payOrder({ reservedCoupon: "TET" }), PAID);
    expect(postingsOf(carryOut(state, failed(), NOW).events)).toEqual([]);
    expect(state.payments.size).toBe(1);
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: false }]);
  });
});

describe("an answer given again", () => {
  test("changes nothing and gets the same answer", () => {
    for (const answer of [succeeded("1.1"), failed("1.1")]) {
      const state = paidState();
      const first = carryOut(state, answer, NOW);
      const again = carryOut(state, answer, NOW + HOUR);
      expect(again).toEqual({ kind: "done", events: [], answer: first.answer });
    }
  });

  test("with another reason keeps the first", () => {
    const state = paidState();
    carryOut(state, failed("1.1"), NOW);
    const again = carryOut(state, failed("1.1", "something else"), NOW);
    expect(again.events).toEqual([]);
    expect(again.answer.order.quote.lines[0]?.failure).toBe("no capacity");
  });

  test("that contradicts the first doesn't change it", () => {
    const delivered = paidState();
    carryOut(delivered, succeeded(), NOW);
    expect(refusalOf(delivered, failed(), NOW)).toEqual({ code: "line_already_active" });
    const refunded = paidState();
    carryOut(refunded, failed(), NOW);
    expect(carryOut(refunded, succeeded(), NOW).answer).toMatchObject({ isTooLate: true });
  });

  test("after the line was refunded for silence is too late if it says succeeded, and taken if it says failed", () => {
    const state = paidState();
    for (let run = 0; run < 2; run++) carryOut(state, runOrderDue(), PAID + 24 * HOUR);
    const { answer } = carryOut(state, succeeded(), PAID + 25 * HOUR);
    expect(answer).toMatchObject({
      isTooLate: true,
      order: { status: "failed" },
      resource: { state: "deleted" },
    });
    expect(carryOut(state, failed(), PAID + 25 * HOUR)).toMatchObject({
      answer: { isTooLate: false },
      events: [],
    });
  });
});

describe("a success that comes too late", () => {
  test("moves no money, and the console is told to delete what it made", () => {
    const state = paidState();
    carryOut(state, failed(), NOW);
    const { events } = carryOut(state, succeeded(), NOW + HOUR);
    expect(typesOf(events)).toEqual(["console_called"]);
    expect(state.calls.at(-1)).toMatchObject({
      type: "resource.delete",
      resource: "res_1.1",
      line: "ord_1.1",
      atMs: NOW + HOUR,
    });
  });

  test("is one from the very instant of the 24 hours on, whether or not the refund has run", () => {
    const inTime = carryOut(paidState(), succeeded(), PAID + 24 * HOUR - 1).answer;
    expect(inTime).toMatchObject({ isTooLate: false, resource: { state: "active" } });
    const late = carryOut(paidState(), succeeded(), PAID + 24 * HOUR).answer;
    expect(late).toMatchObject({ isTooLate: true, resource: { state: "deleted", version: 2, terms: [] } });
  });

  test("refunds every silent line as of the 24 hours, as the run would have", () => {
    const state = paidState();
    const { answer } = carryOut(state, succeeded("1.1"), PAID + 30 * HOUR);
    const ran = paidState();
    for (let run = 0; run < 2; run++) carryOut(ran, runOrderDue(), PAID + 30 * HOUR);

    expect(answer.order).toEqual(state.order(ORDER));
    expect(answer.resource).toEqual(state.resource(answer.resource.id));
    expect(answer.order.status).toBe("failed");
    expect(answer.order.quote.lines.map(({ status, failure }) => [status, failure])).toEqual([
      ["refunded", PROVISIONING_TIMED_OUT],
      ["refunded", PROVISIONING_TIMED_OUT],
    ]);
    expect(state.transactions).toEqual(ran.transactions);
    expect(state.transactions.slice(1).map(({ atMs }) => atMs)).toEqual([PAID + 24 * HOUR, PAID + 24 * HOUR]);
    expect([...state.payments]).toEqual([...ran.payments]);
    expect([...state.resources]).toEqual([...ran.resources]);
    expect(state.notices).toEqual(ran.notices);
    expect(state.calls).toEqual(ran.calls);
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: false }]);
    expect(state.balances).toEqual({ credit_available: 300_000, undelivered: 0 });
    expect(state.invoices).toEqual([]);
    expect(carryOut(state, runOrderDue(), PAID + 30 * HOUR)).toMatchObject({ answer: "nothing", events: [] });
  });

  test("leaves the line that was delivered in time", () => {
    const state = paidState();
    carryOut(state, succeeded("1.1"), NOW);
    const { answer } = carryOut(state, succeeded("1.2"), PAID + 24 * HOUR);
    expect(answer).toMatchObject({ isTooLate: true, order: { status: "completed" } });
    expect(answer.order.quote.lines.map(({ status }) => status)).toEqual(["active", "refunded"]);
    expect(state.balances).toMatchObject({ credit_available: 122_715, undelivered: 0 });
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: true }]);
    const again = carryOut(state, succeeded("1.1"), PAID + 25 * HOUR);
    expect(again).toMatchObject({ answer: { isTooLate: false }, events: [] });
  });

  test("doesn't count as one if it is a failure, which keeps its reason and leaves the other line to its time-out", () => {
    const state = paidState();
    const { answer, events } = carryOut(state, failed("1.1"), PAID + 24 * HOUR);
    expect(answer).toMatchObject({ isTooLate: false, resource: { state: "deleted", version: 2 } });
    expect(answer.order.quote.lines.map(({ status }) => status)).toEqual(["refunded", "provisioning"]);
    expect(answer.order.quote.lines[0]?.failure).not.toBe(PROVISIONING_TIMED_OUT);
    expect(events.filter(({ type }) => type === "console_called")).toEqual([]);
  });

  test("is counted from the payment, not from the order", () => {
    const state = new MemoryState(accountOf(), 181_000);
    carryOut(state, placeServer(), PAID);
    carryOut(state, payOrder(), PAID + 20 * HOUR);
    const { answer } = carryOut(state, succeeded(), PAID + 44 * HOUR - 1);
    expect(answer).toMatchObject({ isTooLate: false, resource: { state: "active" } });
  });
});

describe("the customer is told", () => {
  test("when a resource runs, from when to when, and which invoice it led to", () => {
    const state = paidState();
    carryOut(state, succeeded(), NOW);
    expect(state.notices.at(-1)).toEqual({
      key: "resource_provisioned:ord_1.1",
      template: "resource_provisioned",
      atMs: NOW,
      resource: "res_1.1",
      name: "web",
      isRecovered: false,
      startAtMs: MINUTE,
      endAtMs: instant("2023-04-06T10:07"),
      invoice: "202303-7QK-1",
      total: 177_285,
    });
  });

  test("when one couldn't be made, why, and what went back", () => {
    const state = paidState();
    carryOut(state, failed("1.2"), NOW);
    expect(state.notices.at(-1)).toEqual({
      key: "provisioning_failed:ord_1.2",
      template: "provisioning_failed",
      isOnPoc: false,
      atMs: NOW,
      action: "create",
      line: "ord_1.2",
      name: "db",
      reason: "no capacity",
      refund: 86_715,
    });
    expect(state.calls.map(({ type }) => type)).not.toContain("resource.delete");
  });
});

describe("an answer is refused", () => {
  test("for a resource that isn't there, or isn't this console's", () => {
    const caller = { role: "product", product: "vstorage" as ProductId } as const;
    expect(refusalOf(paidState(), succeeded("1.3"), NOW)).toEqual({ code: "resource_not_found" });
    expect(refusalOf(paidState(), succeeded(), { nowMs: NOW, caller })).toEqual({
      code: "resource_not_found",
    });
    const own = { role: "product", product: vserver.id } as const;
    expect(carryOut(paidState(), succeeded(), { nowMs: NOW, caller: own }).answer.resource.state).toBe(
      "active",
    );
  });

  test("for a line that isn't the resource's", () => {
    const mixedUp = { ...succeeded("1.1"), line: "ord_1.2" as LineId };
    expect(refusalOf(paidState(), mixedUp, NOW)).toEqual({ code: "order_line_not_found" });
  });

  test("before there is an account", () => {
    expect(refusalOf(new MemoryState(null), succeeded(), NOW)).toEqual({ code: "account_not_found" });
  });
});
