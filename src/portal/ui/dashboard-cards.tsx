import type { Context } from "hono";
import { type Balances, balanceOf } from "../../domain/ledger.ts";
import { add, negate } from "../../domain/money.ts";
import { RESOURCE_STATES, type Resource } from "../../domain/resource.ts";
import type { App } from "../../http/context.ts";
import { buyingTexts } from "../../texts/buying.ts";
import { dashboardTexts } from "../../texts/dashboard.ts";
import { ROOMS } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";
import { Card, Money, type Reader } from "./parts.tsx";
import { Status } from "./statuses.tsx";

/** What is in the wallet; and what is owed, if anything is. */
export function CreditCard({ c, balances }: { readonly c: Context<App>; readonly balances: Balances }) {
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
