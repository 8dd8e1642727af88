import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { type PassKind, signPass } from "../../src/http/links.ts";
import { checkoutTexts } from "../../src/texts/checkout.ts";
import { admin, bodyOf, type OrderView, putCatalogue, type TestAccount, userOf } from "../support/api.ts";
import { Browser, type Page } from "../support/browser.ts";
import { linkOf, ORIGIN, openEnglish, placeAs, stateOf, urlOf, visit, visitNew } from "./visit.ts";

beforeAll(putCatalogue);

const texts = checkoutTexts.en;
const soon = () => Math.floor(Date.now() / 1_000) + 60;
const past = () => Math.floor(Date.now() / 1_000) - 1;

const cookieFor = async (
  account: TestAccount,
  order: OrderView,
  {
    kind = "checkout_cookie" as PassKind,
    untilSeconds = soon(),
    of = { account: account.id, order: order.id },
  } = {},
) => ({
  name: "checkout",
  value: await signPass(env, kind, of as never, untilSeconds),
  path: `/checkout/${account.id}/${order.id}`,
  flags: [],
});

/** The page says that it can't be opened like that, and nothing about any order. */
function expectClosed(page: Page, order: OrderView) {
  expect([page.status, page.heading]).toEqual([403, texts.linkInvalid]);
  for (const secret of [order.id, "web-of-an", "90,000", "An Nguyen", "vServer"])
    expect(page.html).not.toContain(secret);
}

/** An order with what nobody else is to see. */
async function secretOrder() {
  const account = await openEnglish();
  await admin.put(account.path, { email: "an@example.com", name: "An Nguyen", locale: "en" });
  return { account, order: await account.place({ name: "web-of-an" }) };
}

describe("a checkout link", () => {
  it("shows the order, at an address without the code", async () => {
    const { account, order } = await secretOrder();
    const { page } = await visit(account, order);
    expect(page.url).toBe(urlOf(account, order.id));
    for (const seen of [order.id, "web-of-an", "90,000 VND", "An Nguyen", "vServer"])
      expect(page.text).toContain(seen);
  });

  it("works once: after that its page says so, and shows nothing of the order", async () => {
    const { account, order } = await secretOrder();
    await visit(account, order);
    const other = new Browser();
    const page = await other.open(linkOf(order));
    expect([page.status, page.heading]).toEqual([410, texts.linkUsed]);
    expect(page.text).toContain(texts.linkHint);
    expect(page.html).not.toContain(order.id);
    expect(page.html).not.toContain("web-of-an");
    expect(other.cookies).toEqual([]);
    expect((await other.open(urlOf(account, order.id))).status).toBe(403);
  });

  it("opens for one of two browsers that follow it at once", async () => {
    const { order } = await secretOrder();
    const pages = await Promise.all([new Browser(), new Browser()].map((one) => one.open(linkOf(order))));
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 410]);
  });

  it("leads the browser that used it on, as often as it is followed", async () => {
    const { account, order } = await secretOrder();
    const { browser } = await visit(account, order);
    const again = await browser.open(linkOf(order));
    expect([again.status, again.url]).toEqual([200, urlOf(account, order.id)]);
  });

  it("is the same until it is followed, and another one from then on", async () => {
    const { account, order } = await secretOrder();
    expect((await account.order(order.id)).checkoutUrl).toBe(order.checkoutUrl);
    await visit(account, order);
    const next = await account.order(order.id);
    expect(next.checkoutUrl).not.toBe(order.checkoutUrl);
    expect((await new Browser().open(linkOf(next))).status).toBe(200);
  });

  it("changes nothing else about the order, and moves no money", async () => {
    const { account, order } = await secretOrder();
    const before = await stateOf(account);
    await visit(account, order);
    const after = await stateOf(account);
    expect(after.orders).toEqual(before.orders.map((one) => ({ ...one, checkoutsOpened: 1 })));
    expect([after.ledger, after.payments, after.resources]).toEqual([[], [], []]);
  });

  it("is refused without its code, and with a code that somebody changed", async () => {
    const { account, order } = await secretOrder();
    const [head, claims, signature] = (new URL(linkOf(order)).searchParams.get("code") ?? "").split(".");
    const forged = btoa(JSON.stringify({ ...JSON.parse(atob(claims ?? "")), opening: 1 }));
    const codes = [
      "",
      "x",
      "a.b.c",
      `${head}.${forged}.${signature}`,
      `${head}.${claims}.`,
      `${head}.${claims}.${signature}x`,
    ];
    for (const code of codes)
      expectClosed(await new Browser().open(`${urlOf(account, order.id)}?code=${code}`), order);
    expectClosed(await new Browser().open(urlOf(account, order.id)), order);
    expect((await visit(account, order)).page.status).toBe(200);
  });

  it("opens no other order, and no other account's", async () => {
    const [mine, theirs] = [await secretOrder(), await secretOrder()];
    const second = await mine.account.place();
    const search = new URL(linkOf(second)).search;
    const browser = new Browser();
    expectClosed(await browser.open(`${urlOf(mine.account, mine.order.id)}${search}`), mine.order);
    expectClosed(await browser.open(`${urlOf(theirs.account, theirs.order.id)}${search}`), theirs.order);
    expectClosed(await browser.open(`${urlOf(theirs.account, second.id)}${search}`), theirs.order);
    expect(browser.cookies).toEqual([]);
    expect((await visit(mine.account, second, browser)).page.status).toBe(200);
  });

  it("is refused after its last second, under another kind of pass, and signed by somebody else", async () => {
    const { account, order } = await secretOrder();
    const pass = { account: account.id, order: order.id, opening: 0 };
    const strange = { ...env, LINK_SECRET: "another-secret-0123456789-0123456789" } as Env;
    const codes = [
      await signPass(env, "checkout_link", pass, past()),
      await signPass(env, "checkout_cookie", pass, soon()),
      await signPass(env, "portal_link", pass as never, soon()),
      await signPass(strange, "checkout_link", pass, soon()),
    ];
    for (const code of codes)
      expectClosed(await new Browser().open(`${urlOf(account, order.id)}?code=${code}`), order);
    const valid = await signPass(env, "checkout_link", pass, soon());
    expect((await new Browser().open(`${urlOf(account, order.id)}?code=${valid}`)).status).toBe(200);
  });

  it("says the same of an order that isn't there", async () => {
    const { account, order } = await secretOrder();
    const pass = { account: account.id, order: "ord_none", opening: 0 };
    const code = await signPass(env, "checkout_link", pass, soon());
    const page = await new Browser().open(`${ORIGIN}/checkout/${account.id}/ord_none?code=${code}`);
    expect(page.status).toBe(410);
    expect(page.html).not.toContain(order.id);
  });
});

describe("the checkout's cookie", () => {
  it("is for this order alone, out of scripts' and other sites' reach, and lasts two hours", async () => {
    const { account, order } = await secretOrder();
    const { browser } = await visit(account, order);
    expect(browser.cookies).toEqual([
      {
        name: "checkout",
        value: expect.any(String),
        path: `/checkout/${account.id}/${order.id}`,
        flags: expect.arrayContaining(["httponly", "samesite=lax", "max-age=7200"]),
      },
    ]);
    expect(browser.cookies[0]?.flags).not.toContain("secure");
  });

  it("goes by https only, where the page came by https", async () => {
    const { order } = await secretOrder();
    const browser = new Browser();
    await browser.open(linkOf(order).replace("http:", "https:"));
    expect(browser.cookies.map(({ flags }) => flags)).toEqual([
      expect.arrayContaining(["secure", "httponly"]),
    ]);
  });

  it("opens nothing after its time, for another order or account, or if it is another kind of pass", async () => {
    const { account, order } = await secretOrder();
    const other = await account.place();
    const stranger = await openEnglish();
    const cookies = [
      await cookieFor(account, order, { untilSeconds: past() }),
      await cookieFor(account, order, { of: { account: account.id, order: other.id } }),
      await cookieFor(account, order, { of: { account: stranger.id, order: order.id } }),
      await cookieFor(account, order, {
        kind: "portal_cookie",
        of: { account: account.id, session: "s" } as never,
      }),
      await cookieFor(account, order, {
        kind: "checkout_link",
        of: { account: account.id, order: order.id, opening: 0 } as never,
      }),
    ];
    for (const cookie of cookies) {
      const browser = new Browser();
      browser.keep(cookie);
      expectClosed(await browser.open(urlOf(account, order.id)), order);
    }
    const browser = new Browser();
    browser.keep(await cookieFor(account, order));
    expect((await browser.open(urlOf(account, order.id))).status).toBe(200);
  });

  it("isn't a portal's: that one opens no checkout, and this one no portal", async () => {
    const { account, order } = await secretOrder();
    const portal = new Browser();
    const { url } = bodyOf(
      await account.console.post<{ url: string }>(`${account.path}/portal-sessions`, {
        user: "an",
        returnUrl: "https://console.example/",
      }),
      201,
    );
    await portal.open(url);
    const [cookie] = portal.cookies;
    if (!cookie) throw new Error("the portal set no cookie");
    portal.keep({ ...cookie, name: "checkout", path: "/checkout" });
    expectClosed(await portal.open(urlOf(account, order.id)), order);
    const { browser } = await visit(account, order);
    const [own] = browser.cookies;
    if (!own) throw new Error("the checkout set no cookie");
    browser.keep({ ...own, name: "portal", path: "/portal" });
    expect((await browser.open(`${ORIGIN}/portal`)).status).toBe(401);
  });

  it("doesn't let anybody pay, change or cancel without it", async () => {
    const account = await openEnglish(90_000);
    const { formFor, order } = await visitNew(account);
    const before = await stateOf(account);
    const stranger = new Browser();
    for (const intent of ["items", "coupon", "pay", "cancel"] as const)
      expectClosed(await stranger.send(formFor(intent), { "quantity-0": "2" }), await order());
    expect(await stateOf(account)).toEqual(before);
  });
});

describe("who is told where the checkout is", () => {
  it("is whoever may pay the order, or send its customer there: not admins, not other users", async () => {
    const account = await openEnglish();
    const order = await account.place();
    const path = `${account.path}/orders/${order.id}`;
    const seenBy = async (client: typeof admin) => bodyOf(await client.get<OrderView>(path), 200).checkoutUrl;
    expect(await seenBy(account.console)).toBe(order.checkoutUrl);
    expect(await seenBy(userOf(account.id, ["PayOrder"]))).toBe(order.checkoutUrl);
    expect(await seenBy(userOf(account.id, ["ListPayments", "ManageResources"]))).toBeNull();
    expect(await seenBy(admin)).toBeNull();
  });

  it("is told in the answers to changes and cancellations as well", async () => {
    const account = await openEnglish();
    const order = await placeAs(account, {});
    expect(bodyOf(await account.change(order.id, {}), 200).checkoutUrl).toBe(order.checkoutUrl);
    expect(bodyOf(await account.cancel(order.id), 200).checkoutUrl).toBe(order.checkoutUrl);
  });
});
