import { z } from "zod";
import { DAY_MS, MINUTE_MS } from "../../domain/local-time.ts";
import { REFERENCE } from "../../gateways/stripe/objects.ts";
import { limitBody } from "../../http/body-limit.ts";
import { clock, now } from "../../http/clock.ts";
import { routes } from "../../http/openapi.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { inSandboxOnly } from "../only.ts";
import { beforeHosted, showPayment, takeDecision } from "./hosted.ts";
import {
  endPayment,
  isToldPending,
  openPayment,
  paymentByTheirId,
  paymentsOf,
  refundPayment,
  refundsOf,
  type SimulatedPayment,
  toldWhere,
} from "./payments.ts";
import { intentOf, PAGE, seconds, sessionOf, stripeHost } from "./stripe-messages.ts";
import { invalid, listed, missing, ok, partOf, refuse, stripeCall } from "./stripe-protocol.ts";
import { switchesOf } from "./switches.ts";

/** About 50 US cents. */
const MIN_AMOUNT = 13_000;
const MAX_AMOUNT = 99_999_999;
const SHORTEST_LIFE_MS = 30 * MINUTE_MS;
const MERCHANT = "stripe_test";

const text = z.string().min(1).max(1_000);
const creation = z.object({
  mode: z.literal("payment"),
  client_reference_id: text,
  success_url: z.url(),
  cancel_url: z.url(),
  expires_at: z.string().regex(/^\d{10,12}$/),
  "line_items[0][quantity]": z.literal("1"),
  "line_items[0][price_data][currency]": z.literal("vnd"),
  "line_items[0][price_data][unit_amount]": z.string().regex(/^[1-9]\d{0,11}$/),
  "line_items[0][price_data][product_data][name]": text,
});
const refunding = z.object({ payment_intent: text, amount: z.string().regex(/^[1-9]\d{0,11}$/) });

export const stripeSimulator = routes();
stripeSimulator.onError(failedPage);
for (const path of ["/v1/checkout/*", "/v1/payment_intents/*", "/v1/refunds/*"])
  stripeSimulator.use(path, inSandboxOnly, limitBody, clock);

stripeSimulator.post(
  "/v1/checkout/sessions",
  stripeCall(async (c, fields) => {
    const read = creation.safeParse(fields);
    if (!read.success) return invalid(String(read.error.issues[0]?.path[0]));
    const asked = read.data;
    const amountMinor = Number(asked["line_items[0][price_data][unit_amount]"]);
    const expiresAtMs = Number(asked.expires_at) * 1_000;
    const nowMs = now(c);
    const lifeMs = expiresAtMs - nowMs;
    const switches = await switchesOf(c.env, "stripe");
    if (amountMinor < MIN_AMOUNT || switches.create === "refuses")
      return invalid("line_items[0][price_data][unit_amount]", "amount_too_small");
    if (amountMinor > MAX_AMOUNT)
      return invalid("line_items[0][price_data][unit_amount]", "amount_too_large");
    if (lifeMs < SHORTEST_LIFE_MS || lifeMs > DAY_MS) return invalid("expires_at");
    const { origin } = new URL(c.req.url);
    const opened = await openPayment(c.env, {
      gateway: "stripe",
      reference: asked.client_reference_id,
      merchant: MERCHANT,
      amountMinor,
      description: asked["line_items[0][price_data][product_data][name]"],
      createdAtMs: nowMs,
      expiresAtMs,
      pendingQueries: switches.pendingQueries,
      request: {
        ...{ kind: "session", origin, successUrl: asked.success_url, cancelUrl: asked.cancel_url },
        metadata: JSON.stringify(partOf(fields, "metadata")),
        intentMetadata: JSON.stringify(partOf(fields, "payment_intent_data[metadata]")),
      },
    });
    // Stripe itself would open a second one.
    if (!opened) return invalid("client_reference_id");
    return { ...ok(sessionOf(opened, { nowMs })), isLost: switches.create === "times_out_after_success" };
  }),
);

stripeSimulator.get(
  "/v1/checkout/sessions",
  stripeCall(async (c, fields) => {
    const payments = await paymentsOf(c.env, "stripe");
    const sessions = payments.filter(({ request }) => request.kind === "session");
    const nowMs = now(c);
    return listed(
      c.req.path,
      sessions.map((payment) => sessionOf(payment, { nowMs })),
      fields,
    );
  }),
);

stripeSimulator.get(
  "/v1/checkout/sessions/:id",
  stripeCall(async (c, fields) => {
    const id = c.req.param("id") ?? "";
    const payment = await bySession(c.env, id);
    if (!payment) return missing("checkout.session", id);
    const told = { nowMs: now(c), isPending: await isToldPending(c.env, payment) };
    const session = sessionOf(payment, told);
    const isExpanded = Object.values(fields).includes("payment_intent") && session.payment_intent !== null;
    return ok(isExpanded ? { ...session, payment_intent: intentOf(payment, told) } : session);
  }),
);

stripeSimulator.post(
  "/v1/checkout/sessions/:id/expire",
  stripeCall(async (c) => {
    const id = c.req.param("id") ?? "";
    const payment = await bySession(c.env, id);
    if (!payment) return missing("checkout.session", id);
    const nowMs = now(c);
    const ended = await endPayment(c.env, payment, nowMs);
    return ended ? ok(sessionOf(ended, { nowMs })) : invalid("status", "status_transition_invalid");
  }),
);

stripeSimulator.get(
  "/v1/payment_intents",
  stripeCall(async (c, fields) => {
    const payments = await paymentsOf(c.env, "stripe");
    const begun = payments.filter(({ request, state }) => request.kind !== "session" || state !== "open");
    const nowMs = now(c);
    return listed(
      c.req.path,
      begun.map((payment) => intentOf(payment, { nowMs })),
      fields,
    );
  }),
);

stripeSimulator.post(
  "/v1/refunds",
  stripeCall(async (c, fields) => {
    const read = refunding.safeParse(fields);
    if (!read.success) return invalid(String(read.error.issues[0]?.path[0]));
    const payment = await byIntent(c.env, read.data.payment_intent);
    if (!payment) return missing("payment_intent", read.data.payment_intent, "payment_intent");
    const reference = partOf(fields, "metadata")[REFERENCE] ?? crypto.randomUUID();
    const amountMinor = Number(read.data.amount);
    if (payment.state !== "paid")
      return refuse(400, {
        type: "invalid_request_error",
        code: "charge_not_refundable",
        message: "Not paid",
      });
    const refunded = await refundPayment(c.env, payment, reference, amountMinor);
    if (refunded.kind === "too_much")
      return refuse(400, { type: "invalid_request_error", message: "More than is left", param: "amount" });
    if (refunded.kind === "duplicate") return invalid("metadata");
    return ok(refundOf(payment, { reference, amountMinor, theirId: refunded.theirId }));
  }),
);

stripeSimulator.get(
  "/v1/refunds",
  stripeCall(async (c, fields) => {
    const id = fields.payment_intent ?? "";
    const payment = await byIntent(c.env, id);
    if (!payment) return missing("payment_intent", id, "payment_intent");
    const refunds = await refundsOf(c.env, payment);
    return listed(
      c.req.path,
      refunds.map((refund) => refundOf(payment, refund)),
      fields,
    );
  }),
);

const bySession = (env: Env, id: string): Promise<SimulatedPayment | null> =>
  paymentByTheirId(env, "stripe", id.replace(/^cs_test_/, ""));

const byIntent = (env: Env, id: string): Promise<SimulatedPayment | null> =>
  paymentByTheirId(env, "stripe", id.replace(/^pi_/, ""));

/** Of what a merchant says of a refund only its reference is kept. */
const refundOf = (
  payment: SimulatedPayment,
  refund: { readonly reference: string; readonly amountMinor: number; readonly theirId: string },
) => ({
  id: `re_${refund.theirId}`,
  object: "refund",
  amount: refund.amountMinor,
  currency: "vnd",
  status: "succeeded",
  failure_reason: null,
  metadata: { [REFERENCE]: refund.reference },
  created: seconds(payment.createdAtMs),
});

stripeSimulator.use(PAGE, ...beforeHosted);
stripeSimulator.get(PAGE, async (c) => {
  const payment = await bySession(c.env, c.req.query("s") ?? "");
  const { origin } = new URL(c.req.url);
  // Stripe is told a merchant's webhook once, on its dashboard.
  const webhook = `${c.env.PUBLIC_URL ?? origin}/v1/webhooks/stripe`;
  return showPayment(c, stripeHost, payment && (await toldWhere(c.env, payment, webhook)));
});
stripeSimulator.post(PAGE, (c) => takeDecision(c, stripeHost));
