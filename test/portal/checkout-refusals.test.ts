import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import { bodyOf, openAccount, putCatalogue, putCoupon } from "../support/api.ts";
import type { Entered } from "../support/browser.ts";
import { openEnglish, stateOf, visit } from "./visit.ts";

/** Noon in Vietnam. */
const NOW = "2027-03-10T05:00:00Z";

beforeAll(putCatalogue);
beforeEach(async () => void (await setClock(NOW)));
afterEach(async () => void (await resetClock()));

const UNTIL = "A day and time, please.";

const TOO_LONG = "This period is too long: five years at most.";
const CHOOSE = "Please choose a period.";

/** What is typed into a field, and what the field says about it. */
const TYPED: readonly (readonly [field: string, texts: readonly string[], message: string])[] = [
  [
    "quantity-0",
    ["ten", "mười", "", " ", "0", "-1", "1.5", "1e2", "0x10", "201", "1000000", "9".repeat(400), "<b>2</b>"],
    "A whole number from 1 to 200, please.",
  ],
  [
    "until-0",
    [
      "",
      "tomorrow",
      "2028-01-01",
      "2027-13-01T00:00",
      "2027-02-31T00:00",
      "2027-05-01T25:00",
      '2027-05-01T10:00"',
    ],
    UNTIL,
  ],
  ["until-0", ["2027-03-10T12:00", "2027-03-10T11:00", "0001-01-01T00:00"], "This end lies in the past."],
  ["until-0", ["2027-03-10T12:01", "2027-04-10T11:59"], "This period is too short."],
  ["until-0", ["2032-03-10T12:01", "9999-12-31T23:59"], TOO_LONG],
];

/** What no browser lets anybody choose, but a program may send. */
const FORGED: readonly (readonly [Entered, field: string, message: string])[] = [
  ...["", "0", "-1", "a year", "1.5", "9999"].map(
    (text) => [{ "period-0": text }, "period-0", CHOOSE] as const,
  ),
  [{ "period-0": "61" }, "period-0", TOO_LONG],
  [{ "period-0": "until", "until-0": null }, "until-0", UNTIL],
  ...["0", "1.5", "61", "Infinity", "1e3", "x"].map(
    (text) => [{ "renew-0": "on", "renew-months-0": text }, "renew-0", CHOOSE] as const,
  ),
];

describe("a change that can't be", () => {
  it("says at its field what is wrong, keeps what was typed, and changes nothing", async () => {
    const account = await openEnglish();
    const open = await visit(account, await account.place());
    const before = await stateOf(account);
    for (const [field, texts, message] of TYPED) {
      for (const text of texts) {
        const period = field === "until-0" ? "until" : "1";
        const page = await open.send("items", { "quantity-0": "1", "period-0": period, [field]: text });
        expect([page.status, page.wrongFields, page.errorAt(field)], text).toEqual([422, [field], message]);
        expect(open.formFor("items").fields[field]).toBe(text);
      }
    }
    expect(await stateOf(account)).toEqual(before);
  });

  it("isn't made either where it was never offered", async () => {
    const account = await openEnglish();
    const open = await visit(account, await account.place());
    const before = await stateOf(account);
    const form = open.formFor("items");
    for (const [entered, field, message] of FORGED) {
      const page = await open.browser.send(form, entered);
      const told = JSON.stringify(entered);
      expect([page.status, page.wrongFields, page.errorAt(field)], told).toEqual([422, [field], message]);
    }
    expect(await stateOf(account)).toEqual(before);
  });

  it("keeps the other fields as they were filled in as well", async () => {
    const account = await openEnglish();
    const open = await visit(account, await account.place({}, { name: "db" }));
    const entered = {
      "quantity-0": "many",
      "period-0": "until",
      "until-0": "2029-01-01T00:00",
      "renew-0": "on",
      "renew-months-0": "12",
      "quantity-1": "4",
      "period-1": "24",
    };
    const page = await open.send("items", entered);
    expect(page.wrongFields).toEqual(["quantity-0"]);
    expect(open.formFor("items").fields).toMatchObject(entered);
    await open.send("items", { "quantity-0": "2" });
    expect((await open.order()).lines.map(({ item, period }) => [item, period])).toEqual([
      [0, { endAt: "2028-12-31T17:00:00.000Z" }],
      [0, { endAt: "2028-12-31T17:00:00.000Z" }],
      ...Array.from({ length: 4 }, () => [1, { months: 24 }]),
    ]);
  });

  it("names every field that is wrong, each item's own", async () => {
    const account = await openEnglish();
    const open = await visit(account, await account.place({}, { name: "db" }));
    const page = await open.send("items", { "quantity-0": "0", "period-1": "until", "until-1": "never" });
    expect(page.wrongFields).toEqual(["quantity-0", "until-1"]);
    const short = {
      resourceType: "package",
      configuration: [{ sku: "gold", quantity: 30 }],
      period: { months: 3 },
    };
    const second = await visit(account, await account.place({}, short));
    const tooShort = await second.send("items", { "period-1": "1" });
    expect([tooShort.wrongFields, tooShort.errorAt("period-1")]).toEqual([
      ["period-1"],
      "This period is too short.",
    ]);
  });

  it("is told above the order where it is about the whole of it", async () => {
    const account = await openEnglish();
    const open = await visit(account, await account.place({}, { name: "db" }));
    const page = await open.send("items", { "quantity-0": "150", "quantity-1": "51" });
    expect([page.status, page.wrongFields]).toEqual([422, []]);
    expect(page.textOf(".notice")).toBe("One order can't hold so many resources.");
    expect(open.formFor("items").fields).toMatchObject({ "quantity-0": "150", "quantity-1": "51" });
    expect((await open.order()).total).toBe(180_000);
  });
});

describe("a coupon that can't be used", () => {
  const MALFORMED = "A coupon code has letters and digits, 64 at most.";

  it("says why at its field, keeps what was typed, and leaves the price alone", async () => {
    const account = await openEnglish();
    const limited = await putCoupon({ amount: 1, limit: 1 });
    const used = await openAccount(90_000);
    bodyOf(await used.pay((await used.placeWith(limited)).id), 200);
    const refused = [
      ["NOSUCHCOUPON", 422, "There is no such coupon."],
      [await putCoupon({ amount: 1, validUntil: NOW }), 422, "This coupon has expired."],
      [await putCoupon({ amount: 1, validFrom: later(NOW, DAY_MS) }), 422, "This coupon isn't valid yet."],
      [await putCoupon({ amount: 1, products: ["vmonitor"] }), 422, "This coupon isn't for this product."],
      [
        await putCoupon({ amount: 1, minimumOrder: 90_001 }),
        422,
        "This order is below the coupon's least amount.",
      ],
      [limited, 409, "All uses of this coupon are taken."],
      ["x".repeat(10_000), 422, MALFORMED],
      ["two words", 422, MALFORMED],
      [`"><script>alert(1)</script>`, 422, MALFORMED],
      ["<img src=x onerror='alert(1)'>&amp;", 422, MALFORMED],
    ] as const;
    const open = await visit(account, await account.place());
    const before = await open.order();
    for (const [code, status, message] of refused) {
      const page = await open.send("coupon", { coupon: code });
      expect([page.status, page.errorAt("coupon")], code.slice(0, 40)).toEqual([status, message]);
      expect(open.formFor("coupon").fields.coupon).toBe(code);
      expect([page.findAll("main script"), page.findAll("[onerror]")]).toEqual([[], []]);
    }
    expect(await open.order()).toEqual(before);
    expect(open.page.html).toContain('value="&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;amp;"');
  });

  it("is told as well where the order has it already: it must go before anything else changes", async () => {
    const account = await openEnglish();
    const code = await putCoupon({ amount: 1, validUntil: later(NOW, DAY_MS / 2) });
    const open = await visit(account, await account.placeWith(code));
    await setClock(later(NOW, DAY_MS / 2));
    const page = await open.send("items", { "quantity-0": "2" });
    expect([page.status, page.textOf("#coupon-error")]).toEqual([422, "This coupon has expired."]);
    expect(open.formFor("items").fields["quantity-0"]).toBe("2");
    await open.send("coupon", { coupon: "" });
    await open.send("items", { "quantity-0": "2" });
    expect(await open.order()).toMatchObject({ coupon: null, total: 180_000 });
  });

  it("can't be guessed: after many wrong ones the page asks to wait, and takes no right one", async () => {
    const account = await openEnglish();
    const right = await putCoupon({ percent: "50" });
    const open = await visit(account, await account.place());
    let page = await open.send("coupon", { coupon: "GUESS0" });
    for (let guess = 1; page.status === 422 && guess < 100; guess += 1)
      page = await open.send("coupon", { coupon: `GUESS${guess}` });
    expect([page.status, page.errorAt("coupon")]).toEqual([
      429,
      "Too many coupons were tried. Please wait a minute.",
    ]);
    expect((await open.send("coupon", { coupon: right })).status).toBe(429);
    expect((await open.order()).coupon).toBeNull();
  });
});
