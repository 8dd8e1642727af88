import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { SCREENSHOTS } from "./places.ts";
import { browser, origin } from "./running.ts";

/** Shorter than a test may take, so that what fails is the step that waited in vain, by its name. */
export const STEP_TIMEOUT_MS = 20_000;

const SHAPES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} satisfies Record<string, BrowserContextOptions>;

export type Width = keyof typeof SHAPES;

/** For `describe.each`: every page must do at all of them. */
export const WIDTHS = Object.keys(SHAPES) as Width[];

/** Everything else that a Playwright context can be told: `locale`, `colorScheme`, `javaScriptEnabled`, … */
export interface PageOptions extends BrowserContextOptions {
  readonly width: Width;
}

interface Watched {
  readonly width: Width;
  readonly problems: string[];
}

const watched = new WeakMap<BrowserContext, Watched>();
const connection = await chromium.connect(browser);

/**
 * A page of somebody who was never here, gone when the test is over; if the test failed, with a last screenshot.
 * Paths are the worker's: `page.goto("/docs")`.
 */
export async function openPage({ width, ...more }: PageOptions): Promise<Page> {
  const context = await connection.newContext({
    baseURL: origin,
    // Limits on strangers count by address.
    extraHTTPHeaders: { "CF-Connecting-IP": ["10", ...randomBytes(3)].join(".") },
    ...SHAPES[width],
    ...more,
  });
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  watched.set(context, { width, problems: problemsOf(context) });
  const page = await context.newPage();
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail" && !page.isClosed()) await screenshot(page, `failed ${task.name}`);
    await context.close();
  });
  return page;
}

/** The whole page as `.vitest/screenshots/{width}/{name}.png`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const path = join(SCREENSHOTS, watchedOf(page).width, `${name.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.png`);
  await page.screenshot({ path, fullPage: true, animations: "disabled" });
}

/** What went wrong in the page, and in those it opened, since this was last asked. */
export async function takeProblems(page: Page): Promise<string[]> {
  // The browser tells things in their order: after this answer, nothing of before is still on its way.
  await page.evaluate("0");
  return watchedOf(page).problems.splice(0);
}

/** A list that grows. Chromium's console has failed requests, error statuses and violations of the CSP, too. */
function problemsOf(context: BrowserContext): string[] {
  const problems: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (thrown) => problems.push(`uncaught ${thrown.error()}`));
  context.on("requestfailed", (request) => {
    // The console is silent about pages that can't be reached. A download is a navigation that was aborted.
    const reason = request.failure()?.errorText;
    if (!request.isNavigationRequest() || reason === "net::ERR_ABORTED") return;
    problems.push(`${request.method()} ${request.url()} failed: ${reason}`);
  });
  return problems;
}

function watchedOf(page: Page): Watched {
  const found = watched.get(page.context());
  if (!found) throw new Error("the page wasn't opened by openPage");
  return found;
}
