import { CURRENCIES } from "../../domain/money.ts";
import { cellsOf } from "./cells.ts";
import type { ListColumn, ListFile, ListReader } from "./list-file.ts";

/** What sheets are named may not be longer. */
const MAX_NAME = 31;

/**
 * A list as a spreadsheet, written as it is read: whatever its length, little of it is in memory. Texts are texts whatever
 * they begin with, also where somebody edits them: no name becomes a formula.
 */
export async function writeXlsx<R>(
  list: ListFile<R>,
  rows: AsyncIterable<R>,
  reader: ListReader,
): Promise<ReadableStream<Uint8Array>> {
  // The worker starts without what only documents need.
  const { writeXlsxStream } = await import("hucre/xlsx");
  return writeXlsxStream(cellsOf(list.columns, rows, reader), {
    name: list.title.slice(0, MAX_NAME),
    columns: list.columns.map(({ title, width, kind }) => ({
      ...{ header: title, width },
      numFmt: formatOf(kind, reader),
    })),
    freezePane: { rows: 1 },
  });
}

function formatOf(kind: ListColumn<unknown>["kind"], { account }: ListReader): string {
  const { minorDigits } = CURRENCIES[account.currency];
  const formats = {
    text: "@",
    amount: minorDigits === 0 ? "#,##0" : `#,##0.${"0".repeat(minorDigits)}`,
    decimal: "General",
    day: "dd/mm/yyyy",
    instant: "dd/mm/yyyy hh:mm",
  };
  return formats[kind];
}
