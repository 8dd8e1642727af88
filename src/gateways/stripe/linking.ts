import type Stripe from "stripe";
import { z } from "zod";
import { unknown } from "../exchange.ts";
import type {
  ChargeOutcome,
  ChargeRequest,
  CreateOutcome,
  KnownLink,
  LinkedToken,
  Linking,
  LinkOutcome,
  LinkRequest,
  UnlinkOutcome,
} from "../port.ts";
import { checkout, created, shownText } from "./checkout.ts";
import { ask } from "./client.ts";
import { AUTHENTICATION_REQUIRED, failed, isMissing, refusal } from "./codes.ts";
import {
  FLOW,
  type Intent,
  idOf,
  intent,
  intentClaim,
  intentStanding,
  LINKED_FLOW,
  type Method,
  method,
  REFERENCE,
  referenceOf,
  session,
} from "./objects.ts";
import type { Records } from "./records.ts";

const BRANDS: Readonly<Record<string, string>> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
};

const customer = z.object({ id: z.string(), object: z.literal("customer") });

/** Cards that customers keep with Stripe, each under a customer of its own. */
export function stripeLinking(stripe: Stripe, records: Records): Linking {
  const { customers, paymentIntents, paymentMethods } = stripe;

  async function link(request: LinkRequest): Promise<CreateOutcome> {
    const { reference } = request;
    const kept = await ask(
      customer,
      customers.create(
        { description: shownText(request.description), metadata: { [REFERENCE]: reference } },
        { idempotencyKey: `customer-${reference}` },
      ),
    );
    if (kept.kind === "unknown") return kept;
    if (kept.kind === "refused") return refusal(kept.error);
    return created(
      request,
      await ask(
        session,
        stripe.checkout.sessions.create(
          {
            ...checkout(request),
            mode: "setup",
            allowed_payment_method_types: ["card"],
            customer: kept.said.id,
            setup_intent_data: {
              metadata: { [REFERENCE]: reference },
              description: shownText(request.description),
            },
          },
          { idempotencyKey: reference },
        ),
      ),
    );
  }

  async function readLink(known: KnownLink): Promise<LinkOutcome> {
    const found = await records.findSession(known);
    if (found.kind !== "found") return found;
    const { status, setup_intent: setup, customer: keeper } = found.object;
    if (status === "expired") return failed("expired", status);
    if (status !== "complete") return { kind: "pending" };
    if (typeof setup !== "object" || setup === null) return unknown("linked, but not what");
    if (setup.status !== "succeeded") return { kind: "pending" };
    const card = typeof setup.payment_method === "object" ? setup.payment_method : null;
    const keeperId = idOf(keeper);
    if (!card || keeperId === null) return unknown("linked, but not what");
    return { kind: "linked", token: tokenOf({ customer: keeperId, method: card.id }), label: labelOf(card) };
  }

  /**
   * A charge that its customer must confirm is the same payment intent still: confirmed once more with the customer
   * there, it says where they do so. Nothing else is opened for it, so it can't be paid twice.
   */
  async function charge(request: ChargeRequest): Promise<ChargeOutcome> {
    const { reference, from } = request;
    const { customer: keeper, method: card } = readToken(from.token);
    const answer = await ask(
      intent,
      paymentIntents.create(
        {
          amount: request.amountMinor,
          currency: request.currency.toLowerCase(),
          customer: keeper,
          payment_method: card,
          allowed_payment_method_types: ["card"],
          off_session: true,
          confirm: true,
          description: shownText(request.description),
          metadata: { [REFERENCE]: reference, [FLOW]: LINKED_FLOW },
        },
        { idempotencyKey: reference },
      ),
    );
    if (answer.kind === "unknown") return answer;
    if (answer.kind === "said") return chargeOutcome(request, answer.said);
    const { error } = answer;
    if (error.code === AUTHENTICATION_REQUIRED) return confirmed(request, card, error.payment_intent);
    if (error.rawType === "invalid_request_error" && error.statusCode !== 401 && error.statusCode !== 403)
      return (await isKept(from)) === false ? failed("link_gone", error.code ?? "detached") : refusal(error);
    return refusal(error);
  }

  async function confirmed(request: ChargeRequest, card: string, refused: unknown): Promise<ChargeOutcome> {
    const begun = intent.safeParse(refused);
    if (!begun.success) return unknown("is to be confirmed, but not which");
    const answer = await ask(
      intent,
      paymentIntents.confirm(
        begun.data.id,
        { payment_method: card, return_url: request.returnUrl },
        { idempotencyKey: `confirm-${request.reference}` },
      ),
    );
    if (answer.kind === "unknown") return answer;
    return answer.kind === "said" ? chargeOutcome(request, answer.said) : refusal(answer.error);
  }

  async function unlink({ token }: LinkedToken): Promise<UnlinkOutcome> {
    const answer = await ask(method, paymentMethods.detach(readToken(token).method));
    if (answer.kind === "unknown") return answer;
    if (answer.kind === "said") return { kind: "unlinked" };
    // Detached before, or with its customer.
    if ((await isKept({ token })) === false) return { kind: "unlinked" };
    return refusal(answer.error);
  }

  /** Whether a card still is with the customer that it was linked for; null where that couldn't be learnt. */
  async function isKept({ token }: Pick<LinkedToken, "token">): Promise<boolean | null> {
    const { customer: keeper, method: card } = readToken(token);
    const answer = await ask(method, paymentMethods.retrieve(card));
    if (answer.kind === "refused") return isMissing(answer.error) ? false : null;
    return answer.kind === "said" ? idOf(answer.said.customer) === keeper : null;
  }

  return { link, readLink, charge, unlink };
}

function chargeOutcome(request: ChargeRequest, charged: Intent): ChargeOutcome {
  if (referenceOf(charged) !== request.reference) return unknown("charged something else");
  const createdAs = charged.id;
  const redirectUrl = charged.next_action?.redirect_to_url?.url;
  if (charged.status === "requires_action" && redirectUrl)
    return { kind: "needs_customer", redirectUrl, createdAs };
  const standing = intentStanding(charged);
  if (standing.kind === "pending") return { kind: "pending", createdAs };
  if (standing.kind === "failed") return standing;
  const claim = intentClaim(charged);
  return claim ? { kind: "succeeded", claim } : unknown("charged, but not what and how much");
}

interface Card {
  readonly customer: string;
  readonly method: string;
}

/** Neither of Stripe's names holds a colon. */
const tokenOf = ({ customer, method }: Card): string => `${customer}:${method}`;

function readToken(token: string): Card {
  const [customer = "", method = ""] = token.split(":");
  return { customer, method };
}

const labelOf = ({ card }: Method): string | null =>
  card ? `${BRANDS[card.brand] ?? card.brand} •••• ${card.last4}` : null;
