import type { Span } from "../calendar.ts";
import { type Sku, UNIT_MINUTES } from "../catalogue.ts";
import type { SkuId } from "../ids.ts";
import { MINUTE_MS } from "../local-time.ts";
import { type ConfiguredSku, type UsedSku, usedFor } from "../pricing.ts";
import { decimal, dividedBy, floor, isLess, minus, plus, type Ratio, ratio, times } from "../ratio.ts";
import { hourlyLevels, levelHours, type Metrics } from "./levels.ts";
import { type DayReading, peakOf, type Reading, totalsOf } from "./reading.ts";
import { fromBillionths } from "./usage-event.ts";

/** A stretch of service in one configuration, at prices that stay what they were when it began. Whole minutes. */
export interface Service extends Span {
  readonly configuration: readonly ConfiguredSku[];
}

/** What was used in a stretch of time. */
export interface UsedPart extends Span {
  readonly used: readonly UsedSku[];
}

/** Daily peaks of connections add up to connections through a month of so many hours. (Domain: Metered and held, Kinds.) */
const CONNECTION_HOURS = ratio(720);
/** The least that is billed of `peak_connections` where the SKU doesn't say. */
const LEAST_CONNECTIONS = "100";

/**
 * What a resource used in one local month, or the part of it up to an instant. Time is counted for each stretch of
 * service: a configuration's by the minute, a gauge's by the hour. Counters and peaks are counted for all stretches
 * together, at the prices of the last. Stretches lie in the month, in their order. (Domain: Metered and held, Kinds.)
 */
export function useOf(services: readonly Service[], metrics: Metrics): UsedPart[] {
  const [first, last] = [services[0], services.at(-1)];
  if (!first || !last) return [];
  const timed = services.map(({ startMs, endMs, configuration }): UsedPart => {
    const used = configuration.flatMap((item) => timeUsed(item, { startMs, endMs }, metrics));
    return { startMs, endMs, used };
  });
  const [from, to] = [metrics.days.at(first.startMs).day, metrics.days.at(last.endMs - 1).day];
  const readings = metrics.readings.filter(({ day }) => day >= from && day <= to);
  const pieces = latestOf(services).flatMap((item) => piecesUsed(item, readings));
  const counted: UsedPart = { startMs: first.startMs, endMs: last.endMs, used: pieces };
  return together([...withLeastTime(timed), counted]);
}

/** Minutes of a configuration, hours of a gauge; anything else isn't a matter of time. */
function timeUsed(item: ConfiguredSku, span: Span, metrics: Metrics): UsedSku[] {
  switch (item.sku.metering) {
    case "configuration":
      return [usedFor(item, ratio((span.endMs - span.startMs) / MINUTE_MS))];
    case "gauge_hours": {
      const levels = hourlyLevels(item.sku.id, metrics);
      return [{ ...item, units: hoursAsUnits(levelHours(levels, span, metrics.days), item.sku) }];
    }
    default:
      return [];
  }
}

/** Level-hours, of 60 minutes each, in the SKU's unit. */
export const hoursAsUnits = (hours: Ratio, { unit }: Sku): Ratio =>
  times(hours, ratio(60, UNIT_MINUTES[unit]));

/** Whole units of a counter, or the sum of days' peaks: less what is free, and at least what is billed at least. */
function piecesUsed(item: ConfiguredSku, readings: readonly DayReading[]): UsedSku[] {
  const own = readings.filter(({ sku }) => sku === item.sku.id).map(({ reading }) => reading);
  const free = decimal(item.sku.freeAllowance ?? "0");
  switch (item.sku.metering) {
    case "counter":
      return [atLeast({ ...item, units: wholeUnits(own, free) }, "0")];
    case "peak_connections":
      return [
        atLeast({ ...item, units: dividedBy(peaksAbove(own, free), CONNECTION_HOURS) }, LEAST_CONNECTIONS),
      ];
    case "peak_traffic":
      return [atLeast({ ...item, units: peaksAbove(own, free) }, "0")];
    default:
      return [];
  }
}

/** Of each key's running total the whole units; fractions aren't charged. */
function wholeUnits(readings: readonly Reading[], free: Ratio): Ratio {
  const totals = new Map<string | null, bigint>();
  for (const [key, total] of readings.flatMap(totalsOf))
    totals.set(key, (totals.get(key) ?? 0n) + BigInt(total));
  const whole = [...totals.values()].reduce((units, total) => units + floor(fromBillionths(total)), 0n);
  return ratio(floor(above(ratio(whole), free)));
}

const peaksAbove = (readings: readonly Reading[], free: Ratio): Ratio =>
  readings.map((reading) => above(fromBillionths(peakOf(reading)), free)).reduce(plus, ratio(0));

const above = (amount: Ratio, free: Ratio): Ratio => (isLess(free, amount) ? minus(amount, free) : ratio(0));

/** The least quantity that is billed counts once there is any. */
function atLeast(used: UsedSku, otherwise: string): UsedSku {
  const least = decimal(used.sku.minimum ?? otherwise);
  return used.units.num > 0n && isLess(used.units, least) ? { ...used, units: least } : used;
}

/** The same for gauges, whose least quantity is of the month: what is missing to it counts for the last stretch. */
function withLeastTime(parts: readonly UsedPart[]): UsedPart[] {
  const gauges = parts.map(({ used }) => used.filter(({ sku }) => sku.metering === "gauge_hours"));
  return parts.map((part, index) => {
    const later = gauges.slice(index + 1).flat();
    const used = part.used.map((item) => {
      if (item.sku.metering !== "gauge_hours" || later.some(({ sku }) => sku.id === item.sku.id)) return item;
      const before = gauges
        .slice(0, index)
        .flat()
        .filter(({ sku }) => sku.id === item.sku.id);
      const earlier = before.map(({ units }) => units).reduce(plus, ratio(0));
      const whole = { ...item, units: plus(item.units, earlier) };
      return { ...item, units: minus(atLeast(whole, "0").units, earlier) };
    });
    return { ...part, used };
  });
}

/** Each SKU as its last stretch has it. */
function latestOf(services: readonly Service[]): ConfiguredSku[] {
  const latest = new Map<SkuId, ConfiguredSku>();
  for (const { configuration } of services) for (const item of configuration) latest.set(item.sku.id, item);
  return [...latest.values()];
}

/** Parts of the same time are one; what wasn't used is left out. */
function together(parts: readonly UsedPart[]): UsedPart[] {
  const whole: UsedPart[] = [];
  for (const part of parts) {
    const used = part.used.filter(({ units }) => units.num !== 0n);
    const same = whole.findIndex(({ startMs, endMs }) => startMs === part.startMs && endMs === part.endMs);
    const other = whole[same];
    if (other) whole[same] = { ...other, used: [...other.used, ...used] };
    else whole.push({ ...part, used });
  }
  return whole.filter(({ used }) => used.length > 0);
}
