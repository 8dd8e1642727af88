import type { Context } from "hono";
import { hindrance } from "../../domain/action.ts";
import type { ResourceDeleted } from "../../domain/commands/delete-resource.ts";
import { deletionOf } from "../../domain/deletion.ts";
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
import { ROOMS, resourcePath } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { Money } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";
import { resourcePage } from "./resource.tsx";

/** Says what deleting a resource would do, and what of its price would come back, before it is done. */
export async function deletion(c: Context<App>) {
  const resource = await namedResource(c);
  if (!resource) return nothingHere(c);
  const nowMs = now(c);
  const hindered = hindrance("delete", resource, nowMs);
  if (hindered) return resourcePage(c, resource, noticeOf(409, refusals[languageOf(c)][hindered]));
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = resourceTexts[locale];
  const { refund, deletesAtMs } = deletionOf(resource, nowMs, timeZone);
  const title = texts.deleteTitle.replace("{name}", resource.name);
  const content = (
    <section class="card">
      <h1>{title}</h1>
      <p>
        {deletesAtMs === null
          ? texts.deleteAtOnce
          : texts.deleteToTrash.replace("{instant}", formatInstant(deletesAtMs, timeZone, locale))}
      </p>
      <h2>{texts.refund}</h2>
      {refund === 0 ? (
        <p>{resource.policy.refundable ? texts.noRefundLeft : texts.noRefund}</p>
      ) : (
        <>
          <p class="figure">
            <Money minor={refund} reader={reader} />
          </p>
          <p class="quiet">{resource.billing === "poc" ? trialTexts[locale].backHint : texts.refundHint}</p>
        </>
      )}
      <form method="post" class="row">
        <Attempt />
        <input type="hidden" name="shown" value={String(refund)} />
        <button type="submit" class="danger">
          {texts.confirmDelete}
        </button>
        <a class="button" href={resourcePath(resource.id)}>
          {texts.keep}
        </a>
      </form>
    </section>
  );
  return portalPage(c, title, content);
}

/** Deletes it, once for each press, and says what came back. */
export async function deleteResource(c: Context<App>) {
  const resource = await namedResource(c);
  if (!resource) return nothingHere(c);
  const { attempt, shown } = await enteredIn(c);
  if (!asOnePress(c, attempt, `delete ${resource.id}`))
    return resourcePage(c, resource, noticeOf(400, refusals[languageOf(c)].invalid_request));
  const outcome = await ask(c, c.var.account.id, { type: "delete_resource", resource: resource.id });
  return outcome.kind === "answered"
    ? deletedPage(c, outcome.answer, shown)
    : resourcePage(c, resource, refusalTold(c, outcome));
}

function deletedPage(c: Context<App>, { resource, refund }: ResourceDeleted, shown: string | undefined) {
  const reader = readerOf(c);
  const { locale, timeZone, currency } = reader;
  const texts = resourceTexts[locale];
  const { name, deletesAtMs } = resource;
  const title = (deletesAtMs === null ? texts.deletedTitle : texts.trashedTitle).replace("{name}", name);
  const isOther = shown !== undefined && /^\d{1,15}$/.test(shown) && Number(shown) !== refund;
  const content = (
    <section class="card">
      <h1>{title}</h1>
      {deletesAtMs === null ? null : (
        <p>{texts.recoverable.replace("{instant}", formatInstant(deletesAtMs, timeZone, locale))}</p>
      )}
      {refund === 0 ? null : (
        <dl class="facts">
          <dt>{resource.billing === "poc" ? trialTexts[locale].cameBack : texts.refunded}</dt>
          <dd>
            <Money minor={refund} reader={reader} />
          </dd>
        </dl>
      )}
      {isOther ? (
        <p class="notice warn">
          {texts.refundChanged.replace("{shown}", formatMoney(Number(shown), currency, locale))}
        </p>
      ) : null}
      <p>
        <a class="button primary" href={ROOMS.resources.path}>
          {texts.toResources}
        </a>
      </p>
    </section>
  );
  return portalPage(c, title, content);
}
