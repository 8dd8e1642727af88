import { describe, expect, test } from "vitest";
import { grantCredit, setPocWallet } from "../commands.ts";
import { carryOut, MemoryState, refusalOf, typesOf } from "../memory-state.ts";
import { instant } from "../samples.ts";
import { AMOUNT, asAdmin, END, GRANTED, grant, money, tried } from "./trials.ts";

const DAY = 86_400_000;
const dueAt = (state: MemoryState, nowMs: number) => carryOut(state, { type: "run_poc_due" }, asAdmin(nowMs));

describe("a POC wallet", () => {
  test("holds what was granted, apart from credit", () => {
    const state = new MemoryState();
    carryOut(state, grantCredit(70_000), asAdmin(GRANTED));
    expect(grant(state)).toEqual({ granted: AMOUNT, balance: AMOUNT, currency: "VND", expiresAtMs: END });
    expect(money(state)).toMatchObject({ poc: AMOUNT, credit: 70_000 });
    expect(state.pocHistory).toEqual([{ type: "grant", amount: AMOUNT, balance: AMOUNT }]);
    expect(state.creditHistory).toHaveLength(1);
  });

  test("isn't refilled by the same grant, whatever was used of it", () => {
    const state = new MemoryState();
    grant(state);
    tried(state);
    const { poc } = money(state);
    expect(poc).toBeLessThan(AMOUNT);
    const again = carryOut(state, setPocWallet(AMOUNT, END), asAdmin(GRANTED + DAY));
    expect(again.events).toEqual([]);
    expect(again.answer.balance).toBe(poc);
    expect(grant(state, AMOUNT + 50_000).balance).toBe(poc + 50_000);
    expect(grant(state, AMOUNT).balance).toBe(poc);
  });

  test("can be lowered to what is used, and no further", () => {
    const state = new MemoryState();
    grant(state);
    tried(state);
    const used = AMOUNT - money(state).poc;
    expect(refusalOf(state, setPocWallet(used - 1, END), asAdmin(GRANTED))).toEqual({
      code: "poc_amount_below_used",
    });
    expect(grant(state, used).balance).toBe(0);
  });

  test("can end later, but not before what lives on it", () => {
    const state = new MemoryState();
    grant(state);
    expect(grant(state, AMOUNT, END - DAY).expiresAtMs).toBe(END - DAY);
    grant(state);
    tried(state);
    expect(refusalOf(state, setPocWallet(AMOUNT, END - 60_000), asAdmin(GRANTED))).toEqual({
      code: "poc_wallet_in_use",
    });
    expect(grant(state, AMOUNT, END + DAY).expiresAtMs).toBe(END + DAY);
  });

  test.each([
    ["period_in_the_past", GRANTED],
    ["period_in_the_past", GRANTED - DAY],
    ["period_too_long", instant("2028-03-06T10:01")],
  ])("is refused an end: %s", (code, endMs) => {
    expect(refusalOf(new MemoryState(), setPocWallet(AMOUNT, endMs), asAdmin(GRANTED))).toEqual({
      code,
      path: "expiresAt",
    });
  });

  test("needs an account", () => {
    expect(refusalOf(new MemoryState(null), setPocWallet(1, END), asAdmin(GRANTED))).toEqual({
      code: "account_not_found",
    });
  });
});

describe("the end of a POC wallet", () => {
  test("is announced 7, 3 and 1 days before, each once, while something is left", () => {
    const state = new MemoryState();
    grant(state);
    for (const days of [8, 7, 7, 6, 3, 2, 1, 1]) dueAt(state, END - days * DAY);
    expect(state.notices.map(({ template, atMs }) => [template, (END - atMs) / DAY])).toEqual([
      ["poc_ending", 7],
      ["poc_ending", 3],
      ["poc_ending", 1],
    ]);
  });

  test("is announced late by the last notice alone, and never for what lies before the grant", () => {
    const late = new MemoryState();
    grant(late);
    expect(dueAt(late, END - DAY + 1).answer).toBe("poc_reminded");
    expect(dueAt(late, END - DAY + 1).answer).toBe("nothing");
    expect(late.notices.map(({ atMs }) => atMs)).toEqual([END - DAY]);
    const short = new MemoryState();
    grant(short, AMOUNT, GRANTED + 2 * DAY);
    expect(dueAt(short, GRANTED).answer).toBe("nothing");
  });

  test("puts aside what is left, once, as of its instant, and says so", () => {
    const state = new MemoryState();
    grant(state);
    expect(dueAt(state, END - 1).answer).not.toBe("poc_ended");
    const ended = dueAt(state, END + 5 * DAY);
    expect(typesOf(ended.events)).toEqual(["poc_wallet_changed", "money_posted", "notice_given"]);
    expect(state.notices.at(-1)).toMatchObject({ template: "poc_ended", atMs: END, balance: AMOUNT });
    expect(money(state)).toMatchObject({ poc: 0, expired: AMOUNT });
    expect(state.pocHistory.at(-1)).toEqual({ type: "expiry", amount: -AMOUNT, balance: 0 });
    expect(dueAt(state, END + 5 * DAY).events).toEqual([]);
  });

  test("is undone by an extension, to what isn't used", () => {
    const state = new MemoryState();
    grant(state);
    tried(state);
    const { poc } = money(state);
    dueAt(state, END);
    expect(money(state)).toMatchObject({ poc: 0, expired: poc });
    expect(grant(state, AMOUNT, END + 10 * DAY, END + DAY).balance).toBe(poc);
    expect(money(state)).toMatchObject({ poc, expired: 0 });
    dueAt(state, END + 10 * DAY);
    expect(grant(state, AMOUNT + 1, END + 20 * DAY, END + 11 * DAY).balance).toBe(poc + 1);
  });
});
