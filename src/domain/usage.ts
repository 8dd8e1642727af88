import type { Span } from "./calendar.ts";
import { floorToMinute } from "./local-time.ts";
import type { ConfiguredLevel, Metrics } from "./metering/levels.ts";
import { LocalDays } from "./metering/local-days.ts";
import type { DayReading } from "./metering/reading.ts";
import { type Service, useOf } from "./metering/use.ts";
import type { Currency, Money } from "./money.ts";
import { type Month, monthOf } from "./month.ts";
import { type Charge, type ConfiguredSku, grossOf, priceUse, taxOf } from "./pricing.ts";

/**
 * A stretch of time in which a resource ran as one configuration, at prices that stay as they were when it began.
 * Whole minutes; `endMs` is null while it goes on. (Domain: Postpaid, Use.)
 */
export interface Segment {
  readonly startMs: number;
  readonly endMs: number | null;
  readonly catalogueVersion: number;
  readonly configuration: readonly ConfiguredSku[];
  /** The levels that its gauges have by being configured, each since it was last changed. */
  readonly levels?: readonly ConfiguredLevel[];
  /** It was suspended: it keeps its prices and costs nothing. */
  readonly isPaused?: true;
}

/** Another configuration, or the first. */
export type NextUse = Pick<Segment, "catalogueVersion" | "configuration" | "isPaused" | "levels">;

/** What one stretch of use costs at one tax rate: a line of a bill. */
export interface UseCharge extends Charge {
  readonly period: Span;
}

/** What was used of a resource within one month, as it is (or will be) invoiced; without charges where it was suspended. */
export interface UsedMonth {
  readonly month: Month;
  readonly period: Span;
  readonly charges: readonly UseCharge[];
  readonly total: Money;
  readonly tax: Money;
}

/**
 * Ends what goes on at an instant's minute and, unless nothing is to follow, has `next` begin in the same: no minute
 * counts twice or not at all. What had no minute is dropped.
 */
export function switchTo(segments: readonly Segment[], next: NextUse | null, atMs: number): Segment[] {
  const last = segments.at(-1);
  // Clocks may be set back: nothing ends before it began.
  const cutMs = Math.max(floorToMinute(atMs), last?.endMs ?? last?.startMs ?? 0);
  const ended = segments.map((segment) => (segment.endMs === null ? { ...segment, endMs: cutMs } : segment));
  const began =
    next === null ? [] : [{ ...next, startMs: cutMs, endMs: null, ...levelsOf(next, last, cutMs) }];
  return [...ended.filter(({ startMs, endMs }) => endMs === null || endMs > startMs), ...began];
}

/** The same configuration at the same prices goes on, costing nothing, or costing again. */
export const paused = (segments: readonly Segment[], atMs: number): Segment[] =>
  switchTo(segments, { ...lastOf(segments), isPaused: true }, atMs);

export function resumed(segments: readonly Segment[], atMs: number): Segment[] {
  const { catalogueVersion, configuration } = lastOf(segments);
  return switchTo(segments, { catalogueVersion, configuration }, atMs);
}

function lastOf(segments: readonly Segment[]): Segment {
  const last = segments.at(-1);
  if (last?.endMs !== null) throw new Error("nothing goes on");
  return last;
}

/** A gauge begins at what is configured, and changes with it; otherwise it stays what it is, a stop aside. (Domain: Metered.) */
function levelsOf(
  { configuration, levels: before = [] }: NextUse,
  last: Segment | undefined,
  atMs: number,
): Pick<Segment, "levels"> {
  const gauges = configuration.filter(({ sku }) => sku.metering === "gauge_hours");
  if (gauges.length === 0) return {};
  const levels = gauges.map(({ sku: { id: sku }, quantity }): ConfiguredLevel => {
    const known = (last?.levels ?? before).find((level) => level.sku === sku && level.quantity === quantity);
    return known ?? { sku, atMs, quantity };
  });
  return { levels };
}

export const configuredLevelsOf = (segments: readonly Segment[]): ConfiguredLevel[] =>
  segments.flatMap(({ levels = [] }) => levels);

/** Whether something of some use is measured by what its product reports. */
export const isMetered = (segments: readonly Segment[]): boolean =>
  segments.some(({ configuration }) => configuration.some(({ sku }) => sku.metering !== "configuration"));

/** What of some use lies in a span. */
export const within = (segments: readonly Segment[], { startMs, endMs }: Span): (Segment & Span)[] =>
  segments.flatMap((segment) => {
    const from = Math.max(segment.startMs, startMs);
    const to = Math.min(segment.endMs ?? endMs, endMs);
    return to > from ? [{ ...segment, startMs: from, endMs: to }] : [];
  });

/** What of some use is later than an instant. */
export const usedAfter = (segments: readonly Segment[], atMs: number): Segment[] =>
  segments
    .filter(({ endMs }) => endMs === null || endMs > atMs)
    .map((segment) => ({ ...segment, startMs: Math.max(segment.startMs, atMs) }));

/**
 * What use up to an instant costs, a month each, oldest first. A month that is over costs what its bill says: a stretch
 * of time is real minutes, rounded once a tax rate; meters add what `readings` say. (Domain: Postpaid, Use; Metered; Price.)
 */
export function usedMonths(
  segments: readonly Segment[],
  toMs: number,
  { timeZone, currency }: { readonly timeZone: string; readonly currency: Currency },
  readings: readonly DayReading[] = [],
): UsedMonth[] {
  const months: UsedMonth[] = [];
  const configuredLevels = configuredLevelsOf(segments);
  const metrics: Metrics = { readings, configuredLevels, days: new LocalDays(timeZone) };
  let left: readonly Segment[] = within(segments, { startMs: 0, endMs: floorToMinute(toMs) });
  for (let first = left[0]; first; first = left[0]) {
    const month = monthOf(first.startMs, timeZone);
    const used = within(left, month);
    const running = used.filter(({ isPaused }) => !isPaused);
    const charges = chargesOf(running, metrics, currency);
    const period = {
      startMs: running[0]?.startMs ?? first.startMs,
      endMs: running.at(-1)?.endMs ?? month.endMs,
    };
    months.push({ month, period, charges, total: grossOf(charges), tax: taxOf(charges) });
    left = usedAfter(left, month.endMs);
  }
  return months;
}

const chargesOf = (services: readonly Service[], metrics: Metrics, currency: Currency): UseCharge[] =>
  useOf(services, metrics).flatMap(({ startMs, endMs, used }) =>
    priceUse(used, currency).map((charge) => ({ ...charge, period: { startMs, endMs } })),
  );
