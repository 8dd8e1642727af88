/**
 * What documents use of pdfkit and fontkit, which come without types. The types that others publish for them bring
 * Node.js's globals along, which a worker doesn't have.
 */
declare module "fontkit" {
  export interface Font {
    readonly characterSet: readonly number[];
    glyphForCodePoint(codePoint: number): object;
    hasGlyphForCodePoint(codePoint: number): boolean;
  }

  export function create(file: Uint8Array): Font;
}

declare module "pdfkit" {
  import type { Font } from "fontkit";

  export interface TextOptions {
    readonly width: number;
    readonly height: number;
    readonly align?: "left" | "right";
  }

  export default class PDFDocument {
    constructor(options: {
      readonly size: "A4";
      readonly margin: number;
      readonly bufferPages: boolean;
      readonly font: null;
      readonly lang: string;
      readonly displayTitle: boolean;
      readonly pdfVersion: "1.7";
      readonly info: { readonly Title: string; readonly Author: string; readonly CreationDate: Date };
    });

    /** Where the next text would stand. */
    readonly y: number;

    registerFont(name: string, font: Font): this;
    font(name: string): this;
    fontSize(points: number): this;
    fillColor(color: string): this;
    strokeColor(color: string): this;
    lineWidth(points: number): this;
    text(text: string, x: number, y: number, options: TextOptions): this;
    heightOfString(text: string, options: TextOptions): number;
    moveTo(x: number, y: number): this;
    lineTo(x: number, y: number): this;
    stroke(): this;
    addPage(): this;
    switchToPage(index: number): this;
    bufferedPageRange(): { readonly start: number; readonly count: number };
    end(): void;
  }
}

declare module "pdfkit/output" {
  import type PDFDocument from "pdfkit";

  /** All that a document writes, until it ends. */
  export function toBytes(document: PDFDocument): Promise<Uint8Array<ArrayBuffer>>;
}
