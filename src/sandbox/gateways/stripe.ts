import { z } from "zod";
import { REFERENCE } from "../../gateways/stripe/objects.ts";
import { limitBody } from "../../http/body-limit.ts";
import { clock } from "../../http/clock.ts";
import { routes } from "../../http/openapi.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { inSandboxOnly } from "../only.ts";
import { beforeHosted, showPayment, takeDecision } from "./hosted.ts";
import { amendPayment, refundPayment, refundsOf, type SimulatedPayment } from "./payments.ts";
import { byIntent, stripeCharges } from "./stripe-charges.ts";
import { PAGE, seconds, stripeHost } from "./stripe-messages.ts";
import { invalid, listed, missing, ok, partOf, refuse, stripeCall } from "./stripe-protocol.ts";
import { paymentOfSession, stripeSessions } from "./stripe-sessions.ts";

const RESOURCES = ["checkout", "customers", "payment_intents", "payment_methods", "refunds"];

const refunding = z.object({
  payment_intent: z.string().min(1).max(100),
  amount: z.string().regex(/^[1-9]\d{0,11}$/),
});

export const stripeSimulator = routes();
stripeSimulator.onError(failedPage);
for (const resource of RESOURCES) stripeSimulator.use(`/v1/${resource}/*`, inSandboxOnly, limitBody, clock);
stripeSimulator.route("/", stripeSessions);
stripeSimulator.route("/", stripeCharges);

stripeSimulator.post(
  "/v1/refunds",
  stripeCall(async (c, fields) => {
    const read = refunding.safeParse(fields);
    if (!read.success) return invalid(String(read.error.issues[0]?.path[0]));
    const { payment_intent: id, amount } = read.data;
    const payment = await byIntent(c.env, id);
    if (!payment) return missing("payment_intent", id, "payment_intent");
    if (payment.state !== "paid")
      return refuse(400, {
        type: "invalid_request_error",
        code: "charge_not_refundable",
        message: "It isn't paid",
      });
    const reference = partOf(fields, "metadata")[REFERENCE] ?? crypto.randomUUID();
    const amountMinor = Number(amount);
    const refunded = await refundPayment(c.env, payment, reference, amountMinor);
    if (refunded.kind === "refunded")
      return ok(refundOf(payment, { reference, amountMinor, theirId: refunded.theirId }));
    return invalid(refunded.kind === "too_much" ? "amount" : "metadata");
  }),
);

stripeSimulator.get(
  "/v1/refunds",
  stripeCall(async (c, fields) => {
    const id = fields.payment_intent ?? "";
    const payment = await byIntent(c.env, id);
    if (!payment) return missing("payment_intent", id, "payment_intent");
    const refunds = (await refundsOf(c.env, payment)).map((refund) => refundOf(payment, refund));
    return listed(c.req.path, refunds, fields);
  }),
);

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
  const id = c.req.query("s") ?? "";
  const payment = (await paymentOfSession(c.env, id)) ?? (await byIntent(c.env, id));
  const { origin } = new URL(c.req.url);
  // Stripe is told a merchant's webhook once, on its dashboard.
  const webhook = `${c.env.PUBLIC_URL ?? origin}/v1/webhooks/stripe`;
  return showPayment(c, stripeHost, payment && (await amendPayment(c.env, payment, { webhook })));
});
stripeSimulator.post(PAGE, (c) => takeDecision(c, stripeHost));
