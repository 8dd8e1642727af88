import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { billingTexts } from "../../src/texts/billing.ts";
import { exportTexts } from "../../src/texts/exports.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { useTexts } from "../../src/texts/use.ts";
import { read } from "../documents/reading.ts";
import { readSpreadsheet } from "../documents/spreadsheet.ts";
import { enterConsole } from "./legs/console.ts";
import { enterPortal } from "./legs/portal.ts";
import { pay, place, SERVER } from "./support/api.ts";
import { Walk } from "./support/walk.ts";

const MONTH = 125_000;
const MONTHS = 2;
const NAME = "=web";

test.each([
  { name: "reports light", width: "desktop", colorScheme: "light", locale: "en" },
  { name: "reports vi", width: "phone", colorScheme: "dark", locale: "vi" },
] as const)("a customer takes reports home: $width, $colorScheme, $locale", async (options) => {
  const walk = await Walk.start({ ...options, credit: 1_000_000 });
  const { page, account, locale } = walk;
  const texts = exportTexts[locale];
  await pay(account, await place(account, { ...SERVER, name: NAME, period: { months: MONTHS } }));
  await enterConsole(walk, "vServer");
  await walk.untilRunning(1);
  await enterPortal(walk);
  await walk.follow(portalTexts[locale].rooms.use);
  await walk.heading(useTexts[locale].title);
  await walk.follow(texts.usageReport);
  await walk.heading(texts.usageReport);
  await walk.look("01 usage report");
  await page.getByLabel(texts.product, { exact: true }).selectOption("vserver");
  await page.getByRole("searchbox").fill(NAME);
  await page.getByRole("searchbox").press("Enter");
  await page.waitForURL(/q=/);
  await walk.look("02 found");

  const spreadsheet = await readSpreadsheet(toBuffer(await download(walk, "XLSX", "usage-report.xlsx")));
  expect(sum(spreadsheet.map((row) => row[texts.total]))).toBe(MONTHS * MONTH);
  expect(new Set(spreadsheet.map((row) => row[texts.resourceName]))).toEqual(new Set([NAME]));
  expect(new Set(spreadsheet.map((row) => row[texts.product]))).toEqual(new Set(["vServer"]));
  for (const row of spreadsheet) {
    expect(row[texts.date]).toBeInstanceOf(Date);
    expect(row[texts.periodEnd]).toBeInstanceOf(Date);
    expect(typeof row[texts.unitPrice]).toBe("number");
  }

  await walk.follow(portalTexts[locale].rooms.billing);
  await walk.heading(billingTexts[locale].title);
  const { texts: pages } = await read(await download(walk, "PDF", "billing-history.pdf"));
  expect(pages.flat()).toEqual(
    expect.arrayContaining([billingTexts[locale].title, NAME, walk.money(MONTHS * MONTH)]),
  );
});

/** The file that a list's link saves. */
async function download({ page, locale }: Walk, format: string, name: string): Promise<Uint8Array> {
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: `${exportTexts[locale].download} ${format}`, exact: true }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe(name);
  return new Uint8Array(await buffer(await file.createReadStream()));
}

const toBuffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;

const sum = (values: readonly unknown[]): number => values.reduce<number>((a, b) => a + Number(b), 0);
