import type { Span } from "./calendar.ts";
import { LocalDays } from "./metering/local-days.ts";
import { type Measured, measured } from "./metering/measured.ts";
import { type DayReading, peakOf, totalsOf } from "./metering/reading.ts";
import { billionths } from "./metering/usage-event.ts";
import type { Currency } from "./money.ts";
import { type Month, monthOf } from "./month.ts";
import type { ConfiguredSku } from "./pricing.ts";
import { type Use, unbilledUse } from "./unbilled.ts";
import { configuredLevelsOf, type Segment, type UsedMonth, within } from "./usage.ts";

/**
 * What is said of the rest of a month: configurations and levels stay as they are, and counters and peaks go on at the
 * pace of the month so far. (Domain: Metered, Foreseen.)
 */
export const FORESEEN_BY = "present_level_and_pace" as const;

/** What the present month's bill of a resource will say, if it goes on so; null where there will be none. */
export function foreseenMonth(
  use: Use,
  nowMs: number,
  account: { readonly timeZone: string; readonly currency: Currency },
  readings: readonly DayReading[],
): UsedMonth | null {
  const month = monthOf(nowMs, account.timeZone);
  const { segments } = use;
  const last = segments.at(-1);
  const runs = last?.endMs === null && !last.isPaused;
  const further = runs ? atPace(last.configuration, { segments, readings, nowMs, month, ...account }) : [];
  const months = unbilledUse(use, runs ? month.endMs : nowMs, account, [...readings, ...further]);
  return months.find(({ month: { startMs } }) => startMs === month.startMs) ?? null;
}

/** What the meters of a resource say of its service in a stretch of time. */
export function measuredIn(
  segments: readonly Segment[],
  span: Span,
  { timeZone }: { readonly timeZone: string },
  readings: readonly DayReading[],
): Measured[] {
  const served = within(segments, span);
  const [first, last] = [served[0], served.at(-1)];
  if (!first || !last) return [];
  const latest = new Map(
    served.flatMap(({ configuration }) => configuration.map((item) => [item.sku.id, item])),
  );
  const metrics = { readings, configuredLevels: configuredLevelsOf(segments), days: new LocalDays(timeZone) };
  return measured([...latest.values()], { startMs: first.startMs, endMs: last.endMs }, metrics);
}

interface Pace {
  readonly segments: readonly Segment[];
  readonly readings: readonly DayReading[];
  readonly nowMs: number;
  readonly month: Month;
  readonly timeZone: string;
}

/** What the month's days so far would come to in the time that is left: a reading of its last day for each meter. */
function atPace(
  configuration: readonly ConfiguredSku[],
  { segments, readings, nowMs, month, timeZone }: Pace,
): DayReading[] {
  const passed = BigInt(servedMs(segments, { startMs: month.startMs, endMs: nowMs }));
  if (passed === 0n) return [];
  const left = BigInt(month.endMs - nowMs);
  const days = new LocalDays(timeZone);
  const [first, last] = [days.at(month.startMs).day, days.at(month.endMs - 1).day];
  const further = (quantity: bigint): bigint => (quantity * left) / passed;
  return configuration.flatMap(({ sku }): DayReading[] => {
    const own = readings.filter((one) => one.sku === sku.id && one.day >= first && one.day <= last);
    const { metering, id } = sku;
    if (own.length === 0) return [];
    if (metering === "counter") {
      const totals = own.flatMap(({ reading }) => totalsOf(reading));
      const byKey = totals.map(([key, total]) => [key, `${further(BigInt(total))}`] as const);
      return [{ sku: id, day: last, reading: { metering, totals: byKey } }];
    }
    if (metering === "peak_connections" || metering === "peak_traffic") {
      const free = billionths(sku.freeAllowance ?? "0");
      const above = own.map(({ reading }) => peakOf(reading) - free).filter((more) => more > 0n);
      const peak = free + further(above.reduce((a, b) => a + b, 0n));
      return [{ sku: id, day: last, reading: { metering, peak: `${peak}` } }];
    }
    return [];
  });
}

/** For how long it was in service, pauses and suspensions aside. */
const servedMs = (segments: readonly Segment[], { startMs, endMs }: Span): number =>
  segments
    .filter(({ isPaused }) => !isPaused)
    .map((segment) => Math.min(segment.endMs ?? endMs, endMs) - Math.max(segment.startMs, startMs))
    .filter((lengthMs) => lengthMs > 0)
    .reduce((a, b) => a + b, 0);
