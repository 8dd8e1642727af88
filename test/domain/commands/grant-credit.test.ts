import { describe, expect, test } from "vitest";
import { grantCredit } from "../commands.ts";
import { carryOut, MemoryState, postingsOf, refusalOf } from "../memory-state.ts";
import { accountOf } from "../samples.ts";

describe("granting credit", () => {
  test("moves it from the adjustments into the available credit", () => {
    const state = new MemoryState(accountOf(), 1_000);
    const { answer, events } = carryOut(state, grantCredit(500), 7);
    expect(answer).toEqual({ amount: 500, currency: "VND", available: 1_500 });
    expect(postingsOf(events)).toEqual([
      {
        kind: "adjustment",
        atMs: 7,
        reference: "grant_1",
        transfers: [["adjustments", "credit_available", 500]],
      },
    ]);
    expect(state.creditHistory).toEqual([{ type: "adjustment", amount: 500, available: 1_500, held: 0 }]);
    expect(state.transactions[0]?.description).toBe("Welcome");
  });

  test("of a negative amount takes credit back, down to nothing", () => {
    const state = new MemoryState(accountOf(), 1_000);
    const { answer, events } = carryOut(state, grantCredit(-1_000), 7);
    expect(answer).toEqual({ amount: -1_000, currency: "VND", available: 0 });
    expect(postingsOf(events)).toMatchObject([{ transfers: [["credit_available", "adjustments", 1_000]] }]);
    expect(state.creditHistory).toEqual([{ type: "adjustment", amount: -1_000, available: 0, held: 0 }]);
  });

  test("is refused where it would take back more than is available", () => {
    const state = new MemoryState(accountOf(), 1_000);
    expect(refusalOf(state, grantCredit(-1_001), 7)).toEqual({ code: "correction_exceeds_credit" });
  });

  test("takes nothing back from held credit", () => {
    const state = new MemoryState();
    state.balances = { credit_held: grantCredit(1_000).amount };
    expect(refusalOf(state, grantCredit(-1), 7)).toEqual({ code: "correction_exceeds_credit" });
  });

  test("of nothing is refused", () => {
    expect(refusalOf(new MemoryState(), grantCredit(0), 7)).toEqual({ code: "amount_zero", path: "amount" });
  });

  test("is refused where the wallet would hold more than a slip of the finger could mean", () => {
    const state = new MemoryState(accountOf(), 1);
    const largest = 1_000_000_000_000_000;
    expect(refusalOf(state, grantCredit(largest), 7)).toEqual({ code: "amount_too_large", path: "amount" });
    expect(carryOut(state, grantCredit(largest - 1), 7).answer.available).toBe(largest);
  });

  test("needs an account", () => {
    expect(refusalOf(new MemoryState(null), grantCredit(1), 7)).toEqual({ code: "account_not_found" });
  });
});
