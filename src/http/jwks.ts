import type { HonoJsonWebKey } from "hono/utils/jwt/jws";
import { z } from "zod";
import { MINUTE_MS } from "../domain/local-time.ts";

/** An identity provider's keys are fetched again after this long. */
const KEYS_LIFE_MS = 5 * MINUTE_MS;
/** A token with a key we don't know makes us look again, but no more often than this. */
const LOOK_AGAIN_MS = 30_000;
const FETCH_TIMEOUT_MS = 5_000;

/** An answer without keys is a fault of the provider's, not an answer to remember. */
const keySet = z.object({ keys: z.array(z.custom<HonoJsonWebKey>(isKey)).min(1) });

function isKey(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kty" in value && "kid" in value;
}

interface KeySet {
  readonly keys: HonoJsonWebKey[];
  readonly fetchedAtMs: number;
}

const known = new Map<string, KeySet>();

/** The keys an identity provider publishes, fresh enough to hold `keyId` if it exists. Throws when they can't be had. */
export async function publishedKeys(
  url: string,
  keyId: string | undefined,
  nowMs: number,
): Promise<HonoJsonWebKey[]> {
  const cached = known.get(url);
  if (cached) {
    const ageMs = nowMs - cached.fetchedAtMs;
    const hasKey = cached.keys.some(({ kid }) => kid === keyId);
    if (ageMs < (hasKey ? KEYS_LIFE_MS : LOOK_AGAIN_MS)) return cached.keys;
  }
  const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`the key set's address answered ${answer.status}`);
  const { keys } = keySet.parse(await answer.json());
  known.set(url, { keys, fetchedAtMs: nowMs });
  return keys;
}
