import { desc, lt } from "drizzle-orm";
import { databaseOf } from "./database.ts";
import { alerts, deadCalls } from "./schema.ts";

export type AlertRow = typeof alerts.$inferSelect;
export type DeadCallListing = typeof deadCalls.$inferSelect;

/** What operations must look at, newest first; one more than the limit, if there is one. */
export const listAlerts = (env: Env, beforeMs: number | undefined, limit: number): Promise<AlertRow[]> =>
  databaseOf(env, null)
    .select()
    .from(alerts)
    .where(beforeMs === undefined ? undefined : lt(alerts.atMs, beforeMs))
    .orderBy(desc(alerts.atMs), desc(alerts.key))
    .limit(limit + 1);

/** Console calls that wait for somebody's decision, newest first; one more than the limit, if there is one. */
export const listDeadCalls = (
  env: Env,
  beforeMs: number | undefined,
  limit: number,
): Promise<DeadCallListing[]> =>
  databaseOf(env, null)
    .select()
    .from(deadCalls)
    .where(beforeMs === undefined ? undefined : lt(deadCalls.atMs, beforeMs))
    .orderBy(desc(deadCalls.atMs), desc(deadCalls.resource))
    .limit(limit + 1);
