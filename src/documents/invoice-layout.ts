import type { InvoiceContent } from "./invoice-content.ts";
import { LEFT, WIDTH } from "./page.ts";
import { type About, type Piece, Sheet } from "./sheet.ts";
import { type Column, writeTable } from "./table.ts";

const HALF = WIDTH / 2;
const FACT_GAP = 14;
/** What stands at the right of a line keeps this much of it. */
const VALUE_WIDTH = 130;
/** From the top of the title to that of a smaller text on the same baseline. */
const DOWN_TO_BASELINE = 10;
const TOTALS: Piece = { x: LEFT + HALF, width: HALF };
const TOTAL_GAP = 5;

/** The widths of the table's columns; the first one takes what the others leave. */
const COLUMNS: readonly Pick<Column, "width" | "align">[] = [
  { width: WIDTH - 368, align: "left" },
  { width: 50, align: "right" },
  { width: 124, align: "right" },
  { width: 56, align: "right" },
  { width: 38, align: "right" },
  { width: 100, align: "right" },
];

/** Lays an invoice out: what it is about, its items, what they come to. */
export function writeInvoice(
  content: InvoiceContent,
  about: Pick<About, "author" | "language" | "atMs">,
): Promise<Uint8Array<ArrayBuffer>> {
  const sheet = new Sheet({ ...about, title: content.title, footer: content.title });
  writeTitle(sheet, content);
  for (let first = 0; first < content.facts.length; first += 2) {
    writeFacts(sheet, content.facts.slice(first, first + 2));
  }
  sheet.y += FACT_GAP;
  const columns = COLUMNS.map((column, index) => ({ ...column, label: content.head[index] ?? "" }));
  writeTable(sheet, columns, content.rows);
  writeTotals(sheet, content.totals);
  writeNotes(sheet, content.notes);
  return sheet.finish();
}

function writeTitle(sheet: Sheet, { title, status }: InvoiceContent): void {
  const place = { x: LEFT, weight: "semiBold" } as const;
  const height = sheet.write(title, { ...place, width: WIDTH - VALUE_WIDTH, size: 20 });
  sheet.y += DOWN_TO_BASELINE;
  sheet.write(status, { ...place, width: WIDTH, align: "right", size: 10 });
  sheet.y += height;
  sheet.rule();
  sheet.y += FACT_GAP;
}

/** Facts side by side. */
function writeFacts(sheet: Sheet, facts: InvoiceContent["facts"]): void {
  const top = sheet.y;
  const bottoms = facts.map(({ label, lines: [main = "", ...more] }, index) => {
    const place = { x: LEFT + index * HALF, width: HALF - FACT_GAP };
    sheet.y = top;
    sheet.y += sheet.write(label, { ...place, size: 8, ink: "grey" });
    sheet.y += sheet.write(main, { ...place, size: 10, weight: "semiBold" });
    for (const line of more) sheet.y += sheet.write(line, place);
    return sheet.y;
  });
  sheet.y = Math.max(...bottoms) + FACT_GAP;
}

/** The totals stay together on a page. */
function writeTotals(sheet: Sheet, totals: InvoiceContent["totals"]): void {
  const lookOf = ({ isMain }: { isMain?: true }): Piece =>
    isMain ? { ...TOTALS, size: 11, weight: "semiBold" } : TOTALS;
  const heights = totals.map((total) => sheet.heightOf(total.label, lookOf(total)) + TOTAL_GAP);
  sheet.y += FACT_GAP;
  if (!sheet.hasRoomFor(heights.reduce((sum, height) => sum + height, 0))) sheet.turnPage();
  for (const total of totals) {
    const { width, ...look } = lookOf(total);
    const label = sheet.write(total.label, {
      ...look,
      width: width - VALUE_WIDTH,
      ink: total.isMain ? "black" : "grey",
    });
    sheet.write(total.value, {
      ...look,
      x: look.x + width - VALUE_WIDTH,
      width: VALUE_WIDTH,
      align: "right",
    });
    sheet.y += label + TOTAL_GAP;
  }
}

function writeNotes(sheet: Sheet, notes: readonly string[]): void {
  const place = { x: LEFT, width: WIDTH, size: 9 };
  for (const note of notes) {
    sheet.y += FACT_GAP;
    if (!sheet.hasRoomFor(sheet.heightOf(note, place))) sheet.turnPage();
    sheet.y += sheet.write(note, place);
  }
}
