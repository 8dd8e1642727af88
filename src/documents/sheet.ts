import PDFDocument from "pdfkit";
import { toBytes } from "pdfkit/output";
import { FONTS, showable, type Weight } from "./fonts.ts";
import { LEFT, PAGE, WIDTH } from "./page.ts";

const BOTTOM = PAGE.height - PAGE.margin;
/** Where the footer stands, below everything else. */
const FOOTER_TOP = PAGE.height - 34;

const INK = { black: "#111827", grey: "#6b7280", light: "#d1d5db" } as const;

/** How a piece of text looks, and where it has its place. */
export interface Piece {
  readonly x: number;
  readonly width: number;
  readonly align?: "left" | "right";
  readonly size?: number;
  readonly weight?: Weight;
  readonly ink?: keyof typeof INK;
}

export interface About {
  readonly title: string;
  readonly author: string;
  readonly language: string;
  readonly atMs: number;
  readonly footer: string;
}

/** Pages that fill from top to bottom; `y` is where the next thing stands. */
export class Sheet {
  y: number = PAGE.margin;
  readonly #pdf: PDFDocument;
  readonly #written: Promise<Uint8Array<ArrayBuffer>>;
  readonly #footer: string;

  constructor({ title, author, language, atMs, footer }: About) {
    this.#footer = footer;
    this.#pdf = new PDFDocument({
      size: "A4",
      // Pages are broken here, at whole rows.
      margin: 0,
      bufferPages: true,
      font: null,
      lang: language,
      displayTitle: true,
      pdfVersion: "1.7",
      info: { Title: title, Author: author, CreationDate: new Date(atMs) },
    });
    for (const [name, font] of Object.entries(FONTS)) this.#pdf.registerFont(name, font);
    this.#written = toBytes(this.#pdf);
  }

  /** Writes a text at `y`, on as many lines as it needs, and answers how high it is. Moves nothing. */
  write(text: string, piece: Piece): number {
    this.#pdf.fillColor(INK[piece.ink ?? "black"]);
    this.#pdf.text(this.#set(text, piece), piece.x, this.y, optionsOf(piece));
    return this.#pdf.y - this.y;
  }

  heightOf(text: string, piece: Piece): number {
    return this.#pdf.heightOfString(this.#set(text, piece), optionsOf(piece));
  }

  /** Takes a piece's font up, and answers the text as that shows it. */
  #set(text: string, { size = 9, weight = "regular" }: Piece): string {
    this.#pdf.font(weight).fontSize(size);
    return showable(text, weight);
  }

  /** A line at `y` over the whole width. */
  rule(): void {
    this.#pdf.lineWidth(0.5).strokeColor(INK.light);
    this.#pdf
      .moveTo(LEFT, this.y)
      .lineTo(LEFT + WIDTH, this.y)
      .stroke();
  }

  hasRoomFor(height: number): boolean {
    return this.y + height <= BOTTOM;
  }

  turnPage(): void {
    this.#pdf.addPage();
    this.y = PAGE.margin;
  }

  /** The finished file, with a footer and its number on every page. */
  finish(): Promise<Uint8Array<ArrayBuffer>> {
    const { count } = this.#pdf.bufferedPageRange();
    const look = { x: LEFT, width: WIDTH, size: 8, ink: "grey" } as const;
    this.y = FOOTER_TOP;
    for (let index = 0; index < count; index += 1) {
      this.#pdf.switchToPage(index);
      this.write(this.#footer, look);
      this.write(`${index + 1} / ${count}`, { ...look, align: "right" });
    }
    this.#pdf.end();
    return this.#written;
  }
}

// With a height of its own, a text is never broken over pages, not even where it is only measured.
const optionsOf = ({ width, align = "left" }: Piece) => ({ width, align, height: PAGE.height });
