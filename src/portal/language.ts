import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { DAY_MS } from "../domain/local-time.ts";
import type { App } from "../http/context.ts";
import { LOCALES, type Locale } from "../texts/locale.ts";
import { keepCookie } from "./security.ts";

const COOKIE = "lang";
const LIFE_MS = 365 * DAY_MS;

const localeOf = (text: string | undefined): Locale | undefined => LOCALES.find((locale) => locale === text);

/** `?lang=` on any page chooses the language of all pages, and leads to the same page without it. */
export const chooseLanguage = createMiddleware<App>(async (c, next) => {
  const chosen = localeOf(c.req.query("lang"));
  if (chosen === undefined || c.req.method !== "GET") return next();
  keepCookie(c, { name: COOKIE, path: "/", value: chosen, lifeMs: LIFE_MS });
  const url = new URL(c.req.url);
  url.searchParams.delete("lang");
  return c.redirect(`${url.pathname}${url.search}`, 303);
});

/** The language somebody chose; until then their account's, or what their browser asks for. */
export const languageOf = (c: Context<App>): Locale =>
  localeOf(getCookie(c, COOKIE)) ?? c.var.account?.locale ?? asked(c.req.header("Accept-Language"));

const asked = (header = ""): Locale => (/^\s*vi\b/i.test(header) ? "vi" : "en");
