import type { Translated } from "./locale.ts";

const en = {
  brand: "edge-billing",
  languageName: "English",
  language: "Language",
  skipToContent: "Skip to content",
};

/** What stands on every page. */
export const furniture: Translated<typeof en> = {
  en,
  vi: {
    brand: "edge-billing",
    languageName: "Tiếng Việt",
    language: "Ngôn ngữ",
    skipToContent: "Đi tới nội dung",
  },
};
