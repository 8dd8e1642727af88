import { beforeAll, describe, expect, test } from "vitest";
import type { Order } from "../../src/cli/demo/client.ts";
import { type Account, mailsTo, openAccount, pay, place, SERVER } from "./support/api.ts";
import { expectAccessible, expectClean, expectFits } from "./support/expect.ts";
import { openPage, screenshot, WIDTHS } from "./support/page.ts";

/** Too long for a phone, and no browser knows where to break it. */
const NAME = "máychủ".repeat(10);

let account: Account;
let order: Order;

beforeAll(async () => {
  account = await openAccount({ locale: "vi", credit: 200_000 });
  order = await place(account, { ...SERVER, name: NAME });
  await pay(account, order);
  await mailsTo(account, 2);
});

describe.each(WIDTHS)("the sandbox's mailbox, %s", (width) => {
  test.each(["light", "dark"] as const)("shows a Vietnamese mail to everybody, %s", async (colorScheme) => {
    const page = await openPage({ width, colorScheme });
    await page.goto(`/sandbox/mailbox?to=${account.email}`);
    const heading = page.getByRole("heading", { name: `Đơn hàng ${order.id} đã được thanh toán` });
    const mail = page.getByRole("article").filter({ has: heading });
    expect(await mail.textContent()).toContain(`${NAME}: 125.000 VND`);
    await screenshot(page, `mailbox ${colorScheme}`);
    await expectClean(page);
    await expectAccessible(page);
    await expectFits(page);
  });
});
