import type { LocalDays } from "../domain/metering/local-days.ts";
import { dayOf, type Reading, totalsOf, withEvents } from "../domain/metering/reading.ts";
import {
  billionths,
  type EventRefusal,
  type Metered,
  type UsageEvent,
} from "../domain/metering/usage-event.ts";
import type { ReadingKey } from "./readings-table.ts";

/** So many keys a counter may have in one day: a day's reading is one row. */
export const MAX_KEYS = 10_000;

/** The events of a report that fall into one day of one meter. */
interface Group extends ReadingKey {
  readonly metering: Metered;
  readonly before: Reading | null;
  readonly keys: Set<string | null>;
  /** What a counter comes to by now, all keys together. */
  total: bigint;
  readonly events: UsageEvent[];
}

/** Brings the new events of a report to the readings that they change. */
export class Tally {
  readonly #days: LocalDays;
  readonly #find: (key: ReadingKey) => Reading | null;
  readonly #groups = new Map<string, Group>();

  constructor(days: LocalDays, find: (key: ReadingKey) => Reading | null) {
    this.#days = days;
    this.#find = find;
  }

  /** Adds an event, or says why it can't count. `most`: what a day may come to, in billionths. */
  add(event: UsageEvent, metering: Metered, most?: string): EventRefusal | null {
    const group = this.#groupOf(event, metering);
    const { keys, events } = group;
    const comesTo = billionths(event.quantity) + (metering === "counter" ? group.total : 0n);
    if (most !== undefined && comesTo > BigInt(most)) return "quantity_too_large";
    if (keys.size >= MAX_KEYS && !keys.has(event.key)) return "too_many_keys";
    group.total = comesTo;
    keys.add(event.key);
    events.push(event);
    return null;
  }

  /** The readings that have changed. */
  readings(): (ReadingKey & { readonly reading: Reading })[] {
    return [...this.#groups.values()].flatMap(({ resource, sku, day, metering, before, events }) =>
      events.length === 0
        ? []
        : [{ resource, sku, day, reading: withEvents(before, events, metering, this.#days) }],
    );
  }

  #groupOf(event: UsageEvent, metering: Metered): Group {
    const { resource, sku } = event;
    const of = { resource, sku, day: dayOf(event, metering, this.#days) };
    const name = `${resource} ${sku} ${of.day}`;
    const known = this.#groups.get(name);
    if (known) return known;
    const before = this.#find(of);
    const group = {
      ...of,
      metering,
      before,
      keys: new Set(totalsOf(before).map(([key]) => key)),
      total: totalsOf(before).reduce((total, [, part]) => total + BigInt(part), 0n),
      events: [],
    };
    this.#groups.set(name, group);
    return group;
  }
}
