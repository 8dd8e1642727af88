import type { Span } from "../calendar.ts";
import type { Sku } from "../catalogue.ts";
import type { ConfiguredSku } from "../pricing.ts";
import type { Ratio } from "../ratio.ts";
import { hourlyLevels, levelAt, type Metrics } from "./levels.ts";
import type { LocalDay } from "./local-days.ts";
import { type DayReading, peakOf, totalsOf } from "./reading.ts";
import { fromBillionths } from "./usage-event.ts";

/** So many keys of a counter are told by name, those that counted most. */
export const KEYS_TOLD = 50;

/** What was measured in one local day. */
export interface MeasuredDay extends Pick<LocalDay, "day" | "startMs"> {
  readonly quantity: Ratio;
}

/** What a counter has of one key; null is what came without one. */
export interface MeasuredKey {
  readonly key: string | null;
  readonly quantity: Ratio;
  readonly days: readonly MeasuredDay[];
}

/**
 * What one meter of a resource says of a stretch of time: a gauge's level at its end, a counter's total, the highest peak; and
 * the same of each day.
 */
export interface Measured {
  readonly sku: Sku;
  readonly quantity: Ratio;
  readonly days: readonly MeasuredDay[];
  /** Of a counter those that counted most, the most first. */
  readonly keys: readonly MeasuredKey[];
  readonly keysInAll: number;
}

/** What a configuration's meters say of a stretch of service, for people: bills are made by `useOf`. */
export function measured(configuration: readonly ConfiguredSku[], span: Span, metrics: Metrics): Measured[] {
  const days = daysOf(span, metrics);
  return configuration.flatMap(({ sku }): Measured[] => {
    const readings = metrics.readings.filter((reading) => reading.sku === sku.id);
    switch (sku.metering) {
      case "configuration":
        return [];
      case "gauge_hours":
        return [gauge(sku, days, span, metrics)];
      case "counter":
        return [counter(sku, days, readings)];
      default:
        return [peaks(sku, days, readings)];
    }
  });
}

function daysOf({ startMs, endMs }: Span, { days }: Metrics): LocalDay[] {
  const found: LocalDay[] = [];
  for (let day = days.at(startMs); day.startMs < endMs; day = days.at(day.endMs)) found.push(day);
  return found;
}

const NO_KEYS = { keys: [], keysInAll: 0 };

function gauge(sku: Sku, days: readonly LocalDay[], { endMs }: Span, metrics: Metrics): Measured {
  const levels = hourlyLevels(sku.id, metrics);
  const byDay = days.map(({ day, startMs, endMs: dayEndsAtMs }) => ({
    ...{ day, startMs },
    quantity: levelAt(levels, Math.min(dayEndsAtMs - 1, endMs)),
  }));
  return { sku, quantity: levelAt(levels, endMs), days: byDay, ...NO_KEYS };
}

function counter(sku: Sku, days: readonly LocalDay[], readings: readonly DayReading[]): Measured {
  const numbers = new Set(days.map(({ day }) => day));
  const byKey = new Map<string | null, Map<number, bigint>>();
  for (const { day, reading } of readings.filter((one) => numbers.has(one.day)))
    for (const [key, total] of totalsOf(reading)) {
      const ofDays = byKey.get(key) ?? new Map<number, bigint>();
      byKey.set(key, ofDays.set(day, (ofDays.get(day) ?? 0n) + BigInt(total)));
    }
  const known = [...byKey]
    .map(([key, ofDays]) => ({ key, ofDays, total: sumOf(ofDays.values()) }))
    .sort((a, b) => (a.total === b.total ? compare(a.key, b.key) : a.total < b.total ? 1 : -1));
  const inDays = (of: (day: number) => bigint) =>
    days.map(({ day, startMs }) => ({ day, startMs, quantity: fromBillionths(of(day)) }));
  return {
    sku,
    quantity: fromBillionths(sumOf(known.map(({ total }) => total))),
    days: inDays((day) => sumOf(known.map(({ ofDays }) => ofDays.get(day) ?? 0n))),
    keys: known.slice(0, KEYS_TOLD).map(({ key, ofDays, total }) => ({
      key,
      quantity: fromBillionths(total),
      days: inDays((day) => ofDays.get(day) ?? 0n),
    })),
    keysInAll: known.length,
  };
}

function peaks(sku: Sku, days: readonly LocalDay[], readings: readonly DayReading[]): Measured {
  const byDay = new Map(readings.map(({ day, reading }) => [day, peakOf(reading)]));
  const ofDays = days.map(({ day, startMs }) => ({ day, startMs, peak: byDay.get(day) ?? 0n }));
  return {
    sku,
    quantity: fromBillionths(ofDays.reduce((highest, { peak }) => (peak > highest ? peak : highest), 0n)),
    days: ofDays.map(({ day, startMs, peak }) => ({ day, startMs, quantity: fromBillionths(peak) })),
    ...NO_KEYS,
  };
}

const sumOf = (quantities: Iterable<bigint>): bigint => [...quantities].reduce((a, b) => a + b, 0n);

const compare = (a: string | null, b: string | null): number => ((a ?? "") < (b ?? "") ? -1 : 1);
