import { eq } from "drizzle-orm";
import type { ProductId } from "../domain/ids.ts";
import { DAY_MS } from "../domain/local-time.ts";
import { databaseOf } from "./database.ts";
import { webhookSecrets } from "./schema.ts";

/** After a change, the secret before still signs for this long, so that a console can change over. */
export const PREVIOUS_SECRET_LIFE_MS = DAY_MS;
const SECRET_BYTES = 32;

/** Gives a product a new secret and returns it: the only time it is shown. Real time, as all signatures. */
export async function rotateWebhookSecret(env: Env, product: ProductId, realNowMs: number): Promise<string> {
  const secret = newSecret();
  const database = databaseOf(env, null);
  const [current] = await database.select().from(webhookSecrets).where(eq(webhookSecrets.product, product));
  const previous = current?.secret ?? null;
  const previousUntilMs = realNowMs + PREVIOUS_SECRET_LIFE_MS;
  await database
    .insert(webhookSecrets)
    .values({ product, secret, previous, previousUntilMs })
    .onConflictDoUpdate({ target: webhookSecrets.product, set: { secret, previous, previousUntilMs } });
  return secret;
}

/** What a call to a product is signed with now: its secret, and the one before while that is still good. */
export async function signingSecrets(env: Env, product: ProductId, realNowMs: number): Promise<string[]> {
  const [row] = await databaseOf(env, null)
    .select()
    .from(webhookSecrets)
    .where(eq(webhookSecrets.product, product));
  // Nothing is ever sent unsigned: a product that never asked for a secret can't verify, but neither can a forger.
  if (!row) return [await rotateWebhookSecret(env, product, realNowMs)];
  return row.previous !== null && realNowMs < row.previousUntilMs ? [row.secret, row.previous] : [row.secret];
}

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
