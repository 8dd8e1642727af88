import { type CostReport, GROUPINGS } from "../../../domain/costs/report.ts";
import { BASES } from "../../../domain/costs/spread.ts";
import { GRANULARITIES } from "../../../domain/costs/time.ts";
import { costTexts } from "../../../texts/costs.ts";
import { listTexts } from "../../../texts/lists.ts";
import type { Locale } from "../../../texts/locale.ts";
import { COSTS_OTHERWISE, type CostPageQuestion } from "../../cost-question.ts";
import { CHART_KINDS } from "../charts/time-chart.tsx";
import { Days } from "../list.tsx";
import { Field, type Reader } from "../parts.tsx";
import { MonthChoice } from "../time-box.tsx";
import type { Names } from "./series.ts";

/** What is asked for by pressing on a part of a page, and kept when something else is asked for. */
const KEPT = ["product", "resourceType", "resource", "tag"] as const;

/** How costs are told. Works as an ordinary form. */
export function CostControls({
  question: { query, costs, nowMs },
  reader,
}: {
  readonly question: CostPageQuestion;
  readonly reader: Reader;
}) {
  const { asked } = query;
  const texts = costTexts[reader.locale];
  return (
    <search class="unprinted">
      <form class="filters" method="get">
        <OneOf
          id="granularity"
          label={texts.granularity}
          names={texts.granularities}
          of={GRANULARITIES}
          chosen={costs.granularity}
        />
        <OneOf
          id="groupBy"
          label={texts.groupBy}
          names={texts.groupings}
          of={GROUPINGS}
          chosen={asked.groupBy ?? costs.groupBy}
        />
        <Field id="tagKey" label={texts.tagKey}>
          <input
            id="tagKey"
            name="tagKey"
            value={asked.tagKey}
            placeholder={texts.tagKeyHint}
            maxlength={64}
          />
        </Field>
        <OneOf id="basis" label={texts.basis} names={texts.bases} of={BASES} chosen={costs.basis} />
        <OneOf
          id="chart"
          label={texts.chart}
          names={texts.charts}
          of={CHART_KINDS}
          chosen={asked.chart ?? COSTS_OTHERWISE.chart}
        />
        <MonthChoice asked={asked} nowMs={nowMs} reader={reader} />
        <Days asked={asked} locale={reader.locale} />
        {[...KEPT, "time" as const].map((name) =>
          asked[name] === undefined ? null : <input type="hidden" name={name} value={asked[name]} />,
        )}
        <button type="submit">{listTexts[reader.locale].apply}</button>
        {Object.keys(asked).length > 0 ? (
          <a class="button plain" href="?">
            {listTexts[reader.locale].clear}
          </a>
        ) : null}
      </form>
    </search>
  );
}

function OneOf<O extends string>({
  id,
  label,
  of,
  names,
  chosen,
}: {
  readonly id: string;
  readonly label: string;
  readonly of: readonly O[];
  readonly names: Readonly<Record<O, string>>;
  readonly chosen: O;
}) {
  return (
    <Field id={id} label={label}>
      <select id={id} name={id}>
        {of.map((value) => (
          <option value={value} selected={value === chosen}>
            {names[value]}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** What costs are narrowed to, each with the way back. */
export function CostFilters({
  question: { query },
  names,
  report,
  locale,
}: {
  readonly question: CostPageQuestion;
  readonly names: Names;
  readonly report: CostReport;
  readonly locale: Locale;
}) {
  const { product, resourceType, resource, tag } = query.asked;
  const of = { product: product ?? "", resourceType: resourceType ?? "" } as Parameters<Names["type"]>[0];
  const called = {
    product: names.product(of),
    resourceType: names.type(of),
    resource: report.groups.find(({ key }) => key === resource)?.name ?? resource ?? "",
    tag: tag ?? "",
  };
  const texts = costTexts[locale];
  const chosen = KEPT.filter((name) => query.asked[name] !== undefined);
  return chosen.length === 0 ? null : (
    <nav class="chips unprinted" aria-label={texts.shown}>
      <span class="quiet">{texts.shown}</span>
      {chosen.map((name) => (
        <a href={query.without(name).href({})} aria-label={`${called[name]}: ${texts.removeFilter}`}>
          {called[name]} ×
        </a>
      ))}
    </nav>
  );
}
