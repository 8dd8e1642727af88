import type { Context } from "hono";
import { hindrance } from "../../domain/action.ts";
import { addDays } from "../../domain/calendar.ts";
import type { PocStopped } from "../../domain/commands/stop-poc.ts";
import { floorToMinute } from "../../domain/local-time.ts";
import { POC_TRASH_DAYS } from "../../domain/poc/wallet.ts";
import { unusedValue } from "../../domain/terms.ts";
import { now } from "../../http/clock.ts";
import { ask } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { formatInstant, formatMoney } from "../../texts/locale.ts";
import { refusals } from "../../texts/refusals.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { trialTexts } from "../../texts/trials.ts";
import { Attempt, asOnePress } from "../attempt.tsx";
import { namedResource } from "../chosen.ts";
import { enteredIn, noticeOf } from "../form.ts";
import { languageOf } from "../language.ts";
import { refusalTold } from "../order-here.ts";
import { resourcePath } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { Money } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";
import { resourcePage } from "./resource.tsx";

/** Says what stopping a trial would give back to the POC wallet, before it is done. (Domain: POC, Stop.) */
export async function stopTrial(c: Context<App>) {
  const resource = await namedResource(c);
  if (!resource) return nothingHere(c);
  const nowMs = now(c);
  const hindered = hindrance("stop_poc", resource, nowMs);
  if (hindered) return resourcePage(c, resource, noticeOf(409, refusals[languageOf(c)][hindered]));
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = trialTexts[locale];
  const refund = unusedValue(resource.terms, nowMs, timeZone).paid;
  const deletesAtMs = addDays(floorToMinute(nowMs), POC_TRASH_DAYS, timeZone);
  const title = texts.stopTitle.replace("{name}", resource.name);
  const content = (
    <section class="card">
      <h1>{title}</h1>
      <p>{texts.stopHint.replace("{instant}", formatInstant(deletesAtMs, timeZone, locale))}</p>
      <h2>{texts.back}</h2>
      {refund === 0 ? (
        <p>{texts.nothingBack}</p>
      ) : (
        <>
          <p class="figure">
            <Money minor={refund} reader={reader} />
          </p>
          <p class="quiet">{texts.backHint}</p>
        </>
      )}
      <form method="post" class="row">
        <Attempt />
        <input type="hidden" name="shown" value={String(refund)} />
        <button type="submit" id="stop-trial" class="danger">
          {texts.confirmStop}
        </button>
        <a class="button" href={resourcePath(resource.id)}>
          {texts.keep}
        </a>
      </form>
    </section>
  );
  return portalPage(c, title, content);
}

/** Stops it, once for each press, and says what came back. */
export async function doStopTrial(c: Context<App>) {
  const resource = await namedResource(c);
  if (!resource) return nothingHere(c);
  const { attempt, shown } = await enteredIn(c);
  if (!asOnePress(c, attempt, `stop-poc ${resource.id}`))
    return resourcePage(c, resource, noticeOf(400, refusals[languageOf(c)].invalid_request));
  const outcome = await ask(c, c.var.account.id, { type: "stop_poc", resource: resource.id });
  return outcome.kind === "answered"
    ? stoppedPage(c, outcome.answer, shown)
    : resourcePage(c, resource, refusalTold(c, outcome));
}

function stoppedPage(c: Context<App>, { resource, refund }: PocStopped, shown: string | undefined) {
  const reader = readerOf(c);
  const { locale, timeZone, currency } = reader;
  const texts = trialTexts[locale];
  const words = resourceTexts[locale];
  const title = texts.stoppedTitle.replace("{name}", resource.name);
  const isOther = shown !== undefined && /^\d{1,15}$/.test(shown) && Number(shown) !== refund;
  const content = (
    <section class="card">
      <h1>{title}</h1>
      {resource.deletesAtMs === null ? null : (
        <p>{words.recoverable.replace("{instant}", formatInstant(resource.deletesAtMs, timeZone, locale))}</p>
      )}
      <dl class="facts">
        <dt>{texts.cameBack}</dt>
        <dd>
          <Money minor={refund} reader={reader} />
        </dd>
      </dl>
      {isOther ? (
        <p class="notice warn">
          {words.refundChanged.replace("{shown}", formatMoney(Number(shown), currency, locale))}
        </p>
      ) : null}
      <p>
        <a class="button primary" href={resourcePath(resource.id)}>
          {resource.name}
        </a>
      </p>
    </section>
  );
  return portalPage(c, title, content);
}
