import type { GatewayClaim } from "../../domain/gateway.ts";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { readAmount } from "../amounts.ts";
import { unknown } from "../exchange.ts";
import type { CreateOutcome, LinkRequest, PaymentRequest } from "../port.ts";
import type { RawFields } from "../raw-json.ts";
import { creationFailure, PAID } from "./codes.ts";

const MAX_TEXT_LENGTH = 200;

/** MoMo counts whole minutes from when it is asked. */
export function orderExpiry({ expiresAtMs }: Pick<LinkRequest, "expiresAtMs">, askedAtMs: number) {
  const orderExpireTime = Math.max(1, Math.ceil((expiresAtMs - askedAtMs) / MINUTE_MS));
  return { orderExpireTime, expiresAtMs: askedAtMs + orderExpireTime * MINUTE_MS };
}

/** What MoMo answered when it was told of an order. */
export function created(
  answer: RawFields,
  { reference, amountMinor }: Pick<PaymentRequest, "reference" | "amountMinor">,
  expiresAtMs: number,
): CreateOutcome {
  const code = answer.get("resultCode") ?? "";
  if (code !== PAID) return creationFailure(code) ?? unknown(`resultCode ${code}`);
  const redirectUrl = answer.get("payUrl") ?? "";
  const isOurs = answer.get("orderId") === reference && answer.get("amount") === String(amountMinor);
  if (!isOurs || !/^https?:/.test(redirectUrl)) return unknown("created something else");
  return { kind: "created", redirectUrl, createdAs: null, expiresAtMs };
}

/** MoMo takes dong alone, so it names no currency. */
export function readClaim(fields: RawFields): GatewayClaim | null {
  const reference = fields.get("orderId");
  const merchant = fields.get("partnerCode");
  const amountMinor = readAmount(fields.get("amount"));
  const theirs = fields.get("transId");
  if (!reference || !merchant || amountMinor === null) return null;
  const theirId = theirs === undefined || theirs === "" || theirs === "0" ? null : theirs;
  return { reference, merchant, amountMinor, currency: "VND", theirId };
}

/**
 * A text that can't be taken for fields of a signed message: signatures are over `name=value&…` with the values as
 * they are, so an order named "x&orderId=…" would let a payer pass one payment's confirmation off as another's.
 */
export const plainText = (text: string): string =>
  [...text.replace(/[\s&=\p{Cc}]+/gu, " ").trim()].slice(0, MAX_TEXT_LENGTH).join("");
