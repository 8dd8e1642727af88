import type { Sku } from "../../../src/domain/catalogue.ts";
import type { ResourceId } from "../../../src/domain/ids.ts";
import type { ConfiguredLevel, Metrics } from "../../../src/domain/metering/levels.ts";
import { LocalDays } from "../../../src/domain/metering/local-days.ts";
import { type DayReading, dayOf, withEvents } from "../../../src/domain/metering/reading.ts";
import type { Metered, UsageEvent } from "../../../src/domain/metering/usage-event.ts";
import { instant } from "../samples.ts";

/** What one meter is told: at most an id, a key, a quantity and an instant. */
export type Told = Pick<UsageEvent, "id" | "key" | "quantity" | "atMs">;

let told = 0;

/** An event at a local instant in Saigon. */
export function at(text: string, quantity: string | number, more: Partial<Told> = {}): Told {
  told += 1;
  return { id: `evt-${told}`, key: null, quantity: String(quantity), atMs: instant(text), ...more };
}

/** What a usage object keeps after these batches: of each day of the SKU one reading. */
export function readingsOf(sku: Sku, batches: readonly (readonly Told[])[], timeZone: string): DayReading[] {
  const days = new LocalDays(timeZone);
  const metering = sku.metering as Metered;
  const readings = new Map<number, DayReading>();
  for (const batch of batches) {
    const events = batch.map(
      (event): UsageEvent => ({ resource: "res_1" as ResourceId, sku: sku.id, ...event }),
    );
    for (const day of new Set(events.map((event) => dayOf(event, metering, days)))) {
      const own = events.filter((event) => dayOf(event, metering, days) === day);
      const reading = withEvents(readings.get(day)?.reading ?? null, own, metering, days);
      readings.set(day, { sku: sku.id, day, reading });
    }
  }
  return [...readings.values()].sort((a, b) => a.day - b.day);
}

export const metricsOf = (
  readings: readonly DayReading[],
  timeZone: string,
  configuredLevels: readonly ConfiguredLevel[] = [],
): Metrics => ({ readings, configuredLevels, days: new LocalDays(timeZone) });
