import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { App } from "../../http/context.ts";
import { portalTexts } from "../../texts/portal.ts";
import { languageOf } from "../language.ts";
import { ROOMS } from "../rooms.ts";
import { answerPage, Brand } from "./document.tsx";

/** A page of the portal, with the menu of the rooms its visitor may enter. */
export function portalPage(c: Context<App>, title: string, content: Child) {
  const { account, session, principal } = c.var;
  const locale = languageOf(c);
  const texts = portalTexts[locale];
  const actions: readonly string[] = principal.role === "user" ? principal.actions : [];
  const open = ROOMS.filter(({ action }) => action === "any" || actions.includes(action));
  const here = open.findLast(({ path }) => c.req.path === path || c.req.path.startsWith(`${path}/`));
  const header = (
    <>
      <Brand locale={locale} />
      <nav aria-label={texts.menu}>
        {open.map((room) => (
          <a href={room.path} aria-current={room === here ? "page" : undefined}>
            {texts.rooms[room.name]}
          </a>
        ))}
      </nav>
      <div class="end">
        <span>{account.name}</span>
        <a href={session.returnUrl}>{texts.back}</a>
        <form method="post" action="/portal/sign-out">
          <button type="submit" class="plain">
            {texts.signOut}
          </button>
        </form>
      </div>
    </>
  );
  return answerPage(c, { locale, title, header }, content);
}
