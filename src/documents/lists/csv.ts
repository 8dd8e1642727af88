import { type Cell, cellsOf } from "./cells.ts";
import type { ListColumn, ListFile, ListReader } from "./list-file.ts";

/** A list as comma-separated values, written as it is read. A text that a spreadsheet would take for a formula begins with `'`. */
export async function writeCsv<R>(
  list: ListFile<R>,
  rows: AsyncIterable<R>,
  reader: ListReader,
): Promise<ReadableStream<Uint8Array>> {
  // The worker starts without what only documents need.
  const { writeCsvStream } = await import("hucre/csv");
  return writeCsvStream(linesOf(list.columns, rows, reader), {
    headers: list.columns.map(({ title }) => title),
    bom: true,
    escapeFormulae: true,
  });
}

async function* linesOf<R>(
  columns: readonly ListColumn<R>[],
  rows: AsyncIterable<R>,
  reader: ListReader,
): AsyncGenerator<(string | number | null)[]> {
  for await (const cells of cellsOf(columns, rows, reader))
    yield cells.map((cell, index) => plain(cell, columns[index]?.kind));
}

const plain = (cell: Cell, kind: ListColumn<unknown>["kind"] | undefined): string | number | null =>
  cell instanceof Date
    ? cell
        .toISOString()
        .slice(0, kind === "day" ? "2026-12-31".length : "2026-12-31T09:30".length)
        .replace("T", " ")
    : cell;
