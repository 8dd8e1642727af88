import type { ProductId } from "../domain/ids.ts";
import { DAY_MS } from "../domain/local-time.ts";
import { d1Of } from "./database.ts";

/** After a change, the secret before still signs for this long, so that a console can change over. */
export const PREVIOUS_SECRET_LIFE_MS = DAY_MS;
const SECRET_BYTES = 32;

/** Gives a product a new secret and returns it: the only time it is shown. Real time, as all signatures. */
export async function rotateWebhookSecret(env: Env, product: ProductId, realNowMs: number): Promise<string> {
  const database = d1Of(env, null);
  const secret = newSecret();
  await database.batch([
    database
      .prepare("DELETE FROM webhook_secrets WHERE product = ? AND valid_until_ms <= ?")
      .bind(product, realNowMs),
    database
      .prepare("UPDATE webhook_secrets SET valid_until_ms = ? WHERE product = ? AND valid_until_ms IS NULL")
      .bind(realNowMs + PREVIOUS_SECRET_LIFE_MS, product),
    database.prepare("INSERT INTO webhook_secrets VALUES (?, ?, NULL)").bind(product, secret),
  ]);
  return secret;
}

/** What a call to a product is signed with now: its present secret first, then the former ones that are still good. */
export async function signingSecrets(env: Env, product: ProductId, realNowMs: number): Promise<string[]> {
  const database = d1Of(env, null);
  // Nothing is ever sent unsigned: a product that never asked for a secret can't verify, but neither can a forger.
  const make = `INSERT INTO webhook_secrets SELECT ?1, ?2, NULL
    WHERE NOT EXISTS (SELECT 1 FROM webhook_secrets WHERE product = ?1 AND valid_until_ms IS NULL)`;
  const find = `SELECT secret FROM webhook_secrets WHERE product = ?1 AND (valid_until_ms IS NULL OR valid_until_ms > ?2)
    ORDER BY valid_until_ms IS NOT NULL, valid_until_ms DESC`;
  const read = () => database.prepare(find).bind(product, realNowMs).all<{ secret: string }>();
  const known = await read();
  if (known.results.length > 0) return known.results.map(({ secret }) => secret);
  await database.prepare(make).bind(product, newSecret()).run();
  return (await read()).results.map(({ secret }) => secret);
}

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
