import { LEFT, WIDTH } from "./page.ts";
import { type About, type Piece, Sheet } from "./sheet.ts";
import { type Column, writeTable } from "./table.ts";

/** A list's words, as they are laid out. The widths of its columns sum to the sheet's. */
export interface ListContent {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly totals: readonly Fact[];
}

interface Fact {
  readonly label: string;
  readonly value: string;
}

const GAP = 14;
const ROW_SIZE = 8;
const LINE_GAP = 4;
const LABEL_WIDTH = 90;
const TOTALS_WIDTH = 240;

/** Lays a list out: what it is about, its rows, what they come to. */
export function writeListSheet(
  { title, facts, columns, rows, totals }: ListContent,
  about: Pick<About, "author" | "language" | "atMs">,
): Promise<Uint8Array<ArrayBuffer>> {
  const sheet = new Sheet({ ...about, title, footer: title });
  sheet.y += sheet.write(title, { x: LEFT, width: WIDTH, size: 20, weight: "semiBold" });
  sheet.y += GAP;
  for (const fact of facts) {
    const value: Piece = { x: LEFT + LABEL_WIDTH, width: WIDTH - LABEL_WIDTH };
    sheet.write(fact.label, { x: LEFT, width: LABEL_WIDTH, ink: "grey" });
    sheet.y += sheet.write(fact.value, value) + LINE_GAP;
  }
  sheet.y += GAP;
  writeTable(sheet, columns, rows, ROW_SIZE);
  sheet.y += GAP;
  for (const total of totals) {
    const line: Piece = { x: LEFT + WIDTH - TOTALS_WIDTH, width: TOTALS_WIDTH, weight: "semiBold" };
    if (!sheet.hasRoomFor(sheet.heightOf(total.value, line))) sheet.turnPage();
    sheet.write(total.label, line);
    sheet.y += sheet.write(total.value, { ...line, align: "right" }) + LINE_GAP;
  }
  return sheet.finish();
}
