import { DAY_MINUTES, MONTH_MINUTES, position, type Span } from "../calendar.ts";
import { DAY_MS, instantOf, localTime, MINUTE_MS } from "../local-time.ts";
import { LocalDays } from "../metering/local-days.ts";
import type { Cost } from "./cost.ts";

/** How finely costs are told apart in time. */
export const GRANULARITIES = ["hourly", "daily", "weekly", "monthly"] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** The minutes of both of a zone's clocks: real ones, and those of months of 30 days. (Domain: Price, Prepaid time.) */
export class CostClocks {
  readonly #timeZone: string;
  readonly #days: LocalDays;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
    this.#days = new LocalDays(timeZone);
  }

  minute(atMs: number, clock: Cost["clock"]): number {
    return clock === "real" ? Math.floor(atMs / MINUTE_MS) : this.#position(atMs);
  }

  /** `position`, which reads the zone's clock for a day once instead of for every instant. */
  #position(atMs: number): number {
    const { day, startMs, endMs } = this.#days.at(atMs);
    if (endMs - startMs !== DAY_MS) return position(atMs, this.#timeZone);
    const date = new Date(day * DAY_MS);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    const minuteOfDay = Math.floor((atMs - startMs) / MINUTE_MS);
    const minuteOfMonth = (date.getUTCDate() - 1) * DAY_MINUTES + minuteOfDay;
    return month * MONTH_MINUTES + Math.min(minuteOfMonth, MONTH_MINUTES);
  }
}

/** More pieces of time than these aren't told apart at once: a month of hours, two years of days. */
export const MAX_PERIODS = 750;

/**
 * A span cut where the zone's hours, days, weeks (from Monday) or months begin; its first and last piece may be shorter.
 * Null where that makes more than `MAX_PERIODS`.
 */
export function periodsOf(
  { startMs, endMs }: Span,
  granularity: Granularity,
  timeZone: string,
): Span[] | null {
  const periods: Span[] = [];
  for (let atMs = startMs; atMs < endMs; ) {
    if (periods.length === MAX_PERIODS) return null;
    const nextMs = Math.min(nextBoundary(atMs, granularity, timeZone), endMs);
    periods.push({ startMs: atMs, endMs: nextMs });
    atMs = nextMs;
  }
  return periods;
}

/** The first instant after `atMs` at which the zone's next hour, day, week or month begins. */
function nextBoundary(atMs: number, granularity: Granularity, timeZone: string): number {
  const { year, month0, day, minuteOfDay } = localTime(atMs, timeZone);
  const dayAt = (days: number) => {
    const date = new Date(Date.UTC(year, month0, day + days));
    const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    return instantOf({ year: y, month0: m, day: d, minuteOfDay: 0 }, timeZone);
  };
  // Where a clock goes back over midnight, the day that begins first isn't later.
  const later = (found: number, next: () => number) => (found > atMs ? found : next());
  switch (granularity) {
    case "hourly":
      return Math.floor(atMs / MINUTE_MS) * MINUTE_MS + (60 - (minuteOfDay % 60)) * MINUTE_MS;
    case "daily":
      return later(dayAt(1), () => dayAt(2));
    case "weekly": {
      const untilMonday = 7 - ((new Date(Date.UTC(year, month0, day)).getUTCDay() + 6) % 7);
      return later(dayAt(untilMonday), () => dayAt(untilMonday + 7));
    }
    case "monthly":
      return later(monthAt(year, month0 + 1, timeZone), () => monthAt(year, month0 + 2, timeZone));
  }
}

function monthAt(year: number, month: number, timeZone: string): number {
  const date = new Date(Date.UTC(year, month));
  const local = { year: date.getUTCFullYear(), month0: date.getUTCMonth(), day: 1, minuteOfDay: 0 };
  return instantOf(local, timeZone);
}
