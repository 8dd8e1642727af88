import { expect } from "vitest";
import type { Balance, Page as List, Payment } from "../../../src/cli/demo/client.ts";
import type { Account } from "../support/api.ts";
import type { Walk } from "../support/walk.ts";

/** Presses the button twice, as impatient people do, and waits until everything is ready. */
export async function payTwice(walk: Walk): Promise<void> {
  const { page, checkout: texts } = walk;
  await page.getByRole("button", { name: texts.pay }).dblclick();
  await walk.heading(texts.outcomes.create.completedTitle);
}

/** Whoever does something on a page that would lead on by itself stays there. */
export const stay = ({ page }: Walk): Promise<void> => page.keyboard.press("Shift");

export const goBack = (walk: Walk, product: string): Promise<void> =>
  walk.follow(walk.checkout.goBack.replace("{product}", product));

/** One payment was made, of so much, and it is all that the wallet lacks. */
export async function expectPaidOnce({ user, path }: Account, amount: number, credit: number) {
  const { data } = await user.get<List<Payment>>(`${path}/payments`);
  expect(data).toMatchObject([{ kind: "payment", status: "succeeded", amount }]);
  await expectAvailable({ user, path }, credit - amount);
}

export async function expectAvailable({ user, path }: Pick<Account, "user" | "path">, available: number) {
  const balance = await user.get<Balance>(`${path}/balance`);
  expect(balance.credit).toEqual({ available, held: 0, total: available });
}
