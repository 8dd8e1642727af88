import { type CostReport, changeOf } from "../../../domain/costs/report.ts";
import { costTexts } from "../../../texts/costs.ts";
import { fill } from "../../../texts/fill.ts";
import { formatMoney, formatMonth, formatShortDate } from "../../../texts/locale.ts";
import { formatChange } from "../../../texts/periods.ts";
import type { CostPageQuestion } from "../../cost-question.ts";
import { Card, Money, type Reader } from "../parts.tsx";

/** What it comes to, how that has changed, and where it leads. */
export function CostFigures({
  report: { total, unbilled, previous, average, forecast },
  question: { costs },
  reader,
}: {
  readonly report: CostReport;
  readonly question: CostPageQuestion;
  readonly reader: Reader;
}) {
  const { locale, timeZone, currency } = reader;
  const texts = costTexts[locale];
  const money = (minor: number) => formatMoney(minor, currency, locale);
  const day = (atMs: number) => formatShortDate(atMs, timeZone, locale);
  const change = changeOf(total, previous.total);
  return (
    <div class="grid">
      <Card title={texts.total}>
        <p class="figure">
          <Money minor={total} reader={reader} />
        </p>
        {unbilled === 0 ? null : (
          <p class="quiet small">{fill(texts.unbilled, { amount: money(unbilled) })}</p>
        )}
      </Card>
      <Card title={texts.change}>
        <p class="figure">{change === null ? "–" : formatChange(change, locale)}</p>
        <p class="quiet small">
          {previous.total === 0
            ? texts.nothingBefore
            : fill(texts.before, {
                amount: money(previous.total),
                from: day(previous.startMs),
                to: day(previous.endMs - 1),
              })}
        </p>
      </Card>
      <Card title={texts.average}>
        <p class="figure">
          <Money minor={average} reader={reader} />
        </p>
        <p class="quiet small">{texts.per[costs.granularity]}</p>
      </Card>
      {forecast === null ? null : (
        <Card title={fill(texts.forecast, { month: formatMonth(forecast.month.startMs, timeZone, locale) })}>
          <p class="figure">
            <Money minor={forecast.total} reader={reader} />
          </p>
          <p class="quiet small">{fill(texts.forecastMethod, { amount: money(forecast.soFar) })}</p>
        </Card>
      )}
    </div>
  );
}
