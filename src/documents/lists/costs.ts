import type { Span } from "../../domain/calendar.ts";
import type { CostGroup, CostReport, Grouping } from "../../domain/costs/report.ts";
import { costTexts } from "../../texts/costs.ts";
import { exportTexts } from "../../texts/exports.ts";
import { factsOf } from "./asked.ts";
import type { ListFile, ListReader } from "./list-file.ts";

/** What a group cost in one piece of time. */
export interface CostRow {
  readonly period: Span;
  readonly group: CostGroup;
  readonly total: number;
}

/** Costs as a file: who cost something, when, and how much. */
export function costsFileOf(groupBy: Grouping, span: Span, reader: ListReader): ListFile<CostRow> {
  const words = exportTexts[reader.locale];
  const texts = costTexts[reader.locale];
  return {
    title: texts.title,
    name: "costs",
    facts: factsOf({ fromMs: span.startMs, toMs: span.endMs }, reader),
    columns: [
      { title: words.from, width: 17, kind: "instant", of: ({ period }) => period.startMs },
      { title: words.until, width: 17, kind: "instant", of: ({ period }) => period.endMs },
      { title: words.product, width: 14, kind: "text", of: ({ group }) => group.product },
      { title: texts.groupings[groupBy], width: 30, kind: "text", of: ({ group }) => group.key },
      ...(groupBy === "resource"
        ? [
            {
              ...{ title: words.resourceName, width: 24, kind: "text" as const },
              of: ({ group }: CostRow) => group.name,
            },
          ]
        : []),
      {
        title: `${words.total} (${reader.account.currency})`,
        width: 14,
        kind: "amount",
        of: ({ total }) => total,
      },
    ],
  };
}

/** Only what cost something, period by period, the most expensive first. */
export async function* costRowsOf({ periods, groups }: CostReport): AsyncGenerator<CostRow> {
  for (const [at, period] of periods.entries())
    for (const group of groups) {
      const total = group.amounts[at] ?? 0;
      if (total !== 0) yield { period, group, total };
    }
}
