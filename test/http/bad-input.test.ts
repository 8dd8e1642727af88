import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { signToken } from "../../src/cli/tokens.ts";
import type { AccountId, ProductId } from "../../src/domain/ids.ts";
import {
  type Answer,
  admin,
  bodyOf,
  freshId,
  itemOf,
  openAccount,
  productConsole,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { VMONITOR } from "../support/catalogue.ts";
import { readSideOf, tablesOf } from "../support/tables.ts";
import { expectProblem, type Refusal } from "./expect-problem.ts";
import { send } from "./send.ts";

const RETURN_URL = "https://console.example/done";
const DAY_MS = 86_400_000;
const MAX_BODY_BYTES = 256 * 1_024;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

beforeAll(putCatalogue);

const malformed = (path?: string): Refusal => ({ status: 400, code: "invalid_request", path });
const unsupported: Refusal = { status: 415, code: "unsupported_media_type" };
const breaks = (code: string, path: string): Refusal => ({ status: 422, code, path });

/** The call is refused, and neither the account's object nor D1 has a row more or another value than before. */
async function refusedWithoutTrace(
  account: TestAccount,
  call: () => Promise<Answer<unknown>>,
  refusal: Refusal,
): Promise<void> {
  const everything = async () => [await tablesOf(account.object), await readSideOf(account.id)];
  const before = await everything();
  expectProblem(await call(), refusal);
  expect(await everything()).toEqual(before);
}

/** Without an idempotency key, under which even a final refusal would be remembered. */
const NO_KEY = { key: null };

describe("an order that isn't right is refused with the field's path, and leaves no trace:", () => {
  const cases: readonly (readonly [name: string, line: object, refusal: Refusal])[] = [
    ["an unknown SKU", sku("none", 1), breaks("unknown_sku", "lines[0].configuration[0].sku")],
    ["a SKU with odd characters", sku("a b/../c", 1), malformed("lines[0].configuration[0].sku")],
    ["a SKU of 65 characters", sku("s".repeat(65), 1), malformed("lines[0].configuration[0].sku")],
    ["a SKU of no characters", sku("", 1), malformed("lines[0].configuration[0].sku")],
    ["the same SKU twice", twice("small"), breaks("duplicate_sku", "lines[0].configuration[1].sku")],
    ["no SKU", { configuration: [] }, malformed("lines[0].configuration")],
    ["a negative quantity of a SKU", sku("small", -1), malformed("lines[0].configuration[0].quantity")],
    ["half a SKU", sku("small", 0.5), malformed("lines[0].configuration[0].quantity")],
    ["a huge quantity of a SKU", sku("small", 1e300), malformed("lines[0].configuration[0].quantity")],
    ["a quantity in words", sku("small", "1"), malformed("lines[0].configuration[0].quantity")],
    [
      "none of a SKU",
      sku("small", 0),
      breaks("quantity_below_minimum", "lines[0].configuration[0].quantity"),
    ],
    [
      "less than the SKU's minimum",
      { resourceType: "package", ...sku("gold", 29), period: { months: 3 } },
      breaks("quantity_below_minimum", "lines[0].configuration[0].quantity"),
    ],
    [
      "a resource that costs more than any amount",
      { ...sku("small", 1_000_000_000), period: { months: 60 } },
      breaks("amount_too_large", "lines[0].configuration"),
    ],
    [
      "resources that cost more together",
      { ...sku("small", 1_000_000), quantity: 200, period: { months: 60 } },
      breaks("amount_too_large", "lines"),
    ],
    ["a negative number of resources", { quantity: -1 }, malformed("lines[0].quantity")],
    ["no resources", { quantity: 0 }, malformed("lines[0].quantity")],
    ["half a resource", { quantity: 1.5 }, malformed("lines[0].quantity")],
    ["a huge number of resources", { quantity: 1e20 }, malformed("lines[0].quantity")],
    [
      "an unknown resource type",
      { resourceType: "boat" },
      breaks("unknown_resource_type", "lines[0].resourceType"),
    ],
    ["a resource type with odd characters", { resourceType: "a b" }, malformed("lines[0].resourceType")],
    [
      "a type that is only held for",
      { resourceType: "snapshot", ...sku("snapshot-gb", 1) },
      breaks("billing_not_offered", "lines[0].resourceType"),
    ],
    ["no name", { name: "  " }, malformed("lines[0].name")],
    ["a name of 201 characters", { name: "n".repeat(201) }, malformed("lines[0].name")],
    ["a field that doesn't exist", { colour: "red" }, malformed("lines[0].colour")],
    ["no period", { period: undefined }, breaks("period_required", "lines[0].period")],
    ["a period of no months", { period: { months: 0 } }, malformed("lines[0].period.months")],
    ["a negative period", { period: { months: -1 } }, malformed("lines[0].period.months")],
    ["a period of 1.5 months", { period: { months: 1.5 } }, malformed("lines[0].period.months")],
    ["a period in words", { period: { months: "1" } }, malformed("lines[0].period.months")],
    ["an empty period", { period: {} }, malformed("lines[0].period")],
    ["a period with two ends", { period: { months: 1, endAt: inDays(40) } }, malformed("lines[0].period")],
    [
      "a period over 5 years",
      { period: { months: 61 } },
      breaks("period_too_long", "lines[0].period.months"),
    ],
    [
      "a period under the type's minimum",
      { resourceType: "package", ...sku("gold", 30), period: { months: 2 } },
      breaks("period_too_short", "lines[0].period.months"),
    ],
    [
      "an end under the minimum",
      { period: { endAt: inDays(20) } },
      breaks("period_too_short", "lines[0].period.endAt"),
    ],
    [
      "an end that is past, before any start",
      { period: { endAt: inDays(-1) } },
      breaks("period_in_the_past", "lines[0].period.endAt"),
    ],
    [
      "an end in over 5 years",
      { period: { endAt: inDays(5 * 366 + 1) } },
      breaks("period_too_long", "lines[0].period.endAt"),
    ],
    [
      "an end without an offset",
      { period: { endAt: "2099-01-01T00:00:00" } },
      malformed("lines[0].period.endAt"),
    ],
    ["an end in words", { period: { endAt: "tomorrow" } }, malformed("lines[0].period.endAt")],
    [
      "auto-renewal for no months",
      { autoRenew: { enabled: true, months: 0 } },
      malformed("lines[0].autoRenew.months"),
    ],
  ];

  it.each(cases)("%s", async (_, line, refusal) => {
    const account = await openAccount(1_000_000);
    const order = { action: "create", lines: [{ ...itemOf(), ...line }], returnUrl: RETURN_URL };
    await refusedWithoutTrace(
      account,
      () => account.console.post(`${account.path}/orders`, order, NO_KEY),
      refusal,
    );
  });

  it("the second line's path says so", async () => {
    const account = await openAccount();
    const lines = [itemOf(), itemOf({ configuration: [{ sku: "none", quantity: 1 }] })];
    const place = () =>
      account.console.post(
        `${account.path}/orders`,
        { action: "create", lines, returnUrl: RETURN_URL },
        NO_KEY,
      );
    await refusedWithoutTrace(account, place, breaks("unknown_sku", "lines[1].configuration[0].sku"));
  });

  const orders: readonly (readonly [name: string, order: object, refusal: Refusal])[] = [
    ["no lines", { lines: [] }, malformed("lines")],
    ["51 lines", { lines: Array.from({ length: 51 }, () => itemOf()) }, malformed("lines")],
    [
      "201 resources",
      { lines: [itemOf({ quantity: 200 }), itemOf()] },
      breaks("too_many_resources", "lines"),
    ],
    ["an unknown action", { action: "explode" }, malformed("action")],
    ["a conversion of nothing", { action: "convert_poc" }, malformed("lines[0].resourceId")],
    ["a return address that is none", { returnUrl: "done" }, malformed("returnUrl")],
    ["a return address that runs", { returnUrl: "javascript:alert(1)" }, malformed("returnUrl")],
    [
      "a return address of somebody else",
      { returnUrl: "https://evil.example/" },
      breaks("return_url_not_allowed", "returnUrl"),
    ],
    [
      "a return address that only looks right",
      { returnUrl: "https://console.example.evil.example/" },
      breaks("return_url_not_allowed", "returnUrl"),
    ],
    [
      "a cancel address of somebody else",
      { cancelUrl: "https://evil.example/" },
      breaks("return_url_not_allowed", "cancelUrl"),
    ],
    ["a field that doesn't exist", { total: 1 }, malformed("total")],
  ];

  it.each(orders)("%s", async (_, more, refusal) => {
    const account = await openAccount();
    const order = { action: "create", lines: [itemOf()], returnUrl: RETURN_URL, ...more };
    await refusedWithoutTrace(
      account,
      () => account.console.post(`${account.path}/orders`, order, NO_KEY),
      refusal,
    );
  });

  it("auto-renewal of a type that isn't renewed", async () => {
    const account = await openAccount();
    const line = itemOf({
      resourceType: "quota",
      configuration: [{ sku: "metrics", quantity: 1 }],
      autoRenew: { enabled: true, months: 1 },
    });
    const order = { action: "create", lines: [line], returnUrl: "https://monitor.example/" };
    const place = () => productConsole(VMONITOR).post(`${account.path}/orders`, order, NO_KEY);
    await refusedWithoutTrace(account, place, breaks("not_auto_renewable", "lines[0].autoRenew"));
  });

  it("an owner's order without a product, and with an unknown one", async () => {
    const account = await openAccount();
    const order = { action: "create", lines: [itemOf()], returnUrl: RETURN_URL };
    const place = (body: object) => () => account.user.post(`${account.path}/orders`, body, NO_KEY);
    await refusedWithoutTrace(account, place(order), malformed("product"));
    await refusedWithoutTrace(
      account,
      place({ ...order, product: "none" }),
      breaks("unknown_product", "product"),
    );
  });

  it("an order for an account that was never opened", async () => {
    const order = { action: "create", lines: [itemOf()], returnUrl: RETURN_URL };
    const id = freshId<AccountId>("acc");
    const answer = await productConsole().post(`/v1/accounts/${id}/orders`, order);
    expectProblem(answer, { status: 404, code: "account_not_found" });
    const { idempotency, orders: written } = await tablesOf(env.ACCOUNTS.getByName(id));
    expect([idempotency, written]).toEqual([[], []]);
  });
});

describe("a change of an order that isn't right is refused with the field's path, and leaves no trace:", () => {
  const cases: readonly (readonly [name: string, change: object, refusal: Refusal])[] = [
    ["no resources", { lines: [{ quantity: 0 }] }, malformed("lines[0].quantity")],
    ["half a resource", { lines: [{ quantity: 0.5 }] }, malformed("lines[0].quantity")],
    ["201 resources", { lines: [{ quantity: 201 }] }, malformed("lines[0].quantity")],
    [
      "an item that isn't there",
      { lines: [{ item: 7, quantity: 1 }] },
      breaks("unknown_item", "lines[0].item"),
    ],
    ["a second item of one", { lines: [{}, { quantity: 1 }] }, breaks("unknown_item", "lines[1].item")],
    ["a period over 5 years", { period: { months: 61 } }, breaks("period_too_long", "period.months")],
    [
      "an end that is past",
      { lines: [{ period: { endAt: inDays(-1) } }] },
      breaks("period_in_the_past", "lines[0].period.endAt"),
    ],
    ["a coupon nobody made", { coupon: "NONE" }, breaks("coupon_not_found", "coupon")],
    ["a coupon with odd characters", { coupon: "50% off" }, malformed("coupon")],
    [
      "an address nobody entered",
      { invoiceAddress: "home" },
      breaks("unknown_invoice_address", "invoiceAddress"),
    ],
    ["what can't be changed", { returnUrl: RETURN_URL }, malformed("returnUrl")],
    ["a configuration", { lines: [{ configuration: [] }] }, malformed("lines[0].configuration")],
  ];

  it.each(cases)("%s", async (_, change, refusal) => {
    const account = await openAccount();
    const order = await account.place();
    await refusedWithoutTrace(account, () => account.change(order.id, change), refusal);
  });

  const coupons: readonly (readonly [name: string, rules: object, refusal: Refusal])[] = [
    ["of another product", { amount: 1, products: [VMONITOR] }, breaks("coupon_not_for_product", "coupon")],
    ["that isn't valid yet", { amount: 1, validFrom: inDays(1) }, breaks("coupon_not_yet_valid", "coupon")],
    ["that has expired", { amount: 1, validUntil: inDays(-1) }, breaks("coupon_expired", "coupon")],
    ["for a larger order", { amount: 1, minimumOrder: 90_001 }, breaks("coupon_minimum_order", "coupon")],
  ];

  it.each(coupons)("a coupon %s", async (_, rules, refusal) => {
    const account = await openAccount();
    const order = await account.place();
    const coupon = await putCoupon(rules);
    await refusedWithoutTrace(account, () => account.change(order.id, { coupon }), refusal);
  });
});

describe("credit that can't be given is refused, and leaves no trace:", () => {
  const cases: readonly (readonly [name: string, grant: object | string, refusal: Refusal])[] = [
    ["half a dong", { amount: 0.5, reason: "r" }, malformed("amount")],
    ["a huge amount", { amount: 10_000_000_000_001, reason: "r" }, malformed("amount")],
    ["an amount past all integers", '{"amount": 1e999, "reason": "r"}', malformed("amount")],
    ["an amount in words", { amount: "5", reason: "r" }, malformed("amount")],
    ["no amount", { reason: "r" }, malformed("amount")],
    ["no reason", { amount: 5 }, malformed("reason")],
    ["an empty reason", { amount: 5, reason: " " }, malformed("reason")],
    ["nothing", { amount: 0, reason: "r" }, breaks("amount_zero", "amount")],
    [
      "a correction beyond what is there",
      { amount: -1_001, reason: "r" },
      { status: 409, code: "correction_exceeds_credit" },
    ],
  ];

  it.each(cases)("%s", async (_, grant, refusal) => {
    const account = await openAccount(1_000);
    const before = await readSideOf(account.id);
    const { idempotency: __, ...tables } = await tablesOf(account.object);
    expectProblem(await admin.post(`${account.path}/credits`, grant), refusal);
    // A final refusal is remembered under its key, and nothing else is.
    const { idempotency: ___, ...tablesAfter } = await tablesOf(account.object);
    expect([tablesAfter, await readSideOf(account.id)]).toEqual([tables, before]);
    expect(await account.available()).toBe(1_000);
  });
});

describe("a payment or an answer that isn't right is refused, and leaves no trace:", () => {
  it("a way of paying that doesn't exist", async () => {
    const account = await openAccount(1_000_000);
    const order = await account.place();
    await refusedWithoutTrace(
      account,
      () => account.pay(order.id, { method: "barter" }),
      malformed("method"),
    );
  });

  it.each([
    ["top_up_and_pay", "gateway"],
    ["gateway", "gateway"],
    ["linked", "linkedAccount"],
    ["poc", "method"],
    ["hold", "method"],
  ])("paying by %s, and no gateway named", async (method, path) => {
    const account = await openAccount(1_000_000);
    const order = await account.place();
    expectProblem(await account.pay(order.id, { method }), breaks("method_not_available", path));
    expect(await account.available()).toBe(1_000_000);
    expect(await account.payments()).toEqual([]);
  });

  it.each([
    ["no line", { status: "succeeded" }, "orderLine"],
    ["a line with odd characters", { orderLine: "a b", status: "succeeded" }, "orderLine"],
    ["a status that doesn't exist", { orderLine: "line", status: "perhaps" }, "status"],
    ["an endless reason", { orderLine: "line", status: "failed", reason: "r".repeat(501) }, "reason"],
  ])("a provisioning answer with %s", async (_, answer, path) => {
    const account = await openAccount(1_000_000);
    const [line] = (await account.placeAndPay()).lines;
    const call = () =>
      account.console.post(`${account.path}/resources/${line?.resourceId}/provisioning`, answer, NO_KEY);
    await refusedWithoutTrace(account, call, malformed(path));
  });
});

describe("settings that aren't right are refused:", () => {
  it.each([
    ["an e-mail address that is none", { email: "an" }, malformed("email")],
    ["no name", { name: "" }, malformed("name")],
    ["a currency that isn't kept", { currency: "EUR" }, malformed("currency")],
    ["a language that isn't spoken", { locale: "fr" }, malformed("locale")],
    ["a limit below zero", { postpaidLimit: -1 }, malformed("postpaidLimit")],
    ["half a day", { suspendOverdueDays: 1.5 }, malformed("suspendOverdueDays")],
    ["a zone that doesn't exist", { timeZone: "Mars/Olympus" }, breaks("unknown_time_zone", "timeZone")],
  ])("an account with %s", async (_, more, refusal) => {
    const id = freshId<AccountId>("acc");
    const settings = { email: "an@example.com", name: "An", ...more };
    expectProblem(await admin.put(`/v1/accounts/${id}`, settings), refusal);
    expectProblem(await admin.get(`/v1/accounts/${id}`), { status: 404, code: "account_not_found" });
  });

  it.each([
    ["neither amount nor percentage", {}, "amount"],
    ["both", { amount: 1, percent: "1" }, "amount"],
    ["a negative amount", { amount: -1 }, "amount"],
    ["no amount", { amount: 0 }, "amount"],
    ["a fraction of a dong", { amount: 0.5 }, "amount"],
    ["a percentage above 100", { percent: "100.1" }, "percent"],
    ["a percentage of 0", { percent: "0" }, "percent"],
    ["a percentage below 0", { percent: "-1" }, "percent"],
    ["a cap on an amount", { amount: 1, cap: 1 }, "cap"],
    ["an end before its start", { amount: 1, validFrom: inDays(2), validUntil: inDays(1) }, "validUntil"],
    ["no product", { amount: 1, products: [] }, "products"],
    ["a product with odd characters", { amount: 1, products: ["a b"] }, "products[0]"],
    ["no use", { amount: 1, limit: 0 }, "limit"],
    ["half a use", { amount: 1, limitPerAccount: 0.5 }, "limitPerAccount"],
  ])("a coupon with %s", async (_, rules, path) => {
    const code = freshId("CPN");
    expectProblem(await admin.put(`/v1/coupons/${code}`, rules), malformed(path));
    expectProblem(await admin.get(`/v1/coupons/${code}`), { status: 404, code: "not_found" });
  });

  it.each([
    ["a counter by time", { metering: "counter", unit: "hour" }, "skus[0].unit"],
    ["a peak by time", { metering: "peak_connections", unit: "30 days" }, "skus[0].unit"],
    ["a peak of traffic by time", { metering: "peak_traffic", unit: "GB-day" }, "skus[0].unit"],
    ["a configuration by the piece", { unit: "GB" }, "skus[0].unit"],
    ["a gauge by the piece", { metering: "gauge_hours", unit: "connection" }, "skus[0].unit"],
    ["a unit that doesn't exist", { unit: "fortnight" }, "skus[0].unit"],
    ["a metering that doesn't exist", { metering: "guess" }, "skus[0].metering"],
    ["a negative price", { unitPrice: "-1" }, "skus[0].unitPrice"],
    ["a price as a number", { unitPrice: 1 }, "skus[0].unitPrice"],
    ["a price with an exponent", { unitPrice: "1e9" }, "skus[0].unitPrice"],
    ["a tax above 100 %", { taxRate: "101" }, "skus[0].taxRate"],
    ["a discount above 100 %", { discount: "100.5" }, "skus[0].discount"],
    ["an id with odd characters", { id: "a b" }, "skus[0].id"],
  ])("a catalogue with %s", async (_, more, path) => {
    const product = freshId<ProductId>("prd");
    const catalogue = productWith({ skus: [{ ...SKU, ...more }] });
    expectProblem(
      await admin.put(`/v1/catalog/products/${product}`, catalogue),
      malformed(`resourceTypes[0].${path}`),
    );
    expectProblem(await admin.get(`/v1/catalog/products/${product}`), {
      status: 404,
      code: "product_not_found",
    });
  });

  it.each([
    ["a SKU twice", productWith({ skus: [SKU, SKU] }), "resourceTypes[0].skus"],
    ["a type without a SKU", productWith({ skus: [] }), "resourceTypes[0].skus"],
    ["a type that is never billed", productWith({ billing: [] }), "resourceTypes[0].billing"],
    ["a minimum of no months", productWith({ minimumMonths: 0 }), "resourceTypes[0].minimumMonths"],
    ["a run at 24:00", productWith({ holdRunAt: "24:00" }), "resourceTypes[0].holdRunAt"],
    [
      "a negative grace",
      productWith({ lifecycle: { graceDays: -1, suspensionDays: 0 } }),
      "resourceTypes[0].lifecycle.graceDays",
    ],
    ["no types", { name: "p", resourceTypes: [] }, "resourceTypes"],
    ["a callback that is no address", { ...productWith({}), callbackUrl: "ftp://x" }, "callbackUrl"],
  ])("a catalogue with %s", async (_, catalogue, path) => {
    expectProblem(await admin.put(`/v1/catalog/products/${freshId("prd")}`, catalogue), malformed(path));
  });
});

const SKU = { id: "one", name: "One", unit: "30 days", unitPrice: "1", taxRate: "10", taxIncluded: true };

function productWith(more: object) {
  const type = {
    id: "type",
    name: "Type",
    billing: ["prepaid"],
    refundable: true,
    autoRenewable: true,
    lifecycle: { graceDays: 0, suspensionDays: 0 },
    skus: [SKU],
    ...more,
  };
  return { name: "Product", resourceTypes: [type] };
}

describe("a body that can't be read is refused, and leaves no trace:", () => {
  const order = JSON.stringify({ action: "create", lines: [itemOf()], returnUrl: RETURN_URL });
  const place =
    (body: string, headers: Record<string, string> = {}) =>
    async (account: TestAccount) =>
      account.console.post(`${account.path}/orders`, body, { ...NO_KEY, headers });
  const cases: readonly (readonly [string, (account: TestAccount) => Promise<Answer<unknown>>, Refusal])[] = [
    ["JSON that ends early", place(order.slice(0, -1)), { status: 400, code: "malformed_json" }],
    ["no JSON at all", place("action=create"), { status: 400, code: "malformed_json" }],
    ["nothing", place(""), { status: 400, code: "malformed_json" }],
    ["a list", place(`[${order}]`), malformed()],
    ["null", place("null"), malformed()],
    ["text", place(order, { "Content-Type": "text/plain" }), unsupported],
    ["a form", place(order, { "Content-Type": "application/x-www-form-urlencoded" }), unsupported],
    ["XML", place("<order/>", { "Content-Type": "application/xml" }), unsupported],
  ];

  it.each(cases)("%s", async (_, call, refusal) => {
    const account = await openAccount();
    await refusedWithoutTrace(account, () => call(account), refusal);
  });

  it("more than 256 KB, and not a byte less", async () => {
    const account = await openAccount();
    const bodyOfSize = (bytes: number) => order.padEnd(bytes, " ");
    await refusedWithoutTrace(account, () => place(bodyOfSize(MAX_BODY_BYTES + 1))(account), {
      status: 413,
      code: "body_too_large",
    });
    bodyOf(await place(bodyOfSize(MAX_BODY_BYTES))(account), 201);
  });

  it("more than 256 KB that comes without its length", async () => {
    const account = await openAccount();
    const stream = new Blob([order.padEnd(MAX_BODY_BYTES + 1, " ")]).stream();
    const token = await signToken({ role: "product", product: "vserver" }, env.AUTH_SECRET ?? "");
    const headers = { "Content-Type": "application/json" };
    const call = () => send(`${account.path}/orders`, { method: "POST", token, headers, body: stream });
    await refusedWithoutTrace(account, call, { status: 413, code: "body_too_large" });
  });

  it("JSON is JSON with a charset, too", async () => {
    const account = await openAccount();
    bodyOf(await place(order, { "Content-Type": "application/json; charset=utf-8" })(account), 201);
  });
});

describe("ids with odd characters are refused:", () => {
  it.each(["a%20b", "..%2Fb", "%00", "%zz", "a%27b", "%E1%BA%A1n", "a".repeat(65), "a%0Ab", "*"])(
    "%s",
    async (id) => {
      const path = (name: string) => malformed(`param.${name}`);
      const account = await openAccount();
      expectProblem(await admin.get(`/v1/accounts/${id}/balance`), path("account"));
      expectProblem(await admin.get(`${account.path}/orders/${id}`), path("order"));
      expectProblem(await admin.get(`${account.path}/resources/${id}`), path("resource"));
      expectProblem(await admin.get(`${account.path}/invoices/${id}`), path("code"));
      expectProblem(await admin.get(`/v1/coupons/${id}`), path("code"));
      expectProblem(await admin.get(`/v1/catalog/products/${id}`), path("product"));
      const settings = { email: "an@example.com", name: "An" };
      expectProblem(await admin.put(`/v1/accounts/${id}`, settings), path("account"));
    },
  );
});

describe("a list's parameters that aren't right are refused:", () => {
  it.each([
    ["limit=0", "limit"],
    ["limit=201", "limit"],
    ["limit=-1", "limit"],
    ["limit=1.5", "limit"],
    ["limit=many", "limit"],
    ["limit=", "limit"],
    [`cursor=${"c".repeat(513)}`, "cursor"],
  ])("%s", async (query, path) => {
    const account = await openAccount();
    for (const list of ["resources", "invoices", "payments", "credit-transactions"]) {
      expectProblem(await account.user.get(`${account.path}/${list}?${query}`), malformed(`query.${path}`));
    }
  });

  it.each([
    ["invoices?status=lost", "status"],
    ["invoices?from=yesterday", "from"],
    ["payments?to=2026-01-01", "to"],
    ["credit-transactions?from=0", "from"],
    ["resources?state=lost", "state"],
    ["resources?billing=barter", "billing"],
  ])("%s", async (query, path) => {
    const account = await openAccount();
    expectProblem(await account.user.get(`${account.path}/${query}`), malformed(`query.${path}`));
  });

  const foreign = [
    "",
    "x",
    "%FF",
    "%00",
    btoa(""),
    btoa("a b"),
    btoa("NaN x"),
    btoa("-1"),
    btoa("9".repeat(40)),
  ];
  const refusedCursor = malformed("query.cursor");

  it.each([...foreign, btoa("1.5"), btoa("1 "), btoa("5 pay_1")])(
    "the cursor %j, of a list that is ordered by a number",
    async (cursor) => {
      const account = await openAccount(1_000);
      for (const list of ["resources", "invoices", "payments", "credit-transactions"]) {
        expectProblem(await account.user.get(`${account.path}/${list}?cursor=${cursor}`), refusedCursor);
      }
      expectProblem(await admin.get(`/v1/admin/audit?cursor=${cursor}`), refusedCursor);
    },
  );

  it.each([...foreign, btoa("5"), btoa("5 "), btoa("1.5 x")])(
    "the cursor %j, of a list that is ordered by an instant",
    async (cursor) => {
      for (const list of ["alerts", "console-calls", "mails", "due-work"]) {
        expectProblem(await admin.get(`/v1/admin/${list}?cursor=${cursor}`), refusedCursor);
      }
    },
  );
});

function sku(id: string, quantity: unknown) {
  return { configuration: [{ sku: id, quantity }] };
}

function twice(id: string) {
  return {
    configuration: [
      { sku: id, quantity: 1 },
      { sku: id, quantity: 1 },
    ],
  };
}
