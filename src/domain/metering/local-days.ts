import { DAY_MS, HOUR_MS, instantOf, localTime, MINUTE_MS } from "../local-time.ts";

/** A calendar day in account-local time. `day` counts local dates from 1970-01-01 on. */
export interface LocalDay {
  readonly day: number;
  readonly startMs: number;
  readonly endMs: number;
  /** The instants at which its clock reads hh:00: 24 of them, unless the clock is changed. */
  readonly hours: readonly number[];
}

/** A numbered local day as its date: "2027-03-05". */
export const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The days and hours of one zone, which meters count by. (Domain: Metered and held, Kinds.) */
export class LocalDays {
  readonly #timeZone: string;
  readonly #days = new Map<number, LocalDay>();

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** The day that an instant lies in. */
  at(atMs: number): LocalDay {
    // A local date is the date in UTC, or one beside it.
    const near = Math.floor(atMs / DAY_MS);
    for (const n of [near, near - 1, near + 1]) {
      const day = this.numbered(n);
      if (day.startMs <= atMs && atMs < day.endMs) return day;
    }
    throw new RangeError(`no day of ${this.#timeZone} has the instant ${atMs}`);
  }

  numbered(n: number): LocalDay {
    const known = this.#days.get(n);
    if (known) return known;
    const [startMs, endMs] = [this.#startOf(n), this.#startOf(n + 1)];
    const day = { day: n, startMs, endMs, hours: this.#hoursBetween(startMs, endMs) };
    this.#days.set(n, day);
    return day;
  }

  /** The first hour that starts at an instant or after it. */
  hourFrom(atMs: number): number {
    const day = this.at(atMs);
    return day.hours.find((hourMs) => hourMs >= atMs) ?? this.hourFrom(day.endMs);
  }

  #startOf(n: number): number {
    const date = new Date(n * DAY_MS);
    const [year, month0] = [date.getUTCFullYear(), date.getUTCMonth()];
    return instantOf({ year, month0, day: date.getUTCDate(), minuteOfDay: 0 }, this.#timeZone);
  }

  #hoursBetween(startMs: number, endMs: number): number[] {
    const hours: number[] = [];
    let atMs = startMs;
    while (atMs < endMs) {
      // Clocks are changed by half an hour, too: the next full hour is then nearer, or farther.
      const past = endMs - startMs === DAY_MS ? 0 : localTime(atMs, this.#timeZone).minuteOfDay % 60;
      if (past === 0) hours.push(atMs);
      atMs += past === 0 ? HOUR_MS : (60 - past) * MINUTE_MS;
    }
    return hours;
  }
}
