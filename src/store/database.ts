import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

/**
 * The read side's database for an account (null: for what belongs to no account). There is one today; this is the
 * one place that may choose among several. Reads go to the primary, so that customers see what they just did.
 */
export const d1Of = (env: Env, _account: string | null): D1Database => env.DB;

/** The same, for queries. */
export const databaseOf = (env: Env, account: string | null): DrizzleD1Database =>
  drizzle(d1Of(env, account));
