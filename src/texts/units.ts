import { DAY_MINUTES } from "../domain/calendar.ts";
import type { Unit } from "../domain/catalogue.ts";
import type { Ratio } from "../domain/ratio.ts";
import { LANGUAGE, type Locale, type Translated } from "./locale.ts";

const HOUR_MINUTES = 60;

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

/** What a meter measures, whatever time its price is for: levels and counts of GB, or connections. */
export const unitMeasured = ({ unit }: { readonly unit: Unit }, locale: Locale): string =>
  unit === "connection" ? units[locale].connection : unit.startsWith("GB") ? units[locale].GB : "";

/** An exact decimal with the language's own separators: "7.7" is "7,7" in Vietnamese. */
export const formatDecimal = (text: string, locale: Locale): string =>
  new Intl.NumberFormat(LANGUAGE[locale], { maximumFractionDigits: 20 }).format(
    text as Intl.StringNumericLiteral,
  );

/** An exact number is shown with so many digits after its point; "…" says that there are more. */
const EXACT_DIGITS = 6;

/** An exact number: "61,715.972222…". */
export function formatExact(value: Ratio, locale: Locale): string {
  const scale = 10n ** BigInt(EXACT_DIGITS);
  const isNegative = value.num < 0n;
  const scaled = (isNegative ? -value.num : value.num) * scale;
  const cut = scaled / value.den;
  const fraction = String(cut % scale).padStart(EXACT_DIGITS, "0");
  const text = formatDecimal(`${isNegative ? "-" : ""}${cut / scale}.${fraction}`, locale);
  return scaled % value.den === 0n ? text : `${text}…`;
}

const count = (locale: Locale, unit: "day" | "hour" | "minute" | "month") => (n: number) =>
  new Intl.NumberFormat(LANGUAGE[locale], { style: "unit", unit, unitDisplay: "long" }).format(n);

export const formatMonths = (months: number, locale: Locale): string => count(locale, "month")(months);

/** Billed minutes in words: "50 days, 3 hours". */
export function formatMinutes(minutes: number, locale: Locale): string {
  const days = Math.floor(minutes / DAY_MINUTES);
  const hours = Math.floor((minutes % DAY_MINUTES) / HOUR_MINUTES);
  const parts = [
    ...(days > 0 ? [count(locale, "day")(days)] : []),
    ...(hours > 0 ? [count(locale, "hour")(hours)] : []),
    ...(minutes % HOUR_MINUTES > 0 ? [count(locale, "minute")(minutes % HOUR_MINUTES)] : []),
  ];
  return new Intl.ListFormat(LANGUAGE[locale], { type: "unit" }).format(parts);
}
