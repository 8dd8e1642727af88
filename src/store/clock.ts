import { eq, sql } from "drizzle-orm";
import { databaseOf } from "./database.ts";
import { sandboxClock } from "./schema.ts";

const ONLY_ROW = 1;

export const isSandbox = (env: Env): boolean => env.SANDBOX === "true";

/** The instant at which a sandbox's clock was made to stand, or null where business runs in real time. */
export async function simulatedNowMs(env: Env): Promise<number | null> {
  if (!isSandbox(env)) return null;
  const [row] = await databaseOf(env, null).select().from(sandboxClock).where(eq(sandboxClock.id, ONLY_ROW));
  return row?.nowMs ?? null;
}

/** Makes a sandbox's business time stand at an instant, or (null) run in real time again. */
export async function setSimulatedNow(env: Env, nowMs: number | null): Promise<void> {
  const database = databaseOf(env, null);
  if (nowMs === null) {
    await database.delete(sandboxClock);
    return;
  }
  await database
    .insert(sandboxClock)
    .values({ id: ONLY_ROW, nowMs })
    .onConflictDoUpdate({ target: sandboxClock.id, set: { nowMs: sql`excluded.now_ms` } });
}
