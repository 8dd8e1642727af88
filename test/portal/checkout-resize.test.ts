import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS, MINUTE_MS } from "../../src/domain/local-time.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import {
  bodyOf,
  type ItemRequest,
  type OrderView,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { openEnglish, stateOf, type Visit, visit } from "./visit.ts";

/** Midnight in Vietnam; the month that begins then has 30 days of 30/360. */
const START = "2027-03-09T17:00:00.000Z";
const HALF_A_MONTH_ON = later(START, 15 * DAY_MS);
const CREDIT = 1_000_000;

const of = (...skus: readonly string[]): ItemRequest => ({
  configuration: skus.map((sku) => ({ sku, quantity: 1 })),
});
const MORE = of("small", "disk");
const LESS = of("disk");

beforeAll(putCatalogue);
beforeEach(async () => void (await setClock(START)));
afterEach(async () => void (await resetClock()));

/** A small server, half of whose month is over, and the checkout of its resize. */
async function resizing(
  to: ItemRequest,
  coupon?: string,
): Promise<{ account: TestAccount; id: string; open: Visit }> {
  const account = await openEnglish(CREDIT);
  const order = coupon
    ? await account.placeWith(coupon, { name: "web" })
    : await account.place({ name: "web" });
  bodyOf(await account.pay(order.id), 200);
  const [line] = (await account.provisionAll(order.id, "succeeded")).lines;
  const id = line?.resourceId ?? "";
  await setClock(HALF_A_MONTH_ON);
  const open = await visit(account, bodyOf(await account.placeFor("resize", id, to), 201) as OrderView);
  return { account, id, open };
}

describe("the checkout of a resize", () => {
  it("shows both configurations and the end that stays, and nothing to choose", async () => {
    const { open } = await resizing(MORE);
    expect(open.page.heading).toBe("Change a configuration");
    expect(open.page.text).toContain(
      "web 17,500 VND Now small From then on small · disk End, as before 10 April 2027 at 00:00",
    );
    expect(open.page.text).toContain(
      "The new configuration for the time left 62,500 VND The present configuration for the time left -45,000 VND",
    );
    expect(open.page.findAll("#coupon, [name=intent][value=items], select")).toEqual([]);
    expect(open.page.text).toContain("This price holds until 25 March 2027 at 00:30");
  });

  it("to more takes the difference, and changes the configuration when the console has", async () => {
    const { account, id, open } = await resizing(MORE);
    const paid = await open.send("pay");
    expect([paid.status, paid.heading]).toEqual([200, "The configuration is being changed"]);
    expect(await account.available()).toBe(CREDIT - SMALL_MONTH - 17_500);
    await account.answer(open.id);
    const done = await open.reload();
    expect(done.heading).toBe("The configuration is changed");
    expect(done.text).toContain("Paid 17,500 VND");
    expect((await account.resource(id)).configuration).toHaveLength(2);
    expect(await account.object.audit()).toEqual([]);
  });

  it("to less shows what comes back, is confirmed for nothing, and gives it back when it is done", async () => {
    const { account, open } = await resizing(LESS);
    expect(open.page.text).toContain("web +27,500 VND");
    expect(open.page.text).toContain("You get back 27,500 VND Of which tax 2,500 VND");
    expect(open.formFor("pay").fields.total).toBe("-27500");
    expect(open.page.textOf("button.primary")).toBe("Confirm");
    await open.send("pay");
    expect(await account.available()).toBe(CREDIT - SMALL_MONTH);
    await account.answer(open.id);
    const done = await open.reload();
    expect([done.heading, done.text.includes("Back in your credit 27,500 VND")]).toEqual([
      "The configuration is changed",
      true,
    ]);
    expect(done.text).not.toContain("Paid");
    expect(await account.available()).toBe(CREDIT - SMALL_MONTH + 27_500);
    expect((await account.payments())[0]).toMatchObject({ kind: "refund", amount: 27_500 });
    expect((await account.creditTransactions())[0]).toMatchObject({ type: "refund", amount: 27_500 });
    expect(await account.creditNotes()).toMatchObject([{ total: 45_000, reason: "resize" }]);
    expect(await account.object.audit()).toEqual([]);
  });

  it("gives back no coupon money, and says so", async () => {
    const { open } = await resizing(LESS, await putCoupon({ percent: "50" }));
    expect(open.page.text).toContain("You get back 13,750 VND");
    expect(open.page.text).toContain("What a coupon paid of it isn't given back.");
  });

  it("that failed leaves the resource as it was, and gives the price back", async () => {
    const { account, id, open } = await resizing(MORE);
    await open.send("pay");
    await account.answer(open.id, "failed");
    expect((await open.reload()).heading).toBe("The configuration couldn't be changed");
    expect(await account.available()).toBe(CREDIT - SMALL_MONTH);
    expect((await account.resource(id)).configuration).toEqual([{ sku: "small", quantity: 1 }]);
  });

  it("is quoted anew once its price is old: nothing is paid at a price that wasn't shown", async () => {
    const { account, open } = await resizing(MORE);
    await setClock(later(HALF_A_MONTH_ON, DAY_MS / 2));
    const before = await account.payments();
    const page = await open.send("pay");
    expect([page.status, page.textOf(".notice")]).toEqual([
      409,
      "The price was older than 30 minutes, so we calculated it anew. Please look at it again.",
    ]);
    expect(page.textOf("dd.total")).toBe("16,917 VND");
    expect(await account.payments()).toEqual(before);
    await open.send("pay");
    expect(await account.available()).toBe(CREDIT - SMALL_MONTH - 16_917);
  });

  it("is quoted anew once the resource has changed, and pays only what was agreed to", async () => {
    const { account, id, open } = await resizing(LESS);
    const stale = open.formFor("pay");
    await account.act("renew", id, { period: { months: 1 } });
    const page = await open.send("pay");
    expect(page.textOf(".notice")).toContain("The resource has changed since this price was made");
    expect(page.textOf("dd.total")).toBe("82,500 VND");
    const before = await stateOf(account);
    const again = await open.browser.send(stale, { attempt: crypto.randomUUID() });
    expect([again.status, again.textOf(".notice")]).toEqual([
      409,
      "The order was changed meanwhile. Please look at it again before you pay.",
    ]);
    expect(await stateOf(account)).toEqual(before);
  });

  it("says why it can't be done any more", async () => {
    const { account, id, open } = await resizing(MORE);
    await setClock(later(HALF_A_MONTH_ON, MINUTE_MS));
    bodyOf(await account.remove(id), 200);
    const page = await open.send("pay");
    expect([page.status, page.textOf(".notice")]).toEqual([409, "This resource is deleted."]);
    expect((await open.order()).status).toBe("awaiting_payment");
  });
});
