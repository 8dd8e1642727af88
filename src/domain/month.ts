import type { Span } from "./calendar.ts";
import { instantOf, localTime } from "./local-time.ts";

/** Months are closed on the first day after them, at this local minute of day. (Domain: Postpaid, Month close.) */
export const CLOSES_AT_MINUTE = 2 * 60;

/** A calendar month in account-local time; `closesAtMs` is when what was used in it is invoiced. */
export interface Month extends Span {
  readonly closesAtMs: number;
}

/** The month that an instant lies in. Months follow each other without gaps, whatever clocks do at midnight. */
export function monthOf(atMs: number, timeZone: string): Month {
  const { year, month0 } = localTime(atMs, timeZone);
  const first = year * 12 + month0;
  // Where a clock goes back over midnight it reads the old month again; that hour is the new month's.
  const index = firstInstantOf(first + 1, 0, timeZone) <= atMs ? first + 1 : first;
  return {
    startMs: firstInstantOf(index, 0, timeZone),
    endMs: firstInstantOf(index + 1, 0, timeZone),
    closesAtMs: firstInstantOf(index + 1, CLOSES_AT_MINUTE, timeZone),
  };
}

function firstInstantOf(month: number, minuteOfDay: number, timeZone: string): number {
  const year = Math.floor(month / 12);
  return instantOf({ year, month0: month - year * 12, day: 1, minuteOfDay }, timeZone);
}

const MONTHS_OF_A_YEAR = 12;

/** The months of a year in account-local time, in their order. */
export const monthsOfYear = (year: number, timeZone: string): Span[] =>
  Array.from({ length: MONTHS_OF_A_YEAR }, (_, month0) => ({
    startMs: firstInstantOf(year * MONTHS_OF_A_YEAR + month0, 0, timeZone),
    endMs: firstInstantOf(year * MONTHS_OF_A_YEAR + month0 + 1, 0, timeZone),
  }));
