import { DAY_MINUTES } from "../calendar.ts";
import type { ConfiguredSku, UsedSku } from "../pricing.ts";
import { usedFor } from "../pricing.ts";
import { ratio, times } from "../ratio.ts";
import { hourlyLevels, levelAt, type Metrics } from "./levels.ts";
import { hoursAsUnits } from "./use.ts";

/** What is held for what will be used: at the present configuration or level for so many days. (Domain: Metered and held, Credit hold.) */
export const ESTIMATED_DAYS = 3;

/** What a resource will use in the days that are held for. Counters and peaks aren't estimated. */
export function estimatedUse(
  configuration: readonly ConfiguredSku[],
  metrics: Metrics,
  nowMs: number,
): UsedSku[] {
  return configuration.flatMap((item) => {
    switch (item.sku.metering) {
      case "configuration":
        return [usedFor(item, ratio(ESTIMATED_DAYS * DAY_MINUTES))];
      case "gauge_hours": {
        const level = levelAt(hourlyLevels(item.sku.id, metrics), nowMs);
        return [{ ...item, units: hoursAsUnits(times(level, ratio(ESTIMATED_DAYS * 24)), item.sku) }];
      }
      default:
        return [];
    }
  });
}
