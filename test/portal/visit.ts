import {
  bodyOf,
  type ItemRequest,
  itemOf,
  type OrderView,
  openAccount,
  type TestAccount,
} from "../support/api.ts";
import { Browser, type Entered, type Page } from "../support/browser.ts";
import { type Contents, contentsOf } from "../support/tables.ts";

export const ORIGIN = "http://edge-billing.test";

/** A customer who reads English. */
export const openEnglish = (credit = 0): Promise<TestAccount> =>
  openAccount(credit, { settings: { locale: "en" } });

/** What the forms of a checkout are for. */
export type Intent = "items" | "coupon" | "address" | "pay" | "cancel";

/** Somebody who followed an order's checkout link. */
export class Visit {
  readonly account: TestAccount;
  readonly id: string;
  readonly browser: Browser;
  /** What they see now. */
  page: Page;

  constructor(account: TestAccount, order: OrderView, browser: Browser, page: Page) {
    this.account = account;
    this.id = order.id;
    this.browser = browser;
    this.page = page;
  }

  get url(): string {
    return urlOf(this.account, this.id);
  }

  order = (): Promise<OrderView> => this.account.order(this.id);

  formFor = (intent: Intent) => this.page.form(`[name=intent][value=${intent}]`);

  /** Sends one of the forms they see. */
  async send(intent: Intent, entered: Entered = {}): Promise<Page> {
    this.page = await this.browser.send(this.formFor(intent), entered);
    return this.page;
  }

  async reload(): Promise<Page> {
    this.page = await this.browser.open(this.url);
    return this.page;
  }
}

export const urlOf = ({ id }: TestAccount, order: string): string => `${ORIGIN}/checkout/${id}/${order}`;

export const linkOf = ({ checkoutUrl }: OrderView): string => {
  if (checkoutUrl === null) throw new Error("an order without its checkout");
  return checkoutUrl;
};

/** Follows an order's link with a browser of its own. */
export async function visit(account: TestAccount, order: OrderView, browser = new Browser()): Promise<Visit> {
  const page = await browser.open(linkOf(order));
  if (page.status !== 200) throw new Error(`the checkout answered ${page.status}: ${page.text}`);
  return new Visit(account, order, browser, page);
}

/** A new order's checkout. */
export const visitNew = async (account: TestAccount, ...items: readonly ItemRequest[]): Promise<Visit> =>
  visit(account, await account.place(...items));

/** Places an order with a request of its own. */
export const placeAs = async (account: TestAccount, more: object): Promise<OrderView> =>
  bodyOf(
    await account.console.post<OrderView>(`${account.path}/orders`, {
      action: "create",
      lines: [itemOf()],
      returnUrl: "https://console.example/done",
      ...more,
    }),
    201,
  );

/** What an account holds, but for what leaves it in its own time. */
export async function stateOf({ object }: TestAccount): Promise<Omit<Contents, "outbox" | "indexedDueAtMs">> {
  const { outbox: _outbox, indexedDueAtMs: _indexedDueAtMs, ...state } = await contentsOf(object);
  return state;
}
