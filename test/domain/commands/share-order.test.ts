import { describe, expect, test } from "vitest";
import type { ShareId } from "../../../src/domain/ids.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { balanceOf } from "../../../src/domain/ledger.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/local-time.ts";
import { mailsFor } from "../../../src/domain/notice.ts";
import { ORDER_LIFE_MS, statusAt } from "../../../src/domain/order.ts";
import { attemptId, heard, payAt, refusal, success } from "../attempts/attempts.ts";
import {
  cancelOrder,
  changeOrder,
  grantCredit,
  ORDER,
  payOrder,
  placeServer,
  SHARE,
  shareOrder,
  succeeded,
  unshareOrder,
} from "../commands.ts";
import { ADMIN, carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import { instant } from "../samples.ts";

const NOW = instant("2027-03-10T10:00");
const PRICE = 181_000;
const OTHER = "share_2" as ShareId;
const payShared = (n = 1, share = SHARE) => ({ ...payAt("gateway", n), share });

function shared(credit = 0): MemoryState {
  const state = new MemoryState();
  if (credit > 0) carryOut(state, grantCredit(credit), NOW);
  carryOut(state, placeServer(), NOW);
  carryOut(state, shareOrder(), NOW);
  return state;
}

const statusOf = (state: MemoryState, atMs: number) => {
  const order = state.order(ORDER);
  return order && statusAt(order, atMs);
};

describe("a shared order", () => {
  test("lives as long as its link, three days, and is mailed to whom it is for alone", () => {
    const state = shared();
    expect(state.order(ORDER)).toMatchObject({
      share: { id: SHARE, email: "binh@example.com", untilMs: NOW + 3 * DAY_MS },
      expiresAtMs: NOW + 3 * DAY_MS,
    });
    expect([statusOf(state, NOW + 3 * DAY_MS - 1), statusOf(state, NOW + 3 * DAY_MS)]).toEqual([
      "awaiting_payment",
      "expired",
    ]);
    const notice = state.notices.at(-1);
    if (!state.account || !notice) throw new Error("nobody was told");
    expect(mailsFor(state.account, notice)).toMatchObject([
      {
        to: "binh@example.com",
        customer: "binh@example.com",
        notice: { template: "order_shared", total: PRICE },
      },
    ]);
  });

  test("that is shared no more lives as long as any, or as an attempt holds it", () => {
    const state = shared();
    carryOut(state, unshareOrder(), NOW + HOUR_MS);
    expect(state.order(ORDER)).toMatchObject({ share: null, expiresAtMs: NOW + ORDER_LIFE_MS });
    expect(carryOut(state, unshareOrder(), NOW + HOUR_MS).events).toEqual([]);
    carryOut(state, shareOrder(), NOW + HOUR_MS);
    const lateMs = NOW + 2 * DAY_MS;
    carryOut(state, payShared(), lateMs);
    carryOut(state, unshareOrder(), lateMs);
    expect(state.order(ORDER)?.expiresAtMs).toBe(lateMs + 30 * MINUTE_MS);
  });

  test("keeps its life when an attempt lets go", () => {
    const state = shared();
    carryOut(state, payShared(), NOW);
    carryOut(state, heard(refusal), NOW + MINUTE_MS);
    expect(state.order(ORDER)?.expiresAtMs).toBe(NOW + 3 * DAY_MS);
  });

  test.each([
    ["cancelled", cancelOrder(), "order_cancelled"],
    ["paid", payOrder(), "order_already_paid"],
  ] as const)("that is %s can't be shared, or paid by its link", (_, command, code) => {
    const state = shared(PRICE);
    carryOut(state, command, NOW);
    for (const late of [shareOrder({ share: OTHER }), unshareOrder(), payShared()])
      expect(refusalOf(state, late, NOW)).toEqual({ code });
  });
});

describe("paying by a link", () => {
  test("pays the order, whose invoice is the customer's; both are told", () => {
    const state = shared(50_000);
    const { answer } = carryOut(state, payShared(), NOW);
    expect(answer.payment).toMatchObject({ status: "pending", paidBy: "binh@example.com", amount: PRICE });
    carryOut(state, heard(success()), NOW);
    carryOut(state, succeeded(), NOW);
    expect(state.payment(attemptId(1))).toMatchObject({ status: "succeeded", paidBy: "binh@example.com" });
    expect(state.invoices).toMatchObject([{ payment: attemptId(1), paid: PRICE }]);
    expect(balanceOf(state.balances, "credit_available")).toBe(50_000);
    expect(state.notices.map(({ template }) => template)).toEqual([
      ...["order_shared", "order_paid", "paid_on_behalf", "resource_provisioned"],
    ]);
    expect(state.notices[1]).toMatchObject({ paidBy: "binh@example.com" });
    expect(state.notices[2]).toMatchObject({ to: "binh@example.com", amount: PRICE });
    expect(violations(state.books())).toEqual([]);
  });

  test("that fails is nothing the customer is told of, and may be tried again", () => {
    const state = shared();
    carryOut(state, payShared(), NOW);
    carryOut(state, heard(refusal), NOW);
    expect(state.notices.map(({ template }) => template)).toEqual(["order_shared"]);
    carryOut(state, payShared(2), NOW);
    carryOut(state, heard(success(), { n: 2 }), NOW);
    expect(statusOf(state, NOW)).toBe("provisioning");
  });

  test("whose order the customer has paid meanwhile is the customer's credit, and receipted", () => {
    const state = shared(PRICE);
    carryOut(state, payShared(), NOW);
    carryOut(state, payOrder(), NOW);
    carryOut(state, heard(success()), NOW);
    expect(state.payment(attemptId(1))).toMatchObject({ kind: "deposit", paidBy: "binh@example.com" });
    expect(balanceOf(state.balances, "credit_available")).toBe(PRICE);
    expect(state.notices.slice(-2).map(({ template }) => template)).toEqual([
      "deposit_received",
      "paid_on_behalf",
    ]);
    expect(violations(state.books())).toEqual([]);
  });

  test("twice pays the order once; the rest is the customer's credit", () => {
    const state = shared();
    carryOut(state, payShared(1), NOW);
    carryOut(state, payShared(2), NOW);
    carryOut(state, heard(success(), { n: 2 }), NOW);
    carryOut(state, heard(success("4000000002")), NOW);
    expect(state.order(ORDER)?.payment).toBe(attemptId(2));
    expect(balanceOf(state.balances, "credit_available")).toBe(PRICE);
    expect(violations(state.books())).toEqual([]);
  });

  test("is over once it was shared again, taken back, or three days old", () => {
    const state = shared();
    carryOut(state, shareOrder({ share: OTHER }), NOW);
    expect(refusalOf(state, payShared(), NOW)).toEqual({ code: "share_ended" });
    carryOut(state, payShared(1, OTHER), NOW + 3 * DAY_MS - MINUTE_MS);
    expect(refusalOf(state, payShared(2, OTHER), NOW + 3 * DAY_MS)).toEqual({ code: "share_expired" });
    carryOut(state, unshareOrder(), NOW + 3 * DAY_MS);
    expect(refusalOf(state, payShared(2, OTHER), NOW + 3 * DAY_MS)).toEqual({ code: "share_ended" });
  });

  test("what was begun before the link was taken back still pays", () => {
    const state = shared();
    carryOut(state, payShared(), NOW);
    carryOut(state, unshareOrder(), NOW);
    carryOut(state, heard(success()), NOW);
    expect(state.order(ORDER)?.payment).toBe(attemptId(1));
  });

  test("is done at a gateway alone", () => {
    const state = shared(PRICE);
    for (const method of ["credit", "top_up_and_pay", "linked"] as const)
      expect(refusalOf(state, { ...payShared(), method }, NOW)).toMatchObject({
        ...{ code: "method_not_available", path: "method" },
      });
  });

  test("a changed order keeps its link", () => {
    const state = shared();
    carryOut(state, changeOrder({ everyItem: { quantity: 2 } }), { nowMs: NOW, caller: ADMIN });
    expect(carryOut(state, payShared(), NOW).answer.payment.amount).toBe(2 * PRICE);
  });
});
