import { expect, test } from "vitest";
import { linkingTexts } from "../../src/texts/linking.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { expectAvailable, stay } from "./legs/checkout.ts";
import { enterConsole } from "./legs/console.ts";
import { arrive, decide } from "./legs/gateway.ts";
import { enterPortal } from "./legs/portal.ts";
import { behave, place, SERVER } from "./support/api.ts";
import { Walk } from "./support/walk.ts";

test("a card is linked in the portal, pays what waited, then asks to be confirmed, and is unlinked", async () => {
  const options = { width: "phone", colorScheme: "dark" } as const;
  const walk = await Walk.start({ name: "linked", ...options });
  const { page, account, locale, checkout } = walk;
  const texts = linkingTexts[locale];
  const order = await place(account, SERVER);
  await enterConsole(walk, "vServer");
  await enterPortal(walk);
  await walk.follow(portalTexts[locale].settings);
  await walk.follow(portalTexts[locale].settingsRooms.linkedAccounts);
  await walk.heading(texts.title);
  await walk.look("1 none");
  await page.getByRole("radio", { name: "Stripe" }).check();
  await page.getByRole("button", { name: texts.link, exact: true }).click();
  await decide(walk, "approve");
  await walk.reads(texts.statuses.active);
  await walk.look("2 linked");

  await walk.press(texts.openCheckout);
  await walk.heading(checkout.actions.create);
  await walk.look("3 checkout");
  const visited: string[] = [];
  page.on("framenavigated", (frame) => visited.push(new URL(frame.url()).pathname));
  await walk.press(checkout.pay);
  await walk.heading(checkout.outcomes.create.completedTitle);
  await stay(walk);
  expect(new Set(visited)).toEqual(new Set([`/checkout/${account.id}/${order.id}`]));
  await walk.look("4 paid");

  await behave("stripe", { charge: "asks" });
  await page.goto((await place(account, SERVER)).checkoutUrl);
  await walk.heading(checkout.actions.create);
  await walk.press(checkout.pay);
  await arrive(walk, "stripe");
  await walk.look("5 to confirm");
  await decide(walk, "approve");
  await walk.heading(checkout.outcomes.create.completedTitle);
  await stay(walk);
  await walk.look("6 confirmed");

  await page.goto("/portal/linked-accounts");
  await walk.press(texts.unlink);
  await walk.reads(texts.none);
  await expectAvailable(account, 0);
});
