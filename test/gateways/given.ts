import { type GatewayReference, gatewayReferenceOf } from "../../src/domain/gateway-reference.ts";
import type { CallbackVerdict, GatewayDeps } from "../../src/gateways/port.ts";

/** An hour at which Vietnam's day and month are others than in UTC. */
export const NOW_MS = Date.parse("2027-02-28T18:30:05.678Z");

export const REFERENCE: GatewayReference = gatewayReferenceOf({
  objectId: "0123456789abcdef".repeat(4),
  attempt: "Attempt",
});

/** What only reads and signs asks nobody. */
export const NO_NETWORK: GatewayDeps = {
  fetch: async (url) => {
    throw new Error(`nobody is asked here: ${url}`);
  },
  nowMs: () => NOW_MS,
  randomId: () => "7d444840-9dc0-11d1-b245-5ffdce74fad2",
};

/** A signature as the providers' own samples make it, in lower-case hex. */
export async function signatureOf(
  hash: "SHA-256" | "SHA-512",
  secret: string,
  text: string,
): Promise<string> {
  const utf8 = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", utf8.encode(secret), { name: "HMAC", hash }, false, [
    "sign",
  ]);
  const raw = new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(text)));
  return [...raw].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A callback that was believed; anything else fails the test. */
export function genuine(verdict: CallbackVerdict): CallbackVerdict & { readonly kind: "payment" } {
  if (verdict.kind !== "payment") throw new Error(`not genuine: ${JSON.stringify(verdict)}`);
  return verdict;
}

/** Every text that differs from this one in one character, deterministically chosen. */
export const withOneChanged = (text: string, at: number): string => {
  const index = at % text.length;
  const other = text.charAt(index) === "0" ? "1" : "0";
  return `${text.slice(0, index)}${other}${text.slice(index + 1)}`;
};
