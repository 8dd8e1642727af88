import type { Context } from "hono";
import type { App } from "../../http/context.ts";
import { answerCosts, readCosts } from "../../http/read-costs.ts";
import { currentProducts } from "../../store/catalogue.ts";
import { costTexts } from "../../texts/costs.ts";
import { listTexts } from "../../texts/lists.ts";
import { COSTS_OTHERWISE, readCostQuestion } from "../cost-question.ts";
import { ROOMS } from "../rooms.ts";
import { closed } from "../ui/closed.tsx";
import { CostChart } from "../ui/costs/chart.tsx";
import { CostControls, CostFilters } from "../ui/costs/controls.tsx";
import { CostFigures } from "../ui/costs/figures.tsx";
import { CostGroups, TopTypes } from "../ui/costs/groups.tsx";
import { seriesOf } from "../ui/costs/series.ts";
import { namesIn } from "../ui/names.ts";
import { Notice } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { QuickTimes } from "../ui/time-box.tsx";
import { mayEnter, readerOf } from "../visitor.ts";

/** The cost explorer: what resources cost, over time and by what they are. (Domain: Costs.) */
export async function costs(c: Context<App>): Promise<Response> {
  const question = readCostQuestion(c);
  const [found, products] = await Promise.all([
    readCosts(c.env, c.var.account.id, question.costs, question.nowMs),
    currentProducts(c.env),
  ]);
  const reader = readerOf(c);
  const texts = costTexts[reader.locale];
  if ("code" in found) return closed(c, { status: 422, title: texts.tooMany, hint: texts.tooManyHint });
  const { query, costs: asked } = question;
  const names = namesIn(products);
  const { report } = found;
  const series = seriesOf(report, names, asked, reader.locale);
  const isEmpty = report.groups.every(({ amounts }) => amounts.every((amount) => amount === 0));
  const content = (
    <>
      <div class="heading">
        <h1>{texts.title}</h1>
        {mayEnter(c, "costsFile") ? (
          <a
            class="button unprinted"
            href={`${ROOMS.costsFile.path}${new URL(query.href({}), "http://x").search}`}
          >
            {texts.export}
          </a>
        ) : null}
      </div>
      <QuickTimes
        asked={query.asked}
        otherwise={COSTS_OTHERWISE.time}
        href={(time) => query.without("from", "to", "month").href({ time })}
        reader={reader}
      />
      <CostControls question={question} reader={reader} />
      <CostFilters question={question} names={names} report={report} locale={reader.locale} />
      {query.ignored.length > 0 ? (
        <Notice tone="warn">
          {listTexts[reader.locale].unreadable} {query.ignored.join(", ")}
        </Notice>
      ) : null}
      {question.isCoarser ? <Notice tone="neutral">{texts.coarser}</Notice> : null}
      <CostFigures report={report} question={question} reader={reader} />
      {isEmpty ? (
        <div class="card empty">
          <h2>{texts.empty}</h2>
          <p>{texts.emptyHint}</p>
        </div>
      ) : (
        <>
          <CostChart report={report} series={series} question={question} reader={reader} />
          <CostGroups report={report} series={series} question={question} names={names} reader={reader} />
          {asked.groupBy === "resource_type" ? null : (
            <TopTypes report={report} names={names} question={question} reader={reader} />
          )}
        </>
      )}
      <p class="quiet small">{asked.basis === "used" ? texts.usedHint : texts.invoicedHint}</p>
    </>
  );
  return portalPage(c, texts.title, content);
}

/** The same as a file. */
export async function costsFile(c: Context<App>): Promise<Response> {
  const { costs: asked, nowMs } = readCostQuestion(c);
  const found = await readCosts(c.env, c.var.account.id, asked, nowMs);
  const { locale } = readerOf(c);
  const texts = costTexts[locale];
  if ("code" in found) return closed(c, { status: 422, title: texts.tooMany, hint: texts.tooManyHint });
  return answerCosts(c, found, asked.groupBy, locale);
}
