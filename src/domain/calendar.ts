import { daysInMonth, floorToMinute, instantOf, type LocalTime, localTime } from "./local-time.ts";
import { type Ratio, ratio } from "./ratio.ts";

/** Prepaid time is counted in months of 30 days of 1 440 minutes, in account-local time. (Domain: Price.) */
export const DAY_MINUTES = 1_440;
export const MONTH_MINUTES = 43_200;

/** A stretch of prepaid time, in UTC milliseconds. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Minutes since year 0 on the 30/360 calendar; what lies past a month's 30th day counts as that month's end. */
export function position(atMs: number, timeZone: string): number {
  const { year, month0, day, minuteOfDay } = localTime(atMs, timeZone);
  return (
    (year * 12 + month0) * MONTH_MINUTES + Math.min((day - 1) * DAY_MINUTES + minuteOfDay, MONTH_MINUTES)
  );
}

/** The account-local day of the month an instant falls on: the anchor of a term that starts (or is set to end) there. */
export const anchorDayOf = (atMs: number, timeZone: string): number => localTime(atMs, timeZone).day;

/**
 * The instant `months` later at the same local time, on the anchor day or the month's last day if that is earlier:
 * 31 Jan + 1 month = 28 Feb, + 1 more = 31 Mar. Floors to the minute.
 */
export function addMonths(atMs: number, months: number, anchorDay: number, timeZone: string): number {
  const from = localTime(floorToMinute(atMs), timeZone);
  const monthIndex = from.year * 12 + from.month0 + months;
  const year = Math.floor(monthIndex / 12);
  const month0 = monthIndex - year * 12;
  const to: LocalTime = { ...from, year, month0, day: Math.min(anchorDay, daysInMonth(year, month0)) };
  return instantOf(to, timeZone);
}

/** The instant `days` later, or earlier, at the same local time of day. `atMs` is a whole minute. */
export function addDays(atMs: number, days: number, timeZone: string): number {
  if (days === 0) return atMs;
  const from = localTime(atMs, timeZone);
  const to = new Date(Date.UTC(from.year, from.month0, from.day + days));
  const date = { year: to.getUTCFullYear(), month0: to.getUTCMonth(), day: to.getUTCDate() };
  return instantOf({ ...date, minuteOfDay: from.minuteOfDay }, timeZone);
}

/** The instant of a local time of day on the local day of `atMs`. */
export const atMinuteOfDay = (atMs: number, minuteOfDay: number, timeZone: string): number =>
  instantOf({ ...localTime(atMs, timeZone), minuteOfDay }, timeZone);

/** Minutes billed for a term that runs to a given instant: the difference of positions. */
export const minutesBetween = (startMs: number, endMs: number, timeZone: string): number =>
  position(endMs, timeZone) - position(startMs, timeZone);

/**
 * The part of a span that is still unused at `atMs`, exact: 1 up to its start, 0 from its end on. Between clock
 * changes of the zone it never leaves that range. Unused minutes are the billed minutes times this. (Domain: Price.)
 */
export function unusedPart(span: Span, atMs: number, timeZone: string): Ratio {
  if (atMs >= span.endMs) return ratio(0);
  if (atMs <= span.startMs) return ratio(1);
  const end = position(span.endMs, timeZone);
  const whole = end - position(span.startMs, timeZone);
  if (whole <= 0) return ratio(0);
  const left = end - position(atMs, timeZone);
  return ratio(Math.min(Math.max(left, 0), whole), whole);
}
