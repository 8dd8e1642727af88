import { describe, expect, test } from "vitest";
import type { OrderItem, Period } from "../../../src/domain/order.ts";
import { ORDER, placeOrder, placeServer } from "../commands.ts";
import { carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import { accountOf, instant, itemOf, productOf, resourceType, sku, vserver } from "../samples.ts";

const NOW = instant("2023-03-06T10:00");
const HOUR = 3_600_000;

const place = (items: readonly OrderItem[], nowMs = NOW) =>
  carryOut(new MemoryState(), placeOrder(items), nowMs).answer;
const refuse = (items: readonly OrderItem[], nowMs = NOW) =>
  refusalOf(new MemoryState(), placeOrder(items), nowMs);

describe("placing an order", () => {
  test("answers the order with its quote, open for 24 hours, and changes nothing else", () => {
    const state = new MemoryState();
    const { answer: order, events } = carryOut(
      state,
      placeOrder([itemOf("server", { small: 1, disk: 1 }, { period: { months: 2 } })]),
      NOW,
    );
    expect(events).toEqual([{ type: "order_changed", order }]);
    expect(order).toMatchObject({
      id: ORDER,
      product: "vserver",
      action: "create",
      status: "awaiting_payment",
      currency: "VND",
      createdAtMs: NOW,
      expiresAtMs: NOW + 24 * HOUR,
      payment: null,
      paidAtMs: null,
      alertedAtMs: null,
      checkoutsOpened: 0,
    });
    expect(order.quote).toMatchObject({
      catalogueVersion: 1,
      coupon: null,
      subtotal: 250_000,
      discount: 0,
      total: 250_000,
      expiresAtMs: null,
    });
  });

  test("makes a line for each resource, numbered where an item asks for several", () => {
    const order = place([
      itemOf("server", { general: 1 }, { quantity: 2 }),
      itemOf("quota", { metrics: 2 }, { name: "mon" }),
    ]);
    expect(
      order.quote.lines.map(({ id, item, name, status, resource, net }) => [
        id,
        item,
        name,
        status,
        resource,
        net,
      ]),
    ).toEqual([
      ["ord_1.1", 0, "web-1", "pending", null, 181_000],
      ["ord_1.2", 0, "web-2", "pending", null, 181_000],
      ["ord_1.3", 1, "mon", "pending", null, 110_000],
    ]);
    expect(order.quote.total).toBe(472_000);
  });

  test("prices each tax rate of a line by itself and sums the line up", () => {
    const [line] = place([itemOf("server", { general: 1, licence: 3 })]).quote.lines;
    expect(line?.charges.map(({ taxRate, gross, tax }) => [taxRate, gross, tax])).toEqual([
      ["10", 181_000, 16_455],
      ["8", 3_000, 222],
    ]);
    expect(line).toMatchObject({
      gross: 184_000,
      tax: 16_677,
      discount: 0,
      net: 184_000,
      billedMinutes: 43_200,
    });
  });

  test("keeps the type's policy as it is at that version", () => {
    expect(place([itemOf("quota", { metrics: 1 })]).quote.policies).toEqual({
      quota: {
        refundable: false,
        autoRenewable: false,
        autoRenewOffBy: "customer",
        lifecycle: { graceDays: 15, suspensionDays: 15, trashDays: 0 },
      },
    });
  });

  test("to an end instant bills the minutes up to it and quotes for 30 minutes", () => {
    const { quote } = place([
      itemOf("server", { general: 1 }, { period: { endAtMs: instant("2023-04-26T10:00") } }),
    ]);
    expect(quote.lines[0]?.billedMinutes).toBe(72_000);
    expect(quote.total).toBe(301_667);
    expect(quote.expiresAtMs).toBe(NOW + 30 * 60_000);
  });
});

describe("an order is refused with the path of what breaks a rule", () => {
  const anItem = (more: Partial<OrderItem>) => itemOf("server", { general: 1 }, more);
  const period = (text: string): Period => ({ endAtMs: instant(text) });
  const skuTwice = { configuration: [...anItem({}).configuration, ...anItem({}).configuration] };

  test.each<[string, string, OrderItem]>([
    ["unknown_resource_type", "resourceType", itemOf("router", { general: 1 })],
    ["billing_not_offered", "resourceType", itemOf("snapshot", { "snapshot-gb": 1 })],
    [
      "not_auto_renewable",
      "autoRenew",
      itemOf("quota", { metrics: 1 }, { autoRenew: { enabled: true, months: 1 } }),
    ],
    ["unknown_sku", "configuration[1].sku", itemOf("server", { general: 1, gold: 1 })],
    ["duplicate_sku", "configuration[1].sku", anItem(skuTwice)],
    ["sku_not_prepaid", "configuration[0].sku", itemOf("server", { traffic: 1 })],
    ["quantity_below_minimum", "configuration[0].quantity", itemOf("server", { general: 0 })],
    [
      "quantity_below_minimum",
      "configuration[0].quantity",
      itemOf("package", { gold: 29 }, { period: { months: 3 } }),
    ],
    ["period_required", "period", anItem({ period: null })],
    ["period_too_short", "period.months", itemOf("package", { gold: 30 }, { period: { months: 2 } })],
    ["period_too_short", "period.months", anItem({ period: { months: 0 } })],
    ["period_too_long", "period.months", anItem({ period: { months: 61 } })],
    ["period_in_the_past", "period.endAt", anItem({ period: period("2023-03-06T10:00") })],
    ["period_too_short", "period.endAt", anItem({ period: period("2023-04-06T09:59") })],
    ["period_too_long", "period.endAt", anItem({ period: period("2028-03-06T10:01") })],
    ["amount_too_large", "configuration", itemOf("server", { general: 10 ** 9 })],
  ])("%s at %s", (code, field, item) => {
    expect(refuse([item])).toMatchObject({ code, path: `lines[0].${field}` });
    expect(refuse([anItem({}), item])).toMatchObject({ code, path: `lines[1].${field}` });
  });

  test("but taken at the very bounds", () => {
    const bounds: OrderItem[] = [
      itemOf("quota", { metrics: 1 }, { autoRenew: { enabled: false, months: 1 } }),
      itemOf("package", { gold: 30 }, { period: { months: 3 } }),
      anItem({ period: { months: 60 } }),
      anItem({ period: period("2023-04-06T10:00") }),
      anItem({ period: period("2028-03-06T10:00") }),
    ];
    expect(place(bounds).quote.lines.map(({ billedMinutes }) => billedMinutes / 43_200)).toEqual([
      1, 3, 60, 1, 60,
    ]);
  });

  test("amount_too_large where the lines together exceed what one order may be", () => {
    const items = Array.from({ length: 3 }, () => itemOf("server", { general: 20_000_000 }));
    expect(refuse(items)).toEqual({ code: "amount_too_large", path: "lines" });
    expect(place(items.slice(1)).quote.total).toBe(7_240_000_000_000);
  });

  test("too_many_resources beyond 200, over all items", () => {
    const many = (quantity: number) => [anItem({ quantity: 150 }), anItem({ quantity })];
    expect(refuse(many(51))).toMatchObject({ code: "too_many_resources", path: "lines" });
    expect(place(many(50)).quote.lines).toHaveLength(200);
  });

  test("currency_mismatch where the product is sold in another currency", () => {
    const dollars = { product: productOf(vserver.resourceTypes, { currency: "USD" }) };
    expect(refusalOf(new MemoryState(), placeOrder([anItem({})], dollars), NOW)).toEqual({
      code: "currency_mismatch",
      path: "product",
    });
  });

  test("account_not_found before an account is opened", () => {
    expect(refusalOf(new MemoryState(null), placeServer(), NOW)).toEqual({ code: "account_not_found" });
  });
});

test("an order of a dollar account is priced in cents", () => {
  const account = accountOf({ currency: "USD" });
  const dollars = productOf([resourceType("server", [sku("general", "19.99")])], { currency: "USD" });
  const { answer } = carryOut(
    new MemoryState(account),
    placeOrder([itemOf("server", { general: 3 })], { product: dollars }),
    NOW,
  );
  expect([answer.currency, answer.quote.total]).toEqual(["USD", 5_997]);
});

describe("customers are sent back", () => {
  const withUrls = (returnUrl: string, cancelUrl: string | null, localReturnAllowed: boolean) =>
    placeOrder([itemOf("server", { general: 1 })], { returnUrl, cancelUrl, localReturnAllowed });
  const refused = (returnUrl: string, cancelUrl: string | null = null, localReturnAllowed = false) =>
    refusalOf(new MemoryState(), withUrls(returnUrl, cancelUrl, localReturnAllowed), NOW);
  const taken = (returnUrl: string, cancelUrl: string | null, localReturnAllowed = false) =>
    carryOut(new MemoryState(), withUrls(returnUrl, cancelUrl, localReturnAllowed), NOW).answer;

  const ours = "https://console.example/done";

  test("to any page of an origin that the product registered", () => {
    const order = taken(`${ours}?order=1#top`, "https://console.example:443/cancelled");
    expect([order.returnUrl, order.cancelUrl]).toEqual([
      `${ours}?order=1#top`,
      "https://console.example:443/cancelled",
    ]);
  });

  test.each([
    "https://evil.example/",
    "http://console.example/",
    "https://console.example:8443/",
    "https://console.example.evil.example/",
    "https://console.example@evil.example/",
    "https://sub.console.example/",
    "http://localhost:3000/",
  ])("not to %s", (url) => {
    expect(refused(url)).toEqual({ code: "return_url_not_allowed", path: "returnUrl" });
    expect(refused(ours, url)).toEqual({ code: "return_url_not_allowed", path: "cancelUrl" });
  });

  test("to their own machine in a sandbox only", () => {
    const order = taken("http://localhost:3000/done", "http://127.0.0.1/cancelled", true);
    expect(order.returnUrl).toBe("http://localhost:3000/done");
  });

  test.each(["http://localhost.evil.example/", "http://127.0.0.2/", "http://localhost@evil.example/"])(
    "in a sandbox not to %s",
    (url) => {
      expect(refused(url, null, true)).toEqual({ code: "return_url_not_allowed", path: "returnUrl" });
    },
  );
});
