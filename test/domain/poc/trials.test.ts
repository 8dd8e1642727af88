import { describe, expect, test } from "vitest";
import {
  changeOrder,
  deleteResource,
  failed,
  orderFor,
  payOrder,
  placeOrder,
  runResourceDue,
  setPocWallet,
  stopPoc,
  succeeded,
} from "../commands.ts";
import { carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import { amountOff, itemOf, productOf, resourceType, sku, vserver } from "../samples.ts";
import {
  AMOUNT,
  asAdmin,
  delivered,
  END,
  GRANTED,
  grant,
  money,
  orderAndPay,
  payOnPoc,
  priceOf,
  resourceOf,
  tried,
} from "./trials.ts";

const DAY = 86_400_000;
const HALF_HOUR = 1_800_000;
const MONTHLY = 181_000;
/** The whole of the wallet's 20 days. */
const WHOLE = priceOf(MONTHLY, GRANTED, END);

const granted = (): MemoryState => {
  const state = new MemoryState();
  grant(state);
  return state;
};

const ordered = (): MemoryState => {
  const state = granted();
  carryOut(state, placeOrder([itemOf("server", { general: 1 })]), GRANTED);
  return state;
};

describe("an order on trial money", () => {
  test("costs its time up to the wallet's end, at the quote, and ends there", () => {
    const state = ordered();
    expect(state.order("ord_1" as never)?.quote).toMatchObject({ total: MONTHLY, pocTotal: WHOLE });
    const { payment } = carryOut(state, payOnPoc(), GRANTED + HALF_HOUR - 1).answer;
    expect(payment).toMatchObject({ method: "poc", kind: "payment", status: "succeeded", amount: WHOLE });
    expect(money(state)).toEqual({ poc: AMOUNT - WHOLE, expired: 0, credit: 0, trials: 0, waiting: WHOLE });
    carryOut(state, succeeded(), GRANTED + HALF_HOUR);
    expect(resourceOf(state)).toMatchObject({
      ...{ billing: "poc", state: "active", startAtMs: GRANTED + HALF_HOUR, endAtMs: END },
    });
    expect(money(state)).toMatchObject({ poc: AMOUNT - WHOLE, trials: WHOLE, waiting: 0 });
    expect(state.invoices).toEqual([]);
    expect(state.creditHistory).toEqual([]);
    expect(state.pocHistory.at(-1)).toEqual({ type: "purchase", amount: -WHOLE, balance: AMOUNT - WHOLE });
  });

  test("may be shorter than any that is sold, where that is its own end", () => {
    const state = granted();
    const toEnd = { period: { endAtMs: END + 59_999 } };
    carryOut(state, placeOrder([itemOf("server", { general: 1 }, toEnd)]), GRANTED);
    const order = state.order("ord_1" as never);
    expect(order?.quote).toMatchObject({ total: WHOLE, soldAs: ["poc"] });
    expect(refusalOf(state, payOrder(), GRANTED)).toMatchObject({ code: "method_not_available" });
    carryOut(state, payOnPoc(), GRANTED);
    carryOut(state, succeeded(), GRANTED);
    expect(resourceOf(state).endAtMs).toBe(END);
  });

  test("costs the same from a wallet that was granted after the quote", () => {
    const state = new MemoryState();
    carryOut(state, placeOrder([itemOf("server", { general: 1 })]), GRANTED);
    grant(state);
    expect(carryOut(state, payOnPoc(), GRANTED + 60_000).answer.payment.amount).toBe(WHOLE);
  });

  test("is refused once its quote is 30 minutes old, and for prices it wasn't quoted at", () => {
    expect(refusalOf(ordered(), payOnPoc(), GRANTED + HALF_HOUR)).toEqual({ code: "quote_expired" });
    const other = { ...vserver, version: 2 };
    expect(refusalOf(ordered(), payOnPoc("ord_1", other), GRANTED)).toEqual({ code: "order_changed" });
  });

  test("is refused beyond the wallet's balance, with what is missing of it", () => {
    const state = new MemoryState(undefined, 10_000_000);
    grant(state, WHOLE - 1);
    carryOut(state, placeOrder([itemOf("server", { general: 1 })]), GRANTED);
    expect(refusalOf(state, payOnPoc(), GRANTED)).toEqual({
      code: "insufficient_credit",
      available: WHOLE - 1,
      missing: 1,
    });
  });

  test("is refused without a wallet, after its end, and on its last day", () => {
    const bare = new MemoryState();
    carryOut(bare, placeOrder([itemOf("server", { general: 1 })]), GRANTED);
    expect(refusalOf(bare, payOnPoc(), GRANTED)).toMatchObject({ code: "method_not_available" });
    const late = granted();
    carryOut(late, placeOrder([itemOf("server", { general: 1 })]), END - 60_000);
    expect(refusalOf(late, payOnPoc(), END)).toEqual({ code: "poc_wallet_expired" });
    expect(refusalOf(late, payOnPoc(), END - 1)).toMatchObject({ code: "period_too_short", path: "method" });
  });

  test("is for types that allow it, and takes no coupon", () => {
    const state = granted();
    carryOut(state, placeOrder([itemOf("quota", { metrics: 1 })]), GRANTED);
    expect(refusalOf(state, payOnPoc(), GRANTED)).toMatchObject({
      code: "method_not_available",
      path: "method",
    });
    const withCoupon = ordered();
    carryOut(withCoupon, changeOrder({ coupon: amountOff(10_000) }), GRANTED);
    expect(refusalOf(withCoupon, payOnPoc(), GRANTED)).toEqual({ code: "coupon_not_allowed" });
  });

  test("for a type that is sold on trial money alone needs the wallet to be quoted", () => {
    const product = productOf([resourceType("server", [sku("general", "181000")], { billing: ["poc"] })]);
    const order = placeOrder([itemOf("server", { general: 1 })], { product });
    expect(refusalOf(new MemoryState(), order, GRANTED)).toEqual({ code: "poc_wallet_expired" });
    const state = granted();
    expect(carryOut(state, order, GRANTED).answer.quote).toMatchObject({ total: WHOLE, soldAs: ["poc"] });
  });

  test("that fails gives trial money back, or puts it aside once the wallet has ended", () => {
    const state = ordered();
    carryOut(state, payOnPoc(), GRANTED);
    carryOut(state, failed(), GRANTED + 60_000);
    expect(money(state)).toMatchObject({ poc: AMOUNT, credit: 0, waiting: 0 });
    expect([...state.payments.values()].at(-1)).toMatchObject({
      kind: "refund",
      method: "poc",
      amount: WHOLE,
    });
    const late = granted();
    carryOut(late, placeOrder([itemOf("server", { general: 1 })]), END - DAY);
    const { amount } = carryOut(late, payOnPoc(), END - DAY + 60_000).answer.payment;
    carryOut(late, { type: "run_poc_due" }, asAdmin(END));
    carryOut(late, failed(), END + 30_000);
    expect(amount).toBeGreaterThan(0);
    expect(money(late)).toMatchObject({ poc: 0, expired: AMOUNT, credit: 0 });
  });

  test("that is delivered after the wallet's end is over at once, and worth nothing", () => {
    const state = granted();
    carryOut(state, placeOrder([itemOf("server", { general: 1 })]), END - DAY);
    carryOut(state, payOnPoc(), END - DAY + 60_000);
    carryOut(state, succeeded(), END + 30_000);
    expect(carryOut(state, runResourceDue(), END + 30_000).answer).toBe("suspended");
    expect(resourceOf(state).deletesAtMs).toBe(END + 7 * DAY);
  });
});

describe("a resource on trial money", () => {
  test("is resized from the wallet, and gives back to it, without documents", () => {
    const state = granted();
    tried(state);
    const at = GRANTED + 5 * DAY;
    orderAndPay(state, "resize", { configuration: { big: 1 }, nowMs: at });
    delivered(state, at);
    const left = priceOf(520_000, at, END) - priceOf(MONTHLY, at, END);
    expect(money(state)).toMatchObject({ poc: AMOUNT - WHOLE - left, trials: WHOLE + left });
    carryOut(state, orderFor("resize", { order: "ord_3", configuration: { small: 1 } }), at);
    expect(carryOut(state, payOnPoc("ord_3"), at).answer.payment.amount).toBe(0);
    carryOut(state, { ...succeeded("3.1"), resource: resourceOf(state).id }, at);
    const back = priceOf(520_000, at, END) - priceOf(90_000, at, END);
    expect(money(state).poc).toBe(AMOUNT - WHOLE - left + back);
    expect(resourceOf(state)).toMatchObject({ billing: "poc", endAtMs: END });
    expect([state.invoices, state.creditNotes]).toEqual([[], []]);
  });

  test("is resized and renewed from no other wallet, and not matched", () => {
    const state = granted();
    tried(state);
    carryOut(state, orderFor("resize", { configuration: { big: 1 } }), GRANTED);
    expect(refusalOf(state, payOrder({ order: "ord_2" }), GRANTED)).toMatchObject({
      code: "method_not_available",
      path: "method",
    });
    const match = orderFor("match_end_time", { order: "ord_3", period: { endAtMs: END + 40 * DAY } });
    expect(refusalOf(state, match, GRANTED)).toEqual({ code: "resource_on_poc" });
  });

  test("is renewed up to the wallet's new end, whatever was asked for", () => {
    const state = granted();
    tried(state);
    expect(refusalOf(state, orderFor("renew"), GRANTED + DAY)).toMatchObject({ code: "period_too_short" });
    const later = END + 10 * DAY;
    grant(state, AMOUNT, later, GRANTED + DAY);
    const { payment } = orderAndPay(state, "renew", { period: { months: 3 }, nowMs: GRANTED + DAY });
    expect(payment.amount).toBe(priceOf(MONTHLY, END, later));
    expect(resourceOf(state)).toMatchObject({ endAtMs: later, billing: "poc", state: "active" });
    expect(state.invoices).toEqual([]);
    expect(money(state).trials).toBe(WHOLE + payment.amount);
  });

  test("that is stopped gives back the rest, and waits 7 days in the trash", () => {
    const state = granted();
    tried(state);
    const at = GRANTED + 5 * DAY;
    const { refund } = carryOut(state, stopPoc(), at).answer;
    expect(refund).toBe(priceOf(WHOLE, at, END) === 0 ? 0 : Math.floor((WHOLE * 15) / 20 + 0.5));
    expect(money(state)).toMatchObject({ poc: AMOUNT - WHOLE + refund, trials: WHOLE - refund, credit: 0 });
    expect(resourceOf(state)).toMatchObject({
      ...{ state: "suspended", deletesAtMs: at + 7 * DAY, endAtMs: null, terms: [] },
    });
    expect(state.calls.at(-1)?.type).toBe("resource.trash");
    expect(refusalOf(state, stopPoc(), at)).toEqual({ code: "resource_in_trash" });
    expect(carryOut(state, runResourceDue(), at + 7 * DAY).answer).toBe("deleted");
  });

  test("that is deleted gives the rest back to the wallet", () => {
    const state = granted();
    tried(state);
    const { refund } = carryOut(state, deleteResource(), GRANTED).answer;
    expect(refund).toBe(WHOLE);
    expect(money(state)).toMatchObject({ poc: AMOUNT, trials: 0, credit: 0 });
    expect(state.creditNotes).toEqual([]);
  });

  test("isn't stopped as a trial where it is paid for", () => {
    const state = new MemoryState(undefined, 1_000_000);
    carryOut(state, placeOrder([itemOf("server", { general: 1 })]), GRANTED);
    carryOut(state, payOrder(), GRANTED);
    expect(refusalOf(state, stopPoc(), GRANTED)).toEqual({ code: "resource_busy" });
    carryOut(state, succeeded(), GRANTED);
    expect(refusalOf(state, stopPoc(), GRANTED)).toEqual({ code: "resource_not_on_poc" });
  });

  test("goes to the trash at its end, after reminders, and is recovered as paid", () => {
    const state = granted();
    tried(state);
    const ran: [string, number][] = [];
    for (let at = GRANTED; at <= END + 4 * DAY; at += DAY) {
      for (let n = 0; n < 3; n += 1) {
        const { answer } = carryOut(state, runResourceDue(), at);
        if (answer !== "nothing") ran.push([answer, (at - END) / DAY]);
      }
    }
    expect(ran).toEqual([
      ["reminded", -7],
      ["reminded", -3],
      ["reminded", -1],
      ["suspended", 0],
      ["reminded", 1],
      ["reminded", 3],
    ]);
    expect(resourceOf(state)).toMatchObject({ state: "suspended", deletesAtMs: END + 7 * DAY });
    state.balances = { ...state.balances, credit_available: 200_000 as never };
    carryOut(state, orderFor("recover"), END + 4 * DAY);
    carryOut(state, payOrder({ order: "ord_2" }), END + 4 * DAY);
    delivered(state, END + 4 * DAY);
    expect(resourceOf(state)).toMatchObject({ state: "active", billing: "prepaid", deletesAtMs: null });
    expect(state.invoices).toHaveLength(1);
  });

  test("is recovered on trial money, too, after an extension", () => {
    const state = granted();
    tried(state);
    const at = GRANTED + 5 * DAY;
    carryOut(state, stopPoc(), at);
    const before = money(state).poc;
    const { payment } = orderAndPay(state, "recover", { nowMs: at });
    expect(payment.amount).toBe(priceOf(MONTHLY, at, END));
    delivered(state, at);
    expect(resourceOf(state)).toMatchObject({ state: "active", billing: "poc", endAtMs: END });
    expect(money(state).poc).toBe(before - payment.amount);
  });

  test("keeps the wallet from ending before it, from its payment on", () => {
    const state = ordered();
    carryOut(state, payOnPoc(), GRANTED);
    expect(refusalOf(state, setPocWallet(AMOUNT, END - 60_000), asAdmin(GRANTED))).toEqual({
      code: "poc_wallet_in_use",
    });
  });
});
