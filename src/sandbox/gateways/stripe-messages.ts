import { hmac } from "../../gateways/hmac.ts";
import type { Sender } from "./callbacks.ts";
import type { Host } from "./hosted.ts";
import type { LinkHost } from "./hosted-links.ts";
import type { SimulatedLink } from "./links.ts";
import { type SimulatedPayment, theirIdOf } from "./payments.ts";

/** Where Stripe's pages are: what is paid or confirmed there, and what is linked. */
export const PAGE = "/c/pay";
export const LINK_PAGE = "/c/setup";
export const MERCHANT = "stripe_test";
const API_VERSION = "2026-10-28.endive";

/** Why cards aren't charged, as errors and payments say it. */
const DECLINED = { type: "card_error", code: "card_declined", decline_code: "generic_decline" } as const;
export const NO_FUNDS = { ...DECLINED, decline_code: "insufficient_funds" } as const;
export const TO_CONFIRM = {
  type: "card_error",
  code: "authentication_required",
  decline_code: "authentication_required",
} as const;
const NOT_CONFIRMED = { type: "card_error", code: "payment_intent_authentication_failure" };

export const sessionIdOf = (payment: SimulatedPayment): string => `cs_test_${theirIdOf(payment)}`;
export const intentIdOf = (payment: SimulatedPayment): string => `pi_${theirIdOf(payment)}`;

/** As of when, and how rightly, something is told: `isPending` while a slow method takes its time. */
interface Told {
  readonly nowMs: number;
  readonly isPending?: boolean;
  readonly amountMinor?: number;
}

export function sessionOf(payment: SimulatedPayment, told: Told) {
  const { reference, request, state, createdAtMs, expiresAtMs, amountMinor } = payment;
  const isOver = state === "open" && told.nowMs >= expiresAtMs;
  return {
    ...{ id: sessionIdOf(payment), object: "checkout.session", livemode: false, mode: "payment" },
    ...{ client_reference_id: reference, metadata: metadataOf(request.metadata), customer: null },
    ...{ amount_total: told.amountMinor ?? amountMinor, currency: "vnd" },
    status: state === "open" ? (isOver ? "expired" : "open") : "complete",
    payment_status: state === "paid" && !told.isPending ? "paid" : "unpaid",
    payment_intent: state === "open" ? null : intentIdOf(payment),
    setup_intent: null,
    url: state === "open" && !isOver ? `${request.origin}${PAGE}?s=${sessionIdOf(payment)}` : null,
    ...{ success_url: request.successUrl, cancel_url: request.cancelUrl },
    ...{ created: seconds(createdAtMs), expires_at: seconds(expiresAtMs) },
  };
}

export function intentOf(payment: SimulatedPayment, told: Told) {
  const { createdAtMs, amountMinor, request, description } = payment;
  const amount = told.amountMinor ?? amountMinor;
  const standing = intentStanding(payment, told);
  return {
    ...{ id: intentIdOf(payment), object: "payment_intent", livemode: false, currency: "vnd", amount },
    ...{ amount_received: standing.status === "succeeded" ? amount : 0 },
    ...{ last_payment_error: null, next_action: null, ...standing },
    ...{ description, metadata: metadataOf(request.intentMetadata), created: seconds(createdAtMs) },
  };
}

function intentStanding(payment: SimulatedPayment, { nowMs, isPending }: Told) {
  const { state, request, expiresAtMs } = payment;
  const refused = (last_payment_error: object) => ({ status: "requires_payment_method", last_payment_error });
  if (isPending) return { status: "processing" };
  if (state === "paid") return { status: "succeeded" };
  if (state === "refused")
    return refused(request.charge === "asks" ? NOT_CONFIRMED : request.charge ? NO_FUNDS : DECLINED);
  const isOver = nowMs >= expiresAtMs;
  if (request.charge !== "asks") return isOver ? refused(DECLINED) : { status: "processing" };
  if (isOver) return { status: "canceled" };
  if (request.successUrl === undefined) return refused(TO_CONFIRM);
  const url = `${request.origin}${PAGE}?s=${intentIdOf(payment)}`;
  return {
    status: "requires_action",
    next_action: {
      type: "redirect_to_url",
      redirect_to_url: { url, return_url: request.successUrl },
    },
  };
}

/** A checkout that links a card: no money, but a payment method at its end. */
export function setupSessionOf(link: SimulatedLink, nowMs: number) {
  const { token, reference, request, state, createdAtMs, expiresAtMs } = link;
  const isOpen = state === "open" && nowMs < expiresAtMs;
  const isComplete = state === "linked" || state === "removed";
  return {
    ...{ id: `cs_test_${token}`, object: "checkout.session", livemode: false, mode: "setup" },
    ...{ client_reference_id: reference, metadata: metadataOf(request.metadata), customer: request.customer },
    ...{ amount_total: null, currency: null, payment_status: "no_payment_required", payment_intent: null },
    status: isComplete ? "complete" : isOpen ? "open" : "expired",
    setup_intent: isComplete ? `seti_${token}` : null,
    url: isOpen ? `${request.origin}${LINK_PAGE}?s=cs_test_${token}` : null,
    ...{ success_url: request.successUrl, cancel_url: request.cancelUrl },
    ...{ created: seconds(createdAtMs), expires_at: seconds(expiresAtMs) },
  };
}

export const setupOf = (link: SimulatedLink) => ({
  ...{ id: `seti_${link.token}`, object: "setup_intent", usage: "off_session" },
  ...{ status: "succeeded", payment_method: methodOf(link) },
});

export const methodOf = ({ token, state, request }: SimulatedLink) => ({
  ...{ id: `pm_${token}`, object: "payment_method", type: "card" },
  customer: state === "linked" ? request.customer : null,
  card: { brand: "visa", last4: "4242" },
});

const metadataOf = (kept: string | undefined): Readonly<Record<string, string>> => JSON.parse(kept ?? "{}");

export const seconds = (atMs: number): number => Math.floor(atMs / 1_000);

/** Stripe spaces what it sends out; its signature is over that. */
export const eventText = (type: string, object: object): string =>
  JSON.stringify(
    {
      id: `evt_${crypto.randomUUID().replaceAll("-", "")}`,
      object: "event",
      api_version: API_VERSION,
      created: seconds(Date.now()),
      data: { object },
      livemode: false,
      pending_webhooks: 1,
      type,
    },
    null,
    2,
  );

const sending: Sender = {
  /** Signed anew whenever it is sent. */
  async headers(env, { body, isForged }) {
    const time = seconds(Date.now());
    const signature = await hmac("SHA-256", env.STRIPE_WEBHOOK_SECRET ?? "").sign(
      `${time}.${body}${isForged ? " " : ""}`,
    );
    return { "Stripe-Signature": `t=${time},v1=${signature}` };
  },
  isTaken: (status) => status >= 200 && status < 300,
};

export const stripeHost: Host = {
  ...sending,
  ...{ gateway: "stripe", name: "Stripe", path: PAGE },
  async message(_, { payment, isPending, amountMinor, isForged }) {
    const told = { nowMs: Date.now(), isPending, amountMinor };
    const isPaid = payment.state === "paid";
    const body =
      payment.request.charge === undefined
        ? eventText(
            isPaid || isPending ? "checkout.session.completed" : "checkout.session.async_payment_failed",
            sessionOf(payment, told),
          )
        : eventText(
            `payment_intent.${isPending ? "processing" : isPaid ? "succeeded" : "payment_failed"}`,
            intentOf(payment, told),
          );
    return { method: "POST", url: payment.request.webhook ?? "", body, isForged };
  },
  async wayBack(_, { request }) {
    return request.successUrl ?? "";
  },
};

export const stripeLinkHost: LinkHost = {
  ...sending,
  ...{ gateway: "stripe", name: "Stripe", path: LINK_PAGE },
  /** Who refuses a card leaves, and is waited for no longer. */
  async message(_, link, isForged) {
    const type = `checkout.session.${link.state === "linked" ? "completed" : "expired"}`;
    const body = eventText(type, setupSessionOf(link, Date.now()));
    return { method: "POST", url: link.request.webhook ?? "", body, isForged };
  },
  async wayBack(_, { request }) {
    return request.successUrl ?? "";
  },
};
