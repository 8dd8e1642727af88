import { beforeAll, describe, expect, test, vi } from "vitest";
import {
  type Answer,
  freshId,
  type OrderView,
  openAccount,
  putCatalogue,
  putCoupon,
  redemptionsOf,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { holdReservations } from "../support/gate.ts";
import { contentsOf } from "../support/tables.ts";

beforeAll(putCatalogue);

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const all = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(times(count, make));

const withStatus = <T>(answers: readonly Answer<T>[], status: number) =>
  answers.filter((answer) => answer.status === status);

/** Every movement of credit: what for, how much, and what was available after it. */
const movements = async (account: TestAccount) =>
  (await contentsOf(account.object)).ledger.map(({ kind, credit, reference }) => ({
    kind,
    amount: credit?.amount,
    available: credit?.available,
    reference,
  }));

const expectSoundBooks = async (account: TestAccount) => expect(await account.object.audit()).toEqual([]);

/** Answers of uses that weren't needed are given back after the customer has the answer. */
const expectUses = (coupon: Awaited<ReturnType<typeof putCoupon>>, uses: readonly object[]) =>
  vi.waitFor(async () => expect(await redemptionsOf(coupon)).toEqual(uses), { interval: 5 });

describe("a payment that is sent a hundred times at once under one key", () => {
  const pays = async (account: TestAccount, order: OrderView) => {
    const key = freshId("key");
    const answers = await all(100, () => account.pay(order.id, { key }));
    const [first] = answers;
    expect(answers.map(({ status }) => status)).toEqual(times(100, () => 200));
    for (const { body } of answers) expect(body).toEqual(first?.body);
    expect(answers.filter(({ replayed }) => replayed)).toHaveLength(99);
    return first?.body.id;
  };

  test("takes the money once, creates each resource once, and gives everybody the first one's answer", async () => {
    const account = await openAccount(3 * SMALL_MONTH);
    const order = await account.place({ quantity: 2 });
    const payment = await pays(account, order);
    const { payments, resources, wallets, otherBalances } = await contentsOf(account.object);
    expect(payments.map(({ id, amount }) => ({ id, amount }))).toEqual([
      { id: payment, amount: 2 * SMALL_MONTH },
    ]);
    expect(resources.map(({ line }) => line)).toEqual([`${order.id}.1`, `${order.id}.2`]);
    expect(wallets.available).toBe(SMALL_MONTH);
    expect(otherBalances.undelivered).toBe(2 * SMALL_MONTH);
    expect((await movements(account)).slice(1)).toEqual([
      { kind: "purchase", amount: -2 * SMALL_MONTH, available: SMALL_MONTH, reference: order.id },
    ]);
    expect((await account.payments()).map(({ id }) => id)).toEqual([payment]);
    await expectSoundBooks(account);
  });

  test("uses its coupon once, though the coupon has to be asked", async () => {
    const account = await openAccount(SMALL_MONTH);
    const coupon = await putCoupon({ amount: 10_000, limit: 5 });
    const order = await account.placeWith(coupon);
    await pays(account, order);
    expect(await redemptionsOf(coupon)).toEqual([{ order: order.id, account: account.id, spent: false }]);
    expect((await movements(account)).slice(1)).toEqual([
      { kind: "purchase", amount: -(SMALL_MONTH - 10_000), available: 10_000, reference: order.id },
    ]);
    await expectSoundBooks(account);
  });
});

describe("a hundred orders that are paid at once from a balance that covers ten", () => {
  test("ten are paid, ninety learn exactly what is missing, and the rest of the balance stays", {
    timeout: 30_000,
  }, async () => {
    const account = await openAccount(10 * SMALL_MONTH + 1);
    const orders = await all(100, () => account.place());
    const answers = await Promise.all(orders.map(({ id }) => account.pay(id)));
    const paid = withStatus(answers, 200);
    expect(paid).toHaveLength(10);
    const refused = withStatus(answers, 402);
    expect(refused).toHaveLength(90);
    for (const { body } of refused)
      expect(body).toMatchObject({ code: "insufficient_credit", available: 1, missing: SMALL_MONTH - 1 });
    const { payments, resources, orders: kept, wallets } = await contentsOf(account.object);
    expect(wallets).toEqual({ available: 1, held: 0, poc: 0 });
    expect(new Set(payments.map(({ id }) => id))).toEqual(new Set(paid.map(({ body }) => body.id)));
    expect(resources).toHaveLength(10);
    expect(kept.filter(({ status }) => status === "provisioning")).toHaveLength(10);
    expect(kept.filter(({ status }) => status === "awaiting_payment")).toHaveLength(90);
    expect((await movements(account)).slice(1).map(({ kind, available }) => ({ kind, available }))).toEqual(
      times(10, (index) => ({ kind: "purchase", available: (9 - index) * SMALL_MONTH + 1 })),
    );
    await expectSoundBooks(account);
  });
});

describe("one order that is paid under twenty keys at once", () => {
  test("is paid once; the others hear that it is paid", async () => {
    const account = await openAccount(20 * SMALL_MONTH);
    const order = await account.place();
    const answers = await all(20, () => account.pay(order.id));
    expect(withStatus(answers, 200)).toHaveLength(1);
    expect(withStatus(answers, 409).map(({ body }) => body.code)).toEqual(
      times(19, () => "order_already_paid"),
    );
    const { payments, resources, wallets, ledger } = await contentsOf(account.object);
    expect(payments).toHaveLength(1);
    expect(resources).toHaveLength(1);
    expect(wallets.available).toBe(19 * SMALL_MONTH);
    expect(ledger.map(({ kind }) => kind)).toEqual(["adjustment", "purchase"]);
  });

  test("is paid once and uses its coupon once, and the use stays reserved whoever came too late", async () => {
    const account = await openAccount(20 * SMALL_MONTH);
    const coupon = await putCoupon({ amount: 10_000, limit: 1 });
    const order = await account.placeWith(coupon);
    const gate = holdReservations();
    const paying = [account.pay(order.id), account.pay(order.id)];
    await gate.reached(2);
    gate.open();
    const answers = await Promise.all(paying);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await account.available()).toBe(20 * SMALL_MONTH - (SMALL_MONTH - 10_000));
    await account.provisionAll(order.id, "succeeded");
    await expectUses(coupon, [{ order: order.id, account: account.id, spent: true }]);
    const other = await openAccount(SMALL_MONTH);
    expect((await other.change((await other.place()).id, { coupon })).body).toMatchObject({
      code: "coupon_exhausted",
    });
    await expectSoundBooks(account);
  });
});

describe("a coupon with ten uses that a hundred accounts want at once", () => {
  test("is used ten times; what failed orders give back others can use, and no more than that", {
    timeout: 30_000,
  }, async () => {
    const coupon = await putCoupon({ amount: 10_000, limit: 10 });
    const accounts = await all(100, () => openAccount(SMALL_MONTH));
    const orders = await Promise.all(accounts.map((account) => account.placeWith(coupon)));
    const wanted = accounts.map((account, index) => ({ account, order: orders[index]?.id ?? "" }));
    const payAll = (these: typeof wanted) =>
      Promise.all(
        these.map(async ({ account, order }) => ({ account, order, ...(await account.pay(order)) })),
      );

    const first = await payAll(wanted);
    const paid = first.filter(({ status }) => status === 200);
    const turnedAway = first.filter(({ status }) => status === 409);
    expect(paid).toHaveLength(10);
    expect(turnedAway.map(({ body }) => body.code)).toEqual(times(90, () => "coupon_exhausted"));
    for (const { account } of turnedAway.slice(0, 5)) expect(await account.available()).toBe(SMALL_MONTH);
    expect((await redemptionsOf(coupon)).map(({ order }) => order).sort()).toEqual(
      paid.map(({ order }) => order).sort(),
    );

    const [failing, standing] = [paid.slice(0, 3), paid.slice(3)];
    for (const { account, order } of failing) {
      expect((await account.provisionAll(order, "failed")).status).toBe("failed");
      expect(await account.available()).toBe(SMALL_MONTH);
    }
    for (const { account, order } of standing) await account.provisionAll(order, "succeeded");
    await vi.waitFor(async () => expect(await redemptionsOf(coupon)).toHaveLength(7), { interval: 5 });

    const second = await payAll(turnedAway);
    const paidLater = second.filter(({ status }) => status === 200);
    expect(paidLater).toHaveLength(3);
    expect(new Set((await redemptionsOf(coupon)).map(({ order }) => order))).toEqual(
      new Set([...standing, ...paidLater].map(({ order }) => order)),
    );
    expect((await redemptionsOf(coupon)).filter(({ spent }) => spent)).toHaveLength(7);
  });
});

describe("a coupon that each account may use twice", () => {
  test("is used twice by an account that pays six orders with it at once, and by another account besides", async () => {
    const coupon = await putCoupon({ percent: "10", limitPerAccount: 2 });
    const account = await openAccount(10 * SMALL_MONTH);
    const other = await openAccount(SMALL_MONTH);
    const orders = await all(6, () => account.placeWith(coupon));
    const others = await other.placeWith(coupon);
    const [answers, others200] = await Promise.all([
      Promise.all(orders.map(({ id }) => account.pay(id))),
      other.pay(others.id),
    ]);
    expect(others200.status).toBe(200);
    expect(withStatus(answers, 200)).toHaveLength(2);
    expect(withStatus(answers, 409).map(({ body }) => body.code)).toEqual(
      times(4, () => "coupon_used_up_by_account"),
    );
    expect(await account.available()).toBe(10 * SMALL_MONTH - 2 * (SMALL_MONTH - SMALL_MONTH / 10));
    const uses = await redemptionsOf(coupon);
    expect(uses.map(({ account }) => account).sort()).toEqual([account.id, account.id, other.id].sort());
  });
});

describe("what happens while a payment waits for its coupon", () => {
  const waitingPayment = async (credit: number) => {
    const account = await openAccount(credit);
    const coupon = await putCoupon({ amount: 10_000 });
    const order = await account.placeWith(coupon);
    const gate = holdReservations();
    const paying = account.pay(order.id);
    await gate.reached();
    return { account, coupon, order, gate, paying };
  };

  test("the balance goes: the payment is refused by what is left, and gives its use back", async () => {
    const { account, coupon, order, gate, paying } = await waitingPayment(SMALL_MONTH);
    await account.placeAndPay();
    expect(await redemptionsOf(coupon)).toEqual([{ order: order.id, account: account.id, spent: false }]);
    gate.open();
    const { status, body } = await paying;
    expect(status).toBe(402);
    expect(body).toMatchObject({
      code: "insufficient_credit",
      available: 0,
      missing: SMALL_MONTH - 10_000,
    });
    await expectUses(coupon, []);
    expect((await contentsOf(account.object)).payments).toHaveLength(1);
    await expectSoundBooks(account);
  });

  test("the order is cancelled: nothing is paid, and the use is given back", async () => {
    const { account, coupon, order, gate, paying } = await waitingPayment(SMALL_MONTH);
    expect((await account.cancel(order.id)).body.status).toBe("cancelled");
    gate.open();
    expect(await paying).toMatchObject({ status: 409, body: { code: "order_changed" } });
    await expectUses(coupon, []);
    expect(await account.available()).toBe(SMALL_MONTH);
    expect((await account.order(order.id)).status).toBe("cancelled");
  });

  test("the order is changed: what the customer didn't see isn't paid, and paying again pays it", async () => {
    const { account, coupon, order, gate, paying } = await waitingPayment(10 * SMALL_MONTH);
    const changed = (await account.change(order.id, { lines: [{ quantity: 3 }] })).body;
    gate.open();
    expect(await paying).toMatchObject({ status: 409, body: { code: "order_changed" } });
    expect(await account.available()).toBe(10 * SMALL_MONTH);
    await expectUses(coupon, []);
    expect((await account.pay(order.id)).body.amount).toBe(changed.total);
    expect(await account.available()).toBe(10 * SMALL_MONTH - (3 * SMALL_MONTH - 10_000));
    await expectUses(coupon, [{ order: order.id, account: account.id, spent: false }]);
  });

  test("the same request comes again: it waits for the first one's answer; another under the key is refused", async () => {
    const account = await openAccount(SMALL_MONTH);
    const coupon = await putCoupon({ amount: 10_000 });
    const order = await account.placeWith(coupon);
    const key = freshId("key");
    const gate = holdReservations();
    const first = account.pay(order.id, { key });
    await gate.reached();
    const again = account.pay(order.id, { key });
    const other = await account.pay(order.id, { key, method: "poc" });
    expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
    gate.open();
    expect((await first).status).toBe(200);
    expect(await again).toMatchObject({ status: 200, replayed: true, body: (await first).body });
    expect((await contentsOf(account.object)).payments).toHaveLength(1);
  });
});

describe("a line that its console reports as delivered and as failed at once", () => {
  test("is one of the two, and the money goes where that says", async () => {
    const account = await openAccount(SMALL_MONTH);
    const [line] = (await account.placeAndPay()).lines;
    if (!line) throw new Error("an order without lines");
    const answers = await Promise.all(
      times(10, (index) => account.provision(line, index % 2 === 0 ? "succeeded" : "failed")),
    );
    expect(withStatus(answers, 200)).toHaveLength(5);
    expect(withStatus(answers, 409)).toHaveLength(5);
    const [resource] = await account.resources();
    const isDelivered = resource?.state === "active";
    const { invoices, payments, wallets, otherBalances } = await contentsOf(account.object);
    expect(invoices.map(({ total }) => total)).toEqual(isDelivered ? [SMALL_MONTH] : []);
    expect(payments.map(({ kind }) => kind)).toEqual(isDelivered ? ["payment"] : ["payment", "refund"]);
    expect(wallets.available).toBe(isDelivered ? 0 : SMALL_MONTH);
    expect(otherBalances.undelivered).toBe(0);
    await expectSoundBooks(account);
  });
});
