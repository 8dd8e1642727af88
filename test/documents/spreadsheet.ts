import { readXlsx } from "hucre/xlsx";
import { readSheet } from "read-excel-file/universal";

type Value = string | number | boolean | Date | null;

/** What another library than ours makes of a spreadsheet: a row by its columns' titles, instants to the minute. */
export async function readSpreadsheet(file: ArrayBuffer): Promise<Record<string, Value>[]> {
  const [titles = [], ...rows] = await readSheet(file);
  return rows.map((row) =>
    Object.fromEntries(row.map((value, index) => [String(titles[index]), toMinute(value as Value)])),
  );
}

const toMinute = (value: Value): Value =>
  value instanceof Date ? new Date(Math.round(value.getTime() / 60_000) * 60_000) : value;

/** How a spreadsheet's cells are made, column by column, as its second row has them. */
export async function cellsOf(file: ArrayBuffer) {
  const { sheets } = await readXlsx(new Uint8Array(file), { readStyles: true });
  const [sheet] = sheets;
  const row = [...(sheet?.cells ?? [])].filter(([place]) => place.startsWith("1,"));
  return {
    widths: sheet?.columns?.map(({ width }) => width),
    frozenRows: sheet?.freezePane?.rows,
    cells: row.map(([, { type, formula, style }]) => ({ type, formula, format: style?.numFmt })),
  };
}
