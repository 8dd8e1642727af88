import axe, { type AxeResults, type RunOptions } from "axe-core";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { takeProblems } from "./page.ts";

const AXE_OPTIONS: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
  // The other results would have a node each for everything that is right.
  resultTypes: ["violations"],
  preload: false,
};
const NOT_TOLERATED = ["serious", "critical"];
const MAX_TABS = 100;

/** Nothing in the console, nothing thrown, no request failed, the CSP never broken. For a page that must refuse something, `takeProblems`. */
export async function expectClean(page: Page): Promise<void> {
  expect(await takeProblems(page)).toEqual([]);
}

/** The page was answered with this status, and nothing else is wrong. */
export async function expectRefused(page: Page, status: number): Promise<void> {
  expect(await takeProblems(page)).toEqual([expect.stringContaining(`status of ${status}`)]);
}

/** axe finds nothing serious in the page as it stands. It is a script: not for pages with `javaScriptEnabled: false`, where it never ends. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(AXE_OPTIONS)})`);
  const found = violations
    .filter(({ impact }) => NOT_TOLERATED.includes(impact ?? ""))
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary = "" }) => {
        const advice = failureSummary.replaceAll(/\s+/g, " ");
        return `- ${impact} ${id}, ${target}: ${advice}`;
      }),
    );
  expect(found, `axe on ${page.url()}:\n${found.join("\n")}\n`).toEqual([]);
}

/** Nobody has to scroll sideways. */
export async function expectFits(page: Page): Promise<void> {
  const root = "document.documentElement";
  expect(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`)).toBe(0);
}

/** Whoever looks sees where the keyboard is. */
export async function expectFocusSeen(page: Page): Promise<void> {
  const outline = await page.evaluate("getComputedStyle(document.activeElement).outline");
  expect(outline).toMatch(/solid [1-9]/);
}

/** Goes there by the Tab key. Throws when it can't be reached so. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  const focused = target.and(page.locator(":focus"));
  for (let presses = 0; presses < MAX_TABS; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused.count()) > 0) return;
  }
  throw new Error(`${target} is not among what the first ${MAX_TABS} presses of Tab reach`);
}
