import type { Span } from "../calendar.ts";
import type { SkuId } from "../ids.ts";
import type { Ratio } from "../ratio.ts";
import type { LocalDays } from "./local-days.ts";
import { type DayReading, isLater, type Level, levelsOf } from "./reading.ts";
import { billionths, fromBillionths } from "./usage-event.ts";

/** The level that a gauge has by being configured: its first, and each that a change of its quantity gives it. */
export interface ConfiguredLevel {
  readonly sku: SkuId;
  readonly atMs: number;
  readonly quantity: number;
}

/** What meters know of a resource. `readings`: of the month, and of each gauge the last before it. */
export interface Metrics {
  readonly readings: readonly DayReading[];
  readonly configuredLevels: readonly ConfiguredLevel[];
  readonly days: LocalDays;
}

/** A gauge's levels in their order, one for each hour that begins with another. What was reported goes before what is configured at the same instant. */
export function hourlyLevels(gauge: SkuId, { readings, configuredLevels, days }: Metrics): Level[] {
  const reported = readings.filter(({ sku }) => sku === gauge).flatMap(({ reading }) => levelsOf(reading));
  const configured = configuredLevels
    .filter(({ sku }) => sku === gauge)
    .map(({ atMs, quantity }): Level => {
      const level = `${billionths(String(quantity))}`;
      return { fromMs: days.hourFrom(atMs), atMs, id: "", level };
    });
  const latest = new Map<number, Level>();
  for (const level of [...configured, ...reported]) {
    const rival = latest.get(level.fromMs);
    if (!rival || isLater(level, rival)) latest.set(level.fromMs, level);
  }
  return [...latest.values()].sort((a, b) => a.fromMs - b.fromMs);
}

/** The sum of a gauge's levels at every hh:00 of a span: each counts for the hour that starts. */
export function levelHours(levels: readonly Level[], { startMs, endMs }: Span, days: LocalDays): Ratio {
  let sum = 0n;
  let [next, level] = [0, 0n];
  for (let hourMs = days.hourFrom(startMs); hourMs < endMs; hourMs = days.hourFrom(hourMs + 1)) {
    for (let upcoming = levels[next]; upcoming && upcoming.fromMs <= hourMs; upcoming = levels[next]) {
      level = BigInt(upcoming.level);
      next += 1;
    }
    sum += level;
  }
  return fromBillionths(sum);
}

/** The level that a gauge has at an instant. */
export function levelAt(levels: readonly Level[], atMs: number): Ratio {
  const current = levels.filter((level) => level.atMs <= atMs).at(-1);
  return fromBillionths(current?.level ?? 0n);
}
