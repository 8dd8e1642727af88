import { describe, expect, test } from "vitest";
import { heard, payAt, success } from "../attempts/attempts.ts";
import {
  failedFor,
  grantCredit,
  orderFor,
  payOrder,
  placeOrder,
  runOrderDue,
  runResourceDue,
  stopPoc,
  succeededFor,
} from "../commands.ts";
import { carryOut, MemoryState, refusalOf, typesOf } from "../memory-state.ts";
import { itemOf } from "../samples.ts";
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
const MONTHLY = 181_000;
const WHOLE = priceOf(MONTHLY, GRANTED, END);
const AT = GRANTED + 5 * DAY;
const REST = Math.floor((WHOLE * 15) / 20 + 0.5);
const CREDIT = 1_000_000;

/** A trial, and credit to convert it with. */
function trial(): MemoryState {
  const state = new MemoryState();
  carryOut(state, grantCredit(CREDIT), asAdmin(GRANTED));
  grant(state);
  tried(state);
  return state;
}

const convert = (state: MemoryState) => orderAndPay(state, "convert_poc", { method: "credit", nowMs: AT });

describe("a conversion of what runs on trial money", () => {
  test("gives the rest back and starts a paid term in the transaction that settles it", () => {
    const state = trial();
    carryOut(state, orderFor("convert_poc"), AT);
    const { events } = carryOut(state, payOrder({ order: "ord_2" }), AT);
    expect(typesOf(events)).toContain("resource_changed");
    expect(money(state)).toEqual({
      ...{ poc: AMOUNT - WHOLE + REST, expired: 0, trials: WHOLE - REST },
      ...{ credit: CREDIT - MONTHLY, waiting: MONTHLY },
    });
    expect(resourceOf(state)).toMatchObject({ billing: "prepaid", state: "active", startAtMs: AT });
    expect(state.pocHistory.at(-1)).toMatchObject({ type: "refund", amount: REST });
    expect(state.creditHistory.at(-1)).toMatchObject({ type: "purchase", amount: -MONTHLY });
  });

  test("is invoiced, and the order complete, once the console has taken note", () => {
    const state = trial();
    convert(state);
    expect(state.order("ord_2" as never)?.status).toBe("provisioning");
    delivered(state, AT + 60_000);
    expect(state.order("ord_2" as never)?.status).toBe("completed");
    const [invoice] = state.invoices;
    expect(invoice).toMatchObject({ total: MONTHLY, status: "paid" });
    const { terms, endAtMs, pending } = resourceOf(state);
    expect(pending).toBeNull();
    expect(terms).toMatchObject([{ startMs: AT, paid: MONTHLY, invoice: invoice?.code, endMs: endAtMs }]);
    expect(money(state)).toMatchObject({ credit: CREDIT - MONTHLY, waiting: 0 });
    carryOut(state, succeededFor("2.1"), AT + 60_000);
    expect(state.invoices).toHaveLength(1);
  });

  test("takes a period to an end, and any of a day at least", () => {
    const state = trial();
    const order = (endAtMs: number) => orderFor("convert_poc", { period: { endAtMs } });
    expect(refusalOf(state, order(AT + DAY - 60_000), AT)).toMatchObject({ code: "period_too_short" });
    carryOut(state, order(AT + 2 * DAY), AT);
    carryOut(state, payOrder({ order: "ord_2" }), AT);
    expect(resourceOf(state).endAtMs).toBe(AT + 2 * DAY);
  });

  test("is undone where it fails: the trial goes on, on the money that was given back", () => {
    const state = trial();
    const before = { ...resourceOf(state), version: 0, pending: null };
    convert(state);
    carryOut(state, failedFor("2.1"), AT + 60_000);
    expect({ ...resourceOf(state), version: 0 }).toEqual(before);
    expect(money(state)).toEqual({
      ...{ poc: AMOUNT - WHOLE, expired: 0, trials: WHOLE, credit: CREDIT, waiting: 0 },
    });
    expect(state.invoices).toEqual([]);
    expect(state.calls.at(-1)?.type).toBe("resource.renewed");
    expect(carryOut(state, runResourceDue(), END).answer).toBe("suspended");
  });

  test("that fails once that money is spent leaves the resource in the trash", () => {
    const state = trial();
    convert(state);
    carryOut(
      state,
      placeOrder([itemOf("server", { general: 1 }, { quantity: 5 })], { order: "ord_3" as never }),
      AT,
    );
    carryOut(state, payOnPoc("ord_3"), AT);
    carryOut(state, runOrderDue("ord_2"), AT + DAY - 3_600_000);
    carryOut(state, runOrderDue("ord_2"), AT + DAY);
    expect(resourceOf(state)).toMatchObject({
      ...{ state: "suspended", billing: "poc", deletesAtMs: AT + 8 * DAY, terms: [] },
    });
    expect(money(state)).toMatchObject({ credit: CREDIT });
    expect(state.calls.filter(({ resource }) => resource === "res_1.1").at(-1)?.type).toBe("resource.trash");
  });

  test("from the trash starts anew when the console has recovered it, and stays there where it fails", () => {
    const state = trial();
    carryOut(state, stopPoc(), AT);
    const { poc } = money(state);
    convert(state);
    expect(resourceOf(state)).toMatchObject({ state: "suspended", billing: "poc" });
    expect(state.calls.at(-1)?.type).toBe("resource.recover");
    carryOut(state, failedFor("2.1"), AT + 60_000);
    expect(resourceOf(state)).toMatchObject({ state: "suspended", deletesAtMs: AT + 7 * DAY });
    carryOut(state, orderFor("convert_poc", { order: "ord_3" }), AT + 60_000);
    carryOut(state, payOrder({ order: "ord_3" }), AT + 60_000);
    carryOut(state, succeededFor("3.1"), AT + 120_000);
    expect(resourceOf(state)).toMatchObject({ state: "active", billing: "prepaid", deletesAtMs: null });
    expect(money(state)).toMatchObject({ poc, credit: CREDIT - MONTHLY });
    expect(state.invoices).toHaveLength(1);
  });

  test("from the trash that the wallet's end brought it into starts anew, too", () => {
    const state = trial();
    carryOut(state, { type: "run_poc_due" }, asAdmin(END));
    for (let n = 0; n < 4; n += 1) carryOut(state, runResourceDue(), END);
    expect(resourceOf(state)).toMatchObject({ state: "suspended", endAtMs: END });
    orderAndPay(state, "convert_poc", { method: "credit", nowMs: END + DAY });
    expect(state.calls.at(-1)?.type).toBe("resource.recover");
    delivered(state, END + DAY + 60_000);
    expect(resourceOf(state)).toMatchObject({
      ...{ state: "active", billing: "prepaid", deletesAtMs: null, startAtMs: END + DAY + 60_000 },
    });
    expect(money(state)).toMatchObject({ credit: CREDIT - MONTHLY, trials: WHOLE, poc: 0 });
    expect(state.invoices).toMatchObject([{ total: MONTHLY }]);
  });

  test("is for what runs on trial money, from another wallet", () => {
    const state = trial();
    carryOut(state, orderFor("convert_poc"), AT);
    expect(refusalOf(state, payOrder({ order: "ord_2", method: "poc" }), AT)).toMatchObject({
      code: "method_not_available",
      path: "method",
    });
    carryOut(state, stopPoc(), AT);
    expect(refusalOf(state, payOrder({ order: "ord_2" }), AT)).toEqual({ code: "resource_changed" });
    const paid = trial();
    convert(paid);
    expect(refusalOf(paid, orderFor("convert_poc", { order: "ord_3" }), AT)).toEqual({
      code: "resource_busy",
    });
    delivered(paid, AT);
    expect(refusalOf(paid, orderFor("convert_poc", { order: "ord_3" }), AT)).toEqual({
      code: "resource_not_on_poc",
    });
  });
});

describe("a conversion that is paid at a gateway", () => {
  test.each(["gateway", "top_up_and_pay"] as const)(
    "by %s changes nothing until the money comes",
    (method) => {
      const state = trial();
      const credit = method === "gateway" ? CREDIT : MONTHLY / 2;
      if (credit < CREDIT) carryOut(state, grantCredit(credit - CREDIT), asAdmin(GRANTED));
      carryOut(state, orderFor("convert_poc"), AT);
      const { payment } = carryOut(state, payAt(method, 1, { order: "ord_2" }), AT).answer;
      expect(resourceOf(state)).toMatchObject({ billing: "poc", pending: null });
      expect(money(state).poc).toBe(AMOUNT - WHOLE);
      carryOut(state, heard(success(), { amount: payment.amount }), AT + 60_000);
      expect(resourceOf(state)).toMatchObject({ billing: "prepaid", startAtMs: AT + 60_000 });
      delivered(state, AT + 120_000);
      expect(money(state)).toMatchObject({
        credit: method === "gateway" ? CREDIT : 0,
        waiting: 0,
        expired: 0,
      });
      expect(money(state).poc).toBeGreaterThan(AMOUNT - WHOLE);
      expect(numbersOf(state)).toEqual(numbersOf(state).map((_, index) => index + 1));
    },
  );

  test("is a deposit once the trial was stopped, and the trial gives back only once", () => {
    const state = trial();
    carryOut(state, orderFor("convert_poc"), AT);
    carryOut(state, payAt("gateway", 1, { order: "ord_2" }), AT);
    carryOut(state, stopPoc(), AT);
    carryOut(state, heard(success()), AT + 60_000);
    expect(money(state)).toMatchObject({ credit: CREDIT + MONTHLY, poc: AMOUNT - WHOLE + REST });
    expect(resourceOf(state).state).toBe("suspended");
  });
});

/** The payment history is counted without a gap. */
const numbersOf = (state: MemoryState): number[] =>
  [...state.payments.values()].map(({ n }) => n).sort((a, b) => a - b);
