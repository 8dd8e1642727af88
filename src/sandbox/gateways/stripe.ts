import { z } from "zod";
import { REFERENCE } from "../../gateways/stripe/objects.ts";
import { limitBody } from "../../http/body-limit.ts";
import { clock } from "../../http/clock.ts";
import { routes } from "../../http/openapi.ts";
import { failedPage } from "../../portal/ui/closed.tsx";
import { inSandboxOnly } from "../only.ts";
import { beforeHosted, showPayment, takeDecision } from "./hosted.ts";
import { showLink, takeLinkDecision } from "./hosted-links.ts";
import { amendLink } from "./links.ts";
import {
  amendPayment,
  askedRefund,
  begunRefund,
  paymentNumbered,
  type RefundState,
  refundById,
  refundIdOf,
  refundPayment,
  refundsOf,
  type SimulatedPayment,
  type SimulatedRefund,
} from "./payments.ts";
import { byIntent, stripeCharges } from "./stripe-charges.ts";
import { intentIdOf, LINK_PAGE, PAGE, seconds, stripeHost, stripeLinkHost } from "./stripe-messages.ts";
import { invalid, listed, missing, ok, partOf, refuse, stripeCall, webhookOf } from "./stripe-protocol.ts";
import { linkOf, paymentOfSession, stripeSessions } from "./stripe-sessions.ts";
import { switchesOf } from "./switches.ts";

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
    const switches = await switchesOf(c.env, "stripe");
    const refunded = await refundPayment(c.env, payment, reference, Number(amount), switches);
    if (refunded.kind !== "recorded") return invalid(refunded.kind === "too_much" ? "amount" : "metadata");
    const { refund } = refunded;
    const isLost = switches.refund === "times_out_after_success";
    return { ...ok(refundObject(payment, refund, begunRefund(refund, switches))), isLost };
  }),
);

stripeSimulator.get(
  "/v1/refunds",
  stripeCall(async (c, fields) => {
    const id = fields.payment_intent ?? "";
    const payment = await byIntent(c.env, id);
    if (!payment) return missing("payment_intent", id, "payment_intent");
    const refunds = (await refundsOf(c.env, payment)).map(async (refund) =>
      refundObject(payment, refund, await askedRefund(c.env, refund)),
    );
    return listed(c.req.path, await Promise.all(refunds), fields);
  }),
);

stripeSimulator.get(
  "/v1/refunds/:id",
  stripeCall(async (c) => {
    const id = c.req.param("id") ?? "";
    const refund = await refundById(c.env, "stripe", id.replace(/^re_/, ""));
    const payment = refund && (await paymentNumbered(c.env, "stripe", refund.payment));
    if (!payment) return missing("refund", id);
    return ok(refundObject(payment, refund, await askedRefund(c.env, refund)));
  }),
);

const STATUS = { processing: "pending", refunded: "succeeded", refused: "failed" } as const;

/** Of what a merchant says of a refund only its reference is kept. */
const refundObject = (payment: SimulatedPayment, refund: SimulatedRefund, state: RefundState) => ({
  id: `re_${refundIdOf(refund)}`,
  object: "refund",
  payment_intent: intentIdOf(payment),
  amount: refund.amountMinor,
  currency: "vnd",
  status: STATUS[state],
  failure_reason: state === "refused" ? "expired_or_canceled_card" : null,
  metadata: { [REFERENCE]: refund.reference },
  created: seconds(payment.createdAtMs),
});

stripeSimulator.use(PAGE, ...beforeHosted);
stripeSimulator.get(PAGE, async (c) => {
  const id = c.req.query("s") ?? "";
  const payment = (await paymentOfSession(c.env, id)) ?? (await byIntent(c.env, id));
  const amended = payment && (await amendPayment(c.env, payment, { webhook: webhookOf(c) }));
  return showPayment(c, stripeHost, amended);
});
stripeSimulator.post(PAGE, (c) => takeDecision(c, stripeHost));

stripeSimulator.use(LINK_PAGE, ...beforeHosted);
stripeSimulator.get(LINK_PAGE, async (c) => {
  const link = await linkOf(c.env, c.req.query("s") ?? "");
  const amended = link && (await amendLink(c.env, link, { webhook: webhookOf(c) }));
  return showLink(c, stripeLinkHost, amended);
});
stripeSimulator.post(LINK_PAGE, (c) => takeLinkDecision(c, stripeLinkHost));
