import type { Context } from "hono";
import type { PropsWithChildren } from "hono/jsx";
import { accountObject } from "../../account/client.ts";
import type { Resource } from "../../domain/resource.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { fits, resourceFilters } from "../../http/routes/resource-filters.ts";
import { currentProducts } from "../../store/catalogue.ts";
import { listTexts } from "../../texts/lists.ts";
import type { Locale } from "../../texts/locale.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { ownResources } from "../chosen.ts";
import type { Told } from "../form.ts";
import { pageAmong, pageFields, readQuery } from "../query.ts";
import { isRenewable } from "../renewable.ts";
import { ROOMS, resourcePath } from "../rooms.ts";
import { List } from "../ui/list.tsx";
import { namesIn } from "../ui/names.ts";
import { Notice } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { EndOf, RenewalOf, StateOf, Tags, TimeLeft } from "../ui/resource-cells.tsx";
import { ResourceFilters } from "../ui/resource-filters.tsx";
import { mayEnter, readerOf } from "../visitor.ts";

const fields = { ...resourceFilters, ...pageFields };

/** The account's resources, found by what people know of them; several can be renewed at once. */
export const resources = (c: Context<App>) => resourcesPage(c, { status: 200 });

export async function resourcesPage(c: Context<App>, { status, notice }: Told) {
  const reader = readerOf(c);
  const { locale } = reader;
  const texts = resourceTexts[locale];
  const query = readQuery(c, fields);
  const { older, newer, ...asked } = query.asked;
  const nowMs = now(c);
  const [all, products, wallets] = await Promise.all([
    ownResources(c),
    currentProducts(c.env),
    accountObject(c.env, c.var.account.id).balances(),
  ]);
  const mayRenew = (resource: Resource) => isRenewable(resource, wallets?.pocWallet ?? null, nowMs);
  // What is gone is shown to those who ask for it.
  const found = all.filter(
    (resource) => (asked.state !== undefined || resource.state !== "deleted") && fits(resource, asked, nowMs),
  );
  const page = pageAmong(found, { older, newer });
  const maySelect = mayEnter(c, "renew") && page.rows.some(mayRenew);
  const names = namesIn(products);
  const list = (
    <List
      query={query}
      locale={locale}
      title={texts.title}
      page={page}
      labels={labelsOf(locale)}
      columns={[
        {
          title: texts.name,
          cell: (resource) => (
            <Name
              resource={resource}
              kind={`${names.product(resource)} · ${names.type(resource)}`}
              choice={maySelect && mayRenew(resource) ? texts.choose : null}
            />
          ),
          isLead: true,
        },
        { title: texts.state, cell: (resource) => <StateOf resource={resource} reader={reader} /> },
        {
          title: texts.billingStatus,
          cell: (resource) => <TimeLeft resource={resource} nowMs={nowMs} reader={reader} />,
        },
        {
          title: texts.ends,
          cell: (resource) => <EndOf resource={resource} nowMs={nowMs} reader={reader} />,
        },
        { title: texts.renewal, cell: (resource) => <RenewalOf resource={resource} reader={reader} /> },
        { title: texts.tags, cell: (resource) => <Tags resource={resource} /> },
      ]}
      empty={
        <>
          <h2>{texts.empty}</h2>
          <p>{texts.emptyHint}</p>
        </>
      }
    />
  );
  const content = (
    <>
      <h1>{texts.title}</h1>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      <ResourceFilters query={query} products={products} locale={locale} />
      {maySelect ? <Selection locale={locale}>{list}</Selection> : list}
    </>
  );
  return portalPage(c, texts.title, content, { status });
}

/** What each filter is called. */
const labelsOf = (locale: Locale) => {
  const { product, type, state, billing, billingStatus, renewal, tag } = resourceTexts[locale];
  const { search: q } = listTexts[locale];
  return { product, resourceType: type, state, billing, billingStatus, renewal, tag, q };
};

/** A resource's name, as the way to it; where it can be chosen, with a box to do so. */
const Name = ({
  resource: { id, name },
  kind,
  choice,
}: {
  readonly resource: Resource;
  readonly kind: string;
  readonly choice: string | null;
}) => (
  <div class="choice">
    {choice === null ? null : (
      <input type="checkbox" name="resource" value={id} aria-label={choice.replace("{name}", name)} />
    )}
    <div>
      <a href={resourcePath(id)}>{name}</a>
      <div class="quiet small">{kind}</div>
    </div>
  </div>
);

/** A list of which several can be chosen, and what can be done with those. */
const Selection = ({ locale, children }: PropsWithChildren<{ readonly locale: Locale }>) => {
  const texts = resourceTexts[locale];
  return (
    <form method="post" action={ROOMS.renew.path} class="stack">
      {children}
      <div class="row unprinted">
        <span class="quiet">{texts.chosen}</span>
        <button type="submit">{texts.renew}</button>
        <button type="submit" formmethod="get" formaction={ROOMS.matchEndTime.path}>
          {texts.matchEndTime}
        </button>
      </div>
    </form>
  );
};
