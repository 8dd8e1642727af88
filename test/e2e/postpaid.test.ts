import { expect, test } from "vitest";
import type { Invoice, Page as List, Payment } from "../../src/cli/demo/client.ts";
import { billMonthsTexts } from "../../src/texts/bill-months.ts";
import { billingTexts } from "../../src/texts/billing.ts";
import { billsTexts } from "../../src/texts/bills.ts";
import { dashboardTexts } from "../../src/texts/dashboard.ts";
import { fill } from "../../src/texts/fill.ts";
import { historyTexts } from "../../src/texts/histories.ts";
import { invoiceTexts } from "../../src/texts/invoice.ts";
import { formatDate, formatMonth } from "../../src/texts/locale.ts";
import { payingTexts } from "../../src/texts/paying.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { whyTexts } from "../../src/texts/why.ts";
import { configure, enterConsole } from "./legs/console.ts";
import { decide, payAt } from "./legs/gateway.ts";
import { enterPortal } from "./legs/portal.ts";
import { admin, advance, mailAbout, setClock } from "./support/api.ts";
import { tabTo } from "./support/expect.ts";
import { Walk } from "./support/walk.ts";

/** A local instant in Vietnam. */
const saigon = (text: string): number => Date.parse(`${text}:00+07:00`);

/** From 10 January at ten until the month's end: 31,080 minutes. */
const usedInJanuary = (monthly: number) => Math.round((monthly * 31_080) / 43_200);
const WEB = usedInJanuary(181_000);
const DISK = usedInJanuary(20 * 1_750);
const FEBRUARY = Math.round((181_000 * 28) / 30) + Math.round((20 * 1_750 * 28) / 30);

const SUBJECTS = {
  en: { issued: "Your bills for the month", overdue: "Your bills have been overdue for 14 days" },
  vi: { issued: "Hóa đơn sử dụng trong tháng", overdue: "Hóa đơn đã quá hạn 14 ngày" },
} as const;

test.each([
  { name: "postpaid", width: "desktop", colorScheme: "light", locale: "en" },
  { name: "postpaid dark", width: "phone", colorScheme: "dark", locale: "vi" },
  { name: "postpaid without script", width: "phone", javaScriptEnabled: false, locale: "en" },
] as const)("what is used is billed by the month, and paid: $name", async (options) => {
  await setClock(saigon("2027-01-10T10:00"));
  const walk = await Walk.start(options);
  await becomePostpaid(walk);
  await order(walk);
  await seeUse(walk);
  await closeMonth(walk);
  await payAtGateway(walk);
  await payByItself(walk);
  await beOverdue(walk);
});

async function becomePostpaid({ account: { path, email }, locale }: Walk): Promise<void> {
  const body = { email, name: "Nguyễn Thị Ánh Tuyết", locale, billingMode: "postpaid" };
  await admin.call({ method: "PUT", path, body, status: 200 });
}

/** Configures two resources in vServer's console: they are confirmed without a payment, and set up. */
async function order(walk: Walk): Promise<void> {
  const { page, console: texts } = walk;
  await enterConsole(walk, "vServer");
  for (const [type, filled] of [
    ["Server", { [texts.name]: "web", "dev.v1.small1x1": "0", "s-general-1x1": "1" }],
    ["Volume", { [texts.name]: "disk", "SSD, 3000 IOPS": "20" }],
  ] as const) {
    await configure(walk, type, filled);
    if (type === "Server") await walk.look("01 new");
    const confirm = page.getByRole("button", { name: texts.orderNow });
    await tabTo(page, confirm);
    await page.keyboard.press("Enter");
    await walk.heading("vServer");
    await page.goto("/sandbox/consoles/vserver");
  }
  await walk.untilRunning(2);
  await walk.look("02 console");
}

const goToBilling = async (walk: Walk): Promise<void> => {
  await walk.follow(portalTexts[walk.locale].rooms.billing);
  await walk.heading(billingTexts[walk.locale].title);
};

/** Sees in the portal what was used and isn't billed yet: a minute before the month is over, all but that minute. */
async function seeUse(walk: Walk): Promise<void> {
  await advance(saigon("2027-02-01T00:00"));
  await enterPortal(walk);
  await goToBilling(walk);
  await walk.amount(billsTexts[walk.locale].usedTotal, WEB + DISK);
  await walk.look("03 used");
}

/** The month is closed at two: what was shown is billed, line by line, and a mail tells of it. */
async function closeMonth(walk: Walk): Promise<void> {
  const { page, account, locale } = walk;
  await advance(saigon("2027-02-01T03:00"));
  const mail = await mailAbout(account, SUBJECTS[locale].issued);
  for (const amount of [WEB, DISK, WEB + DISK]) expect(mail.text).toContain(walk.money(amount));
  await goToBilling(walk);
  await walk.look("04 bills");
  await billOf(walk, "web").getByRole("link").first().click();
  await walk.amount(invoiceTexts[locale].open, WEB);
  await page.getByText(fill(whyTexts[locale].why, { amount: walk.money(WEB) })).click();
  await page
    .getByText("31,080".replace(",", locale === "vi" ? "." : ","))
    .first()
    .waitFor();
  await walk.look("05 bill");
}

/** The bill of a resource in the billing history, where it can be chosen. */
const billOf = ({ page }: Walk, resource: string) =>
  page.getByRole("row").filter({ hasText: resource, has: page.getByRole("checkbox") });

/** Chooses the server's bill and pays it at a gateway, which refuses first. */
async function payAtGateway(walk: Walk): Promise<void> {
  const { locale } = walk;
  const texts = billsTexts[locale];
  await goToBilling(walk);
  await billOf(walk, "web").getByRole("checkbox").check();
  await walk.press(texts.paySelected);
  await walk.heading(texts.title);
  await walk.amount(texts.total, WEB);
  await walk.look("06 pay");
  await choose(walk);
  await decide(walk, "refuse");
  await walk.heading(texts.failedTitle);
  await walk.look("07 refused");
  await walk.follow(payingTexts[locale].anotherWay);
  await walk.heading(texts.title);
  await choose(walk);
  await decide(walk, "approve");
  await walk.heading(fill(texts.paidTitle, { amount: walk.money(WEB) }));
  await walk.look("08 paid");
  expect(await statuses(walk)).toEqual({ web: ["paid", WEB], disk: ["unpaid", 0] });
}

const choose = (walk: Walk): Promise<void> => payAt(walk, "gateway", "momo", billsTexts[walk.locale].pay);

/** What the bills of a resource say, the latest of each. */
async function statuses({ account: { path, user } }: Walk) {
  const { data } = await user.get<List<Invoice & { resourceName: string; paid: number }>>(`${path}/invoices`);
  return Object.fromEntries(
    data.toReversed().map(({ resourceName, status, paid }) => [resourceName, [status, paid]]),
  );
}

/** Credit comes, and the next morning pays the other one from it; the history has both. */
async function payByItself(walk: Walk): Promise<void> {
  const { page, account, locale } = walk;
  await admin.call({
    ...{ method: "POST", path: `${account.path}/credits`, status: 201, idempotencyKey: account.id },
    body: { amount: DISK, reason: "for a test" },
  });
  await advance(saigon("2027-02-01T09:00"));
  expect(await statuses(walk)).toEqual({ web: ["paid", WEB], disk: ["paid", DISK] });
  await walk.follow(portalTexts[locale].rooms.payments);
  await walk.heading(historyTexts[locale].payments);
  for (const amount of [WEB, DISK])
    await page
      .getByRole("row")
      .filter({ hasText: walk.money(amount) })
      .first()
      .waitFor();
  await walk.look("09 payments");
  const { data } = await account.user.get<List<Payment>>(`${account.path}/payments`);
  expect(data.filter(({ status }) => status === "succeeded")).toHaveLength(2);
}

/** February's bills stay unpaid until nothing new is sold; the first page says so, until they are paid. */
async function beOverdue(walk: Walk): Promise<void> {
  const { page, account, locale } = walk;
  const texts = billsTexts[locale];
  await advance(saigon("2027-03-30T03:00"));
  await mailAbout(account, SUBJECTS[locale].overdue);
  await walk.follow(portalTexts[locale].rooms.dashboard);
  await walk.heading(dashboardTexts[locale].title);
  const since = formatDate(saigon("2027-03-16T02:00"), "Asia/Ho_Chi_Minh", locale);
  const notice = page.getByText(fill(texts.overdueSince, { amount: walk.money(FEBRUARY), since }));
  await notice.waitFor();
  await page.getByText(texts.overdueRefused).waitFor();
  await walk.look("10 overdue");
  await page.locator("#pay-overdue").click();
  await walk.heading(texts.title);
  await walk.amount(texts.total, FEBRUARY);
  await choose(walk);
  await decide(walk, "approve");
  await walk.heading(fill(texts.paidTitle, { amount: walk.money(FEBRUARY) }));
  await walk.follow(portalTexts[locale].rooms.dashboard);
  await walk.heading(dashboardTexts[locale].title);
  expect(await notice.count()).toBe(0);
  await walk.look("11 paid");
  await goToBilling(walk);
  await walk.follow(billMonthsTexts[locale].byMonth);
  await walk.heading(fill(billMonthsTexts[locale].title, { year: "2027" }));
  await page
    .getByRole("row")
    .filter({ hasText: formatMonth(saigon("2027-02-01T12:00"), "Asia/Ho_Chi_Minh", locale) })
    .filter({ hasText: walk.money(WEB + DISK) })
    .first()
    .waitFor();
  await walk.look("12 months");
}
