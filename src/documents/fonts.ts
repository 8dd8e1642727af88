import regular from "@expo-google-fonts/open-sans/400Regular/OpenSans_400Regular.ttf";
import semiBold from "@expo-google-fonts/open-sans/600SemiBold/OpenSans_600SemiBold.ttf";
import { create } from "fontkit";

/** All figures are equally wide in it, so that amounts stand below each other digit by digit. */
export const FONTS = {
  regular: create(new Uint8Array(regular)),
  semiBold: create(new Uint8Array(semiBold)),
} as const;

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
