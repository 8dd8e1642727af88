import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QUERIES_AFTER_MS } from "../../../src/domain/attempts/attempt.ts";
import type { RefundStanding } from "../../../src/domain/commands/hear-refund.ts";
import { decide } from "../../../src/domain/decide.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { balanceOf } from "../../../src/domain/ledger.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/local-time.ts";
import { money } from "../../../src/domain/money.ts";
import { heard, MOMO, payAt, refusal, success, topUp } from "../attempts/attempts.ts";
import { failed, grantCredit, payOrder, placeServer, succeeded } from "../commands.ts";
import { ADMIN, carryOut, MemoryState, postingsOf, refusalOf, typesOf } from "../memory-state.ts";
import { hearRefund, refunded, refundId, startRefund } from "../refunds.ts";
import { instant } from "../samples.ts";

const NOW = instant("2027-03-10T10:00");
const BOUGHT = 200_000;
const REFUND = refundId(1);

/** An account that has bought credit at MoMo. */
function bought(amount = BOUGHT): MemoryState {
  const state = new MemoryState();
  carryOut(state, topUp(amount), NOW);
  carryOut(state, heard(success(), { amount }), NOW);
  return state;
}

const available = ({ balances }: MemoryState) => balanceOf(balances, "credit_available");
const clearing = ({ balances }: MemoryState) => balanceOf(balances, "clearing:momo");
const sound = (state: MemoryState) => expect(violations(state.books())).toEqual([]);
const dueRun = (state: MemoryState, nowMs: number) =>
  carryOut(state, { type: "run_refund_due", refund: REFUND }, { nowMs, caller: ADMIN }).answer;

describe("sending money back", () => {
  test("takes it out of available credit before the gateway hears of it", () => {
    const state = bought();
    const { events, answer } = carryOut(state, startRefund(50_000), NOW);
    expect(postingsOf(events)).toEqual([
      {
        kind: "refund",
        atMs: NOW,
        reference: REFUND,
        transfers: [["credit_available", "sending_back", 50_000]],
      },
    ]);
    expect(answer.payment).toMatchObject({
      ...{ id: REFUND, n: 2, kind: "refund", status: "pending", gateway: "momo", amount: 50_000 },
      ...{ refundOf: "attempt_1", lines: [], reason: "asked for" },
    });
    expect(state.refund(REFUND)).toMatchObject({ status: "open", theirId: null, requestedBy: "admin:ops" });
    expect(state.creditHistory.at(-1)).toEqual({
      ...{ type: "refund", amount: -50_000, available: 150_000, held: 0 },
    });
    sound(state);
  });

  test("is done when the gateway says so: the money has left us, and the customer is told", () => {
    const state = bought();
    carryOut(state, startRefund(50_000), NOW);
    const { events } = carryOut(state, hearRefund(refunded), NOW + MINUTE_MS);
    expect(postingsOf(events)).toMatchObject([
      { kind: "return", transfers: [["sending_back", "clearing:momo", 50_000]] },
    ]);
    expect([available(state), clearing(state)]).toEqual([150_000, -150_000]);
    expect(state.refund(REFUND)).toMatchObject({ status: "succeeded", theirId: "5000000001" });
    expect(state.payment(REFUND)).toMatchObject({ status: "succeeded", reason: "asked for" });
    expect(state.notices.at(-1)).toMatchObject({ template: "refund_sent", amount: 50_000, order: null });
    expect(state.creditHistory.map(({ type }) => type)).toEqual(["deposit", "refund"]);
    sound(state);
  });

  test("that the gateway refuses is credit again, says why, and may be tried again", () => {
    const state = bought();
    carryOut(state, startRefund(BOUGHT), NOW);
    carryOut(state, hearRefund({ kind: "failed", reason: "not_refundable" }), NOW);
    expect([available(state), clearing(state)]).toEqual([BOUGHT, -BOUGHT]);
    expect(state.payment(REFUND)).toMatchObject({
      status: "failed",
      reason: "The gateway can't give this back.",
    });
    expect(state.creditHistory.map(({ amount }) => amount)).toEqual([BOUGHT, -BOUGHT, BOUGHT]);
    expect(state.notices.some(({ template }) => template === "refund_sent")).toBe(false);
    carryOut(state, startRefund(BOUGHT, { n: 2 }), NOW);
    carryOut(state, hearRefund(refunded, 2), NOW);
    expect([available(state), clearing(state)]).toEqual([0, 0]);
    sound(state);
  });

  test.each<[RefundStanding]>([
    [{ kind: "unknown" }],
    [{ kind: "pending", theirId: null }],
    [{ kind: "not_found" }],
  ])("of which %o is heard stays taken", (standing) => {
    const state = bought();
    carryOut(state, startRefund(50_000), NOW);
    const { events } = carryOut(state, hearRefund(standing), NOW + 14 * MINUTE_MS);
    expect(events).toEqual([]);
    expect([available(state), state.payment(REFUND)?.status]).toEqual([150_000, "pending"]);
  });

  test("of which the gateway never heard is credit again", () => {
    const state = bought();
    carryOut(state, startRefund(50_000), NOW);
    carryOut(state, hearRefund({ kind: "not_found" }), NOW + 15 * MINUTE_MS);
    expect([available(state), state.refund(REFUND)?.failure]).toEqual([BOUGHT, "gateway_unavailable"]);
    sound(state);
  });

  test("keeps the gateway's number from its first answer, to be asked about by", () => {
    const state = bought();
    carryOut(state, startRefund(50_000), NOW);
    carryOut(state, hearRefund({ kind: "pending", theirId: "77" }), NOW);
    carryOut(state, hearRefund({ kind: "refunded", theirId: null }), NOW);
    expect(state.refund(REFUND)?.theirId).toBe("77");
  });

  test("is heard of any number of times, and moves once", () => {
    const state = bought();
    carryOut(state, startRefund(50_000), NOW);
    carryOut(state, hearRefund(refunded), NOW);
    for (const standing of [refunded, { kind: "unknown" }] as const)
      expect(carryOut(state, hearRefund(standing), NOW).events).toEqual([]);
  });

  test("that was final and is said to be otherwise raises an alert, and moves nothing", () => {
    const state = bought();
    carryOut(state, startRefund(50_000), NOW);
    carryOut(state, hearRefund(refunded), NOW);
    const first = carryOut(state, hearRefund({ kind: "failed", reason: "declined" }), NOW);
    expect(typesOf(first.events)).toEqual(["alert_raised"]);
    carryOut(state, startRefund(60_000, { n: 2 }), NOW);
    carryOut(state, hearRefund({ kind: "failed", reason: "declined" }, 2), NOW);
    const second = carryOut(state, hearRefund(refunded, 2), NOW);
    expect(typesOf(second.events)).toEqual(["alert_raised"]);
    expect(state.alerts.map(({ kind }) => kind)).toEqual(["gateway_contradiction", "gateway_contradiction"]);
    sound(state);
  });

  test("of what was paid for an order leaves its invoices and resources as they are", () => {
    const state = new MemoryState();
    carryOut(state, placeServer(), NOW);
    carryOut(state, payAt("gateway"), NOW);
    carryOut(state, heard(success()), NOW);
    carryOut(state, failed(), NOW);
    expect(available(state)).toBe(181_000);
    carryOut(state, startRefund(181_000), NOW);
    carryOut(state, hearRefund(refunded), NOW);
    expect(state.notices.at(-1)).toMatchObject({ template: "refund_sent", order: "ord_1" });
    expect([available(state), clearing(state)]).toEqual([0, 0]);
    sound(state);
  });
});

describe("what can't be sent back", () => {
  test.each<[string, () => MemoryState, ReturnType<typeof startRefund>, object]>([
    ["a payment nobody made", bought, startRefund(1, { of: 9 }), { code: "payment_not_found" }],
    [
      "more than was captured",
      () => {
        const state = bought();
        carryOut(state, grantCredit(500_000), NOW);
        return state;
      },
      startRefund(BOUGHT + 1),
      { code: "refund_exceeds_payment", detail: "200000 can still be sent back of this payment." },
    ],
    [
      "more than the gateway gives back at once",
      () => bought(900_000),
      startRefund(500_001, {
        terms: [{ ...MOMO, limits: { ...MOMO.limits, maxRefundMinor: money(500_000) } }],
      }),
      { code: "refund_too_large", path: "amount" },
    ],
    [
      "through a gateway that isn't here",
      bought,
      startRefund(1, { terms: [] }),
      { code: "method_not_available" },
    ],
    [
      "what was spent meanwhile",
      () => {
        const state = bought();
        carryOut(state, grantCredit(-150_000), NOW);
        return state;
      },
      startRefund(60_000),
      { code: "insufficient_credit", available: 50_000, missing: 10_000 },
    ],
    [
      "what is only begun",
      () => {
        const state = new MemoryState();
        carryOut(state, topUp(BOUGHT), NOW);
        return state;
      },
      startRefund(1),
      { code: "payment_not_captured" },
    ],
    [
      "what was refused",
      () => {
        const state = new MemoryState();
        carryOut(state, topUp(BOUGHT), NOW);
        carryOut(state, heard(refusal), NOW);
        return state;
      },
      startRefund(1),
      { code: "payment_not_captured" },
    ],
  ])("%s", (_, prepare, command, refusal) => {
    expect(refusalOf(prepare(), command, NOW)).toMatchObject(refusal);
  });

  test("what was paid by credit, and what is a refund itself", () => {
    const state = bought();
    carryOut(state, placeServer(), NOW);
    const { answer } = carryOut(state, payOrder(), NOW);
    carryOut(state, succeeded(), NOW);
    carryOut(state, startRefund(1_000), NOW);
    for (const payment of [answer.payment.id, REFUND])
      expect(refusalOf(state, { ...startRefund(1), payment }, NOW)).toMatchObject({
        code: "not_paid_at_gateway",
      });
  });

  test("what another refund is sending back already", () => {
    const state = bought();
    carryOut(state, grantCredit(BOUGHT), NOW);
    carryOut(state, startRefund(150_000), NOW);
    expect(refusalOf(state, startRefund(60_000, { n: 2 }), NOW)).toMatchObject({
      code: "refund_exceeds_payment",
    });
    carryOut(state, startRefund(50_000, { n: 2 }), NOW);
    sound(state);
  });
});

describe("time", () => {
  test("has the gateway asked, ever more rarely, and then tells operations", () => {
    const state = bought();
    carryOut(state, startRefund(50_000), NOW);
    for (const afterMs of QUERIES_AFTER_MS) {
      expect(state.refund(REFUND)?.nextQueryAtMs).toBe(NOW + afterMs);
      expect(dueRun(state, NOW + afterMs)).toBe("asked");
      carryOut(state, hearRefund({ kind: "unknown" }), NOW + afterMs);
      expect(state.refund(REFUND)?.isAsked).toBe(false);
    }
    expect(state.alerts).toMatchObject([{ kind: "refund_unresolved", subject: REFUND }]);
    expect([dueRun(state, NOW + 30 * DAY_MS), state.payment(REFUND)?.status]).toEqual(["nothing", "pending"]);
    expect(state.queries).toHaveLength(QUERIES_AFTER_MS.length);
    carryOut(state, hearRefund(refunded), NOW + 31 * DAY_MS);
    sound(state);
  });

  test("has what ended compared on two mornings", () => {
    const state = bought();
    carryOut(state, startRefund(50_000), NOW);
    carryOut(state, hearRefund(refunded), NOW);
    expect(dueRun(state, NOW + HOUR_MS)).toBe("nothing");
    for (const _ of [1, 2]) expect(dueRun(state, state.refund(REFUND)?.nextQueryAtMs ?? 0)).toBe("asked");
    expect(state.refund(REFUND)?.nextQueryAtMs).toBeNull();
  });
});

test("however refunds are begun and heard of, what was captured is never sent back twice, and nothing is lost", () => {
  const n = fc.integer({ min: 1, max: 5 });
  const kinds = fc.constantFrom<RefundStanding>(
    refunded,
    { kind: "failed", reason: "declined" },
    { kind: "pending", theirId: null },
    { kind: "unknown" },
    { kind: "not_found" },
  );
  const ops = fc.oneof(
    fc.record({ n, of: fc.constantFrom(1, 2), amount: fc.integer({ min: 1, max: 120_000 }) }),
    fc.record({ n, standing: kinds, afterMinutes: fc.constantFrom(1, 20) }),
    fc.record({ grant: fc.constantFrom(-50_000, 90_000) }),
  );
  const reached = { done: 0, refused: 0, exceeded: 0 };
  fc.assert(
    fc.property(fc.array(ops, { minLength: 1, maxLength: 30, size: "max" }), (all) => {
      const state = bought(100_000);
      carryOut(state, topUp(100_000, 2), NOW);
      carryOut(state, heard(success("4000000002"), { amount: 100_000, n: 2 }), NOW);
      let granted = 0;
      for (const op of all) {
        const isNew = "amount" in op && !state.refund(refundId(op.n));
        const command =
          "grant" in op
            ? grantCredit(op.grant)
            : "standing" in op
              ? hearRefund(op.standing, op.n)
              : startRefund(op.amount, op);
        if ("amount" in op && !isNew) continue;
        const nowMs = NOW + ("standing" in op ? op.afterMinutes : 0) * MINUTE_MS;
        const decided = decide(state, command, { nowMs, caller: ADMIN });
        if (decided.ok && decided.value.kind === "done") state.apply(decided.value.events);
        if (decided.ok && "grant" in op) granted += op.grant;
        if (!decided.ok && decided.error.code === "refund_exceeds_payment") reached.exceeded += 1;
        expect(violations(state.books())).toEqual([]);
      }
      const sent = [...state.refunds.values()];
      const out = sent
        .filter(({ status }) => status !== "failed")
        .reduce((total, { amount }) => total + amount, 0);
      expect(available(state)).toBe(200_000 + granted - out);
      reached.done += sent.filter(({ status }) => status === "succeeded").length;
      reached.refused += sent.filter(({ status }) => status === "failed").length;
    }),
    { seed: 20_270_310, numRuns: 200 },
  );
  for (const times of Object.values(reached)) expect(times).toBeGreaterThan(20);
});
