import type { Context } from "hono";
import { deleteCookie, getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { accountObject } from "../account/client.ts";
import type { PortalSession } from "../account/portal-sessions.ts";
import type { Account } from "../domain/account.ts";
import type { AccountId } from "../domain/ids.ts";
import { ACTIONS } from "../http/actions.ts";
import type { App } from "../http/context.ts";
import { PORTAL_SESSION_MS, readPass, secondsOf, signPass } from "../http/links.ts";
import { portalTexts } from "../texts/portal.ts";
import { languageOf } from "./language.ts";
import { isOpenTo, type Room } from "./rooms.ts";
import { keepCookie } from "./security.ts";
import { closed } from "./ui/closed.tsx";

const COOKIE = "portal";
const PATH = "/portal";

declare module "hono" {
  /** What the portal's pages know of their visitor. */
  interface ContextVariableMap {
    account: Account;
    session: PortalSession;
  }
}

/** Follows a link into the portal, once: its session begins, and a cookie takes the link's place. */
export async function enter(c: Context<App>): Promise<Response> {
  const texts = portalTexts[languageOf(c)];
  const link = await readPass(c.env, "portal_link", c.req.query("code"));
  if (!link) return closed(c, { status: 403, title: texts.linkInvalid, hint: texts.linkHint });
  const expiresAtMs = Date.now() + PORTAL_SESSION_MS;
  const { account, session: id, ...stay } = link;
  const session = { ...stay, id, expiresAtMs } as PortalSession;
  const isFirst = await accountObject(c.env, account as AccountId).beginSession(session);
  if (!isFirst) return closed(c, { status: 410, title: texts.linkUsed, hint: texts.linkHint });
  const value = await signPass(c.env, "portal_cookie", { account, session: id }, secondsOf(expiresAtMs));
  keepCookie(c, { name: COOKIE, path: PATH, value, lifeMs: PORTAL_SESSION_MS });
  return c.redirect(PATH, 303);
}

/** Lets whoever is signed in through to a page, if their session goes on and allows what the page asks for. */
export const visiting = (room: Pick<Room, "asks" | "oneOf">) =>
  createMiddleware<App>(async (c, next) => {
    const pass = await readPass(c.env, "portal_cookie", getCookie(c, COOKIE));
    const visit = pass && (await accountObject(c.env, pass.account as AccountId).session(pass.session));
    if (!visit) {
      const { notSignedIn: title, notSignedInHint: hint } = portalTexts[languageOf(c)];
      return closed(c, { status: 401, title, hint });
    }
    const { account, session } = visit;
    c.set("account", account);
    const actions = ACTIONS.filter((known) => session.actions.includes(known));
    if (!isOpenTo(room, actions)) {
      const { notAllowed: title, notAllowedHint: hint } = portalTexts[languageOf(c)];
      return closed(c, { status: 403, title, hint });
    }
    c.set("session", session);
    c.set("principal", { role: "user", account: account.id, actions, subject: session.user });
    c.set("keyed", null);
    return next();
  });

/** Ends the session everywhere, and leads back to where it came from. */
export async function leave(c: Context<App>): Promise<Response> {
  const { account, session } = c.var;
  await accountObject(c.env, account.id).endSession(session.id);
  deleteCookie(c, COOKIE, { path: PATH });
  const texts = portalTexts[languageOf(c)];
  return closed(c, {
    status: 200,
    title: texts.signedOut,
    hint: <a href={session.returnUrl}>{texts.back}</a>,
  });
}
