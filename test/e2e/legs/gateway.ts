import type { AttemptMethod } from "../../../src/domain/attempts/attempt.ts";
import type { GatewayName } from "../../../src/domain/gateway.ts";
import { fill } from "../../../src/texts/fill.ts";
import { GATEWAY_TITLES } from "../../../src/texts/gateways.ts";
import { payingTexts } from "../../../src/texts/paying.ts";
import { simulatorTexts } from "../../../src/texts/simulators.ts";
import type { Walk } from "../support/walk.ts";

/** The words of paying there. */
export const wordsOf = ({ locale }: Walk, gateway: GatewayName) => {
  const texts = payingTexts[locale];
  const name = GATEWAY_TITLES[gateway];
  const named = (text: string) => fill(text, { gateway: name });
  return {
    name,
    page: `${simulatorTexts[locale].title} ${name}`,
    waiting: named(texts.waitingTitle),
    asking: named(texts.askingTitle),
    goTo: named(texts.goTo),
    refused: named(texts.refused),
    paidLate: named(texts.paidLate),
  };
};

/** Chooses a way to pay, presses the button, which is the checkout's unless said otherwise, and is at the gateway. */
export async function payAt(
  walk: Walk,
  method: AttemptMethod,
  gateway: GatewayName,
  press = walk.checkout.pay,
): Promise<void> {
  const { page, locale } = walk;
  const { name } = wordsOf(walk, gateway);
  const title = payingTexts[locale].groups[method];
  const group = page.getByRole("group", { name: title, exact: true });
  if (!(await group.isVisible())) await page.locator("summary").getByText(title, { exact: true }).click();
  await group.getByRole("radio", { name }).check();
  // It may name the amount, but no other button that begins like it.
  await page.getByRole("button", { name: new RegExp(`^${press}($|\\s+\\d)`) }).click();
  await arrive(walk, gateway);
}

/** Sees the gateway's page. */
export const arrive = (walk: Walk, gateway: GatewayName): Promise<void> =>
  walk.heading(wordsOf(walk, gateway).page);

/** Decides on the gateway's page, which tells of it as chosen. */
export async function decide(
  { page, locale }: Walk,
  decision: "approve" | "refuse" | "abandon",
  callback = "normal",
): Promise<void> {
  await page.getByLabel(simulatorTexts[locale].how).selectOption(callback);
  // What is agreed to is called otherwise where nothing is paid.
  await page.locator(`button[value=${decision}]`).click();
}
