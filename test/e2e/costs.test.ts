import { expect, test } from "vitest";
import { billingTexts } from "../../src/texts/billing.ts";
import { billingStatisticsTexts } from "../../src/texts/billing-statistics.ts";
import { costTexts } from "../../src/texts/costs.ts";
import { listTexts } from "../../src/texts/lists.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { enterConsole } from "./legs/console.ts";
import { enterPortal } from "./legs/portal.ts";
import { pay, place, SERVER } from "./support/api.ts";
import { Walk } from "./support/walk.ts";

const MONTH = 125_000;

test.each([
  { name: "costs light", width: "desktop", colorScheme: "light", locale: "en" },
  { name: "costs dark", width: "phone", colorScheme: "dark", locale: "vi" },
  { name: "costs without script", width: "phone", locale: "en", javaScriptEnabled: false },
] as const)("a customer sees where the money went: $name, $locale", async (options) => {
  const walk = await Walk.start({ ...options, credit: 2_000_000 });
  const { page, locale } = walk;
  for (const name of ["web", "db"]) await pay(walk.account, await place(walk.account, { ...SERVER, name }));
  await enterConsole(walk, "vServer");
  await walk.untilRunning(2);
  await enterPortal(walk);
  await explore(walk);
  await walk.follow(portalTexts[locale].rooms.billing);
  await walk.heading(billingTexts[locale].title);
  const statistics = billingStatisticsTexts[locale];
  await page.getByText(statistics.byProduct).waitFor();
  await page.getByText(costTexts[locale].numbers).click();
  await walk.look("4 billing");
  await page.locator(".parts").getByRole("link", { name: "vServer" }).click();
  await page.getByRole("link", { name: statistics.showAll }).waitFor();
  expect(await page.locator(".parts [aria-current]").count()).toBe(1);
});

/** Chooses how costs are told, and goes from a product to its types and its resources, by keyboard alone. */
async function explore(walk: Walk): Promise<void> {
  const { page, locale } = walk;
  const texts = costTexts[locale];
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  await link(portalTexts[locale].rooms.costs).press("Enter");
  await walk.heading(texts.title);
  await walk.look("1 nothing used yet");
  await page.getByLabel(texts.basis, { exact: true }).selectOption("invoiced");
  await page.getByLabel(texts.granularity, { exact: true }).selectOption("weekly");
  await page.getByRole("button", { name: listTexts[locale].apply }).press("Enter");
  await page
    .getByText(walk.money(2 * MONTH))
    .first()
    .waitFor();
  await walk.look("2 invoiced");
  await link("vServer").press("Enter");
  await link("Server").press("Enter");
  const rows = page
    .locator("table.rows")
    .first()
    .getByRole("row")
    .filter({ hasText: walk.money(MONTH) });
  await rows.nth(1).waitFor();
  expect(await rows.count()).toBe(2);
  await walk.look("3 resources");
}
