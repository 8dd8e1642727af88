import { describe, expect, test } from "vitest";
import { QUERIES_AFTER_MS } from "../../../src/domain/attempts/attempt.ts";
import type { HearGateway } from "../../../src/domain/commands/hear-gateway.ts";
import { decide } from "../../../src/domain/decide.ts";
import type { CouponCode } from "../../../src/domain/ids.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { balanceOf } from "../../../src/domain/ledger.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/local-time.ts";
import {
  cancelOrder,
  changeOrder,
  grantCredit,
  ORDER,
  orderFor,
  payOrder,
  placeServer,
  setAutoRenew,
  succeeded,
} from "../commands.ts";
import { ADMIN, carryOut, MemoryState, OWNER, postingsOf, refusalOf } from "../memory-state.ts";
import { amountOff, instant } from "../samples.ts";
import { attemptId, heard, MOMO, payAt, refusal, success, topUp, VNPAY } from "./attempts.ts";

const NOW = instant("2027-03-10T10:00");
const PRICE = 181_000;
const [FIRST, SECOND] = [attemptId(1), attemptId(2)];

/** An account with this much credit and one unpaid order of a server. */
function placed(credit = 0, at = NOW): MemoryState {
  const state = new MemoryState();
  if (credit > 0) carryOut(state, grantCredit(credit), at);
  carryOut(state, placeServer(), at);
  return state;
}

const wallets = ({ balances }: MemoryState) => ({
  available: balanceOf(balances, "credit_available"),
  held: balanceOf(balances, "credit_held"),
});
const clearing = ({ balances }: MemoryState) => balanceOf(balances, "clearing:momo");
const statusOf = (state: MemoryState) => state.order(ORDER)?.status;
const paymentOf = (state: MemoryState, id = FIRST) => state.payment(id);
const sound = (state: MemoryState) => expect(violations(state.books())).toEqual([]);
const dueRun = (state: MemoryState, atMs: number, id = FIRST) =>
  carryOut(state, { type: "run_attempt_due", attempt: id }, { nowMs: atMs, caller: ADMIN }).answer;

describe("paying at a gateway", () => {
  test("begins with a pending payment, and moves nothing", () => {
    const state = placed(50_000);
    const { events, answer } = carryOut(state, payAt("gateway"), NOW);
    expect(postingsOf(events)).toEqual([]);
    expect(answer.payment).toMatchObject({ status: "pending", gateway: "momo", amount: PRICE, lines: [] });
    expect(state.attempt(FIRST)).toMatchObject({
      status: "open",
      held: 0,
      expiresAtMs: NOW + 15 * MINUTE_MS,
    });
    expect(statusOf(state)).toBe("awaiting_payment");
    sound(state);
  });

  test("settles the order when the gateway says so, the wallet untouched", () => {
    const state = placed(50_000);
    carryOut(state, payAt("gateway"), NOW);
    const { events } = carryOut(state, heard(success()), NOW + MINUTE_MS);
    expect(postingsOf(events)).toEqual([
      {
        kind: "purchase",
        atMs: NOW + MINUTE_MS,
        reference: ORDER,
        transfers: [["clearing:momo", "undelivered", PRICE]],
      },
    ]);
    expect(state.creditHistory).toHaveLength(1);
    expect(paymentOf(state)).toMatchObject({
      kind: "payment",
      status: "succeeded",
      n: 1,
      createdAtMs: NOW,
      lines: [{ line: "ord_1.1", resource: "res_1.1", amount: PRICE }],
    });
    expect([statusOf(state), state.order(ORDER)?.payment]).toEqual(["provisioning", FIRST]);
    carryOut(state, succeeded(), NOW + HOUR_MS);
    sound(state);
  });

  test("is heard of any number of times, and settles once", () => {
    const state = placed();
    carryOut(state, payAt("gateway"), NOW);
    carryOut(state, heard(success()), NOW);
    for (const source of ["callback", "query"] as const) {
      const again = carryOut(state, heard(success(), { source }), NOW + DAY_MS);
      expect([again.answer, again.events]).toEqual([{ outcome: "repeated" }, []]);
    }
  });

  test("that fails says why, tells the customer, and leaves the order to be paid", () => {
    const state = placed();
    carryOut(state, payAt("gateway"), NOW);
    carryOut(state, heard(refusal), NOW);
    expect(paymentOf(state)).toMatchObject({ status: "failed", reason: "The payment was cancelled." });
    expect(state.notices).toMatchObject([{ template: "payment_failed", order: ORDER, reason: "cancelled" }]);
    carryOut(state, payAt("gateway", 2), NOW);
    carryOut(state, heard(success(), { n: 2 }), NOW);
    expect(statusOf(state)).toBe("provisioning");
    sound(state);
  });

  test.each([
    [{ kind: "pending" }, "taken"],
    [{ kind: "unknown" }, "taken"],
    [{ kind: "not_found" }, "taken"],
  ] as const)("that is %o changes nothing", (standing, outcome) => {
    const state = placed();
    carryOut(state, payAt("gateway"), NOW);
    const { answer, events } = carryOut(state, heard(standing), NOW + 20 * MINUTE_MS);
    expect([answer, events]).toEqual([{ outcome }, []]);
  });

  test("that its gateway doesn't know long after its end has failed", () => {
    const state = placed();
    carryOut(state, payAt("gateway"), NOW);
    carryOut(state, heard({ kind: "not_found" }, { source: "query" }), NOW + 30 * MINUTE_MS);
    expect(state.attempt(FIRST)).toMatchObject({ status: "failed", failure: "expired" });
  });

  test("ends at once where the gateway refuses to begin", () => {
    const state = placed(10_000);
    carryOut(state, payAt("top_up_and_pay"), NOW);
    const outcome = { kind: "failed", reason: "declined" } as const;
    carryOut(state, { type: "record_creation", attempt: FIRST, outcome }, NOW);
    expect(paymentOf(state)).toMatchObject({ status: "failed" });
    expect(wallets(state)).toEqual({ available: 10_000, held: 0 });
    sound(state);
  });
});

describe("top up & pay", () => {
  test("holds all available credit, and charges the rest", () => {
    const state = placed(100_000);
    const { answer, events } = carryOut(state, payAt("top_up_and_pay"), NOW);
    expect(answer.attempt).toMatchObject({ amount: 81_000, held: 100_000 });
    expect(postingsOf(events)).toMatchObject([
      { kind: "hold", transfers: [["credit_available", "credit_held", 100_000]] },
    ]);
    expect(wallets(state)).toEqual({ available: 0, held: 100_000 });
    sound(state);
  });

  test("is captured as release, deposit and purchase", () => {
    const state = placed(100_000);
    carryOut(state, payAt("top_up_and_pay"), NOW);
    const { events } = carryOut(state, heard(success(), { amount: 81_000 }), NOW);
    expect(postingsOf(events).map(({ kind, transfers }) => [kind, ...transfers])).toEqual([
      ["release", ["credit_held", "credit_available", 100_000]],
      ["deposit", ["clearing:momo", "credit_available", 81_000]],
      ["purchase", ["credit_available", "undelivered", PRICE]],
    ]);
    expect([wallets(state), statusOf(state)]).toEqual([{ available: 0, held: 0 }, "provisioning"]);
    sound(state);
  });

  test("charges what the gateway takes at least; the surplus stays credit", () => {
    const state = placed(180_000);
    carryOut(state, payAt("top_up_and_pay", 1, { terms: VNPAY }), NOW);
    expect(state.attempt(FIRST)).toMatchObject({ amount: 5_000, held: 180_000 });
    const said = heard(success(), { amount: 5_000, merchant: VNPAY.merchant, gateway: "vnpay" });
    carryOut(state, said, NOW);
    expect(wallets(state)).toEqual({ available: 4_000, held: 0 });
    sound(state);
  });

  test("gives the held credit back when it fails, or 15 minutes after its end", () => {
    const failed = placed(100_000);
    carryOut(failed, payAt("top_up_and_pay"), NOW);
    carryOut(failed, heard(refusal), NOW);
    expect(wallets(failed)).toEqual({ available: 100_000, held: 0 });
    const silent = placed(100_000);
    carryOut(silent, payAt("top_up_and_pay"), NOW);
    for (const minute of [1, 3, 8, 16]) expect(dueRun(silent, NOW + minute * MINUTE_MS)).toBe("asked");
    expect(dueRun(silent, NOW + 30 * MINUTE_MS - 1)).toBe("nothing");
    expect(dueRun(silent, NOW + 30 * MINUTE_MS)).toBe("let_go");
    expect(wallets(silent)).toEqual({ available: 100_000, held: 0 });
    expect(silent.attempt(FIRST)?.status).toBe("open");
    sound(silent);
  });

  test("retakes the credit when it succeeds after that, if there is enough", () => {
    const late = (spent: number) => {
      const state = placed(100_000);
      carryOut(state, payAt("top_up_and_pay"), NOW);
      for (const ran of ["asked", "let_go"]) expect(dueRun(state, NOW + 30 * MINUTE_MS)).toBe(ran);
      if (spent > 0) carryOut(state, { ...grantCredit(-spent), reference: "spent" }, NOW + 31 * MINUTE_MS);
      carryOut(state, heard(success(), { amount: 81_000 }), NOW + 2 * HOUR_MS);
      sound(state);
      return state;
    };
    expect(statusOf(late(0))).toBe("provisioning");
    const poor = late(1);
    expect([statusOf(poor), wallets(poor).available]).toEqual(["awaiting_payment", 180_999]);
    expect(paymentOf(poor)).toMatchObject({ kind: "deposit", status: "succeeded", order: ORDER });
  });
});

describe("a method that isn't offered says why", () => {
  test.each([
    ["there is no gateway", 0, { ...payAt("gateway"), at: undefined }, "gateway", undefined],
    ["credit suffices", PRICE, payAt("top_up_and_pay"), "method", /suffices/],
    [
      "the gateway takes less",
      0,
      payAt("gateway", 1, { terms: { ...MOMO, limits: { ...MOMO.limits, maxMinor: 180_999 as never } } }),
      "method",
      /180999 at most/,
    ],
    [
      "the gateway takes more",
      0,
      payAt("gateway", 1, { terms: { ...MOMO, limits: { ...MOMO.limits, minMinor: 181_001 as never } } }),
      "method",
      /181001 at least/,
    ],
  ] as const)("%s", (_, credit, command, path, detail) => {
    const refused = refusalOf(placed(credit), command as Parameters<typeof refusalOf>[1], NOW);
    expect(refused).toMatchObject({ code: "method_not_available", path });
    if (detail) expect((refused as { detail?: string }).detail).toMatch(detail);
  });

  test("nothing is to be paid", () => {
    const state = placed();
    carryOut(state, changeOrder({ coupon: amountOff(PRICE) }), NOW);
    expect(refusalOf(state, payAt("gateway"), NOW)).toMatchObject({
      detail: expect.stringMatching(/nothing/),
    });
  });
});

describe("of many attempts at most one settles", () => {
  test("a newer one makes the older let go; whichever succeeds first settles, the other's money is credit", () => {
    const state = placed(100_000);
    carryOut(state, payAt("top_up_and_pay", 1), NOW);
    carryOut(state, payAt("top_up_and_pay", 2), NOW + MINUTE_MS);
    expect([state.attempt(FIRST)?.held, state.attempt(SECOND)?.held]).toEqual([0, 100_000]);
    carryOut(state, heard(success("1"), { n: 1, amount: 81_000 }), NOW + 2 * MINUTE_MS);
    expect([statusOf(state), state.order(ORDER)?.payment]).toEqual(["provisioning", FIRST]);
    carryOut(state, heard(success("2"), { n: 2, amount: 81_000 }), NOW + 3 * MINUTE_MS);
    expect(wallets(state)).toEqual({ available: 81_000, held: 0 });
    expect(state.notices.map(({ template }) => template)).toEqual(["order_paid", "deposit_received"]);
    expect(clearing(state)).toBe(-162_000);
    sound(state);
  });

  test("an order that was paid by credit meanwhile takes no more money", () => {
    const state = placed(PRICE);
    carryOut(state, payAt("gateway"), NOW);
    carryOut(state, payOrder(), NOW);
    carryOut(state, heard(success()), NOW);
    expect(wallets(state)).toEqual({ available: PRICE, held: 0 });
    expect(paymentOf(state)).toMatchObject({ kind: "deposit", reason: expect.stringMatching(/credit now/) });
    sound(state);
  });

  test("credit that an attempt holds can pay the order, too", () => {
    const state = placed(180_000);
    carryOut(state, payAt("top_up_and_pay"), NOW);
    carryOut(state, grantCredit(1_000, "grant_2"), NOW);
    carryOut(state, payOrder(), NOW);
    expect([wallets(state), statusOf(state)]).toEqual([{ available: 0, held: 0 }, "provisioning"]);
    sound(state);
  });

  test.each([
    ["cancelled", (state: MemoryState) => carryOut(state, cancelOrder(), NOW), NOW],
    ["expired", () => undefined, NOW + DAY_MS],
    [
      "changed",
      (state: MemoryState) => carryOut(state, changeOrder({ everyItem: { quantity: 2 } }), NOW),
      NOW,
    ],
  ] as const)("money for an order that was %s is credit", (_, happen, atMs) => {
    const state = placed(100_000);
    carryOut(state, payAt("top_up_and_pay"), NOW);
    happen(state);
    carryOut(state, heard(success(), { amount: 81_000 }), atMs);
    expect(wallets(state)).toEqual({ available: PRICE, held: 0 });
    expect(state.order(ORDER)?.payment).toBeNull();
    sound(state);
  });

  test("an order doesn't expire under an attempt that holds something for it, and lives no longer than without after", () => {
    const state = placed();
    const lateMs = NOW + DAY_MS - MINUTE_MS;
    carryOut(state, payAt("gateway"), lateMs);
    expect(state.order(ORDER)?.expiresAtMs).toBe(lateMs + 30 * MINUTE_MS);
    carryOut(state, heard(refusal), lateMs + 10 * MINUTE_MS);
    expect(state.order(ORDER)?.expiresAtMs).toBe(NOW + DAY_MS);
    const paid = placed();
    carryOut(paid, payAt("gateway"), lateMs);
    carryOut(paid, heard(success()), lateMs + 10 * MINUTE_MS);
    expect(statusOf(paid)).toBe("provisioning");
  });

  test("an attempt fixes the minutes of the quote it began with, and not the resource", () => {
    const renewing = () => {
      const state = placed(PRICE);
      carryOut(state, payOrder(), NOW);
      carryOut(state, succeeded(), NOW);
      carryOut(state, orderFor("resize", { configuration: { big: 1 } }), NOW);
      carryOut(state, payAt("gateway", 1, { order: "ord_2" }), NOW + 29 * MINUTE_MS);
      return state;
    };
    const [kept, changed] = [renewing(), renewing()];
    const amount = kept.attempt(FIRST)?.amount ?? 0;
    carryOut(kept, heard(success(), { amount }), NOW + 40 * MINUTE_MS);
    expect(kept.order("ord_2" as never)?.status).toBe("provisioning");
    carryOut(changed, setAutoRenew(), NOW);
    const version = changed.resource("res_1.1" as never)?.version ?? 0;
    const resource = changed.resource("res_1.1" as never);
    if (resource) changed.resources.set(resource.id, { ...resource, version: version + 1 });
    carryOut(changed, heard(success(), { amount }), NOW + 30 * MINUTE_MS);
    expect([changed.order("ord_2" as never)?.payment, wallets(changed).available]).toEqual([null, amount]);
  });
});

describe("an order with a coupon", () => {
  const withCoupon = () => {
    const state = placed();
    carryOut(state, changeOrder({ coupon: amountOff(81_000) }), NOW);
    carryOut(state, { ...payAt("gateway"), reservedCoupon: "TET" as CouponCode }, NOW);
    return state;
  };
  const said = (coupon?: HearGateway["coupon"]) =>
    heard(success(), { amount: 100_000, ...(coupon ? { coupon } : {}) });

  test("keeps its use while it may be paid, and asks for it again when it is", () => {
    const state = withCoupon();
    expect(state.couponsSettled).toEqual([]);
    const decided = decide(state, said(), { nowMs: NOW, caller: OWNER });
    expect(decided).toMatchObject({ ok: true, value: { kind: "needs_coupon", coupon: "TET" } });
    carryOut(state, said({ reserved: "TET" as CouponCode }), NOW);
    expect(statusOf(state)).toBe("provisioning");
  });

  test("gives the use back when the attempt fails", () => {
    const state = withCoupon();
    carryOut(state, heard(refusal), NOW);
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: false }]);
  });

  test("whose use is gone takes no money: it is credit", () => {
    const state = withCoupon();
    carryOut(state, said("refused"), NOW);
    expect([statusOf(state), wallets(state).available]).toEqual(["awaiting_payment", 100_000]);
    expect(state.couponsSettled).toEqual([{ coupon: "TET", order: ORDER, spent: false }]);
    sound(state);
  });
});

describe("money that isn't what was agreed to", () => {
  const wrong = () => {
    const state = placed(10_000);
    carryOut(state, payAt("top_up_and_pay"), NOW);
    return state;
  };

  test.each([
    ["another amount", { amount: 172_000 }],
    ["another merchant", { amount: 171_000, merchant: "SOMEBODY" }],
    ["another gateway", { amount: 171_000, gateway: "vnpay" as const }],
  ])("of %s is quarantined once, with an alert, and moves nothing", (_, of) => {
    const state = wrong();
    const before = state.balances;
    for (let times = 0; times < 2; times += 1)
      expect(carryOut(state, heard(success(), of), NOW).answer).toEqual({ outcome: "mismatched" });
    expect([...state.callbacks.values()]).toMatchObject([{ status: "quarantined", theirId: "4000000001" }]);
    expect(state.alerts).toMatchObject([{ kind: "callback_filed" }]);
    expect([state.balances, state.attempt(FIRST)?.status]).toEqual([before, "open"]);
  });

  test("becomes a deposit by operations, once, and ends its attempt", () => {
    const state = wrong();
    carryOut(state, heard(success(), { amount: 172_000 }), NOW);
    const [callback] = state.callbacks.values();
    if (!callback) throw new Error("nothing was filed");
    const command = { type: "deposit_callback", callback } as const;
    carryOut(state, command, NOW);
    expect(wallets(state)).toEqual({ available: 182_000, held: 0 });
    expect(paymentOf(state)).toMatchObject({ kind: "deposit", status: "succeeded", amount: 172_000 });
    expect(refusalOf(state, command, NOW)).toEqual({ code: "callback_deposited" });
    const again = carryOut(state, heard(success(), { amount: 171_000, source: "query" }), NOW);
    expect(again.answer).toEqual({ outcome: "repeated" });
    sound(state);
  });

  test("can't be deposited once its transaction has settled what it was for", () => {
    const state = wrong();
    carryOut(state, heard(success(), { amount: 172_000 }), NOW);
    carryOut(state, heard(success(), { amount: 171_000, source: "query" }), NOW);
    const [callback] = state.callbacks.values();
    if (!callback) throw new Error("nothing was filed");
    const refused = refusalOf(state, { type: "deposit_callback", callback }, NOW);
    expect(refused).toEqual({ code: "callback_deposited" });
  });

  test("and is for nothing we know is filed, too", () => {
    const state = wrong();
    const { answer } = carryOut(state, heard(success(), { n: 9 }), NOW);
    expect(answer).toEqual({ outcome: "unmatched" });
    const [callback] = state.callbacks.values();
    if (!callback) throw new Error("nothing was filed");
    carryOut(state, { type: "deposit_callback", callback }, NOW);
    expect(state.payment(callback.id as never)).toMatchObject({
      kind: "deposit",
      order: null,
      amount: PRICE,
    });
    sound(state);
  });

  test("comes a second time under another number: that is quarantined", () => {
    const state = placed();
    carryOut(state, payAt("gateway"), NOW);
    carryOut(state, heard(success("1")), NOW);
    expect(carryOut(state, heard(success("2")), NOW).answer).toEqual({ outcome: "mismatched" });
    expect([...state.callbacks.values()]).toMatchObject([{ status: "quarantined", theirId: "2" }]);
    sound(state);
  });
});

describe("a gateway that contradicts itself", () => {
  test("is alerted about; what succeeded stays so", () => {
    const state = placed();
    carryOut(state, payAt("gateway"), NOW);
    carryOut(state, heard(success()), NOW);
    carryOut(state, heard(refusal), NOW);
    expect(state.alerts).toMatchObject([{ kind: "gateway_contradiction" }]);
    expect(state.attempt(FIRST)?.status).toBe("succeeded");
  });

  test("and says that money came after all is believed", () => {
    const state = placed();
    carryOut(state, payAt("gateway"), NOW);
    carryOut(state, heard(refusal), NOW);
    carryOut(state, heard(success()), NOW);
    expect([statusOf(state), state.alerts[0]?.kind]).toEqual(["provisioning", "gateway_contradiction"]);
    sound(state);
  });
});

describe("buying credit", () => {
  test("is a deposit when the gateway says so", () => {
    const state = new MemoryState();
    carryOut(state, topUp(200_000), NOW);
    expect(paymentOf(state)).toMatchObject({ kind: "deposit", status: "pending", order: null });
    const { events } = carryOut(state, heard(success(), { amount: 200_000 }), NOW);
    expect(postingsOf(events)).toMatchObject([
      { kind: "deposit", transfers: [["clearing:momo", "credit_available", 200_000]] },
    ]);
    expect(state.notices).toMatchObject([{ template: "deposit_received", order: null }]);
    sound(state);
  });

  test.each([
    [topUp(200_000, 1, null), { path: "gateway" }],
    [topUp(999), { path: "amount", detail: expect.stringMatching(/1000 at least/) }],
    [topUp(50_000_001), { path: "amount", detail: expect.stringMatching(/50000000 at most/) }],
  ])("%# is refused where no gateway takes it", (command, refused) => {
    const why = refusalOf(new MemoryState(), command, NOW);
    expect(why).toMatchObject({ code: "method_not_available", ...refused });
  });
});

describe("a gateway is asked", () => {
  test("at least three times within half an hour, ever more rarely for a week, and then somebody is alerted", () => {
    const state = new MemoryState();
    carryOut(state, topUp(200_000), NOW);
    expect(QUERIES_AFTER_MS.filter((afterMs) => afterMs <= 30 * MINUTE_MS).length).toBeGreaterThanOrEqual(3);
    for (const afterMs of QUERIES_AFTER_MS) {
      expect(state.alerts).toEqual([]);
      expect(dueRun(state, NOW + afterMs)).toBe("asked");
      expect(dueRun(state, NOW + afterMs)).toBe("nothing");
      carryOut(state, heard({ kind: "pending" }, { source: "query" }), NOW + afterMs);
      expect(state.attempt(FIRST)?.isAsked).toBe(false);
    }
    expect(state.queries).toHaveLength(QUERIES_AFTER_MS.length);
    expect(state.alerts).toMatchObject([{ kind: "attempt_unresolved", subject: FIRST }]);
    expect(dueRun(state, NOW + 30 * DAY_MS)).toBe("nothing");
  });

  test("once, where time has overtaken several questions", () => {
    const state = new MemoryState();
    carryOut(state, topUp(200_000), NOW);
    expect([dueRun(state, NOW + 2 * HOUR_MS), dueRun(state, NOW + 2 * HOUR_MS)]).toEqual([
      "asked",
      "nothing",
    ]);
  });

  test("on the two mornings after it ended, about what it has said", () => {
    const state = new MemoryState();
    carryOut(state, topUp(200_000), NOW);
    carryOut(state, heard(success(), { amount: 200_000 }), NOW);
    const mornings = [instant("2027-03-11T03:00"), instant("2027-03-12T03:00")];
    for (const atMs of mornings) {
      expect([dueRun(state, atMs - 1), dueRun(state, atMs)]).toEqual(["nothing", "asked"]);
      carryOut(state, heard(success(), { amount: 200_000, source: "query" }), atMs);
    }
    expect(state.alerts).toEqual([]);
    expect(state.attempt(FIRST)?.nextQueryAtMs).toBeNull();
    carryOut(state, heard({ kind: "not_found" }, { source: "query" }), NOW + 3 * DAY_MS);
    expect(state.alerts).toMatchObject([{ kind: "gateway_contradiction" }]);
  });
});
