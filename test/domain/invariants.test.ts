import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CreditNote } from "../../src/domain/credit-note.ts";
import { type Command, decide } from "../../src/domain/decide.ts";
import type { Event } from "../../src/domain/events.ts";
import { violations } from "../../src/domain/invariants.ts";
import type { Invoice } from "../../src/domain/invoice.ts";
import { type Balances, type Book, balanceOf } from "../../src/domain/ledger.ts";
import { grantCredit } from "./commands.ts";
import { MemoryState, OWNER } from "./memory-state.ts";
import { moves, START } from "./moves.ts";
import { accountOf } from "./samples.ts";

/** Gives a command as the account's shell does: a coupon that is needed is reserved, then it is decided again. */
function give(state: MemoryState, command: Command, nowMs: number): readonly Event[] {
  const context = { nowMs, caller: OWNER };
  let decided = decide(state, command, context);
  if (decided.ok && decided.value.kind === "needs_coupon" && command.type === "pay_order") {
    decided = decide(state, { ...command, reservedCoupon: decided.value.coupon }, context);
  }
  if (!decided.ok) return [];
  if (decided.value.kind !== "done") throw new Error("a reserved coupon was asked for again");
  return decided.value.events;
}

const whole = (amounts: Iterable<number>) => [...amounts].reduce((a, b) => a + b, 0);

/** Books, documents and orders told apart: each is added up by itself and must agree with the others. */
function expectToAgree(state: MemoryState) {
  const book = (name: Book) => balanceOf(state.balances, name);
  const all = [...state.orders.values()];
  const paidLines = all.filter((order) => order.payment !== null).flatMap((order) => order.quote.lines);
  expect(violations(state.books())).toEqual([]);
  expect(whole(Object.values(state.balances) as number[])).toBe(0);
  expect(rebuilt(state)).toEqual(state.balances);
  for (const wallet of ["credit_available", "credit_held", "poc"] as const) {
    expect(book(wallet)).toBeGreaterThanOrEqual(0);
  }
  expect(state.creditHistory.at(-1)?.available ?? 0).toBe(book("credit_available"));
  expect(book("undelivered")).toBe(
    whole(paidLines.filter(({ status }) => status === "provisioning").map(({ net }) => Math.max(net, 0))),
  );
  const documented = (amount: (document: Invoice | CreditNote) => number) =>
    whole(state.invoices.map(amount)) - whole(state.creditNotes.map(amount));
  expect(book("tax")).toBe(documented(({ tax }) => tax));
  const couponMoney = documented(({ coupon }) => coupon?.amount ?? 0);
  expect(book("promotions")).toBe(couponMoney === 0 ? 0 : -couponMoney);
  expect(book("revenue:vserver" as Book) + book("tax")).toBe(documented(({ total }) => total) + couponMoney);

  expect(new Set(state.notices.map(({ key }) => key)).size).toBe(state.notices.length);
  expect(state.calls.filter(({ type }) => type === "resource.provision").map(({ line }) => line)).toEqual(
    [...state.resources.values()].map(({ line }) => line),
  );
  const documents = [...state.invoices, ...state.creditNotes];
  for (const numbered of [documents, [...state.payments.values()], [...state.resources.values()]]) {
    const numbers = numbered.map(({ n }) => n).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }
  expect(new Set(state.invoices.map(({ code }) => code)).size).toBe(state.invoices.length);
  for (const order of all) {
    expect(order.quote.total).toBe(whole(order.quote.lines.map(({ net }) => net)));
    const settled = state.couponsSettled.filter((one) => one.order === order.id).map(({ spent }) => spent);
    const stands = order.quote.lines.some(({ status }) => status === "active");
    const expected =
      order.quote.coupon === null ? [] : stands ? [true] : order.status === "failed" ? [false] : [];
    expect(settled).toEqual(expected);
  }
}

/** The balances, added up again from the postings alone. */
function rebuilt({ transactions }: MemoryState): Balances {
  const balances: Record<string, number> = {};
  for (const { from, to, amount } of transactions.flatMap(({ transfers }) => transfers)) {
    balances[from] = (balances[from] ?? 0) - amount;
    balances[to] = (balances[to] ?? 0) + amount;
  }
  return balances as Balances;
}

const SEED = 20_270_101;

describe("over any sequence of commands", () => {
  test("books, payments, documents, resources and coupons agree after every step", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(moves, { minLength: 10, maxLength: 40 }), (sequence) => {
        const state = new MemoryState(accountOf());
        state.apply(give(state, grantCredit(900_000), START));
        let nowMs = START;
        for (const move of sequence) {
          const command = move.commandFor(state);
          nowMs += move.waitMs;
          state.apply(give(state, command, nowMs));
          expectToAgree(state);
          for (const { status } of state.orders.values()) reached.add(status);
        }
      }),
      // By another one some status might not come up.
      { seed: SEED, numRuns: 400 },
    );
    const statuses = ["awaiting_payment", "provisioning", "completed", "failed", "cancelled"];
    expect([...reached].sort()).toEqual(statuses.sort());
  });

  test("deciding changes nothing by itself, refused or not", () => {
    fc.assert(
      fc.property(fc.array(moves, { minLength: 5, maxLength: 25 }), (sequence) => {
        const state = new MemoryState(accountOf());
        let nowMs = START;
        for (const move of sequence) {
          const command = move.commandFor(state);
          nowMs += move.waitMs;
          const before = snapshot(state);
          const events = give(state, command, nowMs);
          expect(snapshot(state)).toBe(before);
          expect(give(state, command, nowMs)).toEqual(events);
          state.apply(events);
        }
      }),
    );
  });

  const snapshot = (state: MemoryState) =>
    JSON.stringify([
      state.account,
      state.balances,
      [...state.orders],
      [...state.resources],
      [...state.payments],
      state.invoices,
      state.transactions,
    ]);
});
