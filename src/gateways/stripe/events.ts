import { z } from "zod";
import type { GatewayClaim, GatewayStanding } from "../../domain/gateway.ts";
import type { CallbackVerdict } from "../port.ts";
import { failed } from "./codes.ts";
import {
  CHECKOUT_FLOW,
  FLOW,
  intent,
  intentClaim,
  intentStanding,
  referenceOf,
  refund,
  session,
  sessionClaim,
  sessionStanding,
} from "./objects.ts";

type PaymentVerdict = Extract<CallbackVerdict, { readonly kind: "payment" }>;

const event = z.object({
  object: z.literal("event"),
  type: z.string(),
  /** Somebody else's account, in whose name ours may act: none of our payments are there. */
  account: z.string().nullish(),
  data: z.object({ object: z.looseObject({ object: z.string() }) }),
});
type Told = z.infer<typeof event>;

const IRRELEVANT: CallbackVerdict = { kind: "irrelevant" };
const UNREADABLE: CallbackVerdict = { kind: "malformed", detail: "a field is missing or unreadable" };
const ASYNC_FAILED = "checkout.session.async_payment_failed";

/** Which events say something of what we keep. */
const READERS: Readonly<Record<string, (told: Told, raw: string) => CallbackVerdict>> = {
  "checkout.session.completed": readSession,
  "checkout.session.async_payment_succeeded": readSession,
  [ASYNC_FAILED]: readSession,
  "checkout.session.expired": readSession,
  "payment_intent.succeeded": readIntent,
  "payment_intent.payment_failed": readIntent,
  "payment_intent.canceled": readIntent,
  "refund.updated": readRefund,
  "refund.failed": readRefund,
  "charge.refund.updated": readRefund,
};

/** What an event whose signature was verified is worth. Objects that don't carry our reference aren't ours. */
export function readEvent(raw: string): CallbackVerdict {
  const read = event.safeParse(parsed(raw));
  if (!read.success) return { kind: "malformed", detail: "no event" };
  return READERS[read.data.type]?.(read.data, raw) ?? IRRELEVANT;
}

function readSession(told: Told, raw: string): CallbackVerdict {
  const read = session.safeParse(told.data.object);
  if (!read.success) return UNREADABLE;
  const reference = referenceOf(read.data);
  if (reference === null) return IRRELEVANT;
  if (read.data.mode === "setup") return { kind: "link", reference, grant: null };
  // It names the payment that failed, and doesn't show it.
  const standing = told.type === ASYNC_FAILED ? failed("declined", told.type) : sessionStanding(read.data);
  return verdict(told, sessionClaim(read.data), standing, raw);
}

/** A card that Checkout was refused may be followed by another one: what has become of it is its session's to say. */
function readIntent(told: Told, raw: string): CallbackVerdict {
  const read = intent.safeParse(told.data.object);
  if (!read.success) return UNREADABLE;
  const standing = intentStanding(read.data);
  const isCheckouts = read.data.metadata?.[FLOW] === CHECKOUT_FLOW;
  if (referenceOf(read.data) === null || (isCheckouts && standing.kind !== "succeeded")) return IRRELEVANT;
  return verdict(told, intentClaim(read.data), standing, raw);
}

function readRefund(told: Told): CallbackVerdict {
  const read = refund.safeParse(told.data.object);
  if (!read.success) return UNREADABLE;
  const reference = referenceOf(read.data);
  return reference === null ? IRRELEVANT : { kind: "refund", reference };
}

function verdict(
  { account }: Told,
  claim: GatewayClaim | null,
  standing: GatewayStanding,
  raw: string,
): PaymentVerdict | typeof UNREADABLE {
  if (!claim) return UNREADABLE;
  return { kind: "payment", claim: account ? { ...claim, merchant: account } : claim, standing, raw };
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}
