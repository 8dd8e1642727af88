import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { DAY_MS } from "../../domain/local-time.ts";
import type { App } from "../../http/context.ts";
import { languageOf } from "../../portal/language.ts";
import { keepCookie } from "../../portal/security.ts";
import { closed } from "../../portal/ui/closed.tsx";
import { consoleTexts } from "../../texts/console.ts";
import { type Account, askBilling, askForAccount, canSign, type Product } from "./billing.ts";
import { type ConsoleSettings, consoleOf } from "./state.ts";

export const CONSOLES_PATH = "/sandbox/consoles";
export const consolePath = (product: string): string => `${CONSOLES_PATH}/${encodeURIComponent(product)}`;

const COOKIE = "console_account";
const COOKIE_LIFE_MS = 30 * DAY_MS;

/** A customer at a product's console. */
export interface Visit {
  readonly settings: ConsoleSettings;
  readonly product: Product;
  readonly customer: Account;
}

declare module "hono" {
  interface ContextVariableMap {
    visit: Visit;
  }
}

/** Signs a customer in at all consoles: this is a sandbox, so whoever says so is that customer. */
export const signIn = (c: Context<App>, account: string): void =>
  keepCookie(c, { name: COOKIE, path: CONSOLES_PATH, value: account, lifeMs: COOKIE_LIFE_MS });

export const signedInAccount = (c: Context<App>): string | undefined => getCookie(c, COOKIE);

/** Lets nobody in where the consoles can't sign their tokens. */
export const ableToRun = createMiddleware<App>(async (c, next) => {
  if (canSign(c.env)) return next();
  const texts = consoleTexts[languageOf(c)];
  return closed(c, { status: 503, title: texts.cannotRun, hint: texts.cannotRunHint });
});

/** Finds the console and its customer; who isn't signed in says first who they play. */
export const visiting = createMiddleware<App>(async (c, next) => {
  const settings = await consoleOf(c.env, c.req.param("product") ?? "");
  if (!settings) return noSuchPage(c);
  const product = await askBilling<Product>(
    c,
    settings.product,
    `/v1/catalog/products/${encodeURIComponent(settings.product)}`,
  );
  if (!product.ok) return noSuchPage(c);
  const account = signedInAccount(c);
  const customer = account === undefined ? null : await askForAccount(c, account);
  if (!customer?.ok) return c.redirect(CONSOLES_PATH, 303);
  c.set("visit", { settings, product: product.value, customer: customer.value });
  return next();
});

export function noSuchPage(c: Context<App>) {
  const texts = consoleTexts[languageOf(c)];
  const hint = <a href={CONSOLES_PATH}>{texts.consoles}</a>;
  return closed(c, { status: 404, title: texts.notFound, hint });
}
