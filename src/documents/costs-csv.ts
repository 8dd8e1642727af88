import type { CostReport } from "../domain/costs/report.ts";
import type { Currency } from "../domain/money.ts";
import { csvOf } from "./csv.ts";

const HEAD = ["from", "to", "key", "name", "product", "total", "currency"];

/** A row for each period and group that cost something, in minor units. */
export const costsCsv = ({ periods, groups }: CostReport, currency: Currency): string =>
  csvOf([
    HEAD,
    ...periods.flatMap(({ startMs, endMs }, index) =>
      groups.flatMap(({ key, name, product, amounts }) => {
        const total = amounts[index] ?? 0;
        if (total === 0) return [];
        const [from, to] = [startMs, endMs].map((atMs) => new Date(atMs).toISOString());
        return [[from ?? "", to ?? "", key ?? "", name ?? "", product ?? "", total, currency]];
      }),
    ),
  ]);
