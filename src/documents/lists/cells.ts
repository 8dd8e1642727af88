import { localTime, MINUTE_MS } from "../../domain/local-time.ts";
import { CURRENCIES } from "../../domain/money.ts";
import type { ListColumn, ListReader } from "./list-file.ts";

/** What a cell holds for programs: texts, numbers, and days or instants as the account's clock reads them. */
export type Cell = string | number | Date | null;

export function cellOf<R>(column: ListColumn<R>, row: R, { account }: ListReader): Cell {
  switch (column.kind) {
    case "text":
      return column.of(row);
    case "amount":
      return column.of(row) / 10 ** CURRENCIES[account.currency].minorDigits;
    case "decimal":
      return Number(column.of(row));
    case "day":
    case "instant": {
      const { year, month0, day, minuteOfDay } = localTime(column.of(row), account.timeZone);
      const minutes = column.kind === "day" ? 0 : minuteOfDay;
      return new Date(Date.UTC(year, month0, day) + minutes * MINUTE_MS);
    }
  }
}

export async function* cellsOf<R>(
  columns: readonly ListColumn<R>[],
  rows: AsyncIterable<R>,
  reader: ListReader,
): AsyncGenerator<Cell[]> {
  for await (const row of rows) yield columns.map((column) => cellOf(column, row, reader));
}
