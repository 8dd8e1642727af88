import { z } from "zod";
import { DAY_MS, MINUTE_MS } from "../../domain/local-time.ts";
import { REFERENCE } from "../../gateways/stripe/objects.ts";
import { now } from "../../http/clock.ts";
import { routes } from "../../http/openapi.ts";
import { tell } from "./callbacks.ts";
import { changeLink, linkBy, type SimulatedLink } from "./links.ts";
import {
  amendPayment,
  decidePayment,
  endPayment,
  isToldPending,
  openPayment,
  paymentByTheirId,
  paymentsOf,
  type SimulatedPayment,
} from "./payments.ts";
import { intentOf, MERCHANT, methodOf, NO_FUNDS, stripeHost, TO_CONFIRM } from "./stripe-messages.ts";
import { invalid, listed, missing, ok, partOf, refuse, stripeCall, webhookOf } from "./stripe-protocol.ts";
import { type ChargeMode, switchesOf } from "./switches.ts";

/** How long a card may take. */
const PROCESSING_MS = 15 * MINUTE_MS;
/** What waits for a customer does so until it is cancelled. */
const WAITING_MS = 365 * DAY_MS;

const text = z.string().min(1).max(1_000);
const charging = z.object({
  amount: z.string().regex(/^[1-9]\d{0,11}$/),
  currency: z.literal("vnd"),
  customer: text,
  payment_method: text,
  off_session: z.literal("true"),
  confirm: z.literal("true"),
  description: text,
});
const confirming = z.object({ payment_method: text, return_url: z.url() });

/** Stripe's payment intents: what has become of payments, and charges to linked cards. */
export const stripeCharges = routes();

stripeCharges.post(
  "/v1/payment_intents",
  stripeCall(async (c, fields) => {
    const read = charging.safeParse(fields);
    if (!read.success) return invalid(String(read.error.issues[0]?.path[0]));
    const { amount, customer, payment_method, description } = read.data;
    const { charge, callback, pendingQueries } = await switchesOf(c.env, "stripe");
    const link = await byMethod(c.env, payment_method);
    if (!link) return missing("PaymentMethod", payment_method, "payment_method");
    if (charge === "gone") await changeLink(c.env, link, "removed");
    if (link.state !== "linked" || link.request.customer !== customer || charge === "gone")
      return refuse(400, {
        type: "invalid_request_error",
        message: "The payment method may not be used again",
      });
    const nowMs = now(c);
    const { origin } = new URL(c.req.url);
    const metadata = partOf(fields, "metadata");
    const opened = await openPayment(c.env, {
      reference: metadata[REFERENCE] ?? crypto.randomUUID(),
      ...{ gateway: "stripe", merchant: MERCHANT, description },
      ...{ amountMinor: Number(amount), createdAtMs: nowMs, pendingQueries },
      expiresAtMs: nowMs + (charge === "asks" ? WAITING_MS : PROCESSING_MS),
      request: {
        ...{ origin, charge, webhook: webhookOf(c) },
        intentMetadata: JSON.stringify(metadata),
      },
    });
    // Stripe itself would charge a second time.
    if (!opened) return invalid("metadata");
    const state = CHARGED[charge];
    const decided = state === "open" ? opened : await decidePayment(c.env, opened, state);
    if (!decided) throw new Error("somebody else decided it");
    if (decided.state !== "open") await tell(c.env, stripeHost, decided, callback);
    const payment_intent = intentOf(decided, { nowMs });
    if (charge === "asks")
      return refuse(402, { ...TO_CONFIRM, message: "Authentication required", payment_intent });
    if (charge === "refuses")
      return refuse(402, { ...NO_FUNDS, message: "Insufficient funds", payment_intent });
    return { ...ok(payment_intent), isLost: charge === "times_out_after_success" };
  }),
);

const CHARGED = {
  ...{ normal: "paid", times_out_after_success: "paid", refuses: "refused" },
  ...{ asks: "open", pending: "open" },
} as const satisfies Partial<Record<ChargeMode, SimulatedPayment["state"]>>;

stripeCharges.get(
  "/v1/payment_intents",
  stripeCall(async (c, fields) => {
    const payments = await paymentsOf(c.env, "stripe");
    const nowMs = now(c);
    const intents = payments.filter(isIntent).map((payment) => intentOf(payment, { nowMs }));
    return listed(c.req.path, intents, fields);
  }),
);

stripeCharges.get(
  "/v1/payment_intents/:id",
  stripeCall(async (c) => {
    const id = c.req.param("id") ?? "";
    const payment = await byIntent(c.env, id);
    if (!payment) return missing("payment_intent", id);
    return ok(intentOf(payment, { nowMs: now(c), isPending: await isToldPending(c.env, payment) }));
  }),
);

stripeCharges.post(
  "/v1/payment_intents/:id/confirm",
  stripeCall(async (c, fields) => {
    const id = c.req.param("id") ?? "";
    const read = confirming.safeParse(fields);
    if (!read.success) return invalid(String(read.error.issues[0]?.path[0]));
    const payment = await byIntent(c.env, id);
    if (!payment) return missing("payment_intent", id);
    if (payment.state !== "open" || payment.request.charge !== "asks")
      return invalid("status", "payment_intent_unexpected_state");
    const amended = await amendPayment(c.env, payment, { successUrl: read.data.return_url });
    return ok(intentOf(amended ?? payment, { nowMs: now(c) }));
  }),
);

stripeCharges.post(
  "/v1/payment_intents/:id/cancel",
  stripeCall(async (c) => {
    const id = c.req.param("id") ?? "";
    const payment = await byIntent(c.env, id);
    if (!payment) return missing("payment_intent", id);
    const nowMs = now(c);
    const ended = payment.request.charge === "asks" ? await endPayment(c.env, payment, nowMs) : null;
    return ended ? ok(intentOf(ended, { nowMs })) : invalid("status", "payment_intent_unexpected_state");
  }),
);

stripeCharges.get(
  "/v1/payment_methods/:id",
  stripeCall(async (c) => {
    const id = c.req.param("id") ?? "";
    const link = await byMethod(c.env, id);
    return link ? ok(methodOf(link)) : missing("PaymentMethod", id);
  }),
);

stripeCharges.post(
  "/v1/payment_methods/:id/detach",
  stripeCall(async (c) => {
    const id = c.req.param("id") ?? "";
    const link = await byMethod(c.env, id);
    const { create } = await switchesOf(c.env, "stripe");
    if (create === "refuses") return { status: 503, body: {} };
    if (!link) return missing("PaymentMethod", id);
    const removed = link.state === "linked" ? await changeLink(c.env, link, "removed") : null;
    return removed
      ? ok(methodOf(removed))
      : refuse(400, { type: "invalid_request_error", message: "It isn't attached to a customer" });
  }),
);

const byMethod = (env: Env, id: string): Promise<SimulatedLink | null> =>
  linkBy(env, "stripe", "token", id.replace(/^pm_/, ""));

export async function byIntent(env: Env, id: string): Promise<SimulatedPayment | null> {
  const payment = await paymentByTheirId(env, "stripe", id.replace(/^pi_/, ""));
  return payment && isIntent(payment) ? payment : null;
}

/** Checkout makes one when its customer pays. */
const isIntent = ({ request, state }: SimulatedPayment): boolean =>
  request.charge !== undefined || state !== "open";
