import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { resetClock, setClock } from "../http/clock.ts";
import {
  bodyOf,
  type ItemRequest,
  itemOf,
  type OrderView,
  openAccount,
  productConsole,
  putCatalogue,
  putCoupon,
} from "../support/api.ts";
import type { Entered } from "../support/browser.ts";
import { VMONITOR } from "../support/catalogue.ts";
import { type Intent, openEnglish, visit } from "./visit.ts";

/** Noon in Vietnam. */
const NOW = "2027-03-10T05:00:00Z";

beforeAll(putCatalogue);
beforeEach(async () => void (await setClock(NOW)));
afterEach(async () => void (await resetClock()));

interface Change {
  readonly items?: readonly ItemRequest[];
  readonly coupon?: string;
  readonly timeZone?: string;
  readonly intent?: Intent;
  readonly entered: Entered;
  readonly patch: object;
}

/** An order without what tells it from another one of the same things. */
const likeness = (order: OrderView): unknown =>
  JSON.parse(JSON.stringify({ ...order, checkoutUrl: null }).replaceAll(order.id, "the order"));

/** Does the same to one order on the page and to its twin through the API: both must come to the same. */
async function changeBoth({ items = [{}], coupon, timeZone, intent = "items", entered, patch }: Change) {
  const settings = { locale: "en", ...(timeZone ? { timeZone } : {}) };
  const account = await openAccount(100_000_000, { settings });
  const place = async () => {
    const order = await account.place(...items);
    if (coupon !== undefined) bodyOf(await account.change(order.id, { coupon }), 200);
    return order;
  };
  const [mine, twin] = [await place(), await place()];
  const open = await visit(account, mine);
  const page = await open.send(intent, entered);
  expect([page.status, page.wrongFields, page.find(".notice")]).toEqual([200, [], null]);
  // The page's form always says of the renewal what it shows.
  const shown = intent === "items" ? { autoRenew: { enabled: false, months: 1 } } : {};
  bodyOf(await account.change(twin.id, { ...shown, ...patch }), 200);
  const order = await open.order();
  expect(likeness(order)).toEqual(likeness(await account.order(twin.id)));
  return { page, order, open };
}

describe("a change on the checkout page", () => {
  it("of the quantity is quoted as the API quotes it, and shown", async () => {
    const { page, order, open } = await changeBoth({
      items: [{ quantity: 2 }],
      entered: { "quantity-0": " 7 " },
      patch: { lines: [{ quantity: 7 }] },
    });
    expect(order.total).toBe(630_000);
    expect(page.textOf("dd.total")).toBe("630,000 VND");
    expect(page.textOf("dd.small")).toBe("57,274 VND");
    expect(open.formFor("items").fields).toMatchObject({ "quantity-0": "7", "period-0": "1" });
    expect(open.formFor("pay").fields.total).toBe("630000");
  });

  it("of the months is quoted as the API quotes it, months that the list doesn't offer too", async () => {
    const { page, order, open } = await changeBoth({
      items: [{ period: { months: 5 } }],
      entered: { "period-0": "12" },
      patch: { period: { months: 12 } },
    });
    expect(order.total).toBe(1_080_000);
    expect(page.text).toContain("12 months");
    expect(open.formFor("items").fields["period-0"]).toBe("12");
    const { open: odd } = await changeBoth({
      items: [{ period: { months: 5 } }],
      entered: { "quantity-0": "2" },
      patch: { lines: [{ quantity: 2 }] },
    });
    expect(odd.formFor("items").fields["period-0"]).toBe("5");
  });

  it("to an end is quoted as the API quotes it, and the price then holds for 30 minutes", async () => {
    const { page, order, open } = await changeBoth({
      entered: { "period-0": "until", "until-0": "2027-04-30T12:00" },
      patch: { period: { endAt: "2027-04-30T12:00:00+07:00" } },
    });
    // 10 March to 30 April is 50 days of 30/360.
    expect([order.total, order.quoteExpiresAt]).toEqual([150_000, "2027-03-10T05:30:00.000Z"]);
    expect(page.textOf("[value=pay] ~ .hint")).toBe("This price holds until 10 March 2027 at 12:30");
    expect(open.formFor("items").fields).toMatchObject({
      "period-0": "until",
      "until-0": "2027-04-30T12:00",
    });
  });

  it("to an end reads it on the account's clock, with seconds or without", async () => {
    const { open } = await changeBoth({
      timeZone: "America/New_York",
      entered: { "period-0": "until", "until-0": "2027-05-31T23:59:30" },
      patch: { period: { endAt: "2027-05-31T23:59:00-04:00" } },
    });
    expect(open.formFor("items").fields["until-0"]).toBe("2027-05-31T23:59");
  });

  it("back to months lets the price hold as long as the order", async () => {
    const { order } = await changeBoth({
      items: [{ period: { endAt: "2027-06-01T00:00:00+07:00" } }],
      entered: { "period-0": "3" },
      patch: { period: { months: 3 } },
    });
    expect([order.total, order.quoteExpiresAt]).toEqual([270_000, null]);
  });

  it("of auto-renewal is kept: on with its months, and off again", async () => {
    const { open } = await changeBoth({
      entered: { "renew-0": "on", "renew-months-0": "6" },
      patch: { autoRenew: { enabled: true, months: 6 } },
    });
    expect(open.formFor("items").fields).toMatchObject({ "renew-0": "on", "renew-months-0": "6" });
    const off = await changeBoth({
      items: [{ autoRenew: { enabled: true, months: 5 } }],
      entered: { "renew-0": null },
      patch: { autoRenew: { enabled: false, months: 5 } },
    });
    expect(Object.keys(off.open.formFor("items").fields)).not.toContain("renew-0");
  });

  it("of several items changes each as its own fields say", async () => {
    const { order } = await changeBoth({
      items: [
        { name: "a" },
        { name: "b", quantity: 3 },
        {
          name: "c",
          resourceType: "package",
          configuration: [{ sku: "gold", quantity: 30 }],
          period: { months: 3 },
        },
      ],
      entered: { "quantity-0": "2", "period-1": "6", "renew-2": "on" },
      patch: {
        lines: [{ quantity: 2 }, { period: { months: 6 } }, { autoRenew: { enabled: true, months: 1 } }],
      },
    });
    expect(order.total).toBe(2 * 90_000 + 3 * 540_000 + 3 * 30 * 1_750);
  });

  it("can't be of the renewal of what isn't renewed automatically: there is no field for it", async () => {
    const account = await openEnglish();
    const order = bodyOf(
      await productConsole(VMONITOR).post<OrderView>(`${account.path}/orders`, {
        action: "create",
        lines: [itemOf({ resourceType: "quota", configuration: [{ sku: "metrics", quantity: 1 }] })],
        returnUrl: "https://monitor.example/",
      }),
      201,
    );
    const open = await visit(account, order);
    expect(Object.keys(open.formFor("items").fields)).toEqual([
      "intent",
      "quantity-0",
      "period-0",
      "until-0",
    ]);
    await open.send("items", { "renew-0": "on", "renew-months-0": "1" });
    expect((await open.order()).lines[0]?.autoRenew).toBeNull();
  });

  it("of a coupon is quoted as the API quotes it, shown with its discount, and taken back", async () => {
    const code = await putCoupon({ percent: "10" });
    const { page, order, open } = await changeBoth({
      items: [{ quantity: 3 }],
      intent: "coupon",
      entered: { coupon: ` ${code} ` },
      patch: { coupon: code },
    });
    expect([order.coupon, order.discount, order.total]).toEqual([code, 27_000, 243_000]);
    expect(page.text).toContain(`Subtotal 270,000 VND Coupon ${code} -27,000 VND Total 243,000 VND`);
    const without = await open.send("coupon", { coupon: "" });
    expect(await open.order()).toMatchObject({ coupon: null, discount: 0, total: 270_000 });
    expect(without.text).not.toContain(code);
  });

  it("keeps the order's coupon, and reckons it anew", async () => {
    const code = await putCoupon({ percent: "10" });
    const { order } = await changeBoth({
      coupon: code,
      entered: { "quantity-0": "2" },
      patch: { lines: [{ quantity: 2 }] },
    });
    expect([order.coupon, order.total]).toEqual([code, 162_000]);
  });
});
