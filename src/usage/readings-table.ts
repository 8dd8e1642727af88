import type { ResourceId, SkuId } from "../domain/ids.ts";
import type { DayReading, Reading } from "../domain/metering/reading.ts";

/** Which day of which meter a reading is of. */
export interface ReadingKey {
  readonly resource: ResourceId;
  readonly sku: SkuId;
  readonly day: number;
}

interface ReadingRow extends Record<string, SqlStorageValue> {
  readonly sku: SkuId;
  readonly day: number;
  readonly body: string;
}

/** One row for each day and SKU of a resource of which anything was reported. They stay: bills were made of them. */
export class ReadingsTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find({ resource, sku, day }: ReadingKey): Reading | null {
    const query = "SELECT sku, day, body FROM readings WHERE resource = ? AND sku = ? AND day = ?";
    return this.#read(query, resource, sku, day)[0]?.reading ?? null;
  }

  write({ resource, sku, day }: ReadingKey, reading: Reading): void {
    this.#sql.exec(
      `INSERT INTO readings VALUES (?, ?, ?, ?)
         ON CONFLICT (resource, sku, day) DO UPDATE SET body = excluded.body`,
      ...[resource, sku, day, JSON.stringify(reading)],
    );
  }

  /** Those of some days, and of each gauge the last before them: its level goes on. */
  between(resource: ResourceId, fromDay: number, toDay: number): DayReading[] {
    const query = `SELECT sku, day, body FROM readings WHERE resource = ?1 AND day BETWEEN ?2 AND ?3
      UNION ALL
      SELECT sku, max(day), body FROM readings
        WHERE resource = ?1 AND day < ?2 AND body ->> 'metering' = 'gauge_hours' GROUP BY sku
      ORDER BY sku, day`;
    return this.#read(query, resource, fromDay, toDay);
  }

  #read(query: string, ...bindings: (string | number)[]): DayReading[] {
    return this.#sql
      .exec<ReadingRow>(query, ...bindings)
      .toArray()
      .map(({ sku, day, body }) => ({ sku, day, reading: JSON.parse(body) as Reading }));
  }
}
