import type { Context } from "hono";
import type { Holds } from "../../account/answers.ts";
import { type CostReport, changeOf } from "../../domain/costs/report.ts";
import { type Balances, balanceOf } from "../../domain/ledger.ts";
import { type Money as Amount, add, negate, sum } from "../../domain/money.ts";
import { RESOURCE_STATES, type Resource } from "../../domain/resource.ts";
import type { App } from "../../http/context.ts";
import { buyingTexts } from "../../texts/buying.ts";
import { costTexts } from "../../texts/costs.ts";
import { dashboardTexts } from "../../texts/dashboard.ts";
import { fill } from "../../texts/fill.ts";
import { formatMonth } from "../../texts/locale.ts";
import { formatChange } from "../../texts/periods.ts";
import { ROOMS } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";
import { Card, Money, type Reader } from "./parts.tsx";
import { Status } from "./statuses.tsx";

/** What is in the wallet, and what of it is held for what; and what is owed, if anything is. */
export function CreditCard({
  c,
  balances,
  holds,
}: {
  readonly c: Context<App>;
  readonly balances: Balances;
  readonly holds: Holds | null;
}) {
  const reader = readerOf(c);
  const texts = dashboardTexts[reader.locale];
  const available = balanceOf(balances, "credit_available");
  const held = balanceOf(balances, "credit_held");
  const outstanding = negate(balanceOf(balances, "receivable"));
  return (
    <Card title={texts.credit}>
      <p class="figure">
        <Money minor={available} reader={reader} />
      </p>
      <dl class="facts">
        <dt>
          {held > 0 && mayEnter(c, "use") ? <a href={`${ROOMS.use.path}#held`}>{texts.held}</a> : texts.held}
        </dt>
        <dd>
          <Money minor={held} reader={reader} />
        </dd>
        {heldFor(holds).map(([why, minor]) => (
          <>
            <dt class="small quiet">{texts.heldFor[why]}</dt>
            <dd class="small quiet">
              <Money minor={minor} reader={reader} />
            </dd>
          </>
        ))}
        <dt>{texts.total}</dt>
        <dd>
          <Money minor={add(available, held)} reader={reader} />
        </dd>
        {outstanding === 0 ? null : (
          <>
            <dt>{texts.outstanding}</dt>
            <dd>
              <Money minor={outstanding} reader={reader} />
            </dd>
          </>
        )}
      </dl>
      <p class="row">
        {mayEnter(c, "buyCredit") ? (
          <a class="button" href={ROOMS.buyCredit.path}>
            {buyingTexts[reader.locale].title}
          </a>
        ) : null}
        {mayEnter(c, "credits") ? <a href={ROOMS.credits.path}>{texts.creditHistory}</a> : null}
      </p>
    </Card>
  );
}

/** What something is held for: use that isn't billed yet, and payments that are under way. */
function heldFor(holds: Holds | null): (readonly [why: "use" | "payments", minor: Amount])[] {
  if (!holds) return [];
  const amounts = [
    ["use", sum(holds.resources.map(({ hold }) => hold.held))],
    ["payments", sum(holds.payments.map(({ held }) => held))],
  ] as const;
  return amounts.filter(([, minor]) => minor > 0);
}

/** What the month costs so far, how that has changed, and what it will come to. (Domain: Costs.) */
export function MonthCostCard({ report, reader }: { readonly report: CostReport; readonly reader: Reader }) {
  const { locale, timeZone } = reader;
  const texts = dashboardTexts[locale];
  const { total, previous, forecast } = report;
  const change = changeOf(total, previous.total);
  return (
    <Card title={texts.monthCost}>
      <p class="figure">
        <Money minor={total} reader={reader} />
      </p>
      <dl class="facts">
        <dt>{texts.change}</dt>
        <dd>
          {change === null ? "–" : change === 0 ? costTexts[locale].changeNone : formatChange(change, locale)}
        </dd>
        {forecast === null ? null : (
          <>
            <dt>
              {fill(costTexts[locale].forecast, {
                month: formatMonth(forecast.month.startMs, timeZone, locale),
              })}
            </dt>
            <dd>
              <Money minor={forecast.total} reader={reader} />
            </dd>
          </>
        )}
      </dl>
      <a href={ROOMS.costs.path}>{costTexts[locale].title}</a>
    </Card>
  );
}

/** How many resources there are, by what state they are in. */
export function ResourcesCard({
  resources,
  reader: { locale },
}: {
  readonly resources: readonly Resource[];
  readonly reader: Reader;
}) {
  const texts = dashboardTexts[locale];
  const states = RESOURCE_STATES.map((state) => ({
    state,
    count: resources.filter((resource) => resource.state === state).length,
  })).filter(({ count }) => count > 0);
  return (
    <Card title={texts.resources}>
      <p class="figure">{resources.length}</p>
      {resources.length === 0 ? (
        <p class="quiet">{texts.noResources}</p>
      ) : (
        <dl class="facts">
          {states.map(({ state, count }) => (
            <>
              <dt>
                <Status of="resource" is={state} locale={locale} />
              </dt>
              <dd class="money">{count}</dd>
            </>
          ))}
        </dl>
      )}
      <a href={ROOMS.resources.path}>{texts.allResources}</a>
    </Card>
  );
}
