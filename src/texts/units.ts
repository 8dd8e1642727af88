import type { Unit } from "../domain/catalogue.ts";
import { LANGUAGE, type Locale, type Translated } from "./locale.ts";

const units: Translated<Record<Unit, string>> = {
  en: {
    "30 days": "30 days",
    "GB-30-days": "GB and 30 days",
    "GB-day": "GB and day",
    hour: "hour",
    "GB-hour": "GB and hour",
    GB: "GB",
    connection: "connection",
  },
  vi: {
    "30 days": "30 ngày",
    "GB-30-days": "GB và 30 ngày",
    "GB-day": "GB và ngày",
    hour: "giờ",
    "GB-hour": "GB và giờ",
    GB: "GB",
    connection: "kết nối",
  },
};

/** What a price is per, in words. */
export const formatUnit = (unit: Unit, locale: Locale): string => units[locale][unit];

/** An exact decimal with the language's own separators: "7.7" is "7,7" in Vietnamese. */
export const formatDecimal = (text: string, locale: Locale): string =>
  new Intl.NumberFormat(LANGUAGE[locale], { maximumFractionDigits: 20 }).format(
    text as Intl.StringNumericLiteral,
  );
