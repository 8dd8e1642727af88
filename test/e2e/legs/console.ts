import type { Walk } from "../support/walk.ts";

/** Signs in at a product's console. */
export async function enterConsole(walk: Walk, product: string): Promise<void> {
  const { page, console: texts } = walk;
  await page.goto("/sandbox/consoles");
  await page.getByLabel(texts.customer).fill(walk.account.id);
  await walk.press(product);
  await walk.heading(product);
}

/** What to fill in, by its label. */
export type Filled = Readonly<Record<string, string>>;

/** Opens the form of a type of resource, and fills it in. */
export async function configure(walk: Walk, type: string, filled: Filled): Promise<void> {
  const { page, console: texts } = walk;
  await walk.follow(`${texts.create}: ${type}`);
  for (const [label, value] of Object.entries(filled))
    await page.getByLabel(label, { exact: true }).fill(value);
}

/** Decides what becomes of the next resource. */
export async function chooseNext(walk: Walk, outcome: "fail" | "hang"): Promise<void> {
  const { page, console: texts } = walk;
  await page.getByLabel(texts.next).selectOption(outcome);
  await walk.press(texts.save);
  await page.locator(`option[value=${outcome}][selected]`).waitFor({ state: "attached" });
}

/** In another tab of vServer's console, lets what hangs come up. */
export async function finish({ page, console: texts }: Walk): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto("/sandbox/consoles/vserver");
  await tab.getByRole("button", { name: texts.finish }).click();
  await tab.getByRole("button", { name: texts.finish }).waitFor({ state: "detached" });
  await tab.close();
}

/** Comes back from the checkout, and finds everything running that this name begins. */
export async function seeRunning(walk: Walk, name: string, count: number): Promise<void> {
  const { page, console: texts } = walk;
  await page.getByRole("main").getByText(texts.orders.completed).waitFor();
  const rows = page.getByRole("row").filter({ hasText: name });
  const running = rows.filter({ hasText: texts.states.active });
  await running.nth(count - 1).waitFor();
}
