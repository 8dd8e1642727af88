import Stripe from "stripe";
import type { z } from "zod";
import { unknown } from "../exchange.ts";
import type { GatewayDeps, Unknown } from "../port.ts";
import { readText } from "../read-text.ts";

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 1_024 * 1_024;
/** A request that comes while Stripe is at the same one comes again after these. */
const CONFLICT_WAITS_MS = [200, 400, 800, 1_600];
/** What Stripe lists at once, and how far a list is followed. */
const PAGE_SIZE = 100;
const MAX_LISTED = 1_000;

/** Stripe's own words for why it did nothing. */
export interface Refused {
  readonly kind: "refused";
  readonly error: Stripe.errors.StripeError;
}

export type Said<T> = { readonly kind: "said"; readonly said: T } | Refused | Unknown;

/**
 * Stripe's package, over the fetch that it is given. What is lost it doesn't repeat: that is asked about, or
 * comes again under its own key.
 */
export function stripeClient(secretKey: string, baseUrl: string, { fetch }: GatewayDeps): Stripe {
  const { protocol, hostname, port } = new URL(baseUrl);
  const isPlain = protocol === "http:";
  return new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(bounded(fetch)),
    protocol: isPlain ? "http" : "https",
    host: hostname,
    port: port || (isPlain ? 80 : 443),
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS,
    telemetry: false,
  });
}

/**
 * A redirect would take our key to somebody else; an answer without end, and one of a broken server, is none. While
 * Stripe is at the same request under the same key, it is waited for: its answer is for both.
 */
const bounded =
  (fetch: GatewayDeps["fetch"]): typeof globalThis.fetch =>
  async (url, init) => {
    const send = () => fetch(String(url), { ...init, redirect: "manual" });
    let answer = await send();
    for (const waitMs of CONFLICT_WAITS_MS) {
      if (answer.status !== 409) break;
      await answer.body?.cancel();
      await new Promise((done) => setTimeout(done, waitMs));
      answer = await send();
    }
    const text = answer.status >= 500 ? null : await readText(answer, MAX_ANSWER_BYTES);
    if (text === null) throw new Error(`answered ${answer.status}, unreadable`);
    return new Response(text || null, { status: answer.status, headers: answer.headers });
  };

/**
 * Asks Stripe for an object. Only what Stripe itself refused did certainly nothing; whatever else isn't the object
 * leaves unknown what it did.
 */
export async function ask<T>(schema: z.ZodType<T>, asked: Promise<unknown>): Promise<Said<T>> {
  return attempt(async () => {
    const read = schema.safeParse(await asked);
    return read.success ? { kind: "said", said: read.data } : unknown("answered something else");
  });
}

/** Looks through a list, newest first; null where all of it was seen and nothing fits. */
export async function findIn<T>(
  schema: z.ZodType<T>,
  list: (page: { limit: number }) => AsyncIterable<unknown>,
  fits: (listed: T) => boolean,
): Promise<Said<T | null>> {
  return attempt(async () => {
    let seen = 0;
    for await (const listed of list({ limit: PAGE_SIZE })) {
      const read = schema.safeParse(listed);
      if (!read.success) return unknown("listed something else");
      if (fits(read.data)) return { kind: "said", said: read.data };
      seen += 1;
      if (seen === MAX_LISTED) return unknown(`not among the newest ${MAX_LISTED}`);
    }
    return { kind: "said", said: null };
  });
}

async function attempt<T>(asking: () => Promise<Said<T>>): Promise<Said<T>> {
  try {
    return await asking();
  } catch (error) {
    if (isRefusal(error)) return { kind: "refused", error };
    return unknown(describe(error));
  }
}

const { StripeCardError, StripeInvalidRequestError, StripeAuthenticationError, StripePermissionError } =
  Stripe.errors;

const isRefusal = (error: unknown): error is Stripe.errors.StripeError =>
  [StripeCardError, StripeInvalidRequestError, StripeAuthenticationError, StripePermissionError].some(
    (refusal) => error instanceof refusal,
  );

/** What Stripe calls it, and no more: its messages may name customers. */
function describe(error: unknown): string {
  if (!(error instanceof Stripe.errors.StripeError)) return String(error);
  const { type, code, statusCode, detail } = error;
  return [type, code, statusCode, detail].filter((part) => part !== undefined).join(" ");
}
