import { abortAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { AccountObject } from "../../src/account/account-object.ts";
import { CouponObject, ORPHAN_AFTER_MS } from "../../src/coupon/coupon-object.ts";
import type { Coupon } from "../../src/domain/coupon.ts";
import type { AccountId, CouponCode, OrderId, PaymentId } from "../../src/domain/ids.ts";
import { money } from "../../src/domain/money.ts";
import { freshId, openAccount, putCatalogue, putCoupon, redemptionsOf } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { holdReservations } from "../support/gate.ts";
import { recordLogs } from "../support/logs.ts";

beforeAll(putCatalogue);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const couponOf = (code: CouponCode) => env.COUPONS.getByName(code);

/** A coupon's object whose accounts and orders are names only. */
const defined = async (rules: Partial<Coupon> = {}) => {
  const code = freshId<CouponCode>("CPN");
  const object = couponOf(code);
  const coupon: Coupon = {
    code,
    currency: "VND",
    value: { kind: "amount", amount: money(10_000) },
    validFromMs: null,
    validUntilMs: null,
    products: null,
    minimumOrder: null,
    limit: null,
    limitPerAccount: null,
    ...rules,
  };
  await object.define(coupon);
  const reserve = (order: string, { account = "acc_a", token = "pay_1", atMs = Date.now() } = {}) =>
    object.reserve({
      coupon: code,
      order: order as OrderId,
      account: account as AccountId,
      token: token as PaymentId,
      atMs,
    });
  const release = (order: string, token: string | null) =>
    object.release(order as OrderId, token as PaymentId | null);
  const orders = async () => (await object.redemptions()).map(({ order }) => order);
  const used = async () => (await object.report())?.used;
  return { code, coupon, object, reserve, release, orders, used };
};

describe("a reservation", () => {
  test("takes one use however often the same order asks, even when that was the last", async () => {
    const { reserve, used } = await defined({ limit: 1, limitPerAccount: 1 });
    expect(await reserve("ord_1", { token: "pay_1" })).toBeNull();
    expect(await reserve("ord_1", { token: "pay_1" })).toBeNull();
    expect(await reserve("ord_1", { token: "pay_2" })).toBeNull();
    expect(await used()).toBe(1);
    expect(await reserve("ord_2")).toEqual({ code: "coupon_exhausted" });
    expect(await used()).toBe(1);
  });

  test("is refused to an account that has had its share, while others still get theirs", async () => {
    const { reserve, orders } = await defined({ limit: 3, limitPerAccount: 1 });
    expect(await reserve("ord_1", { account: "acc_a" })).toBeNull();
    expect(await reserve("ord_2", { account: "acc_a" })).toEqual({ code: "coupon_used_up_by_account" });
    expect(await reserve("ord_3", { account: "acc_b" })).toBeNull();
    expect(await orders()).toEqual(["ord_1", "ord_3"]);
  });

  test("is refused by a coupon that nobody defined", async () => {
    const object = couponOf(freshId<CouponCode>("CPN"));
    const order = "ord_1" as OrderId;
    const [account, token] = ["acc_a" as AccountId, "pay_1" as PaymentId];
    const refusal = await object.reserve({ coupon: "X" as CouponCode, order, account, token, atMs: 0 });
    expect(refusal).toEqual({ code: "coupon_not_found", path: "coupon" });
    expect(await object.redemptions()).toEqual([]);
    expect(await object.report()).toBeNull();
  });

  test("is taken from the coupon's first instant on and no longer at its last, by the payment's clock", async () => {
    const { reserve, orders } = await defined({ validFromMs: 1_000, validUntilMs: 2_000 });
    expect(await reserve("ord_1", { atMs: 999 })).toEqual({ code: "coupon_not_yet_valid", path: "coupon" });
    expect(await reserve("ord_2", { atMs: 1_000 })).toBeNull();
    expect(await reserve("ord_3", { atMs: 1_999 })).toBeNull();
    expect(await reserve("ord_4", { atMs: 2_000 })).toEqual({ code: "coupon_expired", path: "coupon" });
    expect(await orders()).toEqual(["ord_2", "ord_3"]);
  });

  test("is given back by the payment that reserved last, not by one before it", async () => {
    const { reserve, release, orders } = await defined({ limit: 1 });
    await reserve("ord_1", { token: "pay_1" });
    await reserve("ord_1", { token: "pay_2" });
    await release("ord_1", "pay_1");
    expect(await orders()).toEqual(["ord_1"]);
    await release("ord_1", "pay_2");
    expect(await orders()).toEqual([]);
    expect(await reserve("ord_2")).toBeNull();
  });

  test("is given back whoever reserved it when its order failed, and giving back twice takes nobody else's", async () => {
    const { reserve, release, orders } = await defined();
    await reserve("ord_1");
    await reserve("ord_2");
    await release("ord_1", null);
    await release("ord_1", null);
    expect(await orders()).toEqual(["ord_2"]);
  });

  test("is spent once its order stands, and saying so again changes nothing", async () => {
    const { object, reserve } = await defined();
    await reserve("ord_1");
    await reserve("ord_2");
    await object.commit("ord_1" as OrderId);
    await object.commit("ord_1" as OrderId);
    expect(await object.redemptions()).toEqual([
      { order: "ord_1", account: "acc_a", spent: true },
      { order: "ord_2", account: "acc_a", spent: false },
    ]);
  });

  test("stays counted when the rules change, also beyond a lower limit", async () => {
    const { object, coupon, reserve, used, release } = await defined({ limit: 5 });
    for (const order of ["ord_1", "ord_2", "ord_3"]) await reserve(order);
    await object.define({ ...coupon, limit: 2 });
    expect(await used()).toBe(3);
    expect(await reserve("ord_4")).toEqual({ code: "coupon_exhausted" });
    await release("ord_1", null);
    expect(await reserve("ord_4")).toEqual({ code: "coupon_exhausted" });
    await release("ord_2", null);
    expect(await reserve("ord_4")).toBeNull();
  });
});

describe("a coupon's offer", () => {
  test("tells each account what it could do, and isn't hindered by the order's own use", async () => {
    const { object, reserve } = await defined({ limit: 2, limitPerAccount: 1 });
    await reserve("ord_1", { account: "acc_a" });
    const refusalTo = async (account: string, order: string) =>
      (await object.offer(account as AccountId, order as OrderId))?.refusal ?? null;
    expect(await refusalTo("acc_a", "ord_3")).toEqual({ code: "coupon_used_up_by_account" });
    expect(await refusalTo("acc_a", "ord_1")).toBeNull();
    expect(await refusalTo("acc_b", "ord_3")).toBeNull();
    await reserve("ord_2", { account: "acc_b" });
    expect(await refusalTo("acc_c", "ord_3")).toEqual({ code: "coupon_exhausted" });
    expect(await refusalTo("acc_b", "ord_2")).toBeNull();
  });
});

describe("the look for orphaned reservations", () => {
  const lookAfter = async (code: CouponCode, elapsedMs: number) => {
    vi.setSystemTime(Date.now() + elapsedMs);
    return runDurableObjectAlarm(couponOf(code));
  };

  test("gives back what a crash between reserving and paying left, after ten minutes and not before", async () => {
    const account = await openAccount(SMALL_MONTH);
    const code = await putCoupon({ amount: 10_000, limit: 1 });
    const order = await account.placeWith(code);
    const logs = recordLogs();
    const gate = holdReservations();
    const paying = account.pay(order.id);
    await gate.reached();
    await abortAllDurableObjects();
    expect(await paying).toMatchObject({ status: 500, body: { code: "internal_error" } });
    expect(logs.failures()).toEqual(["request_failed"]);
    vi.restoreAllMocks();

    const left = [{ order: order.id, account: account.id, spent: false }];
    expect(await lookAfter(code, ORPHAN_AFTER_MS - 60_000)).toBe(true);
    expect(await redemptionsOf(code)).toEqual(left);
    expect(await lookAfter(code, 60_000)).toBe(true);
    expect(await redemptionsOf(code)).toEqual([]);
    expect(await account.available()).toBe(SMALL_MONTH);
    expect((await account.pay(order.id)).body).toMatchObject({ amount: SMALL_MONTH - 10_000 });
    expect(await redemptionsOf(code)).toEqual(left);
  });

  test("leaves alone what a payment under way has reserved, however long that takes", async () => {
    const account = await openAccount(SMALL_MONTH);
    const code = await putCoupon({ amount: 10_000 });
    const order = await account.placeWith(code);
    const gate = holdReservations();
    const paying = account.pay(order.id);
    await gate.reached();
    await lookAfter(code, 2 * ORPHAN_AFTER_MS);
    expect(await redemptionsOf(code)).toHaveLength(1);
    gate.open();
    expect((await paying).status).toBe(200);
    expect(await redemptionsOf(code)).toEqual([{ order: order.id, account: account.id, spent: false }]);
  });

  test("keeps the reservation of a paid order that waits for its console, and goes on asking", async () => {
    const account = await openAccount(SMALL_MONTH);
    const code = await putCoupon({ amount: 10_000 });
    const order = await account.placeWith(code);
    await account.pay(order.id);
    expect(await lookAfter(code, ORPHAN_AFTER_MS)).toBe(true);
    expect(await redemptionsOf(code)).toEqual([{ order: order.id, account: account.id, spent: false }]);
    expect(await lookAfter(code, ORPHAN_AFTER_MS)).toBe(true);
    expect(await redemptionsOf(code)).toHaveLength(1);
  });

  test("makes the use of a delivered order spent when nobody told the coupon, and then rests", async () => {
    const account = await openAccount(SMALL_MONTH);
    const code = await putCoupon({ amount: 10_000 });
    const order = await account.placeWith(code);
    await account.pay(order.id);
    const logs = recordLogs();
    const commit = vi.spyOn(CouponObject.prototype, "commit").mockRejectedValueOnce(new Error("unreachable"));
    await account.provisionAll(order.id, "succeeded");
    expect(commit).toHaveBeenCalledTimes(1);
    expect(logs.failures()).toEqual(["outbox_delivery_failed"]);
    expect(await redemptionsOf(code)).toEqual([{ order: order.id, account: account.id, spent: false }]);
    await lookAfter(code, ORPHAN_AFTER_MS);
    expect(await redemptionsOf(code)).toEqual([{ order: order.id, account: account.id, spent: true }]);
    expect(await runDurableObjectAlarm(couponOf(code))).toBe(false);
  });

  test("gives back the use of a failed order when nobody told the coupon", async () => {
    const account = await openAccount(SMALL_MONTH);
    const code = await putCoupon({ amount: 10_000 });
    const order = await account.placeWith(code);
    await account.pay(order.id);
    const logs = recordLogs();
    vi.spyOn(CouponObject.prototype, "release").mockRejectedValueOnce(new Error("unreachable"));
    expect((await account.provisionAll(order.id, "failed")).status).toBe("failed");
    expect(logs.failures()).toEqual(["outbox_delivery_failed"]);
    expect(await redemptionsOf(code)).toHaveLength(1);
    await lookAfter(code, ORPHAN_AFTER_MS);
    expect(await redemptionsOf(code)).toEqual([]);
  });

  test("goes on asking about the use of an account that can't be reached, and resolves the others meanwhile", async () => {
    const { code, object, reserve } = await defined();
    await reserve("ord_1");
    await reserve("ord_2");
    const logs = recordLogs();
    vi.spyOn(AccountObject.prototype, "couponStanding").mockRejectedValueOnce(new Error("unreachable"));
    expect(await lookAfter(code, ORPHAN_AFTER_MS)).toBe(true);
    expect(logs.failures()).toEqual(["coupon_orphan_unresolved"]);
    expect(await object.redemptions()).toHaveLength(1);
    expect(await lookAfter(code, ORPHAN_AFTER_MS)).toBe(true);
    expect(await object.redemptions()).toEqual([]);
    expect(await runDurableObjectAlarm(object)).toBe(false);
  });
});
