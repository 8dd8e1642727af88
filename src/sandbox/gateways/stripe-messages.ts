import { hmac } from "../../gateways/hmac.ts";
import type { Host } from "./hosted.ts";
import { type SimulatedPayment, theirIdOf } from "./payments.ts";

/** Where Stripe's page is. */
export const PAGE = "/c/pay";
const API_VERSION = "2026-10-28.endive";
const DECLINED = { type: "card_error", code: "card_declined", decline_code: "generic_decline" };

export const sessionIdOf = (payment: SimulatedPayment): string => `cs_test_${theirIdOf(payment)}`;
export const intentIdOf = (payment: SimulatedPayment): string => `pi_${theirIdOf(payment)}`;

/** How much of a payment is told: `pending` while a slow method takes its time. */
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
  const { state, createdAtMs, amountMinor, request, description } = payment;
  const amount = told.amountMinor ?? amountMinor;
  const isPaid = state === "paid" && !told.isPending;
  return {
    ...{ id: intentIdOf(payment), object: "payment_intent", livemode: false, currency: "vnd", amount },
    amount_received: isPaid ? amount : 0,
    status: isPaid ? "succeeded" : told.isPending ? "processing" : "requires_payment_method",
    last_payment_error: state === "refused" && !told.isPending ? DECLINED : null,
    next_action: null,
    ...{ description, metadata: metadataOf(request.intentMetadata), created: seconds(createdAtMs) },
  };
}

export const metadataOf = (kept: string | undefined): Readonly<Record<string, string>> =>
  JSON.parse(kept ?? "{}");

export const seconds = (atMs: number): number => Math.floor(atMs / 1_000);

/** Stripe spaces what it sends out; its signature is over that. */
const eventText = (type: string, object: object): string =>
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

export const stripeHost: Host = {
  gateway: "stripe",
  name: "Stripe",
  path: PAGE,
  async message(_, { payment, isPending, amountMinor }) {
    const session = sessionOf(payment, { nowMs: Date.now(), isPending, amountMinor });
    const hasFailed = payment.state === "refused" && !isPending;
    const type = hasFailed ? "checkout.session.async_payment_failed" : "checkout.session.completed";
    return { method: "POST", url: payment.request.webhook ?? "", body: eventText(type, session) };
  },
  /** Signed anew whenever it is sent. */
  async headers(env, { body, isForged }) {
    const time = seconds(Date.now());
    const signature = await hmac("SHA-256", env.STRIPE_WEBHOOK_SECRET ?? "").sign(
      `${time}.${body}${isForged ? " " : ""}`,
    );
    return { "Stripe-Signature": `t=${time},v1=${signature}` };
  },
  isTaken: (status) => status >= 200 && status < 300,
  async wayBack(_, { request }) {
    return request.successUrl ?? "";
  },
};
