import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { App } from "../../http/context.ts";
import { portalTexts } from "../../texts/portal.ts";
import { languageOf } from "../language.ts";
import { MENU, ROOMS, type RoomName, SETTINGS } from "../rooms.ts";
import { mayEnter } from "../visitor.ts";
import { answerPage, Brand } from "./document.tsx";

/** A page of the portal, with the menu of the rooms its visitor may enter. */
export function portalPage(
  c: Context<App>,
  title: string,
  content: Child,
  { status = 200, looksAgain = false }: { status?: ContentfulStatusCode; looksAgain?: boolean } = {},
) {
  const { account, session } = c.var;
  const locale = languageOf(c);
  const texts = portalTexts[locale];
  const isIn = (name: RoomName) => `${c.req.path}/`.startsWith(`${ROOMS[name].path}/`);
  const open = MENU.filter((name) => mayEnter(c, name));
  const settings = SETTINGS.filter((name) => mayEnter(c, name));
  const setting = settings.find(isIn);
  const here = setting ? undefined : open.findLast(isIn);
  const [first] = settings;
  const header = (
    <>
      <Brand locale={locale} />
      <nav aria-label={texts.menu}>
        {open.map((name) => (
          <a href={ROOMS[name].path} aria-current={name === here ? "page" : undefined}>
            {texts.rooms[name]}
          </a>
        ))}
        {first ? (
          <a href={ROOMS[first].path} aria-current={setting && (setting === first ? "page" : "true")}>
            {texts.settings}
          </a>
        ) : null}
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
  const area = setting ? (
    <>
      <nav class="tabs unprinted" aria-label={texts.settings}>
        {settings.map((name) => (
          <a href={ROOMS[name].path} aria-current={name === setting ? "page" : undefined}>
            {texts.settingsRooms[name]}
          </a>
        ))}
      </nav>
      {content}
    </>
  ) : (
    content
  );
  return answerPage(c, { locale, title, header, looksAgain }, area, status);
}
