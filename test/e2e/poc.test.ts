import { expect, test } from "vitest";
import type { Balance, Page as List, Resource } from "../../src/cli/demo/client.ts";
import { dashboardTexts } from "../../src/texts/dashboard.ts";
import { fill } from "../../src/texts/fill.ts";
import { formatInstant } from "../../src/texts/locale.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { resourceTexts } from "../../src/texts/resources.ts";
import { trialTexts } from "../../src/texts/trials.ts";
import { goBack, stay } from "./legs/checkout.ts";
import { configure, enterConsole, seeRunning } from "./legs/console.ts";
import { decide, payAt } from "./legs/gateway.ts";
import { enterPortal, findInvoice } from "./legs/portal.ts";
import { admin, advance, setClock } from "./support/api.ts";
import { tabTo } from "./support/expect.ts";
import { Walk } from "./support/walk.ts";

/** A local instant in Vietnam. */
const saigon = (text: string): number => Date.parse(`${text}:00+07:00`);

const START = saigon("2027-03-06T10:00");
/** Twenty days on: two thirds of what a small server costs a month. */
const END = saigon("2027-03-26T10:00");
const MONTH = 125_000;
const TRIAL = 83_333;
const GRANTED = 300_000;
/** Half of a trial's time. */
const HALF = 41_667;

test.each([
  { name: "poc", width: "desktop", colorScheme: "light", locale: "en" },
  { name: "poc dark", width: "phone", colorScheme: "dark", locale: "vi" },
  { name: "poc without script", width: "phone", javaScriptEnabled: false, locale: "en" },
] as const)(
  "servers are tried on granted money, stopped, recovered, converted, and end with it: $name",
  async (options) => {
    await setClock(START);
    const walk = await Walk.start(options);
    await grant(walk);
    await order(walk);
    await enterPortal(walk);
    await seeTrials(walk);
    await advance(saigon("2027-03-16T10:00"));
    await stop(walk);
    await recover(walk);
    await findInvoice(walk, "web-1", MONTH);
    await convert(walk);
    await runOut(walk);
  },
);

const grant = ({ account: { path } }: Walk) =>
  admin.call({
    method: "PUT",
    path: `${path}/poc-wallet`,
    body: { amount: GRANTED, expiresAt: new Date(END).toISOString() },
    status: 200,
  });

/** Configures a server in vServer's console, and has three of it on trial credit; the keyboard does. */
async function order(walk: Walk): Promise<void> {
  const { page, console: texts, checkout, locale } = walk;
  const trial = trialTexts[locale];
  await enterConsole(walk, "vServer");
  const small = { [texts.name]: "web", "dev.v1.small1x1": "1", "Root disk 20 GB, 3000 IOPS": "1" };
  await configure(walk, "Server", small);
  await walk.press(texts.goToCheckout);
  await walk.amount(checkout.total, MONTH);
  await walk.look("01 checkout");
  await walk.follow(trial.onTrial);
  await walk.amount(checkout.total, TRIAL);
  await page.getByLabel(checkout.quantity).fill("3");
  await page.keyboard.press("Enter");
  await walk.amount(checkout.total, 3 * TRIAL);
  await walk.amount(checkout.after, GRANTED - 3 * TRIAL);
  await page.getByText(checkout.details).click();
  await walk.look("02 as a trial");
  await tabTo(page, page.getByRole("button", { name: checkout.pay }));
  await page.keyboard.press("Enter");
  await walk.heading(checkout.outcomes.create.completedTitle);
  await stay(walk);
  await walk.look("03 paid");
  await goBack(walk, "vServer");
  await seeRunning(walk, "web", 3);
}

/** What is left of trial credit, what came of it, and what runs on it. */
async function seeTrials(walk: Walk): Promise<void> {
  const { page, locale } = walk;
  const texts = trialTexts[locale];
  await walk.amount(texts.used, 3 * TRIAL);
  await walk.look("04 dashboard");
  await walk.follow(texts.history);
  await walk.heading(texts.history);
  await page
    .getByRole("row")
    .filter({ hasText: walk.money(-3 * TRIAL) })
    .waitFor();
  await walk.look("05 history");
}

async function open(walk: Walk, name: string): Promise<void> {
  await walk.follow(portalTexts[walk.locale].rooms.resources);
  await walk.follow(name);
  await walk.heading(name);
}

/** Stops one, once it was seen what comes back. */
async function stop(walk: Walk): Promise<void> {
  const { page, locale } = walk;
  const texts = trialTexts[locale];
  await walk.follow(portalTexts[locale].rooms.resources);
  await walk.look("06 resources");
  await open(walk, "web-1");
  await walk.look("07 resource");
  await walk.follow(texts.stop);
  await walk.heading(texts.stopTitle.replace("{name}", "web-1"));
  await walk.reads(walk.money(HALF));
  await walk.look("08 stop");
  await page.locator("#stop-trial").click();
  await walk.heading(texts.stoppedTitle.replace("{name}", "web-1"));
  await walk.amount(texts.cameBack, HALF);
  await walk.look("09 stopped");
  await walk.follow("web-1");
  await walk.look("10 in the trash");
}

/** Has it again, paid at a gateway. */
async function recover(walk: Walk): Promise<void> {
  const { checkout, locale } = walk;
  await walk.press(resourceTexts[locale].recover);
  await walk.heading(checkout.actions.recover);
  await walk.amount(checkout.total, MONTH);
  await walk.look("11 recover");
  await payAt(walk, "gateway", "momo");
  await decide(walk, "approve");
  await walk.heading(checkout.outcomes.recover.completedTitle);
  await stay(walk);
  await walk.follow(checkout.goBackHere);
  await walk.heading("web-1");
}

/** Keeps another as it runs, paid at another gateway. */
async function convert(walk: Walk): Promise<void> {
  const { page, checkout, locale } = walk;
  const texts = trialTexts[locale];
  await open(walk, "web-2");
  await page.locator("#convert").click();
  await walk.heading(checkout.actions.convert_poc);
  await walk.amount(texts.back, HALF);
  await walk.look("14 convert");
  await payAt(walk, "gateway", "vnpay");
  await decide(walk, "approve");
  await walk.heading(checkout.outcomes.convert.completedTitle);
  await stay(walk);
  await walk.look("15 converted");
  await expectWallets(walk, { credit: 0, poc: GRANTED - TRIAL - 2 * (TRIAL - HALF) });
  await walk.follow(checkout.goBackHere);
  await walk.heading("web-2");
}

/** The last one runs until the wallet's end, is then in the trash, and the portal says so before and after. */
async function runOut(walk: Walk): Promise<void> {
  const { page, account, locale } = walk;
  const texts = trialTexts[locale];
  const words = { instant: formatInstant(END, "Asia/Ho_Chi_Minh", locale), count: "1" };
  const overview = () => walk.follow(portalTexts[locale].rooms.dashboard);
  await advance(saigon("2027-03-24T10:00"));
  await overview();
  await page.getByText(fill(texts.endsSoon, words)).waitFor();
  await walk.look("16 ends soon");
  await advance(saigon("2027-03-26T11:00"));
  await overview();
  await page.getByText(fill(texts.hasEnded, words)).waitFor();
  await walk.heading(dashboardTexts[locale].title);
  await walk.look("17 has ended");
  await walk.follow(texts.show);
  await page.getByRole("row").filter({ hasText: "web-3" }).waitFor();
  await walk.look("18 trials");
  await expectWallets(walk, { credit: 0, poc: 0 });
  const { data } = await account.user.get<List<Resource>>(`${account.path}/resources`);
  expect(data.map(({ name, state }) => [name, state]).sort()).toEqual([
    ["web-1", "active"],
    ["web-2", "active"],
    ["web-3", "suspended"],
  ]);
}

async function expectWallets({ account: { user, path } }: Walk, expected: { credit: number; poc: number }) {
  const { credit, poc } = await user.get<Balance>(`${path}/balance`);
  expect({ credit: credit.total, poc: poc.balance }).toEqual(expected);
}
