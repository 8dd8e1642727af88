import { expect, test } from "vitest";
import type { Balance, Invoice, Page as List, Resource } from "../../src/cli/demo/client.ts";
import { billingTexts } from "../../src/texts/billing.ts";
import { buyingTexts } from "../../src/texts/buying.ts";
import { fill } from "../../src/texts/fill.ts";
import { holdingTexts } from "../../src/texts/holding.ts";
import { invoiceTexts } from "../../src/texts/invoice.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { useTexts } from "../../src/texts/use.ts";
import { goBack, stay } from "./legs/checkout.ts";
import { configure, enterConsole, seeRunning } from "./legs/console.ts";
import { arrive, decide, wordsOf } from "./legs/gateway.ts";
import { enterPortal } from "./legs/portal.ts";
import { advance, mailAbout, setClock, vstorage } from "./support/api.ts";
import { tabTo } from "./support/expect.ts";
import { Walk } from "./support/walk.ts";

/** A local instant in Vietnam. */
const saigon = (text: string): number => Date.parse(`${text}:00+07:00`);

/** 1,000 GB at 1,400 dong per GB and 30 days: by the hour, and for the three days that are held for. */
const HOUR = (1_000 * 1_400) / 720;
const THREE_DAYS = 72 * HOUR;
/** What was downloaded: 120 whole GB at 280 dong. */
const DOWNLOADED = 120 * 280;
const CREDIT = 200_000;
const BOUGHT = 400_000;
/** Until the third short run suspends it, and from when credit came until April was over. */
const APRIL = Math.round(63 * HOUR) + Math.round(64 * HOUR) + DOWNLOADED;

const SUBJECTS = {
  en: {
    short: "Your credit doesn't cover photos",
    suspended: "photos is suspended for want of credit",
    resumed: "photos runs again",
  },
  vi: {
    short: "Số dư ví không đủ cho photos",
    suspended: "photos đã bị tạm ngưng do thiếu số dư",
    resumed: "photos đã hoạt động lại",
  },
} as const;

test.each([
  { name: "held", width: "desktop", colorScheme: "light", locale: "en" },
  { name: "held dark", width: "phone", colorScheme: "dark", locale: "vi" },
  { name: "held without script", width: "phone", javaScriptEnabled: false, locale: "en" },
] as const)(
  "credit is held for what is used, runs short, is bought, and pays the month: $name",
  async (options) => {
    await setClock(saigon("2027-04-25T09:00"));
    const walk = await Walk.start({ ...options, credit: CREDIT });
    await order(walk);
    await advance(saigon("2027-04-25T12:00"));
    await use(walk);
    await seeUse(walk);
    await runShort(walk);
    await buy(walk);
    await seeBill(walk);
  },
);

test.each([
  { name: "held too little", width: "desktop", colorScheme: "dark", locale: "vi" },
  { name: "held too little phone", width: "phone", colorScheme: "light", locale: "en" },
] as const)(
  "what is missing is bought at the checkout, and a smaller configuration holds less: $name",
  async (options) => {
    // No full hour begins meanwhile, so nothing is used.
    await setClock(saigon("2027-04-25T09:30"));
    const walk = await Walk.start({ ...options, credit: 100_000 });
    const { page, console: texts, locale } = walk;
    const holding = holdingTexts[locale];
    await enterConsole(walk, "vStorage");
    await configure(walk, "Project, pay as you go", { [texts.name]: "photos", "Gold, by the hour": "1000" });
    await walk.press(texts.goToCheckout);
    await walk.amount(holding.missing, THREE_DAYS - 100_000);
    expect(await page.getByRole("button", { name: holding.confirm }).isDisabled()).toBe(true);
    await walk.look("01 missing");
    await walk.press(holding.buySubmit);
    await arrive(walk, "momo");
    await decide(walk, "refuse");
    await page.getByText(wordsOf(walk, "momo").refused).waitFor();
    await walk.look("02 refused");
    await walk.press(holding.buySubmit);
    await arrive(walk, "momo");
    await decide(walk, "approve");
    await page.getByText(fill(holding.bought, { amount: walk.money(THREE_DAYS - 100_000) })).waitFor();
    await walk.look("03 bought");
    await walk.press(holding.confirm);
    await walk.heading(holding.outcomes.create.completedTitle);
    await goBack(walk, "vStorage");
    await seeRunning(walk, "photos", 1);
    await resize(walk);
  },
);

/** Halves it: nothing is held in addition, and half of what was is available again. */
async function resize(walk: Walk): Promise<void> {
  const { page, account, console: texts, locale } = walk;
  const holding = holdingTexts[locale];
  await walk.follow(`${texts.resize}: photos`);
  await page.getByLabel("Gold, by the hour").fill("500");
  await walk.press(texts.goToCheckout);
  await walk.heading(walk.checkout.actions.resize);
  await walk.amount(holding.back, THREE_DAYS / 2);
  await walk.look("04 resize");
  await walk.press(holding.confirm);
  await walk.heading(holding.outcomes.resize.completedTitle);
  await stay(walk);
  await walk.look("05 resized");
  const { credit } = await account.user.get<Balance>(`${account.path}/balance`);
  expect(credit).toEqual({ available: THREE_DAYS / 2, held: THREE_DAYS / 2, total: THREE_DAYS });
}

/** Configures what is billed by its use in vStorage's console, and has credit held for it; the keyboard does. */
async function order(walk: Walk): Promise<void> {
  const { page, console: texts, locale } = walk;
  const holding = holdingTexts[locale];
  await enterConsole(walk, "vStorage");
  await configure(walk, "Project, pay as you go", { [texts.name]: "photos", "Gold, by the hour": "1000" });
  await walk.look("01 new");
  await walk.press(texts.goToCheckout);
  await walk.heading(walk.checkout.actions.create);
  await walk.amount(holding.toPay, 0);
  await walk.amount(holding.toHold, THREE_DAYS);
  await walk.amount(holding.after, CREDIT - THREE_DAYS);
  await page.getByText(holding.billed).click();
  await walk.look("02 checkout");
  await tabTo(page, page.getByRole("button", { name: holding.confirm }));
  await page.keyboard.press("Enter");
  await walk.heading(holding.outcomes.create.completedTitle);
  await stay(walk);
  await walk.amount(holding.toHold, THREE_DAYS);
  await walk.look("03 held");
  await goBack(walk, "vStorage");
  await seeRunning(walk, "photos", 1);
}

/** The product reports what was downloaded from two addresses. */
async function use({ account: { path, user } }: Walk): Promise<void> {
  const { data } = await user.get<List<Resource>>(`${path}/resources`);
  const events = [
    { id: `${data[0]?.id}-1`, quantity: "100.5", key: "203.0.113.7", at: "2027-04-25T03:00:00Z" },
    { id: `${data[0]?.id}-2`, quantity: "20", key: "203.0.113.8", at: "2027-04-25T04:00:00Z" },
  ].map((event) => ({ ...event, resource: data[0]?.id, sku: "download-domestic" }));
  const { body } = await vstorage.call<{ results: readonly { status: string }[] }>({
    method: "POST",
    path: `${path}/usage-events`,
    body: { events },
    status: 200,
  });
  expect(body.results.map(({ status }) => status)).toEqual(["accepted", "accepted"]);
}

const says = (walk: Walk, dong: number): Promise<void> =>
  walk.page.getByRole("main").getByText(walk.money(dong), { exact: true }).first().waitFor();

async function goToUse(walk: Walk): Promise<void> {
  await walk.follow(portalTexts[walk.locale].rooms.use);
  await walk.heading(useTexts[walk.locale].title);
}

/** Sees in the portal what was used so far, what is held, and what each address downloaded. */
async function seeUse(walk: Walk): Promise<void> {
  const { page, locale } = walk;
  await enterPortal(walk);
  await says(walk, THREE_DAYS);
  await walk.look("04 dashboard");
  await goToUse(walk);
  await says(walk, Math.round(3 * HOUR + DOWNLOADED));
  await says(walk, THREE_DAYS);
  await walk.look("05 use");
  await page.getByRole("link", { name: "photos", exact: true }).first().click();
  await walk.heading("photos");
  await page.getByRole("row").filter({ hasText: "203.0.113.7" }).getByText("GB").first().waitFor();
  const [days] = await page.getByText(useTexts[locale].byDay, { exact: true }).all();
  await days?.click();
  await walk.look("06 resource");
}

/** The daily runs find too little credit: a mail each, and the third suspends. */
async function runShort(walk: Walk): Promise<void> {
  const { page, account, locale } = walk;
  const texts = useTexts[locale];
  await advance(saigon("2027-04-26T00:00"));
  const missing = Math.round(15 * HOUR + DOWNLOADED) + THREE_DAYS - CREDIT;
  const mail = await mailAbout(account, SUBJECTS[locale].short);
  expect(mail.text).toContain(walk.money(missing));
  await goToUse(walk);
  const short = { missing: walk.money(missing), name: "photos", runs: "3", run: "1" };
  await page.getByText(fill(texts.short, short)).waitFor();
  await walk.look("07 short");
  await advance(saigon("2027-04-28T08:00"));
  await mailAbout(account, SUBJECTS[locale].suspended);
  await goToUse(walk);
  const more = walk.money(Math.round(63 * HOUR + DOWNLOADED) + THREE_DAYS - CREDIT);
  await page.getByText(fill(texts.suspended, { name: "photos", missing: more })).waitFor();
  await walk.look("08 suspended");
}

/** Buys more than what is missing: it runs again at once. */
async function buy(walk: Walk): Promise<void> {
  const { page, account, locale } = walk;
  const texts = buyingTexts[locale];
  await page.getByRole("main").getByRole("link", { name: useTexts[locale].buy }).click();
  await walk.heading(texts.title);
  await page.getByLabel(texts.amount).fill(String(BOUGHT));
  await walk.look("09 buy");
  await walk.press(texts.submit);
  await arrive(walk, "momo");
  await decide(walk, "approve");
  await walk.heading(fill(texts.boughtTitle, { amount: walk.money(BOUGHT) }));
  await mailAbout(account, SUBJECTS[locale].resumed);
  await goToUse(walk);
  expect(await page.locator(".notice").count()).toBe(0);
  await walk.look("10 resumed");
  const { data } = await account.user.get<List<Resource>>(`${account.path}/resources`);
  expect(data).toMatchObject([{ name: "photos", state: "active" }]);
}

/** The month is over: its invoice is there, paid from what was held. */
async function seeBill(walk: Walk): Promise<void> {
  const { page, account, locale } = walk;
  await advance(saigon("2027-05-01T02:00"));
  await walk.follow(portalTexts[locale].rooms.billing);
  await walk.heading(billingTexts[locale].title);
  const bill = page.getByRole("row").filter({ hasText: walk.money(APRIL) });
  await bill.waitFor();
  await walk.look("11 billing");
  await bill.getByRole("link").click();
  await walk.amount(invoiceTexts[locale].total, APRIL);
  await walk.look("12 invoice");
  const { data } = await account.user.get<List<Invoice>>(`${account.path}/invoices`);
  expect(data).toMatchObject([{ status: "paid", total: APRIL }]);
  const { credit } = await account.user.get<Balance>(`${account.path}/balance`);
  const total = CREDIT + BOUGHT - APRIL;
  expect(credit).toEqual({ available: total - THREE_DAYS, held: THREE_DAYS, total });
}
