import { desc, lt } from "drizzle-orm";
import { databaseOf } from "./database.ts";
import { auditTrail } from "./schema.ts";

export type AuditRow = typeof auditTrail.$inferSelect;

/** Records what operations did to the installation as a whole; what is done to an account is recorded there. */
export const recordAction = (env: Env, row: Omit<AuditRow, "n">) =>
  databaseOf(env, null).insert(auditTrail).values(row);

/** Newest first; one more than the limit, if there is one. */
export const listActions = (env: Env, before: number | undefined, limit: number): Promise<AuditRow[]> =>
  databaseOf(env, null)
    .select()
    .from(auditTrail)
    .where(before === undefined ? undefined : lt(auditTrail.n, before))
    .orderBy(desc(auditTrail.n))
    .limit(limit + 1);
