/** A wall-clock reading in some time zone. `month0` counts from 0, `day` from 1. */
export interface LocalTime {
  readonly year: number;
  readonly month0: number;
  readonly day: number;
  readonly minuteOfDay: number;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

export function isTimeZone(text: string): boolean {
  try {
    formatterOf(text);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Instants are billed by the minute: seconds and milliseconds are cut off. */
export const floorToMinute = (atMs: number): number => Math.floor(atMs / MINUTE_MS) * MINUTE_MS;

/** Readings that are kept of a zone: a list of many documents asks for the same days and months again and again. */
const MAX_KEPT_READINGS = 2_000;

const readings = new Map<string, Map<number, LocalTime>>();

/** The wall clock at an instant (UTC milliseconds), floored to the minute. */
export function localTime(atMs: number, timeZone: string): LocalTime {
  let kept = readings.get(timeZone);
  if (!kept || kept.size >= MAX_KEPT_READINGS) {
    kept = new Map();
    readings.set(timeZone, kept);
  }
  const minuteMs = floorToMinute(atMs);
  const reading = kept.get(minuteMs) ?? readClock(minuteMs, timeZone);
  kept.set(minuteMs, reading);
  return reading;
}

function readClock(atMs: number, timeZone: string): LocalTime {
  const fields: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(atMs)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = fields;
  return { year, month0: month - 1, day, minuteOfDay: hour * 60 + minute };
}

const asUtcMs = (local: LocalTime): number =>
  Date.UTC(local.year, local.month0, local.day) + local.minuteOfDay * MINUTE_MS;

const offsetMs = (atMs: number, timeZone: string): number =>
  asUtcMs(localTime(atMs, timeZone)) - floorToMinute(atMs);

/**
 * The instant (UTC milliseconds) of a wall-clock reading. A reading that happens twice means the first of the two;
 * one that is skipped, the instant as many minutes after the jump as it lies behind the jump's start.
 */
export function instantOf(local: LocalTime, timeZone: string): number {
  const wall = asUtcMs(local);
  const before = offsetMs(wall - DAY_MS, timeZone);
  const after = offsetMs(wall + DAY_MS, timeZone);
  const early = wall - Math.max(before, after);
  const late = wall - Math.min(before, after);
  if (offsetMs(early, timeZone) === wall - early) return early;
  if (offsetMs(late, timeZone) === wall - late) return late;
  return wall - before;
}

export const daysInMonth = (year: number, month0: number): number =>
  new Date(Date.UTC(year, month0 + 1, 0)).getUTCDate();
