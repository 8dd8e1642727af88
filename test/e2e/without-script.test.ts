import { test } from "vitest";
import { billingTexts } from "../../src/texts/billing.ts";
import { invoiceTexts } from "../../src/texts/invoice.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { formatMonths } from "../../src/texts/units.ts";
import { expectPaidOnce, goBack } from "./legs/checkout.ts";
import { chooseNext, configure, enterConsole, finish, seeRunning } from "./legs/console.ts";
import { enterPortal } from "./legs/portal.ts";
import { Walk } from "./support/walk.ts";

const CREDIT = 500_000;
/** A small server for two months, less the coupon. */
const TOTAL = 160_000;

test("without scripts everything can be done with a button more", async () => {
  const options = { width: "phone", credit: CREDIT, javaScriptEnabled: false } as const;
  const walk = await Walk.start({ name: "without script", ...options });
  const { page, locale, console: words, checkout: texts } = walk;
  await enterConsole(walk, "vServer");
  await chooseNext(walk, "hang");
  await configure(walk, "Server", { [words.name]: "web" });
  await walk.press(words.goToCheckout);

  await page.getByLabel(texts.period, { exact: true }).selectOption({ label: formatMonths(2, locale) });
  await walk.press(texts.update);
  await walk.amount(texts.total, 180_000);
  await page.getByLabel(texts.couponCode).fill("WELCOME20");
  await walk.press(texts.apply);
  await walk.amount(texts.total, TOTAL);
  await walk.look("1 checkout");

  // Nothing holds the second press back here but the server.
  await page.getByRole("button", { name: texts.pay }).dblclick();
  await walk.heading(texts.outcomes.create.paidTitle);
  await walk.look("2 paid");
  await finish(walk);
  // The page looks again by itself.
  await walk.heading(texts.outcomes.create.completedTitle);
  await walk.look("3 ready");
  await expectPaidOnce(walk.account, TOTAL, CREDIT);
  await goBack(walk, "vServer");
  await seeRunning(walk, "web", 1);

  await enterPortal(walk);
  await walk.follow(portalTexts[locale].rooms.billing);
  await walk.heading(billingTexts[locale].title);
  await page.getByRole("row").getByRole("link").first().click();
  await walk.amount(invoiceTexts[locale].total, TOTAL);
  await walk.look("4 invoice");
  await walk.press(portalTexts[locale].signOut);
  await walk.heading(portalTexts[locale].signedOut);
});
