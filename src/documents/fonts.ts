import regular from "@expo-google-fonts/open-sans/400Regular/OpenSans_400Regular.ttf";
import semiBold from "@expo-google-fonts/open-sans/600SemiBold/OpenSans_600SemiBold.ttf";
import { create, type Font } from "fontkit";

/** All figures are equally wide in it, so that amounts stand below each other digit by digit. */
export const FONTS = { regular: open(regular), semiBold: open(semiBold) } as const;

/**
 * A glyph keeps the letter that it was first asked for, for as long as the font lives, and none where that was as a part of
 * another glyph, as "e" is of "ế". So each is asked for by its letter before documents are written.
 */
function open(file: ArrayBuffer): Font {
  const font = create(new Uint8Array(file));
  for (const letter of font.characterSet) font.glyphForCodePoint(letter);
  return font;
}

export type Weight = keyof typeof FONTS;

const letters = new Intl.Segmenter();

/** A text as a font can show it: composed, with a replacement for every letter that the font doesn't have. */
export function showable(text: string, weight: Weight): string {
  const has = (part: string) =>
    [...part].every((sign) => FONTS[weight].hasGlyphForCodePoint(sign.codePointAt(0) ?? 0));
  const composed = text.normalize("NFC");
  if (has(composed)) return composed;
  return Array.from(letters.segment(composed), ({ segment }) => (has(segment) ? segment : "\ufffd")).join("");
}
