import type { Span } from "../domain/calendar.ts";
import type { ResourceId } from "../domain/ids.ts";
import { LocalDays } from "../domain/metering/local-days.ts";
import type { DayReading } from "../domain/metering/reading.ts";
import { usageObject } from "../usage/usage-object.ts";
import type { AccountTables } from "./tables.ts";

/** The meters of an account's resources, as its usage object counted them. */
export class Meters {
  readonly #env: Env;
  readonly #tables: AccountTables;

  constructor(env: Env, tables: AccountTables) {
    this.#env = env;
    this.#tables = tables;
  }

  /** What a resource's meters say of the days of some time, and of its gauges before them. */
  async readings(resource: ResourceId, { startMs, endMs }: Span): Promise<DayReading[]> {
    const { account } = this.#tables.head();
    if (!account) throw new Error(`${resource} has no account`);
    const days = new LocalDays(account.timeZone);
    const [from, to] = [days.at(startMs).day, days.at(endMs).day];
    const told: unknown = await usageObject(this.#env, account.id).readings(resource, from, to);
    return told as DayReading[];
  }
}
