import { desc } from "drizzle-orm";
import { databaseOf } from "./database.ts";
import { after, type Position } from "./paging.ts";
import { alerts, deadCalls } from "./schema.ts";

export type AlertRow = typeof alerts.$inferSelect;
export type DeadCallListing = typeof deadCalls.$inferSelect;

/** What operations must look at, newest first; one more than the limit, if there is one. */
export const listAlerts = (env: Env, before: Position | undefined, limit: number): Promise<AlertRow[]> =>
  databaseOf(env, null)
    .select()
    .from(alerts)
    .where(after(alerts.atMs, alerts.key, before))
    .orderBy(desc(alerts.atMs), desc(alerts.key))
    .limit(limit + 1);

/** Console calls that wait for somebody's decision, newest first; one more than the limit, if there is one. */
export const listDeadCalls = (
  env: Env,
  before: Position | undefined,
  limit: number,
): Promise<DeadCallListing[]> =>
  databaseOf(env, null)
    .select()
    .from(deadCalls)
    .where(after(deadCalls.atMs, deadCalls.resource, before))
    .orderBy(desc(deadCalls.atMs), desc(deadCalls.resource))
    .limit(limit + 1);
