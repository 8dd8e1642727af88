import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import type { PaymentId } from "../../domain/ids.ts";
import type { RefundId } from "../../domain/refunds/source-refund.ts";
import { askAboutRefund, sendRefund } from "../../jobs/refunds.ts";
import { access } from "../auth.ts";
import { gatewaysFor, termsOf } from "../begin-payment.ts";
import { ask, asResponse } from "../commands.ts";
import { principalName } from "../context.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { accountParams, id, positiveAmount, text } from "../schemas.ts";
import { newReference } from "../visitor.ts";
import { paymentSchema, paymentView } from "./payment-shapes.ts";

/** Providers show a refund's reason to whoever gets it. */
const MAX_REASON_LENGTH = 200;

const start = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/payments/{payment}/refunds",
  tags: ["Operations"],
  summary: "Send money of a payment back through the gateway it came from, out of available credit",
  security,
  middleware: [access({ admin: true }), idempotent("required")],
  ...keyParameter("required"),
  request: {
    params: accountParams.extend({ payment: id<PaymentId>() }),
    body: body(
      z.strictObject({ amount: positiveAmount, reason: text(MAX_REASON_LENGTH) }).openapi("RefundRequest"),
    ),
  },
  responses: {
    201: json(paymentSchema, "The refund: sent back, or refused by the gateway and credit again."),
    202: json(paymentSchema, "The refund, of which the gateway hasn't said yet how it ends."),
    ...problems,
  },
});

export const refunds = routes().openapi(start, async (c) => {
  const { account, payment } = c.req.valid("param");
  const outcome = await ask(c, account, {
    type: "start_refund",
    payment,
    refund: newReference(c, account) as RefundId,
    ...c.req.valid("json"),
    requestedBy: principalName(c.get("principal")),
    terms: [...gatewaysFor(c).values()].map(termsOf),
  });
  const { answer, response } = asResponse(c, outcome);
  if (response) return response;
  const { id: refund } = answer.refund;
  const object = accountObject(c.env, account);
  const recorded = await object.refund(refund);
  // A request that comes again under its key sends nothing again: it asks.
  const isReplayed = outcome.kind === "answered" && outcome.replayed;
  if (recorded?.refund.status === "open")
    await (isReplayed ? askAboutRefund : sendRefund)(c.env, account, refund, c.get("simulatedNowMs"));
  const row = (await object.refund(refund))?.payment ?? answer.payment;
  return c.json(paymentView(row), row.status === "pending" ? 202 : 201);
});
