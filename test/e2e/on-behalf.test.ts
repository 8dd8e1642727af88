import { expect, test } from "vitest";
import { sharingTexts } from "../../src/texts/sharing.ts";
import { expectAvailable, stay } from "./legs/checkout.ts";
import { arrive, decide } from "./legs/gateway.ts";
import { mailsTo, place, SERVER } from "./support/api.ts";
import { Walk } from "./support/walk.ts";

test("an order is paid by somebody who was asked to, and sees nothing else of the account", async () => {
  const credit = 40_000;
  const walk = await Walk.start({ name: "on behalf", width: "desktop", credit });
  const { page, account, locale, checkout } = walk;
  const texts = sharingTexts[locale];
  const other = await place(account, { ...SERVER, name: "other" });
  const order = await place(account, SERVER);
  const email = `payer-${account.email}`;
  await page.goto(order.checkoutUrl);
  await page.getByText(texts.ask, { exact: true }).click();
  await page.getByLabel(texts.email).fill(email);
  await walk.press(texts.send);
  const link = await page.getByLabel(texts.link).inputValue();
  await walk.look("1 shared");

  const [mail] = await mailsTo({ email }, 1);
  expect(mail?.text).toContain(link);
  const payer = await walk.meet({ name: "on behalf", width: "phone" });
  await payer.page.goto(link);
  await payer.heading(texts.title);
  await payer.amount(checkout.total, 125_000);
  await payer.look("2 payer");
  const seen = await payer.page.content();
  for (const hidden of [account.id, account.email, other.id, payer.money(credit)])
    expect(seen).not.toContain(hidden);
  await payer.page.getByRole("radio", { name: "VNPay" }).check();
  await payer.press(checkout.pay);
  await arrive(payer, "vnpay");
  await decide(payer, "approve");
  await payer.heading(texts.paidTitle);
  await payer.look("3 thanked");

  await page.reload();
  await walk.heading(checkout.outcomes.create.completedTitle);
  await stay(walk);
  await walk.look("4 paid");
  await expectAvailable(account, credit);
});
