import { describe, expect, test } from "vitest";
import { autoTopUpDueAtMs } from "../../../src/domain/auto-top-up/auto-top-up.ts";
import { balanceOf } from "../../../src/domain/ledger.ts";
import { DAY_MS, HOUR_MS } from "../../../src/domain/local-time.ts";
import { heard, refusal, success } from "../attempts/attempts.ts";
import { grantCredit, payOrder, placeServer, succeeded } from "../commands.ts";
import { hearLink, linked, linkId, startLink } from "../linking/links.ts";
import { carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import { instant } from "../samples.ts";
import { autoTopUp, beginAutoTopUp, noAutoTopUp } from "./auto-top-ups.ts";

const NOW = instant("2027-03-10T10:00");
const RUN = { type: "run_auto_top_up" } as const;

function withLink(credit = 0): MemoryState {
  const state = new MemoryState();
  carryOut(state, startLink(), NOW);
  carryOut(state, hearLink(linked()), NOW);
  if (credit > 0) carryOut(state, grantCredit(credit), NOW);
  return state;
}

/** What is due is run, and what it asks for is begun. */
function charged(state: MemoryState, n: number, atMs = NOW): number | null {
  if (carryOut(state, RUN, atMs).answer !== "asked") return null;
  return carryOut(state, beginAutoTopUp(n), atMs).answer?.amount ?? null;
}

const paid = (state: MemoryState, n: number, amount = 100_000, atMs = NOW) =>
  carryOut(state, heard(success(`their_${n}`), { n, amount, source: "query" }), atMs);
const available = (state: MemoryState) => balanceOf(state.balances, "credit_available");
const dueAtMs = (state: MemoryState, atMs: number | null = null, nextRenewalAtMs: number | null = null) =>
  state.autoTopUp && autoTopUpDueAtMs(state.autoTopUp, available(state), { nextRenewalAtMs, atMs });

describe("automatic top-up", () => {
  test("is off by default, and charges what was set once credit is below the threshold", () => {
    const state = withLink(60_000);
    expect(carryOut(state, RUN, NOW).answer).toBe("nothing");
    carryOut(state, autoTopUp(), NOW);
    expect([dueAtMs(state), charged(state, 1)]).toEqual([null, null]);
    carryOut(state, grantCredit(-20_000), NOW + 5);
    expect(dueAtMs(state, NOW + 5)).toBe(NOW + 5);
    expect(charged(state, 1, NOW + 5)).toBe(100_000);
    expect(state.attempt("attempt_1" as never)).toMatchObject({
      ...{ method: "linked", linkedAccount: linkId(1), pays: null, isAsked: true },
    });
    paid(state, 1);
    expect(available(state)).toBe(140_000);
    expect(dueAtMs(state, NOW + 6)).toBeNull();
    expect(state.autoTopUp).toMatchObject({ charged: 100_000, attempt: null, failures: 0 });
  });

  test("charges once at a time, whatever asks for it", () => {
    const state = withLink();
    carryOut(state, autoTopUp(), NOW);
    expect(charged(state, 1)).toBe(100_000);
    expect([charged(state, 2), dueAtMs(state, NOW)]).toEqual([null, null]);
    expect(carryOut(state, beginAutoTopUp(2), NOW)).toMatchObject({ answer: null, events: [] });
    expect(state.attempts.size).toBe(1);
  });

  test("stays within the month's cap, and goes on in the next local month", () => {
    const state = withLink();
    carryOut(state, autoTopUp({ threshold: 1_000_000 }), NOW);
    for (const n of [1, 2]) {
      expect(charged(state, n)).toBe(100_000);
      paid(state, n);
    }
    expect(carryOut(state, RUN, NOW).answer).toBe("looked");
    const april = instant("2027-04-01T00:00");
    expect(dueAtMs(state, NOW)).toBe(april);
    expect(carryOut(state, RUN, april - 1).answer).toBe("nothing");
    expect(charged(state, 3, april)).toBe(100_000);
    expect(state.autoTopUp).toMatchObject({ charged: 100_000 });
  });

  test("backs off after a failure, later and later, and what failed doesn't count", () => {
    const state = withLink();
    carryOut(state, autoTopUp(), NOW);
    let atMs = NOW;
    for (const [n, waitMs] of [HOUR_MS, 4 * HOUR_MS, DAY_MS, DAY_MS].entries()) {
      expect(charged(state, n + 1, atMs)).toBe(100_000);
      carryOut(state, heard(refusal, { n: n + 1 }), atMs);
      expect(state.autoTopUp).toMatchObject({ charged: 0, failures: n + 1, notBeforeMs: atMs + waitMs });
      expect(dueAtMs(state, atMs)).toBe(atMs + waitMs);
      atMs += waitMs;
    }
    expect(state.notices.map(({ template }) => template)).toEqual(Array(4).fill("payment_failed"));
  });

  test("is turned off by its customer, or when its linked account is gone", () => {
    const state = withLink();
    carryOut(state, autoTopUp(), NOW);
    carryOut(state, noAutoTopUp, NOW);
    expect([dueAtMs(state, NOW), carryOut(state, RUN, NOW).answer]).toEqual([null, "nothing"]);
    carryOut(state, autoTopUp(), NOW);
    carryOut(state, { type: "unlink", link: linkId(1) }, NOW);
    expect(carryOut(state, RUN, NOW).answer).toBe("turned_off");
    expect(state.autoTopUp?.isOn).toBe(false);
  });

  test("isn't set on what can't be charged, nor with a cap below one charge", () => {
    const state = withLink();
    const refused = (path: string, code = "method_not_available") => expect.objectContaining({ code, path });
    expect(refusalOf(state, { ...autoTopUp(), terms: null }, NOW)).toEqual(refused("linkedAccount"));
    expect(refusalOf(state, autoTopUp({ link: 2 }), NOW)).toEqual(refused("linkedAccount"));
    expect(refusalOf(state, autoTopUp({ amount: 999 }), NOW)).toEqual(refused("amount"));
    const low = refused("monthlyCap", "monthly_cap_below_amount");
    expect(refusalOf(state, autoTopUp({ monthlyCap: 99_999 }), NOW)).toEqual(low);
  });
});

describe("before renewals", () => {
  /** A server that renews itself, and credit above the threshold that doesn't pay for that. */
  function withServer(amount = 10_000) {
    const state = withLink(181_000);
    carryOut(state, placeServer(), NOW);
    carryOut(state, payOrder(), NOW);
    carryOut(state, succeeded(), NOW);
    const [resource] = state.resources.values();
    if (!resource) throw new Error("no server");
    const autoRenew = { enabled: true, months: 1 };
    carryOut(state, { type: "set_auto_renew", resource: resource.id, autoRenew }, NOW);
    carryOut(state, grantCredit(60_000), NOW);
    carryOut(state, autoTopUp({ amount }), NOW);
    const [first] = state.resources.values();
    if (!first?.endAtMs) throw new Error("no end");
    return { state, renewalMs: first.endAtMs - 7 * DAY_MS - 2 * HOUR_MS };
  }

  test("what they lack is charged, so that they find credit", () => {
    const { state, renewalMs } = withServer();
    expect(state.renewalsBy(renewalMs - 1)).toEqual([]);
    expect(state.renewalsBy(renewalMs)).toHaveLength(1);
    expect(dueAtMs(state, null, renewalMs)).toBe(renewalMs - HOUR_MS);
    expect(charged(state, 1, renewalMs - HOUR_MS - 1)).toBeNull();
    const [server] = state.resources.values();
    const [term] = server?.terms ?? [];
    const months = Number(term?.billed) / 43_200;
    expect(charged(state, 1, renewalMs - HOUR_MS)).toBe((term?.gross ?? 0) / months - 60_000);
  });

  test("where the cap doesn't allow what they lack, the usual amount is charged if it may be", () => {
    const { state, renewalMs } = withServer();
    carryOut(state, autoTopUp({ amount: 10_000, monthlyCap: 11_000 }), NOW);
    expect(charged(state, 1, renewalMs - HOUR_MS)).toBe(10_000);
  });
});
