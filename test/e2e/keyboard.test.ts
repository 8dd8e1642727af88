import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { billingTexts } from "../../src/texts/billing.ts";
import { dashboardTexts } from "../../src/texts/dashboard.ts";
import { furniture } from "../../src/texts/furniture.ts";
import { invoiceTexts } from "../../src/texts/invoice.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { expectPaidOnce, stay } from "./legs/checkout.ts";
import { seeRunning } from "./legs/console.ts";
import { place, SERVER } from "./support/api.ts";
import { expectFocusSeen, expectRefused, tabTo } from "./support/expect.ts";
import { Walk } from "./support/walk.ts";

const CREDIT = 500_000;
/** Two small servers for two months, less a tenth. */
const TOTAL = 450_000;

test("the keyboard alone orders, pays, finds the invoice and signs out, all in the dark", async () => {
  const options = { width: "desktop", colorScheme: "dark", credit: CREDIT } as const;
  const walk = await Walk.start({ name: "keyboard, dark", ...options });
  await order(walk);
  await pay(walk);
  await lookAfter(walk);
});

async function order(walk: Walk): Promise<void> {
  const { page, console: texts, account } = walk;
  await page.goto("/sandbox/consoles");
  await walk.look("1 consoles");
  await type(walk, page.getByLabel(texts.customer), account.id);
  await press(walk, page.getByRole("button", { name: "vServer" }));
  await walk.heading("vServer");
  await press(walk, page.getByRole("link", { name: `${texts.create}: Server` }));
  await type(walk, page.getByLabel("Root disk 20 GB, 3000 IOPS"), "1");
  await walk.look("2 new server");
  // In a form, Enter sends it.
  await page.keyboard.press("Enter");
}

/** Each change is quoted at once, and the keyboard stays where it was. */
async function pay(walk: Walk): Promise<void> {
  const { page, checkout: texts, account } = walk;
  await walk.heading(texts.actions.create);
  await press(walk, page.getByRole("link", { name: furniture[walk.locale].skipToContent }));
  await type(walk, page.getByLabel(texts.quantity), "2");
  const period = page.getByLabel(texts.period, { exact: true });
  await go(walk, period);
  await walk.amount(texts.total, 250_000);
  await page.keyboard.press("ArrowDown");
  await walk.amount(texts.total, 500_000);
  await period.and(page.locator(":focus")).waitFor();
  await go(walk, page.getByLabel(texts.autoRenew));
  await page.keyboard.press("Space");
  await page.getByLabel(texts.renewFor).waitFor();
  await press(walk, page.getByText(texts.details));
  await page.getByRole("cell", { name: walk.money(180_000) }).waitFor();
  await type(walk, page.getByLabel(texts.couponCode), "NOSUCH");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  await expectRefused(page, 422);
  await walk.look("3 checkout");
  await type(walk, page.getByLabel(texts.couponCode), "SAVE10");
  await page.keyboard.press("Enter");
  await walk.amount(texts.total, TOTAL);
  await press(walk, page.getByRole("button", { name: texts.pay }));
  await walk.heading(texts.outcomes.create.completedTitle);
  await stay(walk);
  await walk.look("4 success");
  await press(walk, page.getByRole("link", { name: texts.goBack.replace("{product}", "vServer") }));
  await seeRunning(walk, "server", 2);
  await walk.look("5 console");
  await expectPaidOnce(account, TOTAL, CREDIT);
}

async function lookAfter(walk: Walk): Promise<void> {
  const { page, locale, console: texts } = walk;
  await press(walk, page.getByRole("button", { name: texts.payments }));
  await walk.heading(dashboardTexts[locale].title);
  await walk.look("6 dashboard");
  await press(walk, page.getByRole("link", { name: portalTexts[locale].rooms.billing, exact: true }));
  await walk.heading(billingTexts[locale].title);
  await walk.look("7 billing");
  await press(walk, page.getByRole("row").getByRole("link").first());
  await walk.amount(invoiceTexts[locale].total, TOTAL / 2);
  await walk.look("8 invoice");
  await press(walk, page.getByRole("button", { name: portalTexts[locale].signOut }));
  await walk.heading(portalTexts[locale].signedOut);
}

test("a quote that comes late takes nothing from whoever went on", async () => {
  const walk = await Walk.start({ name: "late", width: "desktop", credit: CREDIT });
  const { page, checkout: texts } = walk;
  await page.goto((await place(walk.account, SERVER)).checkoutUrl);
  const late = Promise.withResolvers<void>();
  await page.route(/\/checkout\//, async (route) => {
    await late.promise;
    await route.continue();
  });
  await type(walk, page.getByLabel(texts.quantity), "2");
  const coupon = page.getByLabel(texts.couponCode);
  await type(walk, coupon, "SAVE10");
  late.resolve();
  await walk.amount(texts.total, 250_000);
  await coupon.and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await walk.amount(texts.total, 225_000);
});

/** Goes to a control, which shows that it is there. */
async function go({ page }: Walk, control: Locator): Promise<void> {
  await control.waitFor({ state: "attached" });
  await tabTo(page, control);
  await expectFocusSeen(page);
}

async function press(walk: Walk, control: Locator): Promise<void> {
  await go(walk, control);
  await walk.page.keyboard.press("Enter");
}

async function type(walk: Walk, field: Locator, text: string): Promise<void> {
  await go(walk, field);
  await walk.page.keyboard.press("Control+A");
  await walk.page.keyboard.type(text);
  expect(await field.inputValue()).toBe(text);
}
