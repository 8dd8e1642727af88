import { type CostGroup, type CostReport, changeOf, sharesOf } from "../../../domain/costs/report.ts";
import { costTexts } from "../../../texts/costs.ts";
import { formatChange, formatShare } from "../../../texts/periods.ts";
import type { CostPageQuestion } from "../../cost-question.ts";
import { LOOKS, MAX_SERIES, type Series, Swatch } from "../charts/series.tsx";
import { Money, type Reader, Rows } from "../parts.tsx";
import { groupName, type Names } from "./series.ts";

/** Groups that a page lists; a file has them all. */
const MAX_ROWS = 100;
const TOP_TYPES = 5;

interface About {
  readonly report: CostReport;
  readonly names: Names;
  readonly question: CostPageQuestion;
  readonly reader: Reader;
}

/** What each group costs, with the way to what it consists of. */
export function CostGroups({
  report,
  names,
  question,
  reader,
}: About & { readonly series: readonly Series[] }) {
  const { locale } = reader;
  const texts = costTexts[locale];
  const { groupBy } = question.costs;
  const shares = sharesOf(report.groups.map(({ total }) => total));
  const rows = report.groups.slice(0, MAX_ROWS).map((group, at) => ({ group, at }));
  return (
    <section class="stack">
      <h2>{texts.groups}</h2>
      <Rows<(typeof rows)[number]>
        caption={texts.groups}
        rows={rows}
        columns={[
          {
            title: texts.groupings[groupBy],
            cell: ({ group, at }) => {
              const look = LOOKS[Math.min(at, MAX_SERIES)] ?? LOOKS[MAX_SERIES];
              const name = groupName(group, groupBy, names, locale);
              const href = insideOf(group, question);
              return (
                <span class="keyed">
                  <Swatch of={`group-${at}`} look={look} />
                  {href === null ? name : <a href={href}>{name}</a>}
                  {groupBy === "resource_type" && group.product !== null ? (
                    <span class="quiet small">{names.product({ product: group.product } as never)}</span>
                  ) : null}
                </span>
              );
            },
            isLead: true,
          },
          {
            title: texts.total,
            cell: ({ group }) => <Money minor={group.total} reader={reader} />,
            align: "end",
          },
          {
            title: texts.share,
            cell: ({ at }) => (shares === null ? "–" : formatShare(shares[at] ?? 0, locale)),
            align: "end",
          },
          {
            title: texts.changed,
            cell: ({ group: { total, previous } }) => {
              const change = changeOf(total, previous);
              return change === null ? "–" : change === 0 ? texts.changeNone : formatChange(change, locale);
            },
            align: "end",
          },
        ]}
      />
    </section>
  );
}

/** What a group consists of: a product of types, a type of resources, a tag's value of resources. */
function insideOf(
  { key, product }: CostGroup,
  { query, costs: { groupBy, tagKey } }: CostPageQuestion,
): string | null {
  if (key === null) return null;
  switch (groupBy) {
    case "product":
      return query.href({ product: key, groupBy: "resource_type" });
    case "resource_type":
      return query.href({ product: product ?? "", resourceType: key, groupBy: "resource" });
    case "resource":
      return query.asked.resource === key ? null : query.href({ resource: key });
    case "tag":
      return query.href({ tag: `${tagKey}:${key}`, groupBy: "resource" });
  }
}

/** The most expensive types, where costs are told apart by something else. */
export function TopTypes({ report: { types }, names, question: { query }, reader }: About) {
  const { locale } = reader;
  const texts = costTexts[locale];
  const shares = sharesOf(types.map(({ total }) => total));
  const rows = types
    .slice(0, TOP_TYPES)
    .map((type, at) => ({ type: type as Parameters<Names["type"]>[0] & typeof type, at }));
  return (
    <section class="stack">
      <h2>{texts.topTypes}</h2>
      <Rows<(typeof rows)[number]>
        caption={texts.topTypes}
        rows={rows}
        columns={[
          {
            title: texts.groupings.resource_type,
            cell: ({ type }) => (
              <>
                <a
                  href={query.href({
                    product: type.product,
                    resourceType: type.resourceType,
                    groupBy: "resource",
                  })}
                >
                  {names.type(type)}
                </a>{" "}
                <span class="quiet small">{names.product(type)}</span>
              </>
            ),
            isLead: true,
          },
          {
            title: texts.total,
            cell: ({ type }) => <Money minor={type.total} reader={reader} />,
            align: "end",
          },
          {
            title: texts.share,
            cell: ({ at }) => (shares === null ? "–" : formatShare(shares[at] ?? 0, locale)),
            align: "end",
          },
        ]}
      />
    </section>
  );
}
