import type { Context } from "hono";
import { addMonths } from "../../domain/calendar.ts";
import type { Resource } from "../../domain/resource.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { refusals } from "../../texts/refusals.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { type Chosen, chosenIds, chosenResources } from "../chosen.ts";
import { enteredIn, invalid, noticeOf, readLocalInstant, type Told } from "../form.ts";
import { languageOf } from "../language.ts";
import { orderHere, refusalTold, toCheckout } from "../order-here.ts";
import { ROOMS } from "../rooms.ts";
import { asInput } from "../ui/controls.tsx";
import { Field, Notice, Rows } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { EndOf, StateOf } from "../ui/resource-cells.tsx";
import { readerOf } from "../visitor.ts";
import { resourcesPage } from "./resources.tsx";

const END = "end";

/** Asks until when all that was chosen shall run. */
export async function matchEndTime(c: Context<App>) {
  const chosen = await chosenResources(c, c.req.queries("resource") ?? []);
  return chosen.ok ? page(c, chosen.value, { status: 200 }) : notChosen(c, chosen.error);
}

/** Orders each its time up to that end. What ends then already needs none. (Domain: Lifecycle, Match end time.) */
export async function orderMatch(c: Context<App>) {
  const chosen = await chosenResources(c, await chosenIds(c));
  if (!chosen.ok) return notChosen(c, chosen.error);
  const locale = languageOf(c);
  const entered = await enteredIn(c);
  const wrong = (error: string) => page(c, chosen.value, { status: 422, entered, errors: { [END]: error } });
  const endAtMs = readLocalInstant(entered[END] ?? "", c.var.account.timeZone);
  if (endAtMs === null) return wrong(checkoutTexts[locale].untilInvalid);
  const [first, ...others] = chosen.value.filter((resource) => resource.endAtMs !== endAtMs);
  if (!first) return wrong(resourceTexts[locale].allEndThen);
  const placed = await orderHere(c, {
    action: "match_end_time",
    resources: [first, ...others],
    period: { endAtMs },
    backTo: ROOMS.resources.path,
  });
  if (placed.kind === "answered") return toCheckout(c, placed.answer);
  const isAboutEnd = placed.kind === "refused" && "path" in placed.error && /period/.test(placed.error.path);
  return isAboutEnd && placed.kind === "refused"
    ? wrong(refusals[locale][placed.error.code])
    : page(c, chosen.value, { ...refusalTold(c, placed), entered });
}

const notChosen = (c: Context<App>, why: "noneChosen" | "severalProducts") =>
  resourcesPage(c, noticeOf(422, resourceTexts[languageOf(c)][why]));

function page(c: Context<App>, chosen: Chosen, { status, notice, entered = {}, errors = {} }: Told) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = resourceTexts[locale];
  const nowMs = now(c);
  const content = (
    <>
      <h1>{texts.matchEndTime}</h1>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      <p class="quiet">{texts.matchHint}</p>
      <Rows
        caption={texts.title}
        rows={chosen}
        columns={[
          { title: texts.name, cell: ({ name }) => name, isLead: true },
          { title: texts.state, cell: (resource) => <StateOf resource={resource} reader={reader} /> },
          {
            title: texts.presentEnd,
            cell: (resource) => <EndOf resource={resource} nowMs={nowMs} reader={reader} />,
          },
        ]}
      />
      <form method="post" action={ROOMS.orderMatch.path} class="card" novalidate>
        {chosen.map(({ id }) => (
          <input type="hidden" name="resource" value={id} />
        ))}
        <Field id={END} label={texts.matchEnd} hint={timeZone} error={errors[END]} class="short">
          <input
            id={END}
            name={END}
            type="datetime-local"
            required
            value={entered[END] ?? asInput(suggestedEnd(chosen, timeZone, nowMs), timeZone)}
            {...invalid(END, errors)}
          />
        </Field>
        <div class="row">
          <button type="submit" class="primary">
            {texts.toCheckout}
          </button>
          <a class="button plain" href={ROOMS.resources.path}>
            {texts.cancel}
          </a>
        </div>
      </form>
    </>
  );
  return portalPage(c, texts.matchEndTime, content, { status });
}

/** The latest of their ends; a month after it where all end then already. */
function suggestedEnd(chosen: readonly Resource[], timeZone: string, nowMs: number): number {
  const ends = chosen.map(({ endAtMs }) => endAtMs ?? nowMs);
  const latest = Math.max(...ends);
  const anchorDay = chosen.find(({ endAtMs }) => endAtMs === latest)?.anchorDay ?? 1;
  const isAhead = latest > nowMs && ends.some((endMs) => endMs !== latest);
  return isAhead ? latest : addMonths(Math.max(latest, nowMs), 1, anchorDay, timeZone);
}
