import { createRoute, z } from "@hono/zod-openapi";
import type { InvoiceCode, PaymentId } from "../../domain/ids.ts";
import { PAY_METHODS } from "../../domain/payment.ts";
import { access } from "../auth.ts";
import { asResponse, run } from "../commands.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { MAX_BILLS, payBills } from "../pay-bills.ts";
import { accountParams, httpUrl, id, positiveAmount, text } from "../schemas.ts";
import { begunSchema, begunView, paymentSchema, paymentView, statusOfBegun } from "./payment-shapes.ts";

const wish = {
  method: z.enum(PAY_METHODS),
  gateway: text(32).optional(),
  linkedAccount: text(64).optional(),
  /** To pay a part; the oldest bill is paid first. */
  amount: positiveAmount.optional(),
  /** Where the payer comes back to from a gateway; without it, to the portal. */
  returnUrl: httpUrl.optional(),
};

const paid = {
  200: json(begunSchema, "The payment: made, or to be made at `redirectUrl`."),
  202: json(begunSchema, "The payment, of which the gateway hasn't said yet where it is made."),
  ...problems,
};

const payOne = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/invoices/{code}/pay",
  tags: ["Documents"],
  summary: "Pay a bill, or a part of it",
  security,
  middleware: [access({ user: "PayBilling" }), idempotent("required")],
  ...keyParameter("required"),
  request: {
    params: accountParams.extend({ code: id<InvoiceCode>() }),
    body: body(z.strictObject(wish).openapi("PayBillRequest")),
  },
  responses: paid,
});

const payMany = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/invoices/pay",
  tags: ["Documents"],
  summary: "Pay many bills at once",
  security,
  middleware: [access({ user: "PayBilling" }), idempotent("required")],
  ...keyParameter("required"),
  request: {
    params: accountParams,
    body: body(
      z
        .strictObject({ ...wish, codes: z.array(id<InvoiceCode>()).min(1).max(MAX_BILLS) })
        .openapi("PayBillsRequest"),
    ),
  },
  responses: paid,
});

const recordOutside = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/invoices/{code}/outside-payments",
  tags: ["Documents"],
  summary: "Record money for a bill that came another way, such as by bank transfer; once a reference",
  security,
  middleware: [access({ admin: true }), idempotent("required")],
  ...keyParameter("required"),
  request: {
    params: accountParams.extend({ code: id<InvoiceCode>() }),
    body: body(
      z.strictObject({ amount: positiveAmount, reference: text(200) }).openapi("OutsidePaymentRequest"),
    ),
  },
  responses: { 201: json(paymentSchema, "The payment."), ...problems },
});

export const billPayments = routes()
  .openapi(payMany, async (c) => {
    const { account } = c.req.valid("param");
    const { codes, ...how } = c.req.valid("json");
    const { answer, response } = asResponse(c, await payBills(c, account, codes, how));
    return response ?? c.json(begunView(answer), statusOfBegun(answer));
  })
  .openapi(payOne, async (c) => {
    const { account, code } = c.req.valid("param");
    const { answer, response } = asResponse(c, await payBills(c, account, [code], c.req.valid("json")));
    return response ?? c.json(begunView(answer), statusOfBegun(answer));
  })
  .openapi(recordOutside, async (c) => {
    const { account, code: bill } = c.req.valid("param");
    const { amount, reference } = c.req.valid("json");
    const payment = await outsidePaymentId(bill, reference);
    const command = { type: "record_outside_payment", payment, bill, amount, reference } as const;
    const { answer, response } = await run(c, account, command);
    return response ?? c.json(paymentView(answer.payment), 201);
  });

const ID_DIGITS = 24;

/** The same reference of the same bill is the same payment. */
async function outsidePaymentId(bill: InvoiceCode, reference: string): Promise<PaymentId> {
  const hash = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(JSON.stringify([bill, reference])),
  );
  const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `pay_out_${hex.slice(0, ID_DIGITS)}` as PaymentId;
}
