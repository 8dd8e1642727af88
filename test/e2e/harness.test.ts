import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible, expectClean, expectFits, tabTo } from "./support/expect.ts";
import { openPage, takeProblems, WIDTHS } from "./support/page.ts";

const PATH = "/a-page-of-this-test";

/** Opens a page that the worker doesn't have. */
async function show(page: Page, body: string, headers: Record<string, string> = {}): Promise<void> {
  const html = `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Test</title>
<link rel="icon" href="data:,"></head><body><main><h1>Test</h1>${body}</main></body></html>`;
  await page.route(`**${PATH}`, (route) => route.fulfill({ contentType: "text/html", headers, body: html }));
  await page.goto(PATH);
}

test.each(WIDTHS)("a page without faults has none, %s", async (width) => {
  const page = await openPage({ width });
  await show(page, "<p>Chào</p>");
  await expectClean(page);
  await expectAccessible(page);
  await expectFits(page);
});

test.each([
  ["an error in the console", "<script>console.error('oh no')</script>", "oh no"],
  ["an uncaught error", "<script>throw new Error('oh no')</script>", "uncaught Error: oh no"],
  [
    "a rejection nobody caught",
    "<script>Promise.reject(new Error('oh no'))</script>",
    "uncaught Error: oh no",
  ],
  ["a picture that isn't there", '<img alt="" src="/nowhere.png">', "status of 404"],
  ["a need of another site", '<img alt="" src="https://example.com/a.png">', "net::ERR_NAME_NOT_RESOLVED"],
])("%s is seen", async (_, body, problem) => {
  const page = await openPage({ width: "desktop" });
  await show(page, body);
  await expect(expectClean(page)).rejects.toThrow();
  await show(page, body);
  expect(await takeProblems(page)).toEqual([expect.stringContaining(problem)]);
  await expectClean(page);
});

test("a page that is answered with an error is seen", async () => {
  const page = await openPage({ width: "desktop" });
  await page.goto("/nowhere");
  expect(await takeProblems(page)).toEqual([expect.stringContaining("status of 404")]);
});

test("a violation of the page's security policy is seen", async () => {
  const page = await openPage({ width: "desktop" });
  const policy = { "Content-Security-Policy": "default-src 'none'; img-src data:" };
  await show(page, '<p onclick="pay()">Pay</p>', policy);
  expect(await takeProblems(page)).toEqual([expect.stringContaining("Content Security Policy")]);
});

test("a link that leads nowhere is seen, also in a window of its own", async () => {
  const page = await openPage({ width: "desktop" });
  await show(page, '<a href="https://example.com/" target="_blank">Away</a>');
  await Promise.all([page.context().waitForEvent("requestfailed"), page.getByRole("link").click()]);
  expect(await takeProblems(page)).toEqual(["GET https://example.com/ failed: net::ERR_NAME_NOT_RESOLVED"]);
});

test("a button that says nothing is a serious fault, told with its place", async () => {
  const page = await openPage({ width: "desktop" });
  await show(page, "<button></button>");
  await expect(expectAccessible(page)).rejects.toThrow(/critical button-name, button: /);
});

test("a page wider than a phone doesn't fit", async () => {
  const page = await openPage({ width: "phone" });
  await show(page, '<div style="width: 500px">wide</div>');
  await expect(expectFits(page)).rejects.toThrow();
});

test("the Tab key goes to what it can reach and nowhere else", async () => {
  const page = await openPage({ width: "desktop" });
  await show(page, '<a href="/">One</a><button>Two</button><button tabindex="-1">Three</button>');
  await tabTo(page, page.getByRole("button", { name: "Two" }));
  await page.keyboard.press("Shift+Tab");
  await tabTo(page, page.getByRole("button", { name: "Two" }));
  await expect(tabTo(page, page.getByRole("button", { name: "Three" }))).rejects.toThrow(/not among/);
});
