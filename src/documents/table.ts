import { LEFT } from "./page.ts";
import type { Piece, Sheet } from "./sheet.ts";

export interface Column {
  readonly label: string;
  readonly width: number;
  readonly align: "left" | "right";
}

const PADDING = 5;
const GAP = 8;

/** Writes a table with one row below the other. Rows aren't broken, and every page has the head again. */
export function writeTable(
  sheet: Sheet,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  size = 9,
): void {
  const places = placesOf(columns).map((place) => ({ ...place, size }));
  const head = columns.map(({ label }) => label);
  const writeHead = () => writeRow(sheet, places, head, { size: 8, ink: "grey" });
  const heightOf = (row: readonly string[]) =>
    2 * PADDING + Math.max(...places.map((place, index) => sheet.heightOf(row[index] ?? "", place)));
  if (!sheet.hasRoomFor(heightOf(head) + heightOf(rows[0] ?? []))) sheet.turnPage();
  writeHead();
  for (const row of rows) {
    if (!sheet.hasRoomFor(heightOf(row))) {
      sheet.turnPage();
      writeHead();
    }
    writeRow(sheet, places, row);
  }
}

function writeRow(
  sheet: Sheet,
  places: readonly Piece[],
  row: readonly string[],
  look: Pick<Piece, "size" | "ink"> = {},
): void {
  sheet.y += PADDING;
  const heights = places.map((place, index) => sheet.write(row[index] ?? "", { ...place, ...look }));
  sheet.y += Math.max(...heights) + PADDING;
  sheet.rule();
}

/** Columns side by side, each with a gap to the next. */
function placesOf(columns: readonly Column[]): Piece[] {
  let x = LEFT;
  return columns.map(({ width, align }, index) => {
    const place = { x, width: index === columns.length - 1 ? width : width - GAP, align };
    x += width;
    return place;
  });
}
