import { expect, test } from "vitest";
import type { Page as List, Payment } from "../../src/cli/demo/client.ts";
import { refusals } from "../../src/texts/refusals.ts";
import { expectAvailable, expectPaidOnce } from "./legs/checkout.ts";
import { chooseNext, enterConsole, finish } from "./legs/console.ts";
import { pay, place, SERVER, setClock } from "./support/api.ts";
import { expectAccessible, expectFits, expectRefused } from "./support/expect.ts";
import { openPage, screenshot } from "./support/page.ts";
import { Walk } from "./support/walk.ts";

const HOUR_MS = 3_600_000;

test("what can't be set up is refunded, what takes long is waited for", async () => {
  const credit = 200_000;
  const walk = await Walk.start({ name: "mishaps", width: "phone", credit });
  const { page, account, checkout: texts, console: words } = walk;
  await enterConsole(walk, "vServer");
  await chooseNext(walk, "fail");
  await buy(walk);
  await walk.heading(texts.outcomes.create.failedTitle);
  await walk.reads(texts.outcomes.create.failedHint);
  await walk.reads(texts.lineStatus.refunded);
  await walk.look("1 refunded");
  const payments = await account.user.get<List<Payment>>(`${account.path}/payments`);
  expect(payments.data.map(({ kind, amount }) => [kind, amount])).toEqual([
    ["refund", 125_000],
    ["payment", 125_000],
  ]);
  await expectAvailable(account, credit);
  await walk.follow(texts.goBack.replace("{product}", "vServer"));
  await page.getByRole("main").getByText(words.orders.failed).waitFor();
  await walk.look("2 console after a refund");

  await chooseNext(walk, "hang");
  await page.clock.install();
  await buy(walk);
  await walk.heading(texts.outcomes.create.paidTitle);
  await walk.reads(texts.lineStatus.provisioning);
  await walk.look("3 being set up");
  await finish(walk);
  await walk.heading(texts.outcomes.create.completedTitle);
  // Whoever does nothing more is taken back.
  await page.clock.fastForward("00:10");
  await page.waitForURL(/\/sandbox\/consoles\/vserver\?order=/);
  await page.getByRole("main").getByText(words.orders.completed).waitFor();
});

/** Orders a server, and pays it at the checkout. */
async function buy(walk: Walk): Promise<void> {
  const { checkoutUrl } = await place(walk.account, SERVER);
  await walk.page.goto(checkoutUrl);
  await walk.press(walk.checkout.pay);
}

test("too little credit buys nothing, and says how much is missing", async () => {
  const walk = await Walk.start({ name: "credit", width: "desktop", credit: 200_000 });
  const { page, account, locale, checkout: texts } = walk;
  const [one, other] = [await place(account, SERVER), await place(account, SERVER)];
  await page.goto(one.checkoutUrl);
  await walk.amount(texts.after, 75_000);
  await page.getByLabel(texts.quantity).fill("two");
  await page.getByLabel(texts.couponCode).focus();
  await page.getByRole("alert").getByText(texts.quantityInvalid).waitFor();
  await expectRefused(page, 422);
  await walk.look("1 no number");
  await page.reload();
  // Meanwhile the credit is spent elsewhere.
  await pay(account, other);
  await walk.press(texts.pay);
  await walk.reads(refusals[locale].insufficient_credit);
  await expectRefused(page, 409);
  await walk.amount(texts.missing, 50_000);
  expect(await page.getByRole("radio", { name: texts.credit }).isDisabled()).toBe(true);
  await walk.look("2 missing");
  await expectPaidOnce(account, 125_000, 200_000);
});

test("links that were used, made up or come too late say so", async () => {
  const walk = await Walk.start({ name: "links", width: "phone", credit: 200_000 });
  const { page, account, checkout: texts } = walk;
  const { checkoutUrl, id } = await place(account, SERVER);
  await page.goto(checkoutUrl);
  await walk.heading(texts.actions.create);

  await stranger(checkoutUrl, 410, texts.linkUsed);
  await stranger(checkoutUrl.replace(/code=.*/, "code=guessed"), 403, texts.linkInvalid);
  await stranger(checkoutUrl.replace(/\?.*/, ""), 403, texts.linkInvalid);

  await walk.press(texts.cancel);
  await walk.heading(texts.cancelledTitle);
  await walk.look("2 cancelled");
  expect(await page.getByRole("link", { name: "vServer" }).getAttribute("href")).toContain(`order=${id}`);

  await page.goto((await place(account, SERVER)).checkoutUrl);
  await walk.heading(texts.actions.create);
  await setClock(Date.now() + 25 * HOUR_MS);
  await walk.press(texts.pay);
  await walk.heading(texts.expiredTitle);
  await walk.look("3 expired");
  await expectAvailable(account, 200_000);
});

/** Somebody else's browser is told why it can't come in. */
async function stranger(url: string, status: number, why: string): Promise<void> {
  const page = await openPage({ width: "phone" });
  await page.goto(url);
  await page.getByRole("heading", { level: 1, name: why }).waitFor();
  await expectRefused(page, status);
  await screenshot(page, `links ${status}`);
  await expectFits(page);
  await expectAccessible(page);
}
