import type { Page } from "playwright-core";
import { expect } from "vitest";
import { billingTexts } from "../../../src/texts/billing.ts";
import { dashboardTexts } from "../../../src/texts/dashboard.ts";
import { furniture } from "../../../src/texts/furniture.ts";
import { historyTexts } from "../../../src/texts/histories.ts";
import { invoiceTexts } from "../../../src/texts/invoice.ts";
import { listTexts } from "../../../src/texts/lists.ts";
import { LOCALES } from "../../../src/texts/locale.ts";
import { portalTexts } from "../../../src/texts/portal.ts";
import { expectFits, expectRefused } from "../support/expect.ts";
import { screenshot } from "../support/page.ts";
import type { Walk } from "../support/walk.ts";

/** A4 less a browser's margins, at 96 pixels an inch. */
const PAPER = { width: 718, height: 1047 };

/** Goes from a console into the portal. */
export async function enterPortal(walk: Walk): Promise<void> {
  await walk.press(walk.console.payments);
  await walk.heading(dashboardTexts[walk.locale].title);
}

/** Finds the invoice of a resource in the billing history; it is a page, a file and a sheet of paper. */
export async function findInvoice(walk: Walk, resource: string, total: number): Promise<void> {
  const { page, locale } = walk;
  await walk.follow(portalTexts[locale].rooms.billing);
  await walk.heading(billingTexts[locale].title);
  await walk.look("11 billing");
  await page.getByLabel(listTexts[locale].search).fill(resource);
  await walk.press(listTexts[locale].apply);
  await page.waitForURL(/q=/);
  const rows = page.getByRole("row").filter({ hasText: resource });
  expect(await rows.count()).toBe(1);
  await rows.getByRole("link").click();
  await walk.amount(invoiceTexts[locale].total, total);
  await walk.look("12 invoice");
  await print(page);
  const pdf = page.getByRole("link", { name: billingTexts[locale].pdf });
  const answer = await page.request.get((await pdf.getAttribute("href")) ?? "");
  expect(answer.headers()["content-type"]).toBe("application/pdf");
  expect((await answer.body()).subarray(0, 5).toString()).toBe("%PDF-");
}

/** Looks at the page as it comes onto paper. */
async function print(page: Page): Promise<void> {
  const screen = page.viewportSize() ?? PAPER;
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ media: "print" });
  await screenshot(page, "journey 13 invoice printed");
  await expectFits(page);
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize(screen);
}

/** Finds what was paid in the histories of payments and of credit. */
export async function findPayment(walk: Walk, amount: number): Promise<void> {
  const { page, locale } = walk;
  const texts = historyTexts[locale];
  for (const [at, room] of [
    ["14", "payments"],
    ["15", "credits"],
  ] as const) {
    await walk.follow(portalTexts[locale].rooms[room]);
    await walk.heading(texts[room]);
    const rows = page.getByRole("row").filter({ hasText: walk.money(amount) });
    expect(await rows.count()).toBe(1);
    await walk.look(`${at} ${room}`);
  }
}

/** Reads the same page in the other language, and goes on in one's own. */
export async function switchLanguage(walk: Walk): Promise<void> {
  for (const locale of LOCALES.toSorted((a) => (a === walk.locale ? 1 : -1))) {
    await walk.follow(furniture[locale].languageName);
    await walk.heading(historyTexts[locale].credits);
  }
}

/** Signs out; then the browser's back button shows nothing of the account any more. */
export async function leave(walk: Walk): Promise<void> {
  const { page, account, locale } = walk;
  const texts = portalTexts[locale];
  await walk.press(texts.signOut);
  await walk.heading(texts.signedOut);
  await walk.look("16 signed out");
  await page.goBack();
  await walk.heading(texts.notSignedIn);
  await expectRefused(page, 401);
  expect(await page.content()).not.toContain(account.email);
  await walk.look("17 after signing out");
}
