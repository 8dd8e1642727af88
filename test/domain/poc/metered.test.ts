import { describe, expect, test } from "vitest";
import type { Period } from "../../../src/domain/order.ts";
import {
  failedFor,
  grantCredit,
  orderFor,
  payOrder,
  placeOrder,
  runResourceDue,
  stopPoc,
  succeeded,
} from "../commands.ts";
import { carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import { itemOf, productOf, resourceType, sku } from "../samples.ts";
import { AMOUNT, asAdmin, delivered, END, GRANTED, grant, money, payOnPoc, resourceOf } from "./trials.ts";

const DAY = 86_400_000;
/** A node costs 24 000 a day, and 3 days of it are held. */
const NODE_DAY = 24_000;
const HELD = 3 * NODE_DAY;
const CREDIT = 400_000;
/** 10 days after the grant, when 10 of the trial's 20 days are left. */
const AT = GRANTED + 10 * DAY;
/** 20 days of a node, by the calendar and in the month of 31 days alike: 6 to 26 March. */
const WHOLE = 20 * NODE_DAY;

const product = productOf([
  resourceType(
    "cluster",
    [sku("node", String(30 * NODE_DAY)), sku("traffic", "1000", { metering: "counter", unit: "GB" })],
    { billing: ["hold", "poc"], refundable: false, autoRenewable: false },
  ),
  resourceType("either", [sku("node", String(30 * NODE_DAY))], { billing: ["prepaid", "hold", "poc"] }),
  resourceType("held", [sku("node", String(30 * NODE_DAY))], { billing: ["hold"] }),
]);

const order = (
  type: string,
  { period = null, configuration = { node: 1 } }: { period?: Period | null; configuration?: object } = {},
) => placeOrder([itemOf(type, { ...configuration }, { period })], { product });

function granted(): MemoryState {
  const state = new MemoryState();
  carryOut(state, grantCredit(CREDIT), asAdmin(GRANTED));
  grant(state);
  return state;
}

/** A cluster (or what else is sold so) that was ordered for its use, and is had on trial money. */
function tried(type = "cluster", period: Period | null = null): MemoryState {
  const state = granted();
  carryOut(state, order(type, { period }), GRANTED);
  carryOut(state, payOnPoc("ord_1", product), GRANTED);
  carryOut(state, succeeded(), GRANTED);
  return state;
}

const existing = (action: "convert_poc" | "recover", period: Period | null = null, type = "cluster") =>
  orderFor(action, { type, period, product });

const confirm = (state: MemoryState, nowMs: number) =>
  carryOut(state, payOrder({ order: "ord_2", method: "hold" }), nowMs);

const heldIn = ({ balances }: MemoryState) => balances.credit_held ?? 0;

describe("a metered type on trial money", () => {
  test("costs its configuration up to the wallet's end, or has credit held for its use", () => {
    const state = granted();
    const { answer } = carryOut(state, order("cluster"), GRANTED);
    expect(answer).toMatchObject({ billing: "hold", quote: { total: 0, pocTotal: WHOLE } });
    const { payment } = carryOut(state, payOnPoc("ord_1", product), GRANTED).answer;
    carryOut(state, succeeded(), GRANTED);
    expect(payment.amount).toBe(WHOLE);
    expect(resourceOf(state)).toMatchObject({ billing: "poc", state: "active", endAtMs: END, segments: [] });
    expect(money(state)).toMatchObject({ poc: AMOUNT - WHOLE, trials: WHOLE, credit: CREDIT });
    expect([heldIn(state), state.invoices]).toEqual([0, []]);
    const other = granted();
    carryOut(other, order("cluster"), GRANTED);
    carryOut(other, payOrder({ method: "hold" }), GRANTED);
    expect(heldIn(other)).toBe(HELD);
    expect(money(other).poc).toBe(AMOUNT);
  });

  test("has nothing but its configuration, and is to be had so only where its type says so", () => {
    const state = granted();
    const metered = { configuration: { node: 1, traffic: 0 } };
    expect(carryOut(state, order("cluster", metered), GRANTED).answer.quote.pocTotal).toBeNull();
    const notSold = { code: "method_not_available", path: "method" };
    for (const method of ["credit", "gateway"] as const)
      expect(refusalOf(state, payOrder({ method }), GRANTED)).toMatchObject(notSold);
    const other = granted();
    expect(carryOut(other, order("held"), GRANTED).answer.quote.pocTotal).toBeNull();
    expect(refusalOf(other, payOnPoc("ord_1", product), GRANTED)).toMatchObject(notSold);
    const paid = granted();
    carryOut(paid, order("either", { period: { months: 1 } }), GRANTED);
    expect(refusalOf(paid, payOrder({ method: "hold" }), GRANTED)).toMatchObject(notSold);
  });

  test.each([
    ["of a type that is sold for its use alone", "cluster", null, "deleted"],
    ["of such a type, ordered with a period", "cluster", { months: 1 }, "deleted"],
    ["ordered for its use", "either", null, "deleted"],
    ["ordered for a period", "either", { months: 1 }, "suspended"],
  ] as const)("%s: %s, %o is %s at the wallet's end", (_, type, period, state) => {
    const trial = tried(type, period);
    for (let n = 0; n < 3; n += 1) carryOut(trial, runResourceDue(), END - 1);
    expect(carryOut(trial, runResourceDue(), END).answer).toBe(state);
    expect(resourceOf(trial)).toMatchObject({
      ...{ state, deletesAtMs: state === "deleted" ? null : END + 7 * DAY },
    });
    expect(trial.calls.at(-1)?.type).toBe(state === "deleted" ? "resource.delete" : "resource.trash");
    expect(money(trial).trials).toBe(WHOLE);
  });

  test("is stopped like any other: into the trash, from where it is recovered by hold, or on trial money", () => {
    const state = tried();
    carryOut(state, stopPoc(), AT);
    expect(money(state)).toMatchObject({ poc: AMOUNT - WHOLE / 2, trials: WHOLE / 2 });
    expect(resourceOf(state)).toMatchObject({ state: "suspended", deletesAtMs: AT + 7 * DAY });
    const again = carryOut(state, existing("recover"), AT).answer;
    expect(again.quote).toMatchObject({ total: 0, pocTotal: WHOLE / 2 });
    confirm(state, AT);
    expect(heldIn(state)).toBe(HELD);
    delivered(state, AT + DAY / 2);
    expect(resourceOf(state)).toMatchObject({
      ...{ state: "active", billing: "hold", deletesAtMs: null, endAtMs: null, startAtMs: AT + DAY / 2 },
      configuration: [{ sku: "node", quantity: 1 }],
      segments: [{ startMs: AT + DAY / 2, endMs: null }],
    });
    expect(money(state).credit).toBe(CREDIT - HELD);
  });
});

describe("a conversion to hold", () => {
  test("gives the rest back, holds credit and begins the use, in the transaction that confirms it", () => {
    const state = tried();
    const { answer } = carryOut(state, existing("convert_poc"), AT);
    expect(answer).toMatchObject({ billing: "hold", quote: { total: 0 } });
    const { events } = confirm(state, AT);
    expect(events.filter(({ type }) => type === "money_posted")).toHaveLength(3);
    expect(money(state)).toMatchObject({ poc: AMOUNT - WHOLE / 2, trials: WHOLE / 2, credit: CREDIT - HELD });
    expect(heldIn(state)).toBe(HELD);
    delivered(state, AT + 60_000);
    expect(resourceOf(state)).toMatchObject({
      ...{ state: "active", billing: "hold", terms: [], endAtMs: null, pending: null, startAtMs: AT },
      hold: { held: HELD, estimate: HELD, change: null },
      segments: [{ startMs: AT, endMs: null }],
    });
    expect(state.notices.at(-1)).toMatchObject({ template: "use_begun", why: "tried", startAtMs: AT });
    expect(carryOut(state, runResourceDue(), AT + DAY).answer).toBe("held");
    expect(heldIn(state)).toBe(HELD + NODE_DAY * (14 / 24));
    money(state);
  });

  test("is refused without credit for it, and changes nothing", () => {
    const state = tried();
    carryOut(state, grantCredit(-CREDIT + HELD - 1, "grant_2"), asAdmin(AT));
    carryOut(state, existing("convert_poc"), AT);
    const before = money(state);
    expect(refusalOf(state, payOrder({ order: "ord_2", method: "hold" }), AT)).toMatchObject({
      ...{ code: "insufficient_credit", missing: 1 },
    });
    expect(money(state)).toEqual(before);
    expect(resourceOf(state)).toMatchObject({ billing: "poc", pending: null });
  });

  test("is undone where it fails: what was held is let go, and the trial goes on", () => {
    const state = tried();
    const before = { ...resourceOf(state), version: 0 };
    const had = money(state);
    carryOut(state, existing("convert_poc"), AT);
    confirm(state, AT);
    carryOut(state, failedFor("2.1"), AT + 60_000);
    expect({ ...resourceOf(state), version: 0 }).toEqual(before);
    expect(money(state)).toEqual(had);
    expect([heldIn(state), state.invoices]).toEqual([0, []]);
    expect(carryOut(state, runResourceDue(), END).answer).toBe("deleted");
  });

  test("from the trash begins when the console has recovered it", () => {
    const state = tried();
    carryOut(state, stopPoc(), AT);
    carryOut(state, existing("convert_poc"), AT);
    confirm(state, AT);
    delivered(state, AT + DAY / 2);
    expect(resourceOf(state)).toMatchObject({
      ...{ state: "active", billing: "hold", deletesAtMs: null, startAtMs: AT + DAY / 2 },
      segments: [{ startMs: AT + DAY / 2, endMs: null }],
    });
    expect(money(state)).toMatchObject({ poc: AMOUNT - WHOLE / 2, credit: CREDIT - HELD });
  });

  test("is for types that are sold so, and takes no period; one with a period is paid", () => {
    const state = tried("either", { months: 1 });
    const { answer } = carryOut(state, existing("convert_poc", { months: 1 }, "either"), AT);
    expect(answer).toMatchObject({ billing: "prepaid", quote: { total: 30 * NODE_DAY } });
    const use = { ...existing("convert_poc", null, "either"), order: "ord_3" as never };
    expect(carryOut(state, use, AT).answer.billing).toBe("hold");
    expect(refusalOf(tried(), existing("convert_poc", { months: 1 }), AT)).toMatchObject({
      code: "billing_not_offered",
    });
  });
});
