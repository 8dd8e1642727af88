import { formatAmount, formatNumericDate, formatNumericInstant } from "../../texts/locale.ts";
import { formatDecimal } from "../../texts/units.ts";
import { DEFAULT_SELLER } from "../seller.ts";
import type { ListColumn, ListFile, ListReader } from "./list-file.ts";

/** A list as the PDF that people keep, all of it in memory at once; `atMs` is when it was asked for. */
export async function writePdf<R>(
  list: ListFile<R>,
  read: AsyncIterable<R>,
  reader: ListReader,
  { atMs, seller = DEFAULT_SELLER }: { readonly atMs: number; readonly seller?: string | undefined },
): Promise<Uint8Array<ArrayBuffer>> {
  const rows: R[] = [];
  for await (const row of read) rows.push(row);
  // The worker starts without what only documents need.
  const { writeListSheet } = await import("../list-layout.ts");
  const columns = list.columns.flatMap((column) =>
    column.points === undefined ? [] : { ...column, points: column.points },
  );
  return writeListSheet(
    {
      title: list.title,
      facts: list.facts,
      columns: columns.map(({ title, points, kind }) => ({
        ...{ label: title, width: points },
        align: kind === "amount" || kind === "decimal" ? ("right" as const) : ("left" as const),
      })),
      rows: rows.map((row) => columns.map((column) => wordsOf(column, row, reader))),
      totals: list.totals?.(rows) ?? [],
    },
    { author: seller, atMs, language: reader.locale },
  );
}

/** What a cell says to people. */
function wordsOf<R>(column: ListColumn<R>, row: R, { account, locale }: ListReader): string {
  switch (column.kind) {
    case "text":
      return column.of(row) ?? "";
    case "amount":
      return formatAmount(column.of(row), account.currency, locale);
    case "decimal":
      return formatDecimal(column.of(row), locale);
    case "day":
      return formatNumericDate(column.of(row), account.timeZone, locale);
    case "instant":
      return formatNumericInstant(column.of(row), account.timeZone, locale);
  }
}
