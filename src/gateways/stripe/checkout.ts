import { MINUTE_MS } from "../../domain/local-time.ts";
import { unknown } from "../exchange.ts";
import type { CreateOutcome, LinkRequest } from "../port.ts";
import type { Said } from "./client.ts";
import { refusal } from "./codes.ts";
import { REFERENCE, referenceOf, type Session } from "./objects.ts";

/** Checkout lives at least this long; whatever is to end earlier is ended by us. */
const SHORTEST_LIFE_MS = 30 * MINUTE_MS;
/** Names and descriptions that Stripe shows. */
const MAX_TEXT_LENGTH = 250;

/**
 * What every checkout is told. All of it follows from the request alone: asked again under the same key, Stripe
 * compares, and answers what it answered first.
 */
export const checkout = ({ reference, expiresAtMs, locale, returnUrl }: LinkRequest) => ({
  client_reference_id: reference,
  metadata: { [REFERENCE]: reference },
  expires_at: Math.ceil((expiresAtMs + SHORTEST_LIFE_MS) / 1_000),
  locale,
  success_url: returnUrl,
  cancel_url: returnUrl,
});

/** What came of asking for a checkout. */
export function created({ reference }: LinkRequest, answer: Said<Session>): CreateOutcome {
  if (answer.kind === "unknown") return answer;
  if (answer.kind === "refused") return refusal(answer.error);
  const { id: createdAs, url, expires_at } = answer.said;
  if (referenceOf(answer.said) !== reference || !url || !/^https?:/.test(url))
    return unknown("created something else");
  return { kind: "created", redirectUrl: url, createdAs, expiresAtMs: expires_at * 1_000 };
}

export const shownText = (text: string): string => [...text.trim()].slice(0, MAX_TEXT_LENGTH).join("");
