import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { advanceClock, later, resetClock, setClock } from "../http/clock.ts";
import { bodyOf, putCatalogue, type TestAccount } from "../support/api.ts";
import type { Page } from "../support/browser.ts";
import { openEnglish, placeAs, stateOf, type Visit, visit, visitNew } from "./visit.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const NOW = "2027-03-10T05:00:00Z";

const wayBackOf = (page: Page) => page.find("a.button")?.getAttribute("href");
const linesOf = (page: Page) => page.findAll("main li").map((line) => line.textContent.trim());

async function paidOrder(account: TestAccount) {
  const open = await visitNew(account, { name: "a" }, { name: "b" });
  await open.send("pay");
  return open;
}

/** Sends every form of a page that was opened before; each answers the page as it is now, and nothing changes. */
async function expectClosed(stale: Visit, heading: string) {
  const forms = (["items", "coupon", "pay", "cancel"] as const).map(stale.formFor);
  const before = await stateOf(stale.account);
  for (const form of forms) {
    const page = await stale.browser.send(form, { "quantity-0": "9" });
    expect([page.status, page.heading]).toEqual([200, heading]);
    expect(page.findAll("form")).toEqual([]);
  }
  expect(await stateOf(stale.account)).toEqual(before);
}

describe("a paid order's page", () => {
  it("shows how far each resource is, and looks again by itself until all are done", async () => {
    const account = await openEnglish(1_000_000);
    const open = await paidOrder(account);
    const [first, second] = (await open.order()).lines;
    if (!first || !second) throw new Error("an order of two lines");
    expect(linesOf(open.page)).toEqual(["ain progress", "bin progress"]);
    expect(open.page.find("[data-refresh]")).not.toBeNull();
    expect(open.page.find("[data-return]")).toBeNull();
    bodyOf(await account.provision(first, "succeeded"), 200);
    expect(linesOf(await open.reload())).toEqual(["aready", "bin progress"]);
    expect(open.page.heading).toBe("Paid. Thank you!");
    bodyOf(await account.provision(second, "succeeded"), 200);
    expect(linesOf(await open.reload())).toEqual(["aready", "bready"]);
    expect(open.page.heading).toBe("Everything is ready");
    expect(open.page.text).toContain("Paid 180,000 VND");
    expect(open.page.find("[data-refresh]")).toBeNull();
    expect(open.page.find("a[data-return]")).not.toBeNull();
  });

  it("shows a line that failed as refunded, with the console's reason as it was written", async () => {
    const account = await openEnglish(180_000);
    const open = await paidOrder(account);
    const [first, second] = (await open.order()).lines;
    if (!first || !second) throw new Error("an order of two lines");
    bodyOf(await account.provision(first, "succeeded"), 200);
    const answer = { orderLine: second.id, status: "failed", reason: "<b>no</b> capacity" };
    bodyOf(
      await account.console.post(`${account.path}/resources/${second.resourceId}/provisioning`, answer),
      200,
    );
    await open.reload();
    expect(open.page.heading).toBe("Everything is ready");
    expect(open.page.text).toContain("What couldn't be set up is back in your credit.");
    expect(open.page.text).toContain("b Reason: <b>no</b> capacity refunded");
    expect(open.page.text).toContain("Back in your credit 90,000 VND");
    expect(open.page.find("main b")).toBeNull();
    expect(await account.available()).toBe(90_000);
  });

  it("says so where nothing could be set up", async () => {
    const account = await openEnglish(180_000);
    const open = await paidOrder(account);
    await account.provisionAll(open.id, "failed");
    await open.reload();
    expect([open.page.status, open.page.heading]).toEqual([200, "This couldn't be set up"]);
    expect(open.page.text).toContain("What you paid is back in your credit.");
    expect(open.page.find("[data-return]")).toBeNull();
    expect(await account.available()).toBe(180_000);
  });

  it("can't be paid, changed or cancelled from a page that was opened before", async () => {
    const account = await openEnglish(1_000_000);
    const stale = await visitNew(account);
    bodyOf(await account.pay(stale.id), 200);
    await expectClosed(stale, "Paid. Thank you!");
  });

  it("is what a new link of it opens", async () => {
    const account = await openEnglish(90_000);
    const { page } = await visit(account, await account.placeAndPay());
    expect([page.heading, page.findAll("form")]).toEqual(["Paid. Thank you!", []]);
  });
});

describe("the way back", () => {
  it("leads where the console said, which order it was added to what its address has", async () => {
    const account = await openEnglish(90_000);
    const order = await placeAs(account, {
      returnUrl: "https://console.example/done?tab=a%26b&order=x#servers",
    });
    const open = await visit(account, order);
    expect(wayBackOf(await open.send("pay"))).toBe(
      `https://console.example/done?tab=a%26b&order=${order.id}#servers`,
    );
    expect(open.page.textOf("a.button")).toBe("Back to vServer");
  });

  it("after a cancellation is the one for that, where the console named one", async () => {
    const account = await openEnglish();
    const order = await placeAs(account, { cancelUrl: "https://console.example/cart" });
    const open = await visit(account, order);
    expect(wayBackOf(await open.send("cancel"))).toBe(`https://console.example/cart?order=${order.id}`);
    const other = await visitNew(account);
    expect(wayBackOf(await other.send("cancel"))).toBe(`https://console.example/done?order=${other.id}`);
  });
});

describe("a cancelled order's page", () => {
  it("says so; nothing was charged, and nothing can be done any more", async () => {
    const account = await openEnglish(90_000);
    const open = await visitNew(account);
    const { page } = open;
    const answered = await open.send("cancel");
    expect([answered.status, answered.heading]).toEqual([200, "This order was cancelled"]);
    expect(answered.text).toContain("Nothing was charged.");
    expect((await open.order()).status).toBe("cancelled");
    expect([await account.available(), await account.payments()]).toEqual([90_000, []]);
    open.page = page;
    await expectClosed(open, "This order was cancelled");
  });
});

describe("an expired order's page", () => {
  it("says so from the very instant on; nothing can be done any more", async () => {
    await setClock(NOW);
    const account = await openEnglish(90_000);
    const order = await placeAs(account, { cancelUrl: "https://console.example/cart" });
    const open = await visit(account, order);
    await setClock(later(NOW, DAY_MS - 1));
    expect((await open.reload()).heading).toBe("Create resources");
    await setClock(later(NOW, DAY_MS));
    await expectClosed(open, "This order has expired");
    await advanceClock(later(NOW, DAY_MS + 1));
    expect((await open.browser.open(open.url)).text).toContain("Nothing was charged.");
    expect(wayBackOf(await open.reload())).toBe(`https://console.example/cart?order=${order.id}`);
    expect(await account.available()).toBe(90_000);
  });
});
