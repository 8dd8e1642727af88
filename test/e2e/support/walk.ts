import type { Page } from "playwright-core";
import { expect } from "vitest";
import { checkoutTexts } from "../../../src/texts/checkout.ts";
import { consoleTexts } from "../../../src/texts/console.ts";
import { formatMoney, LANGUAGE, type Locale } from "../../../src/texts/locale.ts";
import { type Account, openAccount } from "./api.ts";
import { expectAccessible, expectClean, expectFits } from "./expect.ts";
import { openPage, type PageOptions, STEP_TIMEOUT_MS, screenshot } from "./page.ts";

export interface WalkOptions extends Omit<PageOptions, "locale"> {
  /** What its pictures are called by. */
  readonly name: string;
  readonly locale?: Locale;
  /** In dong; none when absent. */
  readonly credit?: number;
}

/** A customer on the way through the pages: whose account it is, where they are, and the words they read. */
export class Walk {
  readonly account: Account;
  readonly page: Page;
  readonly locale: Locale;
  readonly #name: string;
  readonly #hasScripts: boolean;

  private constructor(account: Account, page: Page, options: WalkOptions) {
    this.account = account;
    this.page = page;
    this.locale = options.locale ?? "en";
    this.#name = options.name;
    this.#hasScripts = options.javaScriptEnabled ?? true;
  }

  static async start(options: WalkOptions): Promise<Walk> {
    const { name: _, locale = "en", credit = 0, ...more } = options;
    const account = await openAccount({ locale, credit });
    return new Walk(account, await openPage({ ...more, locale: LANGUAGE[locale] }), options);
  }

  /** Somebody else, who was never here and hears of this account. */
  async meet({ name, ...more }: Omit<WalkOptions, "locale" | "credit">): Promise<Walk> {
    const { account, locale } = this;
    return new Walk(account, await openPage({ ...more, locale: LANGUAGE[locale] }), {
      name,
      locale,
      ...more,
    });
  }

  get console() {
    return consoleTexts[this.locale];
  }
  get checkout() {
    return checkoutTexts[this.locale];
  }

  money(dong: number): string {
    return formatMoney(dong, "VND", this.locale);
  }

  /** Presses the button of this name. */
  press(name: string): Promise<void> {
    return this.page.getByRole("button", { name }).click();
  }

  /** Follows the link of this name. */
  follow(name: string): Promise<void> {
    return this.page.getByRole("link", { name, exact: true }).click();
  }

  /** Waits for a page, or for what has become of it, by what stands at its top. */
  heading(name: string): Promise<void> {
    return this.page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  }

  /** Waits until the page says this. */
  reads(text: string): Promise<void> {
    return this.page.getByRole("main").getByText(text, { exact: true }).waitFor();
  }

  /** Waits until the page says an amount beside its name. */
  amount(name: string, dong: number): Promise<void> {
    const value = this.page.locator(`dt:text-is("${name}") + dd`);
    return value.getByText(this.money(dong), { exact: true }).waitFor();
  }

  /** Has a product console's page come anew, as a page without scripts must, until so many of its resources run. */
  async untilRunning(count: number): Promise<void> {
    const running = this.page.getByRole("row").filter({ hasText: this.console.states.active });
    const countAnew = async () => {
      await this.page.reload();
      return running.count();
    };
    await expect.poll(countAnew, { timeout: STEP_TIMEOUT_MS }).toBe(count);
  }

  /** Looks at the page as it stands: nothing is wrong with it, and there is a picture of it. */
  async look(at: string): Promise<void> {
    await this.page.waitForLoadState();
    await this.page.locator("[aria-busy]").waitFor({ state: "detached" });
    await screenshot(this.page, `${this.#name} ${at}`);
    await expectClean(this.page);
    await expectFits(this.page);
    if (this.#hasScripts) await expectAccessible(this.page);
  }
}
