import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import {
  admin,
  bodyOf,
  type ItemRequest,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { IMAGE_DAY, SMALL_MONTH } from "../support/catalogue.ts";
import { openEnglish, stateOf, type Visit, visit, visitNew } from "./visit.ts";

/** Midnight in Vietnam; 20 days on are two thirds of a month. */
const START = "2027-03-05T17:00:00.000Z";
const END = later(START, 20 * DAY_MS);
const LAST_DAY = later(START, 19.5 * DAY_MS);
const WHOLE = (SMALL_MONTH * 2) / 3;
const GRANTED = 100_000;
const IMAGE: ItemRequest = {
  resourceType: "image",
  configuration: [{ sku: "image-gb", quantity: 1 }],
  period: undefined,
};

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const grant = ({ path }: TestAccount, amount = GRANTED, expiresAt = END) =>
  admin.put(`${path}/poc-wallet`, { amount, expiresAt });

async function checkout(item: ItemRequest = {}, amount = GRANTED): Promise<Visit> {
  await setClock(START);
  const account = await openEnglish();
  bodyOf(await grant(account, amount), 200);
  return visitNew(account, item);
}

/** Looks at the order as a trial. */
async function asTrial(open: Visit): Promise<Visit> {
  open.page = await open.browser.open(`${open.url}${open.page.find("#as-trial")?.getAttribute("href")}`);
  return open;
}

/** A server that runs on trial money, and what else was paid for it. */
async function tried(credit = 0): Promise<{ account: TestAccount; server: string }> {
  await setClock(START);
  const account = await openEnglish(credit);
  bodyOf(await grant(account), 200);
  const order = await account.place();
  bodyOf(await account.pay(order.id, { method: "poc" }), 200);
  const [line] = (await account.provisionAll(order.id, "succeeded")).lines;
  return { account, server: line?.resourceId ?? "" };
}

/** An order of something that credit is held for, and nothing else. */
const heldOnly = (account: TestAccount) =>
  account.place({
    resourceType: "snapshot",
    configuration: [{ sku: "snapshot-gb", quantity: 1 }],
    period: undefined,
  });
const server = (account: TestAccount) => account.place();

const pocOf = async (account: TestAccount): Promise<number> => (await account.balance()).poc.balance;
const sound = async ({ object }: TestAccount) => expect(await object.audit()).toEqual([]);

describe("the checkout of what may be tried", () => {
  it("shows it as a trial: up to the wallet's end, at that price, without a coupon", async () => {
    const open = await checkout();
    expect(open.page.text).toContain("Pay for it Try it on trial credit");
    expect(open.page.text).toContain("Total 90,000 VND");
    const { page } = await asTrial(open);
    expect(page.find("#as-trial")?.getAttribute("aria-current")).toBe("page");
    expect(page.text).toContain("Runs until 26 March 2027 at 00:00 The end of your trial credit");
    expect(page.text).toContain("Total 60,000 VND");
    expect(page.textOf(".method")).toBe(
      "Trial credit 60,000 VND Available 100,000 VND After this payment 40,000 VND Ends 26 March 2027 at 00:00",
    );
    expect(page.text).toContain("Coupons can't be used with trial credit.");
    expect(page.findAll("[name^=period], [name^=renew], #coupon, #share, [name=invoiceAddress]")).toEqual([]);
    expect(page.findAll("[name=method]").map((way) => way.getAttribute("value"))).toEqual(["poc"]);
  });

  it("pays it, waits for the console and leads back there", async () => {
    const open = await asTrial(await checkout());
    const paid = await open.send("pay");
    expect([paid.status, paid.heading]).toEqual([200, "Paid from your trial credit"]);
    expect(await pocOf(open.account)).toBe(GRANTED - WHOLE);
    await open.account.answer(open.id);
    const done = await open.reload();
    expect(done.heading).toBe("Everything is ready");
    expect(done.text).toContain("web · Runs until: 26 March 2027 at 00:00");
    expect(done.text).not.toContain("Made out to");
    expect(done.find("#back")?.getAttribute("href")).toContain(`order=${open.id}`);
    expect(await open.account.invoices()).toEqual([]);
    await sound(open.account);
  });

  it("stays a trial while its quantity changes, and says what is missing then", async () => {
    const open = await asTrial(await checkout());
    const page = await open.send("items", { "quantity-0": "2" });
    expect(page.url).toContain("?as=trial");
    expect(page.textOf(".method")).toContain(
      "Not enough trial credit. Available 100,000 VND Missing 20,000 VND",
    );
    expect(page.find("#pay")?.hasAttribute("disabled")).toBe(true);
  });

  it("doesn't take a coupon, which can be removed there", async () => {
    const coupon = await putCoupon({ percent: "10" });
    const open = await checkout();
    await open.send("coupon", { coupon });
    const { page } = await asTrial(open);
    expect(page.textOf(".method")).toContain("Coupons can't be used with trial credit.");
    expect(page.find("#pay")?.hasAttribute("disabled")).toBe(true);
    const removed = await open.send("coupon", { coupon: "" });
    expect(removed.find("#pay")?.hasAttribute("disabled")).toBe(false);
  });

  it("whose price is old by then is quoted anew, and nothing is paid before it was seen", async () => {
    const open = await asTrial(await checkout());
    await setClock(later(START, DAY_MS / 24));
    const before = await stateOf(open.account);
    const page = await open.send("pay");
    expect(page.status).toBe(409);
    expect((await stateOf(open.account)).wallets).toEqual(before.wallets);
    expect(page.text).toContain(`Total ${(WHOLE - 125).toLocaleString("en-US")} VND`);
    expect((await open.send("pay")).heading).toBe("Paid from your trial credit");
  });

  it("that fails says where the money is", async () => {
    const open = await asTrial(await checkout());
    await open.send("pay");
    await open.account.answer(open.id, "failed");
    const page = await open.reload();
    expect(page.text).toContain("What it cost is back in your trial credit");
    expect(page.text).toContain("Back in your trial credit 60,000 VND");
    expect(await pocOf(open.account)).toBe(GRANTED);
  });

  it("offers what is paid by use as a trial, too", async () => {
    const open = await checkout(IMAGE);
    expect(open.page.text).toContain("Pay by use Try it on trial credit");
    const { page } = await asTrial(open);
    expect(page.text).toContain(`Total ${(20 * IMAGE_DAY).toLocaleString("en-US")} VND`);
    await open.send("pay");
    expect(await pocOf(open.account)).toBe(GRANTED - 20 * IMAGE_DAY);
  });

  it.each([
    ["what isn't to be tried", heldOnly, START, "Trial credit doesn't pay for this."],
    [
      "anything on the wallet's last day",
      server,
      LAST_DAY,
      "Your trial credit ends on 26 March 2027 at 00:00, in less than a day.",
    ],
    ["anything after its end", server, END, "Your trial credit ended on 26 March 2027 at 00:00."],
  ] as const)("says why it isn't offered: %s", async (_, place, at, why) => {
    await setClock(START);
    const account = await openEnglish();
    bodyOf(await grant(account), 200);
    await setClock(at);
    const { page } = await visit(account, await place(account));
    expect(page.textOf("#no-trial")).toBe(why);
    expect(page.find("#as-trial")).toBeNull();
  });

  it("says nothing of trials to those who were granted none", async () => {
    await setClock(START);
    const { page } = await visitNew(await openEnglish());
    expect(page.findAll("#as-trial, #no-trial")).toEqual([]);
    expect(page.text.toLowerCase()).not.toContain("trial");
  });
});

describe("the checkout of what runs on trial money", () => {
  it("resizes it from the wallet, and gives back to that", async () => {
    const { account, server } = await tried();
    const more = { configuration: [{ sku: "small", quantity: 2 }] };
    bodyOf(await grant(account, 200_000), 200);
    const open = await visit(account, bodyOf(await account.placeFor("resize", server, more), 201) as never);
    expect(open.page.textOf(".method")).toContain("Trial credit 60,000 VND Available 140,000 VND");
    await open.send("pay");
    await account.answer(open.id);
    const less = { configuration: [{ sku: "small", quantity: 1 }] };
    const back = await visit(account, bodyOf(await account.placeFor("resize", server, less), 201) as never);
    expect(back.page.text).toContain("You get back 60,000 VND");
    expect(back.page.text).toContain(
      "It becomes trial credit again as soon as the configuration is changed.",
    );
    await back.send("pay");
    await account.answer(back.id);
    expect((await back.reload()).text).toContain("Back in your trial credit 60,000 VND");
    expect(await pocOf(account)).toBe(200_000 - WHOLE);
    await sound(account);
  });

  it("converts it: says what comes back, and isn't to be had on trial money", async () => {
    const { account, server } = await tried(SMALL_MONTH);
    const order = bodyOf(await account.placeFor("convert_poc", server, { period: { months: 1 } }), 201);
    const open = await visit(account, order as never);
    expect(open.page.heading).toBe("Convert to paid");
    expect(open.page.text).toContain(
      "The trial's end 26 March 2027 at 00:00 Back to your trial credit 60,000 VND",
    );
    expect(open.page.findAll("#as-trial, #no-trial")).toEqual([]);
    expect((await open.send("pay")).text).toContain("Your resource is being converted.");
    await account.answer(open.id);
    expect((await open.reload()).heading).toBe("It is yours to keep");
    expect(await account.balance()).toMatchObject({ credit: { total: 0 }, poc: { balance: GRANTED } });
    expect(await account.invoices()).toMatchObject([{ total: SMALL_MONTH }]);
    await sound(account);
  });
});
