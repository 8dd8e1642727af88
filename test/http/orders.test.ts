import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ProductId } from "../../src/domain/ids.ts";
import { DAY_MS, MINUTE_MS } from "../../src/domain/local-time.ts";
import {
  admin,
  bodyOf,
  freshId,
  itemOf,
  type OrderView,
  openAccount,
  productConsole,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { contentsOf } from "../support/tables.ts";
import { later, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const TWO_WEBS = {
  name: "web",
  configuration: [
    { sku: "small", quantity: 1 },
    { sku: "disk", quantity: 2 },
  ],
  quantity: 2,
  period: { months: 2 },
};
const DB = {
  name: "db",
  configuration: [
    { sku: "small", quantity: 1 },
    { sku: "licence", quantity: 3 },
  ],
};

describe("placing an order", () => {
  it("answers its quote: a line a resource, a charge a tax rate, an amount a SKU", async () => {
    const account = await openAccount();
    const order = await account.place(TWO_WEBS, DB);
    // (90,000 + 2 × 35,000) × 2 months, of which 10/110 is tax.
    const web = {
      item: 0,
      status: "pending",
      resourceId: null,
      resourceType: "server",
      configuration: TWO_WEBS.configuration,
      period: { months: 2 },
      endAt: null,
      billedMinutes: 86_400,
      autoRenew: null,
      gross: 320_000,
      tax: 29_091,
      discount: 0,
      net: 320_000,
      refund: 0,
      hold: 0,
      failure: null,
      charges: [
        {
          taxRate: "10",
          gross: 320_000,
          tax: 29_091,
          discount: 0,
          items: [priced("small", 1, "90000", 180_000), priced("disk", 2, "35000", 140_000)],
        },
      ],
    };
    // 90,000, and 3 × 1,000 to which 8 % tax is added.
    const db = {
      ...web,
      item: 1,
      name: "db",
      configuration: DB.configuration,
      period: { months: 1 },
      billedMinutes: 43_200,
      gross: 93_240,
      tax: 8_422,
      net: 93_240,
      charges: [
        {
          taxRate: "10",
          gross: 90_000,
          tax: 8_182,
          discount: 0,
          items: [priced("small", 1, "90000", 90_000)],
        },
        {
          taxRate: "8",
          gross: 3_240,
          tax: 240,
          discount: 0,
          items: [{ ...priced("licence", 3, "1000", 3_240), taxAdded: true }],
        },
      ],
    };
    expect(order).toEqual({
      id: expect.stringMatching(/^ord_[0-9a-f]{24}$/),
      product: "vserver",
      action: "create",
      status: "awaiting_payment",
      lines: [
        { ...web, id: `${order.id}.1`, name: "web-1" },
        { ...web, id: `${order.id}.2`, name: "web-2" },
        { ...db, id: `${order.id}.3` },
      ],
      subtotal: 733_240,
      discount: 0,
      total: 733_240,
      hold: 0,
      pocTotal: null,
      currency: "VND",
      coupon: null,
      invoiceAddress: null,
      catalogueVersion: 1,
      payment: null,
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: later(order.createdAt, DAY_MS),
      quoteExpiresAt: null,
      returnUrl: "https://console.example/done",
      cancelUrl: null,
      checkoutUrl: expect.stringContaining(
        `http://edge-billing.test/checkout/${account.id}/${order.id}?code=`,
      ),
    });
    expect(await account.order(order.id)).toEqual(order);
    expect(bodyOf(await account.console.get(`${account.path}/orders/${order.id}`), 200)).toEqual(order);
  });

  it("prices by the hour exactly: 3 GB for a month at 7.7 an hour and GB", async () => {
    const account = await openAccount();
    const order = await account.place({ configuration: [{ sku: "odd", quantity: 3 }] });
    expect([order.total, order.lines[0]?.tax]).toEqual([16_632, 1_512]);
  });

  it("counts a period to an end in 30-day months of local time: 16 April to 6 June is 50 days", async () => {
    await setClock("2025-04-15T17:00:00Z");
    const account = await openAccount();
    const order = await account.place({ period: { endAt: "2025-06-06T00:00:00+07:00" } });
    expect(order).toMatchObject({
      total: 150_000,
      createdAt: "2025-04-15T17:00:00.000Z",
      quoteExpiresAt: "2025-04-15T17:30:00.000Z",
    });
    expect(order.lines[0]).toMatchObject({
      billedMinutes: 72_000,
      period: { endAt: "2025-06-05T17:00:00.000Z" },
    });
  });

  it("takes the longest term there is: 5 years", async () => {
    const account = await openAccount();
    expect((await account.place({ period: { months: 60 } })).total).toBe(5_400_000);
  });

  it("lets an owner name the product, and a console name its own", async () => {
    const account = await openAccount();
    const request = {
      product: "vserver",
      action: "create",
      lines: [itemOf()],
      returnUrl: "http://localhost:3000/done",
      cancelUrl: "https://console.example/cart",
    };
    for (const caller of [account.user, account.console]) {
      const order = bodyOf(await caller.post<OrderView>(`${account.path}/orders`, request), 201);
      expect(order).toMatchObject({
        product: "vserver",
        returnUrl: "http://localhost:3000/done",
        cancelUrl: "https://console.example/cart",
      });
    }
  });

  it("doesn't sell in another currency than the account's", async () => {
    const account = await openAccount(0, { settings: { currency: "USD" } });
    const request = { action: "create", lines: [itemOf()], returnUrl: "https://console.example/" };
    const refused = await account.console.post(`${account.path}/orders`, request);
    expectProblem(refused, { status: 422, code: "currency_mismatch", path: "product" });
  });

  it("under a key places one order, whoever repeats it", async () => {
    const account = await openAccount();
    const request = { action: "create", lines: [itemOf()], returnUrl: "https://console.example/" };
    const place = (body: object = request) =>
      account.console.post<OrderView>(`${account.path}/orders`, body, { key: "once" });
    const [first, second] = [await place(), await place()];
    expect([first.replayed, second.replayed]).toEqual([false, true]);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expectProblem(await place({ ...request, returnUrl: "https://console.example/other" }), {
      status: 422,
      code: "idempotency_key_reused",
    });
    expect((await contentsOf(account.object)).orders).toHaveLength(1);
  });
});

const priced = (sku: string, quantity: number, unitPrice: string, amount: number) => ({
  sku,
  name: sku,
  quantity,
  unit: "30 days",
  unitPrice,
  discount: "0",
  amount,
});

describe("changing an order", () => {
  it("changes a quantity: the item becomes so many lines", async () => {
    const account = await openAccount();
    const order = await account.place({});
    const more = bodyOf(await account.change(order.id, { lines: [{ quantity: 3 }] }), 200);
    expect(more.lines.map(({ id, name, net }) => [id, name, net])).toEqual([
      [`${order.id}.1`, "web-1", 90_000],
      [`${order.id}.2`, "web-2", 90_000],
      [`${order.id}.3`, "web-3", 90_000],
    ]);
    expect(more).toMatchObject({ id: order.id, total: 270_000, expiresAt: order.expiresAt });
    const fewer = bodyOf(await account.change(order.id, { lines: [{ quantity: 1 }] }), 200);
    expect(fewer).toEqual(order);
  });

  it("changes the period of every item, or of one; what is said of one goes first", async () => {
    const account = await openAccount();
    const order = await account.place({ name: "a" }, { name: "b" }, { name: "c" });
    const monthsOf = ({ lines }: Pick<OrderView, "lines">) =>
      lines.map(({ period }) => (period && "months" in period ? period.months : null));
    const all = bodyOf(await account.change(order.id, { period: { months: 2 } }), 200);
    expect([monthsOf(all), all.total]).toEqual([[2, 2, 2], 540_000]);
    const one = bodyOf(await account.change(order.id, { lines: [{ item: 1, period: { months: 3 } }] }), 200);
    expect([monthsOf(one), one.total]).toEqual([[2, 3, 2], 630_000]);
    const change = { period: { months: 1 }, lines: [{ item: 2, period: { months: 12 } }] };
    const both = bodyOf(await account.change(order.id, change), 200);
    expect([monthsOf(both), both.total]).toEqual([[1, 1, 12], 1_260_000]);
  });

  it("means the nth item by the nth entry that names none", async () => {
    const account = await openAccount();
    const order = await account.place({ name: "a" }, { name: "b" });
    const changed = bodyOf(await account.change(order.id, { lines: [{}, { quantity: 2 }] }), 200);
    expect(changed.lines.map(({ name }) => name)).toEqual(["a", "b-1", "b-2"]);
  });

  it("switches auto-renewal on for every item, and off for one", async () => {
    const account = await openAccount();
    const order = await account.place({ name: "a" }, { name: "b" });
    const change = { autoRenew: { enabled: true }, lines: [{ item: 1, autoRenew: { enabled: false } }] };
    const changed = bodyOf(await account.change(order.id, change), 200);
    expect(changed.lines.map(({ autoRenew }) => autoRenew)).toEqual([
      { enabled: true, months: 1 },
      { enabled: false, months: 1 },
    ]);
  });

  it("sets a coupon, keeps it through other changes, and takes it off", async () => {
    const account = await openAccount();
    const coupon = await putCoupon({ amount: 50_000 });
    const order = await account.place(TWO_WEBS, DB);
    const set = bodyOf(await account.change(order.id, { coupon }), 200);
    // 50,000 over 320,000 : 320,000 : 90,000 : 3,240, largest remainders first.
    expect(set.lines.map(({ charges }) => charges.map(({ discount }) => discount))).toEqual([
      [21_821],
      [21_821],
      [6_137, 221],
    ]);
    expect(set.lines.map(({ net, tax }) => [net, tax])).toEqual([
      [298_179, 29_091],
      [298_179, 29_091],
      [86_882, 8_422],
    ]);
    expect(set).toMatchObject({ coupon, subtotal: 733_240, discount: 50_000, total: 683_240 });
    const kept = bodyOf(await account.change(order.id, { lines: [{ quantity: 1 }] }), 200);
    expect(kept).toMatchObject({ coupon, subtotal: 413_240, discount: 50_000, total: 363_240 });
    const off = bodyOf(await account.change(order.id, { coupon: null }), 200);
    expect(off).toMatchObject({ coupon: null, discount: 0, total: 413_240 });
  });

  it("takes a percentage up to its cap, and never more than there is to pay", async () => {
    const account = await openAccount();
    const order = await account.place({});
    const totalWith = async (rules: object) =>
      bodyOf(await account.change(order.id, { coupon: await putCoupon(rules) }), 200).total;
    expect(await totalWith({ percent: "12.5" })).toBe(78_750);
    expect(await totalWith({ percent: "12.5", cap: 10_000 })).toBe(80_000);
    expect(await totalWith({ percent: "100" })).toBe(0);
    expect(await totalWith({ amount: 90_001 })).toBe(0);
  });

  it("quotes at today's prices, while an order nobody touches keeps its own", async () => {
    const product = freshId<ProductId>("prd");
    const console = productConsole(product);
    const account = await openAccount(1_000_000);
    const place = async () => {
      const request = { action: "create", lines: [itemOf()], returnUrl: "http://localhost/" };
      return bodyOf(await console.post<OrderView>(`${account.path}/orders`, request), 201);
    };
    await putPrice(product, "1000");
    const [untouched, requoted] = [await place(), await place()];
    await putPrice(product, "1500");
    const quote = bodyOf(await account.change(requoted.id, {}), 200);
    expect([quote.total, quote.catalogueVersion]).toEqual([1_500, 2]);
    expect((await account.order(untouched.id)).total).toBe(1_000);
    expect(bodyOf(await account.pay(untouched.id), 200).amount).toBe(1_000);
    expect(bodyOf(await account.pay(requoted.id), 200).amount).toBe(1_500);
    expect((await account.order(untouched.id)).catalogueVersion).toBe(1);
  });

  it("is no longer possible once it is paid, cancelled or unknown", async () => {
    const account = await openAccount(90_000);
    const paid = await account.placeAndPay();
    expectProblem(await account.change(paid.id, {}), { status: 409, code: "order_already_paid" });
    const cancelled = await account.place();
    bodyOf(await account.cancel(cancelled.id), 200);
    expectProblem(await account.change(cancelled.id, {}), { status: 409, code: "order_cancelled" });
    expectProblem(await account.change("ord_none", {}), { status: 404, code: "order_not_found" });
  });

  it("can be done by the product's console and by the owner", async () => {
    const account = await openAccount();
    const order = await account.place();
    for (const [index, caller] of [account.console, account.user].entries()) {
      const change = { lines: [{ quantity: index + 2 }] };
      const path = `${account.path}/orders/${order.id}`;
      expect(bodyOf(await caller.patch<OrderView>(path, change), 200).lines).toHaveLength(index + 2);
    }
  });
});

async function putPrice(product: ProductId, unitPrice: string): Promise<void> {
  const sku = { id: "small", name: "small", unit: "30 days", unitPrice, taxRate: "10", taxIncluded: true };
  const server = {
    id: "server",
    name: "Server",
    billing: ["prepaid"],
    refundable: true,
    autoRenewable: true,
    lifecycle: { graceDays: 0, suspensionDays: 0 },
    skus: [sku],
  };
  bodyOf(await admin.put(`/v1/catalog/products/${product}`, { name: "P", resourceTypes: [server] }), 200);
}

describe("a coupon", () => {
  it("that is used up refuses the next order, which can go without it", async () => {
    const coupon = await putCoupon({ amount: 10_000, limit: 1 });
    const [first, second] = [await openAccount(90_000), await openAccount(90_000)];
    const [winner, loser] = [await first.placeWith(coupon), await second.placeWith(coupon)];
    bodyOf(await first.pay(winner.id), 200);
    expectProblem(await second.pay(loser.id), { status: 409, code: "coupon_exhausted" });
    expect(await second.available()).toBe(90_000);
    const late = await second.place();
    expectProblem(await second.change(late.id, { coupon }), { status: 409, code: "coupon_exhausted" });
    bodyOf(await second.change(loser.id, { coupon: null }), 200);
    expect(bodyOf(await second.pay(loser.id), 200).amount).toBe(90_000);
  });

  it("is used as often by one account as it may be, and no more", async () => {
    const coupon = await putCoupon({ amount: 10_000, limitPerAccount: 1 });
    const account = await openAccount(1_000_000);
    const [first, second] = [await account.placeWith(coupon), await account.placeWith(coupon)];
    bodyOf(await account.pay(first.id), 200);
    expectProblem(await account.pay(second.id), { status: 409, code: "coupon_used_up_by_account" });
    const another = await openAccount(90_000);
    bodyOf(await another.pay((await another.placeWith(coupon)).id), 200);
  });

  it("is given back when its order fails as a whole, and spent once any line stands", async () => {
    const account = await openAccount(1_000_000);
    const coupon = await putCoupon({ amount: 10_000 });
    const usedAfter = async (...answers: readonly ("succeeded" | "failed")[]) => {
      const order = await account.placeWith(coupon, { quantity: answers.length });
      bodyOf(await account.pay(order.id), 200);
      for (const [index, line] of (await account.order(order.id)).lines.entries()) {
        bodyOf(await account.provision(line, answers[index] ?? "failed"), 200);
      }
      return bodyOf(await admin.get<{ used: number }>(`/v1/coupons/${coupon}`), 200).used;
    };
    expect(await usedAfter("failed", "failed")).toBe(0);
    expect(await usedAfter("failed", "succeeded")).toBe(1);
    expect(await usedAfter("succeeded")).toBe(2);
  });

  it("guessed too often is asked for patience", async () => {
    const account = await openAccount();
    const order = await account.place();
    const guess = (n: number) => account.change(order.id, { coupon: `GUESS${n}` });
    // 30 a minute; a new minute may begin in between.
    let guesses = 0;
    let answer = await guess(guesses);
    while (answer.status === 422 && guesses < 61) {
      guesses += 1;
      answer = await guess(guesses);
    }
    expectProblem(answer, { status: 429, code: "too_many_requests" });
    expect(guesses).toBeGreaterThanOrEqual(30);
  });
});

describe("time passes for an order:", () => {
  const START = "2025-04-15T17:00:00.000Z";
  const END = { period: { endAt: "2025-06-05T17:00:00Z" } };

  async function placeAt(start: string, item: object): Promise<[TestAccount, OrderView]> {
    await setClock(start);
    const account = await openAccount(1_000_000);
    return [account, await account.place(item)];
  }

  it("a quote to an end holds for 30 minutes", async () => {
    const [account, order] = await placeAt(START, END);
    await setClock(later(START, 30 * MINUTE_MS - 1));
    expect(bodyOf(await account.pay(order.id), 200).amount).toBe(150_000);
  });

  it("then it has expired, and is revived by being quoted anew", async () => {
    const [account, order] = await placeAt(START, END);
    await setClock(later(START, 30 * MINUTE_MS));
    expectProblem(await account.pay(order.id, { key: "pay" }), { status: 409, code: "quote_expired" });
    expect(await account.available()).toBe(1_000_000);
    const quote = bodyOf(await account.change(order.id, {}), 200);
    // 71,970 minutes are left: 149,937.5, half up.
    expect(quote).toMatchObject({ total: 149_938, quoteExpiresAt: later(START, 60 * MINUTE_MS) });
    expect(quote.expiresAt).toBe(order.expiresAt);
    const paid = await account.pay(order.id, { key: "pay" });
    expect([paid.replayed, bodyOf(paid, 200).amount]).toEqual([false, 149_938]);
  });

  it("a quote in months holds as long as the order", async () => {
    const [account, order] = await placeAt(START, {});
    await setClock(later(START, DAY_MS - 1));
    expect(bodyOf(await account.pay(order.id), 200).amount).toBe(90_000);
  });

  it("after 24 hours it has expired, by the clock alone", async () => {
    const [account, order] = await placeAt(START, {});
    await setClock(later(START, DAY_MS));
    expect((await account.order(order.id)).status).toBe("expired");
    const expired = { status: 409, code: "order_expired" };
    expectProblem(await account.pay(order.id), expired);
    expectProblem(await account.change(order.id, {}), expired);
    expectProblem(await account.cancel(order.id), expired);
    expect(await account.available()).toBe(1_000_000);
  });
});

describe("cancelling an order", () => {
  it("withdraws it, for its owner and its product", async () => {
    const account = await openAccount(90_000);
    for (const caller of [account.user, account.console]) {
      const order = await account.place();
      const cancelled = bodyOf(await caller.post(`${account.path}/orders/${order.id}/cancel`), 200);
      expect(cancelled).toEqual({ ...order, status: "cancelled" });
      expectProblem(await account.pay(order.id), { status: 409, code: "order_cancelled" });
      expectProblem(await account.cancel(order.id), { status: 409, code: "order_cancelled" });
    }
    expect(await account.available()).toBe(90_000);
  });

  it("is refused once it is paid", async () => {
    const account = await openAccount(90_000);
    const order = await account.placeAndPay();
    expectProblem(await account.cancel(order.id), { status: 409, code: "order_already_paid" });
    expect((await account.order(order.id)).status).toBe("provisioning");
  });

  it("under a key is answered again", async () => {
    const account = await openAccount();
    const order = await account.place();
    const first = await account.cancel(order.id, { key: "cancel" });
    const again = await account.cancel(order.id, { key: "cancel" });
    expect([again.status, again.replayed, again.body]).toEqual([200, true, first.body]);
  });
});
