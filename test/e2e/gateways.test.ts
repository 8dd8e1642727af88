import { expect, test } from "vitest";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { buyingTexts } from "../../src/texts/buying.ts";
import { fill } from "../../src/texts/fill.ts";
import { historyTexts } from "../../src/texts/histories.ts";
import { simulatorTexts } from "../../src/texts/simulators.ts";
import { expectAvailable, stay } from "./legs/checkout.ts";
import { enterConsole } from "./legs/console.ts";
import { arrive, decide, payAt, wordsOf } from "./legs/gateway.ts";
import { enterPortal } from "./legs/portal.ts";
import { admin, behave, place, SERVER, setClock } from "./support/api.ts";
import { expectRefused } from "./support/expect.ts";
import { Walk } from "./support/walk.ts";

test("topping up at MoMo is refused, tried again, and pays", async () => {
  const walk = await Walk.start({ name: "momo", width: "desktop", credit: 40_000 });
  const { page, account, checkout: texts } = walk;
  const momo = wordsOf(walk, "momo");
  await page.goto((await place(account, SERVER)).checkoutUrl);
  await walk.heading(texts.actions.create);
  await walk.look("1 ways to pay");
  await payAt(walk, "top_up_and_pay", "momo");
  await walk.look("2 gateway");
  // Whoever comes back undecided finds the payment waiting for them.
  await page.goBack();
  await walk.heading(momo.waiting);
  await walk.look("3 waiting");
  await walk.follow(momo.goTo);
  await arrive(walk, "momo");
  await decide(walk, "refuse");
  await walk.heading(texts.actions.create);
  await page.getByText(momo.refused).waitFor();
  await walk.look("4 refused");
  await walk.press(texts.pay);
  await arrive(walk, "momo");
  await decide(walk, "approve");
  await walk.heading(texts.outcomes.create.completedTitle);
  await stay(walk);
  await walk.look("5 paid");
  await expectAvailable(account, 0);
});

test("ZaloPay, which tells nobody of a refusal, is asked for one; then it is paid", async () => {
  const walk = await Walk.start({ name: "zalopay", width: "phone", locale: "vi" });
  const { page, account, checkout: texts } = walk;
  const zalopay = wordsOf(walk, "zalopay");
  await page.goto((await place(account, SERVER)).checkoutUrl);
  await payAt(walk, "gateway", "zalopay");
  await walk.look("1 gateway");
  await decide(walk, "refuse");
  await walk.heading(texts.actions.create);
  await page.getByText(zalopay.refused).waitFor();
  await walk.look("2 refused");
  await walk.press(texts.pay);
  await arrive(walk, "zalopay");
  await decide(walk, "approve", "twice");
  await walk.heading(texts.outcomes.create.completedTitle);
  await stay(walk);
  await walk.look("3 paid");
  await expectAvailable(account, 0);
});

test("VNPay is left undecided, paid after all, and heard of late, without scripts", async () => {
  const credit = 40_000;
  const options = { width: "phone", javaScriptEnabled: false, credit } as const;
  const walk = await Walk.start({ name: "vnpay", ...options });
  const { page, account, locale, checkout: texts } = walk;
  const vnpay = wordsOf(walk, "vnpay");
  const { checkoutUrl } = await place(account, SERVER);
  await behave("vnpay", { pendingQueries: 10 });
  await page.goto(checkoutUrl);
  await payAt(walk, "gateway", "vnpay");
  await decide(walk, "abandon");
  await walk.heading(simulatorTexts[locale].abandoned);
  await page.goto(checkoutUrl);
  await walk.heading(vnpay.waiting);
  await walk.look("1 waiting");
  await walk.follow(vnpay.goTo);
  await arrive(walk, "vnpay");
  await decide(walk, "approve", "late");
  await walk.heading(vnpay.waiting);
  await setClock(Date.now() + 40 * MINUTE_MS);
  await walk.heading(vnpay.asking);
  await walk.look("2 past its time");
  await admin.call({ method: "POST", path: "/v1/sandbox/gateways/vnpay/callbacks", status: 200 });
  await walk.heading(texts.outcomes.create.completedTitle);
  await walk.reads(vnpay.paidLate);
  await walk.look("3 paid late");
  await expectAvailable(account, credit);
});

test("credit is bought in the portal", async () => {
  const options = { width: "phone", colorScheme: "dark", locale: "vi" } as const;
  const walk = await Walk.start({ name: "credit bought", ...options });
  const { page, account, locale } = walk;
  const texts = buyingTexts[locale];
  const momo = wordsOf(walk, "momo");
  await enterConsole(walk, "vServer");
  await enterPortal(walk);
  await walk.follow(texts.title);
  await walk.heading(texts.title);
  await page.getByLabel(texts.amount).fill("500");
  await walk.press(texts.submit);
  await page.getByRole("alert").waitFor();
  await expectRefused(page, 422);
  await walk.look("1 too little");
  await behave("momo", { pendingQueries: 10 });
  await page.getByLabel(texts.amount).fill("200.000");
  await walk.press(texts.submit);
  await arrive(walk, "momo");
  await decide(walk, "approve", "late");
  await walk.heading(momo.waiting);
  await walk.look("2 waiting");
  await admin.call({ method: "POST", path: "/v1/sandbox/gateways/momo/callbacks", status: 200 });
  await walk.heading(fill(texts.boughtTitle, { amount: walk.money(200_000) }));
  await walk.look("3 bought");
  await walk.follow(texts.toHistory);
  await walk.heading(historyTexts[locale].credits);
  expect(
    await page
      .getByRole("row")
      .filter({ hasText: walk.money(200_000) })
      .count(),
  ).toBe(1);
  await expectAvailable(account, 200_000);
});
