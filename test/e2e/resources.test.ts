import { expect, test } from "vitest";
import type { Resource } from "../../src/cli/demo/client.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { resourceTexts } from "../../src/texts/resources.ts";
import { expectAvailable } from "./legs/checkout.ts";
import { enterConsole } from "./legs/console.ts";
import { enterPortal } from "./legs/portal.ts";
import { pay, place, SERVER } from "./support/api.ts";
import { Walk } from "./support/walk.ts";

const CREDIT = 2_000_000;
const MONTH = 125_000;

test.each([
  { name: "resources light", width: "desktop", colorScheme: "light", locale: "en" },
  { name: "resources vi", width: "phone", colorScheme: "light", locale: "vi" },
  { name: "resources dark", width: "phone", colorScheme: "dark", locale: "en" },
] as const)("a customer looks after resources: $width, $colorScheme, $locale", async (options) => {
  const walk = await Walk.start({ ...options, credit: CREDIT });
  const { account } = walk;
  await pay(account, await place(account, { ...SERVER, name: "short" }));
  await pay(account, await place(account, { ...SERVER, name: "long", period: { months: 2 } }));
  await enterConsole(walk, "vServer");
  await walk.page.getByText("short").waitFor();
  await walk.untilRunning(2);
  await walk.look("01 console");
  await enterPortal(walk);
  await walk.follow(portalTexts[options.locale].rooms.resources);
  await walk.heading(resourceTexts[options.locale].title);
  await matchEnds(walk);
  await renew(walk);
  await remove(walk);
});

/** Brings both to the end of the one that runs longer: only the other costs something. */
async function matchEnds(walk: Walk): Promise<void> {
  const { page, checkout, locale } = walk;
  const texts = resourceTexts[locale];
  for (const name of ["short", "long"]) await page.getByLabel(texts.choose.replace("{name}", name)).check();
  await walk.look("02 chosen");
  await walk.press(texts.matchEndTime);
  await walk.heading(texts.matchEndTime);
  await walk.look("03 match");
  await walk.press(texts.toCheckout);
  await walk.amount(checkout.total, MONTH);
  await walk.look("04 checkout match");
  await payAndReturn(walk);
  await walk.heading(texts.title);
  await expectAvailable(walk.account, CREDIT - 4 * MONTH);
}

/** Renews one of them for two months more. */
async function renew(walk: Walk): Promise<void> {
  const { page, checkout, locale } = walk;
  const texts = resourceTexts[locale];
  await walk.follow("short");
  await walk.heading("short");
  await walk.look("05 resource");
  await page.getByRole("button", { name: texts.renew, exact: true }).click();
  await walk.heading(checkout.actions.renew);
  await page.getByLabel(checkout.period, { exact: true }).selectOption("2");
  await walk.amount(checkout.total, 2 * MONTH);
  await walk.look("06 checkout renew");
  await payAndReturn(walk);
  await walk.heading("short");
  await expectAvailable(walk.account, CREDIT - 6 * MONTH);
}

/** Deletes it: what comes back is shown before, and comes back once. */
async function remove(walk: Walk): Promise<void> {
  const { page, account, locale } = walk;
  const texts = resourceTexts[locale];
  await walk.follow(texts.delete);
  await walk.heading(texts.deleteTitle.replace("{name}", "short"));
  await walk.look("07 delete");
  await page.getByRole("button", { name: texts.confirmDelete }).dblclick();
  await walk.heading(texts.deletedTitle.replace("{name}", "short"));
  await walk.look("08 deleted");
  const { data: notes } = await account.user.get<{ data: { total: number }[] }>(
    `${account.path}/credit-notes`,
  );
  const refund = notes.reduce((total, note) => total + note.total, 0);
  // Four months were paid for, and minutes went by at most.
  expect(refund).toBeGreaterThan(4 * MONTH - 100);
  await walk.amount(texts.refunded, refund);
  await expectAvailable(account, CREDIT - 6 * MONTH + refund);
  await walk.follow(texts.toResources);
  await walk.heading(texts.title);
  const { data } = await account.user.get<{ data: Resource[] }>(`${account.path}/resources?q=short`);
  expect(data).toMatchObject([{ state: "deleted" }]);
}

async function payAndReturn(walk: Walk): Promise<void> {
  const { page, checkout } = walk;
  await page.getByRole("button", { name: checkout.pay }).dblclick();
  await walk.heading(checkout.outcomes.renew.completedTitle);
  await walk.follow(checkout.goBackHere);
}
