import { DurableObject } from "cloudflare:workers";
import type { AccountId, ProductId, ResourceId } from "../domain/ids.ts";
import { LocalDays } from "../domain/metering/local-days.ts";
import type { DayReading } from "../domain/metering/reading.ts";
import {
  type EventRefusal,
  type MeteredResource,
  meteringOf,
  type UsageEvent,
} from "../domain/metering/usage-event.ts";
import { migrate } from "../store/migrate.ts";
import { CountedEvents } from "./counted-events.ts";
import { type Digest, digestOf } from "./digest.ts";
import { USAGE_MIGRATIONS } from "./migrations.ts";
import { ReadingsTable } from "./readings-table.ts";
import { Tally } from "./tally.ts";

/** What a product reports, with what its account knows of the resources that it is about. */
export interface UsageReport {
  readonly product: ProductId;
  readonly events: readonly UsageEvent[];
  readonly resources: readonly MeteredResource[];
  readonly timeZone: string;
  readonly nowMs: number;
}

/** What became of one event. */
export interface EventResult {
  readonly id: string;
  readonly status: "accepted" | "duplicate" | "refused";
  readonly code?: EventRefusal;
}

/**
 * What one account's metered resources used. Events come in by the thousand and in any order; they are counted once
 * each and kept as a reading a day, away from the account's own object, which asks for them when it bills. There is one for
 * all months: an id counts once whatever instant it names, and a gauge's level lasts from month to month.
 */
export class UsageObject extends DurableObject<Env> {
  readonly #readings: ReadingsTable;
  readonly #counted: CountedEvents;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, USAGE_MIGRATIONS);
    this.#readings = new ReadingsTable(ctx.storage.sql);
    this.#counted = new CountedEvents(ctx.storage.sql);
  }

  /** Counts what is new of a report. What it answers is recorded, each event together with its effect. */
  async count({ product, events, resources, timeZone, nowMs }: UsageReport): Promise<EventResult[]> {
    const digests = await Promise.all(events.map(({ id }) => digestOf(product, id)));
    const known = new Map(resources.map((resource) => [resource.id, resource]));
    const tally = new Tally(new LocalDays(timeZone), (of) => this.#readings.find(of));
    const fresh = new Map<string, Digest>();
    const results = events.map((event, index): EventResult => {
      const { id } = event;
      const digest = digests[index];
      if (!digest) throw new Error(`event ${id} has no digest`);
      if (fresh.has(id) || this.#counted.has(digest)) return { id, status: "duplicate" };
      const metering = meteringOf(event, known.get(event.resource) ?? null, nowMs);
      const most = known.get(event.resource)?.most[event.sku];
      const refusal = typeof metering === "string" ? tally.add(event, metering, most) : metering.refusal;
      if (refusal) return { id, status: "refused", code: refusal };
      fresh.set(id, digest);
      return { id, status: "accepted" };
    });
    if (fresh.size > 0) this.#record(tally, [...fresh.values()], nowMs);
    return results;
  }

  /** A resource's readings of some local days, both included, and of each gauge the last one before them. */
  async readings(resource: ResourceId, fromDay: number, toDay: number): Promise<DayReading[]> {
    return this.#readings.between(resource, fromDay, toDay);
  }

  /** An event that is known by its id has had its effect: both stand, or neither. */
  #record(tally: Tally, digests: readonly Digest[], nowMs: number): void {
    try {
      this.ctx.storage.transactionSync(() => {
        for (const { resource, sku, day, reading } of tally.readings())
          this.#readings.write({ resource, sku, day }, reading);
        this.#counted.add(digests, nowMs);
      });
    } catch (error) {
      this.#counted.undone();
      throw error;
    }
  }
}

/** The account's usage object, wherever it runs. */
export const usageObject = (env: Env, account: AccountId) => env.USAGE.getByName(account);
