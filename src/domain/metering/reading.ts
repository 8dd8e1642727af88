import type { SkuId } from "../ids.ts";
import type { LocalDays } from "./local-days.ts";
import { billionths, type Metered, type UsageEvent } from "./usage-event.ts";

/** A gauge's level from an hour on: the latest that was reported since the hour before. In billionths. */
export interface Level {
  readonly fromMs: number;
  readonly atMs: number;
  /** The event's id: of two at one instant the greater counts, in whatever order they came. */
  readonly id: string;
  readonly level: string;
}

/** What a counter has of one key; events without one have null. In billionths. */
export type Total = readonly [key: string | null, total: string];

/**
 * What all events of one SKU of a resource in one local day come to: as much as bills need, whatever the order they came in.
 * Quantities are whole billionths, as text.
 */
export type Reading =
  | { readonly metering: "gauge_hours"; readonly levels: readonly Level[] }
  | { readonly metering: "counter"; readonly totals: readonly Total[] }
  | { readonly metering: "peak_connections" | "peak_traffic"; readonly peak: string };

/** A day's reading of one SKU. */
export interface DayReading {
  readonly sku: SkuId;
  readonly day: number;
  readonly reading: Reading;
}

/** The local day whose reading an event belongs to: a level belongs where the hour starts from which on it counts. */
export const dayOf = (event: UsageEvent, metering: Metered, days: LocalDays): number =>
  days.at(metering === "gauge_hours" ? days.hourFrom(event.atMs) : event.atMs).day;

/** A day's reading with more events, which must be of that day and not among those counted before. */
export function withEvents(
  reading: Reading | null,
  events: readonly UsageEvent[],
  metering: Metered,
  days: LocalDays,
): Reading {
  switch (metering) {
    case "gauge_hours": {
      const latest = new Map(levelsOf(reading).map((level) => [level.fromMs, level]));
      for (const event of events) {
        const level = levelOf(event, days);
        const rival = latest.get(level.fromMs);
        if (!rival || isLater(level, rival)) latest.set(level.fromMs, level);
      }
      return { metering, levels: [...latest.values()].sort((a, b) => a.fromMs - b.fromMs) };
    }
    case "counter": {
      const totals = new Map(totalsOf(reading).map(([key, total]) => [key, BigInt(total)]));
      for (const { key, quantity } of events) {
        totals.set(key, (totals.get(key) ?? 0n) + billionths(quantity));
      }
      const sorted = [...totals].sort(([a], [b]) => ((a ?? "") < (b ?? "") ? -1 : 1));
      return { metering, totals: sorted.map(([key, total]) => [key, `${total}`]) };
    }
    case "peak_connections":
    case "peak_traffic": {
      const peaks = [peakOf(reading), ...events.map(({ quantity }) => billionths(quantity))];
      return { metering, peak: `${peaks.reduce((a, b) => (a > b ? a : b))}` };
    }
  }
}

export const levelsOf = (reading: Reading | null): readonly Level[] =>
  reading?.metering === "gauge_hours" ? reading.levels : [];

export const totalsOf = (reading: Reading | null): readonly Total[] =>
  reading?.metering === "counter" ? reading.totals : [];

export const peakOf = (reading: Reading | null): bigint =>
  reading && "peak" in reading ? BigInt(reading.peak) : 0n;

const levelOf = ({ id, atMs, quantity }: UsageEvent, days: LocalDays): Level => ({
  ...{ fromMs: days.hourFrom(atMs), atMs, id },
  level: `${billionths(quantity)}`,
});

export const isLater = (a: Level, b: Level): boolean => a.atMs > b.atMs || (a.atMs === b.atMs && a.id > b.id);
