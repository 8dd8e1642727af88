import type { GatewayDeps, Unknown } from "./port.ts";
import { type RawFields, readRawJson } from "./raw-json.ts";
import { readText } from "./read-text.ts";

/** Providers ask for at least 30 s: whoever hangs up earlier doesn't learn what became of the payment. */
const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 256 * 1_024;

export const unknown = (detail: string): Unknown => ({ kind: "unknown", detail });

/** `text` is the whole of it, for what `fields` leave out. */
export type Answer =
  | { readonly kind: "answered"; readonly fields: RawFields; readonly text: string }
  | Unknown;

/** Asks a provider. Whatever isn't a JSON object from the provider itself leaves unknown what it did. */
export async function ask({ fetch }: GatewayDeps, url: string, body: object): Promise<Answer> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json; charset=UTF-8" },
      body: JSON.stringify(body),
      // A redirect would take the signed request to somebody else.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await readText(answer, MAX_ANSWER_BYTES);
    const fields = text === null || answer.status >= 500 ? null : readRawJson(text);
    return text !== null && fields
      ? { kind: "answered", fields, text }
      : unknown(`answered ${answer.status}, unreadable`);
  } catch (error) {
    return unknown(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}
