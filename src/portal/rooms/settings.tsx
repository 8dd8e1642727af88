import type { Context } from "hono";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { fill } from "../../texts/fill.ts";
import { furniture } from "../../texts/furniture.ts";
import { formatInstant } from "../../texts/locale.ts";
import { settingsTexts } from "../../texts/settings.ts";
import { Card, Fact } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";

/** What an account is, as its provider keeps it; what its people may set stands beside it. */
export function settings(c: Context<App>) {
  const { account } = c.var;
  const { locale, timeZone } = readerOf(c);
  const texts = settingsTexts[locale];
  const content = (
    <>
      <h1>{texts.title}</h1>
      <Card title={texts.facts}>
        <dl class="details">
          <Fact label={texts.name} main={account.name} />
          <Fact label={texts.email} main={account.email} />
          <Fact label={texts.account} main={<span class="code">{account.id}</span>} />
          <Fact label={texts.billing} main={texts.billings[account.billingMode]} />
          <Fact label={texts.currency} main={account.currency} />
          <Fact
            label={texts.timeZone}
            main={timeZone}
            more={fill(texts.now, { time: formatInstant(now(c), timeZone, locale) })}
          />
          <Fact label={texts.locale} main={furniture[account.locale].languageName} />
        </dl>
        <p class="hint">{texts.factsHint}</p>
      </Card>
    </>
  );
  return portalPage(c, texts.title, content);
}
