import { ACTIONS, type Action } from "../../src/http/actions.ts";
import { bodyOf, type TestAccount } from "../support/api.ts";
import { Browser, type Entered, type Page } from "../support/browser.ts";
import { ORIGIN } from "./visit.ts";
import { askForLink } from "./visits.ts";

/** Somebody in the portal, who goes from page to page and sends their forms. */
export class PortalVisit {
  readonly browser: Browser;
  /** What they see now. */
  page: Page;

  constructor(browser: Browser, page: Page) {
    this.browser = browser;
    this.page = page;
  }

  async go(path: string): Promise<Page> {
    this.page = await this.browser.open(`${ORIGIN}${path}`);
    return this.page;
  }

  /** Sends the form that has what the selector finds. */
  async send(selector: string, entered: Entered = {}): Promise<Page> {
    this.page = await this.browser.send(this.page.form(selector), entered);
    return this.page;
  }
}

export async function enterPortal(
  account: TestAccount,
  actions: readonly Action[] = ACTIONS,
): Promise<PortalVisit> {
  const { url } = bodyOf(await askForLink(account, { actions }), 201);
  const browser = new Browser();
  return new PortalVisit(browser, await browser.open(url));
}
