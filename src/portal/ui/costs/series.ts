import type { CostGroup, CostReport } from "../../../domain/costs/report.ts";
import type { CostsAsked } from "../../../http/read-costs.ts";
import { costTexts } from "../../../texts/costs.ts";
import { fill } from "../../../texts/fill.ts";
import type { Locale } from "../../../texts/locale.ts";
import { LOOKS, MAX_SERIES, type Series } from "../charts/series.tsx";
import type { namesIn } from "../names.ts";

export type Names = ReturnType<typeof namesIn>;

/** What a group of costs is called. */
export function groupName(
  { key, name, product }: Pick<CostGroup, "key" | "name" | "product">,
  groupBy: CostsAsked["groupBy"],
  names: Names,
  locale: Locale,
): string {
  if (key === null) return costTexts[locale].untagged;
  const of = { product: product ?? key, resourceType: key } as Parameters<Names["type"]>[0];
  if (groupBy === "product") return names.product(of);
  return groupBy === "resource_type" ? names.type(of) : (name ?? key);
}

/** The most expensive groups, and the others together, as charts tell them apart. */
export function seriesOf(
  { groups, periods }: CostReport,
  names: Names,
  { groupBy }: Pick<CostsAsked, "groupBy">,
  locale: Locale,
): Series[] {
  const rest = groups.slice(MAX_SERIES);
  const first = groups.slice(0, MAX_SERIES).map((group, at): Series => {
    const look = LOOKS[at] ?? LOOKS[MAX_SERIES];
    return { name: groupName(group, groupBy, names, locale), look, amounts: group.amounts };
  });
  if (rest.length === 0) return first;
  const amounts = periods.map((_, at) => rest.reduce((sum, group) => sum + (group.amounts[at] ?? 0), 0));
  const name = fill(costTexts[locale].others, { count: String(rest.length) });
  return [...first, { name, look: LOOKS[MAX_SERIES], amounts }];
}
