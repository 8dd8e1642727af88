import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import type { TestAccount } from "../support/api.ts";
import { readTables, type Tables, tablesOf } from "../support/tables.ts";

/** Everything an account's object keeps, to be put back later. */
export const backUp = (account: TestAccount): Promise<Tables> => tablesOf(account.object);

/** Puts an account's object back to what it was, as a point-in-time restore does: it knows nothing of what came after. */
export async function restore(account: TestAccount, former: Tables): Promise<void> {
  await runInDurableObject(account.object, (_, { storage }) => {
    storage.transactionSync(() => putBack(storage.sql, former));
  });
  await evictDurableObject(account.object);
}

/** What is append-only for the worker must give way here. */
function putBack(sql: SqlStorage, former: Tables): void {
  const triggers = sql
    .exec<{ name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .toArray();
  for (const { name } of triggers) sql.exec(`DROP TRIGGER ${name}`);
  for (const table of Object.keys(readTables(sql))) {
    sql.exec(`DELETE FROM ${table}`);
    for (const row of former[table] ?? []) {
      const columns = Object.keys(row);
      const places = columns.map(() => "?").join(", ");
      sql.exec(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${places})`, ...Object.values(row));
    }
  }
  for (const trigger of triggers) sql.exec(trigger.sql);
}
