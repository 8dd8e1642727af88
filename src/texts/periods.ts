import type { Span } from "../domain/calendar.ts";
import type { Granularity } from "../domain/costs/time.ts";
import { formatMonth, formatShortDate, formatShortInstant, LANGUAGE, type Locale } from "./locale.ts";

/** An hour, day, week or month, as tables name it. */
export function formatPeriod(
  { startMs, endMs }: Span,
  granularity: Granularity,
  timeZone: string,
  locale: Locale,
): string {
  switch (granularity) {
    case "hourly":
      return formatShortInstant(startMs, timeZone, locale);
    case "daily":
      return formatShortDate(startMs, timeZone, locale);
    case "weekly":
      return `${formatShortDate(startMs, timeZone, locale)} – ${formatShortDate(endMs - 1, timeZone, locale)}`;
    case "monthly":
      return formatMonth(startMs, timeZone, locale);
  }
}

/** The same, as short as the axis of a chart wants it. */
export function formatTick(
  { startMs }: Span,
  granularity: Granularity,
  timeZone: string,
  locale: Locale,
): string {
  const parts = {
    hourly: { hour: "2-digit", minute: "2-digit" },
    daily: { day: "numeric", month: "numeric" },
    weekly: { day: "numeric", month: "numeric" },
    monthly: { month: "short", year: "2-digit" },
  } as const satisfies Record<Granularity, Intl.DateTimeFormatOptions>;
  return new Intl.DateTimeFormat(LANGUAGE[locale], { ...parts[granularity], timeZone }).format(startMs);
}

/** An amount as short as the axis of a chart wants it: "1.2M". Rounded: tables say it exactly. */
export const formatRoughly = (amount: number, locale: Locale): string =>
  new Intl.NumberFormat(LANGUAGE[locale], { notation: "compact", maximumFractionDigits: 1 }).format(amount);

/** Hundredths of a percent: "12.3 %". */
export const formatShare = (hundredths: number, locale: Locale): string =>
  new Intl.NumberFormat(LANGUAGE[locale], { style: "percent", maximumFractionDigits: 1 }).format(
    hundredths / 10_000,
  );

/** Tenths of a percent, with the sign of what changed: "+5.5 %". */
export const formatChange = (tenths: number, locale: Locale): string =>
  new Intl.NumberFormat(LANGUAGE[locale], {
    ...{ style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" },
  }).format(tenths / 1_000);
