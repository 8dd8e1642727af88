import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { App } from "../../http/context.ts";
import { languageOf } from "../../portal/language.ts";
import { answerPage, Brand } from "../../portal/ui/document.tsx";
import { leadOn } from "../../portal/ui/lead-on.tsx";
import { Notice } from "../../portal/ui/parts.tsx";
import { consoleTexts } from "../../texts/console.ts";
import type { Locale } from "../../texts/locale.ts";
import type { Order, Problem } from "./billing.ts";
import { CONSOLES_PATH, consolePath } from "./visit.tsx";

/** A page of a product's console, for the customer who is signed in there. */
export function consolePage(c: Context<App>, title: string, content: Child, status = 200) {
  const { product, customer } = c.var.visit;
  const locale = languageOf(c);
  const texts = consoleTexts[locale];
  const home = consolePath(product.id);
  const header = (
    <>
      <Brand locale={locale} />
      <nav aria-label={texts.consoles}>
        <a href={home} aria-current={c.req.path === home ? "page" : undefined}>
          {product.name}
        </a>
      </nav>
      <div class="end">
        <span>
          {customer.name} <span class="code">{customer.id}</span>
        </span>
        <a href={CONSOLES_PATH}>{texts.otherCustomer}</a>
      </div>
    </>
  );
  return answerPage(c, { locale, title, header }, content, status as ContentfulStatusCode);
}

interface RefusedProps {
  readonly problem: Problem;
  readonly locale: Locale;
}

/** What billing refused, in the API's own words. */
export const Refused = ({ problem, locale }: RefusedProps) => (
  <Notice tone="bad">
    <strong>{consoleTexts[locale].refused}</strong> <span lang="en">{problem.detail ?? problem.title}</span>
  </Notice>
);

/** Takes somebody who sent a form on to a page of billing's. */
export function leadTo(c: Context<App>, url: string) {
  if (new URL(url).origin === new URL(c.req.url).origin) return c.redirect(url, 303);
  const { leaving: title, goOn } = consoleTexts[languageOf(c)];
  return leadOn(c, url, { title, goOn });
}

/** Takes the customer of an order to where it is paid; back, where it is billed afterwards. */
export function toCheckout(c: Context<App>, { id, status, checkoutUrl }: Order) {
  if (checkoutUrl !== null) return leadTo(c, checkoutUrl);
  if (status !== "awaiting_payment")
    return c.redirect(`${consolePath(c.var.visit.product.id)}?${new URLSearchParams({ order: id })}`, 303);
  const { noCheckout } = consoleTexts[languageOf(c)];
  return consolePage(c, c.var.visit.product.name, <Notice tone="bad">{noCheckout}</Notice>, 503);
}
