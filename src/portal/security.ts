import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { setCookie } from "hono/cookie";
import { csrf } from "hono/csrf";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import { MAX_BODY_BYTES } from "../http/body-limit.ts";
import { clock } from "../http/clock.ts";
import type { App } from "../http/context.ts";

/** What every page tells its browser: run nothing but our own script, send forms nowhere else, let nobody frame it. */
const pageHeaders = (formAction: string[]) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction,
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });

/** Pages show money and people: no cache keeps them. */
const neverKept = createMiddleware<App>(async (c, next) => {
  await next();
  c.header("Cache-Control", "no-store");
});

/**
 * What comes before pages whose forms may lead there, redirects included. Only forms that were sent from a page of
 * ours, and aren't too large, are taken; the others' refusals are thrown, so that a page tells them.
 */
export const beforePagesLeadingTo = (...formAction: string[]) =>
  [pageHeaders(formAction), neverKept, csrf(), bodyLimit({ maxSize: MAX_BODY_BYTES }), clock] as const;

/** What comes before every page. */
export const beforePages = beforePagesLeadingTo("'self'");

/** A cookie that scripts don't see and other sites' forms don't carry; by https only, where the page came by https. */
export const keepCookie = (
  c: Context<App>,
  cookie: { readonly name: string; readonly path: string; readonly value: string; readonly lifeMs: number },
): void =>
  setCookie(c, cookie.name, cookie.value, {
    path: cookie.path,
    httpOnly: true,
    sameSite: "Lax",
    secure: new URL(c.req.url).protocol === "https:",
    maxAge: Math.floor(cookie.lifeMs / 1_000),
  });
