import type Stripe from "stripe";
import type { GatewayClaim, GatewayStanding } from "../../domain/gateway.ts";
import { MINUTE_MS } from "../../domain/local-time.ts";
import { unknown } from "../exchange.ts";
import type { GatewayDeps, KnownPayment, NotFound, QueryOutcome, Unknown } from "../port.ts";
import { ask, findIn, type Said } from "./client.ts";
import {
  FLOW,
  type Intent,
  intent,
  intentClaim,
  intentStanding,
  LINKED_FLOW,
  referenceOf,
  type Session,
  session,
  sessionClaim,
  sessionStanding,
} from "./objects.ts";

/** Our clock and Stripe's may differ by so much. */
const CLOCKS_APART_MS = 5 * MINUTE_MS;

type Found<T> = { readonly kind: "found"; readonly object: T } | NotFound | Unknown;

/** What we asked Stripe for earlier. Whose time is over here, that is ended there: Stripe itself would let it live longer. */
export interface Records {
  /** How a payment stands, whether it is paid by Checkout or was charged to a linked card. */
  queryPayment(payment: KnownPayment): Promise<QueryOutcome>;
  findSession(known: KnownPayment): Promise<Found<Session>>;
}

export function stripeRecords(stripe: Stripe, { nowMs }: Pick<GatewayDeps, "nowMs">): Records {
  const { sessions } = stripe.checkout;
  const intents = stripe.paymentIntents;

  async function queryPayment(payment: KnownPayment): Promise<QueryOutcome> {
    if (payment.createdAs?.startsWith("pi_")) return queryCharge(payment);
    const found = await findSession(payment);
    // What no answer gave a name may have been a charge.
    if (found.kind === "not_found") return queryCharge(payment);
    if (found.kind === "unknown") return found;
    return outcome(sessionStanding(found.object), sessionClaim(found.object));
  }

  async function queryCharge(payment: KnownPayment): Promise<QueryOutcome> {
    const found = await findIntent(payment);
    if (found.kind !== "found") return found;
    return outcome(intentStanding(found.object), intentClaim(found.object));
  }

  async function findSession(known: KnownPayment): Promise<Found<Session>> {
    const listed = () =>
      findIn(session, (page) => sessions.list({ ...page, created: during(known) }), isOurs(known));
    const expand = ["payment_intent", "setup_intent.payment_method"];
    const retrieved = (id: string) => ask(session, sessions.retrieve(id, { expand }));
    const found = await find(known, listed, retrieved);
    if (found.kind !== "found" || found.object.status !== "open" || !isOver(known)) return found;
    // Refused where its customer was faster: what it is now is asked.
    await ask(session, sessions.expire(found.object.id));
    return find({ ...known, createdAs: found.object.id }, listed, retrieved);
  }

  async function findIntent(known: KnownPayment): Promise<Found<Intent>> {
    const listed = () =>
      findIn(
        intent,
        (page) => intents.list({ ...page, created: during(known) }),
        (listed) => isOurs(known)(listed) && listed.metadata?.[FLOW] === LINKED_FLOW,
      );
    const retrieved = (id: string) => ask(intent, intents.retrieve(id));
    const found = await find(known, listed, retrieved);
    if (found.kind !== "found" || !isWaiting(found.object) || !isOver(known)) return found;
    await ask(intent, intents.cancel(found.object.id, { cancellation_reason: "abandoned" }));
    return find({ ...known, createdAs: found.object.id }, listed, retrieved);
  }

  const isOver = ({ expiresAtMs }: KnownPayment): boolean => nowMs() >= expiresAtMs;

  return { queryPayment, findSession };
}

/** By the name that Stripe gave it, or by ours among what was made while it was asked for. */
async function find<T extends Session | Intent>(
  known: KnownPayment,
  listed: () => Promise<Said<T | null>>,
  retrieved: (id: string) => Promise<Said<T>>,
): Promise<Found<T>> {
  let id = known.createdAs;
  if (id === null) {
    const answer = await listed();
    if (answer.kind !== "said") return uncertain(answer);
    if (answer.said === null) return { kind: "not_found" };
    id = answer.said.id;
  }
  const answer = await retrieved(id);
  // Stripe forgets nothing that it has named.
  if (answer.kind !== "said") return uncertain(answer);
  if (!isOurs(known)(answer.said)) return unknown("answered about something else");
  return { kind: "found", object: answer.said };
}

/** Whoever is refused an answer hasn't learnt anything. */
export const uncertain = (answer: Exclude<Said<unknown>, { readonly kind: "said" }>): Unknown =>
  answer.kind === "unknown" ? answer : unknown(`refused: ${answer.error.code ?? answer.error.rawType}`);

function outcome(standing: GatewayStanding, claim: GatewayClaim | null): QueryOutcome {
  if (standing.kind !== "succeeded") return standing;
  return claim?.theirId ? { kind: "succeeded", claim } : unknown("paid, but not what and how much");
}

const isOurs =
  ({ reference }: KnownPayment) =>
  (object: Session | Intent): boolean =>
    referenceOf(object) === reference;

/** It waits for its customer. */
const isWaiting = (charge: Intent): boolean =>
  intentStanding(charge).kind === "pending" && charge.status.startsWith("requires_");

const during = ({ createdAtMs, expiresAtMs }: KnownPayment) => ({
  gte: seconds(createdAtMs - CLOCKS_APART_MS),
  lte: seconds(expiresAtMs + CLOCKS_APART_MS),
});

const seconds = (atMs: number): number => Math.floor(atMs / 1_000);
