import { describe, expect, test } from "vitest";
import { defaultOf } from "../../../src/domain/linking/linked-account.ts";
import { DAY_MS, MINUTE_MS } from "../../../src/domain/local-time.ts";
import { heard, success } from "../attempts/attempts.ts";
import { ORDER, placeServer } from "../commands.ts";
import { carryOut, MemoryState, refusalOf, typesOf } from "../memory-state.ts";
import { instant } from "../samples.ts";
import { hearLink, linked, linkId, payLinked, sealed, startLink } from "./links.ts";

const NOW = instant("2027-03-10T10:00");
const at = (minutes: number) => NOW + minutes * MINUTE_MS;

/** An account with so many linked accounts. */
function withLinks(count = 1): MemoryState {
  const state = new MemoryState();
  for (let n = 1; n <= count; n += 1) {
    carryOut(state, startLink(n), NOW);
    carryOut(state, hearLink(linked(n), n), at(1));
  }
  return state;
}

const statuses = (state: MemoryState) => [...state.links.values()].map(({ status }) => status);
const chosen = (state: MemoryState, n: number) =>
  carryOut(state, { type: "choose_link", link: linkId(n) }, at(2)).answer;
const unlink = (state: MemoryState, n = 1, atMs = at(2)) =>
  carryOut(state, { type: "unlink", link: linkId(n) }, atMs);
const told = (state: MemoryState, isDone: boolean) =>
  carryOut(state, { type: "hear_unlink", link: linkId(1), isDone }, at(3));
const runDue = (state: MemoryState, atMs: number, n = 1) =>
  carryOut(state, { type: "run_link_due", link: linkId(n) }, atMs).answer;

describe("a link", () => {
  test("waits for its gateway, and is active once that says so, as often as it does", () => {
    const state = new MemoryState();
    const { answer } = carryOut(state, startLink(), NOW);
    expect(answer).toMatchObject({ status: "pending", token: null, nextQueryAtMs: at(1) });
    const created = { kind: "created", redirectUrl: "https://momo.example/1", createdAs: "x" } as const;
    carryOut(state, hearLink({ ...created, expiresAtMs: at(20) }), NOW);
    expect(state.linkedAccount(linkId(1))).toMatchObject({
      ...{ redirectUrl: created.redirectUrl, createdAs: "x", expiresAtMs: at(20) },
    });
    expect(carryOut(state, hearLink(linked()), at(1)).answer).toBe("taken");
    expect(state.linkedAccount(linkId(1))).toMatchObject({
      ...{ status: "active", label: "09******01", token: sealed("token 1"), redirectUrl: null },
      nextQueryAtMs: null,
    });
    const before = state.linkedAccount(linkId(1));
    for (const again of [linked(2), { kind: "failed", reason: "cancelled" }, { kind: "pending" }] as const)
      expect(carryOut(state, hearLink(again), at(90)).answer).toBe("repeated");
    expect(state.linkedAccount(linkId(1))).toEqual(before);
  });

  test("keeps what a callback handed over until its token is there", () => {
    const state = new MemoryState();
    carryOut(state, startLink(), NOW);
    carryOut(state, hearLink({ kind: "decided", grant: sealed("grant") }), at(1));
    expect(state.linkedAccount(linkId(1))?.grant).toEqual(sealed("grant"));
    carryOut(state, hearLink({ kind: "decided", grant: null }), at(1));
    expect(state.linkedAccount(linkId(1))?.grant).toEqual(sealed("grant"));
    carryOut(state, hearLink(linked()), at(2));
    expect(state.linkedAccount(linkId(1))?.grant).toBeNull();
  });

  test("is asked about as attempts are, and fails when nobody has agreed to it in time", () => {
    const state = new MemoryState();
    carryOut(state, startLink(), NOW);
    expect([runDue(state, NOW), runDue(state, at(1)), runDue(state, at(2))]).toEqual([
      ...["nothing", "asked", "nothing"],
    ]);
    expect(state.queries).toEqual([linkId(1)]);
    carryOut(state, hearLink({ kind: "pending" }), at(1));
    expect(state.linkedAccount(linkId(1))).toMatchObject({ status: "pending", isAsked: false });
    carryOut(state, hearLink({ kind: "not_found" }), at(29));
    expect(statuses(state)).toEqual(["pending"]);
    carryOut(state, hearLink({ kind: "pending" }), at(31));
    expect(state.linkedAccount(linkId(1))).toMatchObject({ status: "failed", failure: "expired" });
  });

  test("of which nothing can be learnt is given up after a week", () => {
    const state = new MemoryState();
    carryOut(state, startLink(), NOW);
    for (let ran = runDue(state, at(1)); ran === "asked"; ) {
      const { nextQueryAtMs } = state.linkedAccount(linkId(1)) ?? {};
      carryOut(state, hearLink({ kind: "unknown" }), at(1));
      ran = runDue(state, nextQueryAtMs ?? 0);
    }
    expect(state.queries).toHaveLength(14);
    expect(statuses(state)).toEqual(["failed"]);
  });

  test("that was given up is active after all when its gateway says so", () => {
    const state = new MemoryState();
    carryOut(state, startLink(), NOW);
    carryOut(state, hearLink({ kind: "pending" }), at(31));
    carryOut(state, hearLink(linked()), at(40));
    expect(state.linkedAccount(linkId(1))).toMatchObject({ status: "active", failure: null });
  });

  test("is of one gateway: what another says of it is about nothing", () => {
    const state = new MemoryState();
    carryOut(state, startLink(), NOW);
    for (const unknown of [hearLink(linked(), 1, "vnpay"), hearLink(linked(), 2)])
      expect(carryOut(state, unknown, at(1))).toMatchObject({ answer: "unmatched", events: [] });
  });

  test("can't be begun where none can be linked, nor beyond ten", () => {
    const none = { code: "linking_not_available", path: "gateway" };
    expect(refusalOf(new MemoryState(), startLink(1, null), NOW)).toEqual(none);
    expect(refusalOf(new MemoryState(null), startLink(), NOW)).toEqual({ code: "account_not_found" });
    const state = withLinks(10);
    expect(refusalOf(state, startLink(11), NOW)).toMatchObject({ code: "too_many_linked_accounts" });
    unlink(state, 4);
    carryOut(state, startLink(11), at(3));
  });

  test("makes what failed at its gateway before disappear", () => {
    const state = new MemoryState();
    carryOut(state, startLink(1), NOW);
    carryOut(state, hearLink({ kind: "failed", reason: "cancelled" }), NOW);
    carryOut(state, startLink(2), NOW);
    expect(statuses(state)).toEqual(["removed", "pending"]);
  });
});

describe("the default", () => {
  test("is the first, until another one is chosen, and falls back when that is gone", () => {
    const state = withLinks(3);
    const now = () => defaultOf(state.linkedAccounts())?.id;
    expect(now()).toBe(linkId(1));
    chosen(state, 3);
    chosen(state, 2);
    expect(now()).toBe(linkId(2));
    unlink(state, 2);
    expect(now()).toBe(linkId(3));
    unlink(state, 3);
    expect(now()).toBe(linkId(1));
  });

  test("is only what is active", () => {
    const state = withLinks(1);
    carryOut(state, startLink(2), NOW);
    const choose = { type: "choose_link", link: linkId(2) } as const;
    expect(refusalOf(state, choose, at(1))).toEqual({ code: "linked_account_not_active" });
    unlink(state, 1);
    expect(refusalOf(state, { ...choose, link: linkId(1) }, at(1))).toEqual({
      code: "linked_account_not_found",
    });
  });
});

describe("a link that is ended", () => {
  test("is over at once, and its token is forgotten once its gateway knows", () => {
    const state = withLinks();
    expect(unlink(state).answer).toMatchObject({ status: "removed", token: sealed("token 1") });
    told(state, false);
    expect(state.linkedAccount(linkId(1))).toMatchObject({ token: sealed("token 1"), nextQueryAtMs: at(3) });
    expect(runDue(state, at(3))).toBe("asked");
    expect(state.queries).toEqual([linkId(1)]);
    told(state, true);
    expect(state.linkedAccount(linkId(1))).toMatchObject({ token: null, nextQueryAtMs: null });
    expect(runDue(state, at(60))).toBe("nothing");
  });

  test("of which its gateway can't be told for a week raises an alert, and its token is forgotten", () => {
    const state = withLinks();
    unlink(state);
    for (let next = at(3); state.alerts.length === 0; ) {
      runDue(state, next);
      told(state, false);
      next = state.linkedAccount(linkId(1))?.nextQueryAtMs ?? next;
      expect(next).toBeLessThan(NOW + 8 * DAY_MS);
    }
    expect(state.alerts).toMatchObject([{ kind: "unlink_unresolved", subject: linkId(1) }]);
    expect(state.linkedAccount(linkId(1))?.token).toBeNull();
  });

  test("before it was agreed to is unlinked at its gateway when it is agreed to after all", () => {
    const state = new MemoryState();
    carryOut(state, startLink(), NOW);
    unlink(state);
    carryOut(state, hearLink({ kind: "decided", grant: sealed("grant") }), at(3));
    carryOut(state, hearLink(linked()), at(3));
    const after = state.linkedAccount(linkId(1));
    expect(after).toMatchObject({ status: "removed", token: sealed("token 1") });
    expect(runDue(state, after?.nextQueryAtMs ?? 0)).toBe("asked");
  });
});

describe("a charge", () => {
  const charging = () => {
    const state = withLinks();
    carryOut(state, placeServer(), at(2));
    const { attempt } = carryOut(state, payLinked(), at(3)).answer;
    return { state, attempt };
  };

  test("settles its order by the gateway's money, the wallet untouched", () => {
    const { state, attempt } = charging();
    expect(attempt).toMatchObject({ method: "linked", linkedAccount: linkId(1), amount: 181_000, held: 0 });
    carryOut(state, heard(success(), { source: "query" }), at(3));
    expect(state.order(ORDER)).toMatchObject({ status: "provisioning", payment: attempt?.id });
    expect(state.balances).toMatchObject({ "clearing:momo": -181_000, undelivered: 181_000 });
    expect(state.creditHistory).toEqual([]);
  });

  test("whose linked account is gone removes that, and its customer is told of both", () => {
    const { state } = charging();
    const { events } = carryOut(
      state,
      {
        type: "record_creation",
        attempt: "attempt_1" as never,
        outcome: { kind: "failed", reason: "link_gone" },
      },
      at(3),
    );
    expect(typesOf(events)).toContain("linked_account_changed");
    expect(state.linkedAccount(linkId(1))).toMatchObject({
      status: "removed",
      failure: "link_gone",
      token: null,
    });
    expect(state.notices.map(({ template }) => template)).toEqual(["payment_failed", "linked_account_gone"]);
    const again = { code: "method_not_available", path: "linkedAccount" };
    expect(refusalOf(state, payLinked(1, 2), at(4))).toEqual(again);
  });

  test("is only to a linked account that is active, at the gateway that was named", () => {
    const state = withLinks();
    carryOut(state, startLink(2), NOW);
    carryOut(state, placeServer(), at(2));
    const refused = { code: "method_not_available", path: "linkedAccount" };
    expect(refusalOf(state, payLinked(2), at(3))).toEqual(refused);
    expect(refusalOf(state, payLinked(7), at(3))).toEqual(refused);
    const { at: here, ...rest } = payLinked();
    expect(refusalOf(state, rest, at(3))).toEqual(refused);
    if (!here) throw new Error("it names a gateway");
    const elsewhere = { ...here, terms: { ...here.terms, name: "vnpay" as const } };
    expect(refusalOf(state, { ...rest, at: elsewhere }, at(3))).toEqual(refused);
  });
});
