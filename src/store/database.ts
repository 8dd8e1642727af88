import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

export type Database = DrizzleD1Database;

/**
 * The read side's database for an account (null: for what belongs to no account). There is one today; this is the
 * one place that may choose among several. Reads go to the primary, so that customers see what they just did.
 */
export const databaseOf = (env: Env, _account: string | null): Database => drizzle(env.DB);
