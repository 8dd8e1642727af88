import type { NeedsReadings } from "../decision.ts";
import type { ResourceId } from "../ids.ts";
import type { DayReading } from "../metering/reading.ts";
import type { Resource } from "../resource.ts";
import { meteredSpan } from "../unbilled.ts";

/** What meters said of the resources that a command is about, as far as it has asked. */
export type Readings = Readonly<Record<ResourceId, readonly DayReading[]>>;

/** What must be known of a resource's meters to say what it used by an instant. */
export const neededUpTo = (resource: Resource, atMs: number): NeedsReadings => ({
  ...{ kind: "needs_readings", resource: resource.id, span: meteredSpan(resource, atMs) },
});
