import { expect, test } from "vitest";
import { refusals } from "../../src/texts/refusals.ts";
import { formatMonths } from "../../src/texts/units.ts";
import { expectPaidOnce, goBack, payTwice, stay } from "./legs/checkout.ts";
import { configure, enterConsole, seeRunning } from "./legs/console.ts";
import { enterPortal, findInvoice, findPayment, leave, switchLanguage } from "./legs/portal.ts";
import { expectRefused } from "./support/expect.ts";
import { Walk } from "./support/walk.ts";

const CREDIT = 1_000_000;
/** Two small servers for three months, less the coupon. */
const [SUBTOTAL, TOTAL] = [750_000, 730_000];

test.each([
  { width: "desktop", locale: "en" },
  { width: "phone", locale: "vi" },
] as const)("a customer orders, pays and finds the invoice: $width, $locale", async (options) => {
  const walk = await Walk.start({ ...options, name: "journey", credit: CREDIT });
  await order(walk);
  await change(walk);
  await useCoupons(walk);
  await pay(walk);
  await enterPortal(walk);
  await walk.look("10 dashboard");
  await findInvoice(walk, "web-2", TOTAL / 2);
  await findPayment(walk, TOTAL);
  await switchLanguage(walk);
  await leave(walk);
});

/** Configures a small server in vServer's console. */
async function order(walk: Walk): Promise<void> {
  const { page, console: texts } = walk;
  await page.goto("/sandbox/consoles");
  await walk.look("01 consoles");
  await enterConsole(walk, "vServer");
  await walk.look("02 console empty");
  const small = { [texts.name]: "web", "dev.v1.small1x1": "1", "Root disk 20 GB, 3000 IOPS": "1" };
  await configure(walk, "Server", small);
  await walk.look("03 new server");
  await walk.press(texts.goToCheckout);
}

/** Asks for more, and for longer: the page says at once what that costs. */
async function change(walk: Walk): Promise<void> {
  const { page, checkout: texts, locale } = walk;
  await walk.heading(texts.actions.create);
  await walk.amount(texts.total, 125_000);
  await page.evaluate("window.isSamePage = true");
  const period = page.getByLabel(texts.period, { exact: true });
  await page.getByLabel(texts.quantity).fill("2");
  await period.focus();
  await walk.amount(texts.total, 250_000);
  await period.selectOption({ label: texts.untilADate });
  await page.getByLabel(texts.until).waitFor();
  await page.getByText(texts.priceValidUntil).waitFor();
  await walk.look("04 checkout until a date");
  await period.selectOption({ label: formatMonths(3, locale) });
  await walk.amount(texts.total, SUBTOTAL);
  await page.getByLabel(texts.autoRenew).check();
  await page.getByLabel(texts.renewFor).waitFor();
  await page.getByText(texts.details).click();
  await walk.look("05 checkout changed");
  expect(await page.evaluate("window.isSamePage")).toBe(true);
}

/** Tries a coupon that doesn't exist, then one that does. */
async function useCoupons(walk: Walk): Promise<void> {
  const { page, checkout: texts, locale } = walk;
  await page.getByLabel(texts.couponCode).fill("NOSUCH");
  await walk.press(texts.apply);
  await page.getByRole("alert").getByText(refusals[locale].coupon_not_found).waitFor();
  await expectRefused(page, 422);
  await walk.look("06 coupon refused");
  await page.getByLabel(texts.couponCode).fill("WELCOME20");
  await walk.press(texts.apply);
  await walk.amount(`${texts.coupon} WELCOME20`, TOTAL - SUBTOTAL);
  await walk.amount(texts.total, TOTAL);
  await walk.amount(texts.after, CREDIT - TOTAL);
  await walk.look("07 checkout with coupon");
}

/** Pays, and comes back to the console. */
async function pay(walk: Walk): Promise<void> {
  await payTwice(walk);
  await stay(walk);
  await walk.look("08 success");
  await expectPaidOnce(walk.account, TOTAL, CREDIT);
  await goBack(walk, "vServer");
  await seeRunning(walk, "web", 2);
  expect(await walk.page.getByRole("row").getByText(walk.console.on, { exact: true }).count()).toBe(2);
  expect(new URL(walk.page.url()).searchParams.get("order")).toMatch(/^ord_/);
  await walk.look("09 console");
}

const PRODUCTS = [
  { product: "vStorage", type: "Project package", sku: "Gold", quantity: "100", months: 2, price: 200_000 },
  { product: "vMonitor", type: "Metric quota", sku: "100 metrics", quantity: "2", months: 1, price: 110_000 },
];

test("the other products are ordered and paid alike", async () => {
  const credit = 500_000;
  const walk = await Walk.start({ name: "other", width: "desktop", credit });
  for (const { product, type, sku, quantity, months, price } of PRODUCTS) {
    await enterConsole(walk, product);
    const { name, months: monthsField, goToCheckout } = walk.console;
    await configure(walk, type, { [name]: "mine", [sku]: quantity, [monthsField]: String(months) });
    await walk.look(`${product} new`);
    await walk.press(goToCheckout);
    await walk.amount(walk.checkout.total, price);
    await payTwice(walk);
    await goBack(walk, product);
    await seeRunning(walk, "mine", 1);
  }
});
