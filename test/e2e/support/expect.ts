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

/** Marks all that can be gone to by the Tab key, of radio buttons one a group, and answers how many there are. */
const MARK_STOPS = `(() => {
  const groups = new Set();
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
  // What a picture leads to, a link beside it may lead to as well.
  const leadsElsewhereToo = ({ attributes: { href } }) =>
    href && [...document.querySelectorAll("a")].some(
      (link) => link.tabIndex >= 0 && link.getAttribute("href") === href.value,
    );
  const all = "a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary";
  const stops = [...document.querySelectorAll(all)].filter((element) => {
    if (!isSeen(element) || (element.tabIndex < 0 && leadsElsewhereToo(element))) return false;
    if (element.type !== "radio") return true;
    const group = [element.form?.action, element.name].join();
    const [first] = [...document.querySelectorAll("input[type=radio]:checked")].filter(
      (radio) => radio.name === element.name && radio.form === element.form,
    );
    if (first ? first !== element : groups.has(group)) return false;
    groups.add(group);
    return true;
  });
  stops.forEach((element, index) => { element.dataset.stop = index; });
  document.activeElement?.blur();
  return stops.map((element) => element.outerHTML.slice(0, 120));
})()`;
/** An input of a day and time is gone through part by part. */
const PARTS_OF_A_TIME = 8;

/** The Tab key reaches everything on the page that can be pressed, chosen or filled in. */
export async function expectReachable(page: Page): Promise<void> {
  const stops = await page.evaluate<string[]>(MARK_STOPS);
  const times = stops.filter((stop) => /type="(date|datetime-local)"/.test(stop)).length;
  const reached = new Set<number>();
  for (let presses = 0; presses <= stops.length + times * PARTS_OF_A_TIME + 1; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate<string | null>("document.activeElement?.dataset.stop ?? null");
    if (at !== null) reached.add(Number(at));
  }
  expect(stops.filter((_, index) => !reached.has(index))).toEqual([]);
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
