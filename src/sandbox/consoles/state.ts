import { and, eq, sql } from "drizzle-orm";
import { databaseOf } from "../../store/database.ts";
import { sandboxConsoles as consoles, sandboxConsoleResources as resources } from "../../store/schema.ts";

/** What can become of what a console is told to do for a paid line. What hangs is answered by hand. */
export const OUTCOMES = ["succeed", "fail", "hang"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a console of the sandbox was told by those who run it. */
export type ConsoleSettings = typeof consoles.$inferSelect;

export const allConsoles = (env: Env): Promise<ConsoleSettings[]> =>
  databaseOf(env, null).select().from(consoles).orderBy(consoles.product);

export async function consoleOf(env: Env, product: string): Promise<ConsoleSettings | null> {
  const [found] = await databaseOf(env, null).select().from(consoles).where(eq(consoles.product, product));
  return found ?? null;
}

/** Gives a product its console, or its console another secret. */
export async function putConsole(env: Env, product: string, webhookSecret: string): Promise<void> {
  await databaseOf(env, null)
    .insert(consoles)
    .values({ product, webhookSecret, next: "succeed" })
    .onConflictDoUpdate({ target: consoles.product, set: { webhookSecret: sql`excluded.webhook_secret` } });
}

/** Sets what becomes of the next resource; after it they succeed again. */
export async function setNext(env: Env, product: string, next: Outcome): Promise<void> {
  await databaseOf(env, null).update(consoles).set({ next }).where(eq(consoles.product, product));
}

/** What is to become of the resource that is being set up now. Of several at once, one gets what was set. */
async function useNext(env: Env, { product, next }: ConsoleSettings): Promise<Outcome> {
  if (next === "succeed") return next;
  const used = await databaseOf(env, null)
    .update(consoles)
    .set({ next: "succeed" })
    .where(and(eq(consoles.product, product), eq(consoles.next, next)))
    .returning();
  return used.length > 0 ? next : "succeed";
}

/** What billing waits to be answered about: the others are only told. */
const ANSWERED = ["resource.provision", "resource.resize", "resource.recover"];

export interface ReceivedCall {
  readonly type: string;
  readonly account: string;
  readonly resource: string;
  readonly sequence: number;
}

/**
 * Takes a call, and says what becomes of a resource that is to be set up, changed or recovered. What its first delivery decided stands for
 * all further ones; calls older than the last one change nothing.
 */
export async function take(
  env: Env,
  settings: ConsoleSettings,
  { type, account, resource, sequence }: ReceivedCall,
): Promise<Outcome | null> {
  const { product } = settings;
  const known = (await lastCalls(env, product, account)).get(resource);
  if (known && known.sequence >= sequence) return known.sequence === sequence ? known.outcome : null;
  const outcome = ANSWERED.includes(type) ? await useNext(env, settings) : null;
  await databaseOf(env, null)
    .insert(resources)
    .values({ product, account, resource, sequence, call: type, outcome })
    .onConflictDoUpdate({
      target: [resources.product, resources.account, resources.resource],
      set: { sequence: sql`excluded.sequence`, call: sql`excluded.call`, outcome: sql`excluded.outcome` },
      setWhere: sql`excluded.sequence > sequence`,
    });
  return outcome;
}

export type LastCall = typeof resources.$inferSelect;

/** The last call that a console took about each of an account's resources. */
export async function lastCalls(
  env: Env,
  product: string,
  account: string,
): Promise<ReadonlyMap<string, LastCall>> {
  const rows = await databaseOf(env, null)
    .select()
    .from(resources)
    .where(and(eq(resources.product, product), eq(resources.account, account)));
  return new Map(rows.map((row) => [row.resource, row]));
}
