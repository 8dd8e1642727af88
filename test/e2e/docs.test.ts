import { describe, test } from "vitest";
import { expectClean, expectFits } from "./support/expect.ts";
import { openPage, screenshot, WIDTHS } from "./support/page.ts";

describe.each(WIDTHS)("the API reference, %s", (width) => {
  test("stands without anybody's network", async () => {
    const page = await openPage({ width });
    await page.goto("/docs");
    await page.getByRole("heading", { name: "edge-billing", exact: true }).first().waitFor();
    await screenshot(page, "docs");
    await expectClean(page);
    await expectFits(page);
  });
});
