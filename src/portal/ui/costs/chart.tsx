import type { Span } from "../../../domain/calendar.ts";
import type { CostReport } from "../../../domain/costs/report.ts";
import type { Granularity } from "../../../domain/costs/time.ts";
import { CURRENCIES } from "../../../domain/money.ts";
import { costTexts } from "../../../texts/costs.ts";
import { formatAmount } from "../../../texts/locale.ts";
import { formatPeriod, formatRoughly, formatTick } from "../../../texts/periods.ts";
import { COSTS_OTHERWISE, type CostPageQuestion } from "../../cost-question.ts";
import { localDay } from "../../time-box.ts";
import { Numbers } from "../charts/numbers.tsx";
import type { AmountWords, ChartPeriod, Series } from "../charts/series.tsx";
import { TimeChart } from "../charts/time-chart.tsx";
import type { Reader } from "../parts.tsx";

/** How amounts are written in charts and their tables, whose heads name the currency. */
export const amountWords = ({ currency, locale }: Reader): AmountWords => ({
  roughly: (minor) => formatRoughly(minor / 10 ** CURRENCIES[currency].minorDigits, locale),
  exactly: (minor) => formatAmount(minor, currency, locale),
});

const FINER: Readonly<Record<Granularity, Granularity | null>> = {
  monthly: "daily",
  weekly: "daily",
  daily: "hourly",
  hourly: null,
};

/** The chart, and its numbers below it. Each piece of time leads to a closer look at it. */
export function CostChart({
  report,
  series,
  question: { query, costs },
  reader,
}: {
  readonly report: CostReport;
  readonly series: readonly Series[];
  readonly question: CostPageQuestion;
  readonly reader: Reader;
}) {
  const { locale, timeZone } = reader;
  const texts = costTexts[locale];
  const { granularity } = costs;
  const closer = ({ startMs, endMs }: Span): string | undefined => {
    const finer = FINER[granularity];
    if (finer === null) return undefined;
    const days = { from: localDay(startMs, timeZone), to: localDay(endMs - 1, timeZone) };
    return query.without("month", "time").href({ ...days, granularity: finer });
  };
  const periods = report.periods.map(
    (period): ChartPeriod => ({
      tick: formatTick(period, granularity, timeZone, locale),
      name: formatPeriod(period, granularity, timeZone, locale),
      href: closer(period),
    }),
  );
  const words = amountWords(reader);
  const kind = query.asked.chart ?? COSTS_OTHERWISE.chart;
  return (
    <>
      <section class="card" aria-labelledby="chart-title">
        <h2 id="chart-title">
          {texts.granularities[granularity]} · {reader.currency}
        </h2>
        <TimeChart id="costs" kind={kind} periods={periods} series={series} words={words} />
      </section>
      <details open>
        <summary>{texts.numbers}</summary>
        <Numbers
          id="costs"
          title={texts.numbers}
          periodTitle={texts.period}
          totalTitle={`${texts.total} (${reader.currency})`}
          periods={periods}
          series={series}
          words={words}
        />
      </details>
    </>
  );
}
