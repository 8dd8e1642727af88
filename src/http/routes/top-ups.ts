import { createRoute, z } from "@hono/zod-openapi";
import { access } from "../auth.ts";
import { startTopUp } from "../begin-payment.ts";
import { asResponse } from "../commands.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { accountParams, httpUrl, positiveAmount, text } from "../schemas.ts";
import { begunSchema, begunView, statusOfBegun } from "./payment-shapes.ts";

const start = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/top-ups",
  tags: ["Accounts"],
  summary: "Buy credit at a payment gateway, or from a linked account",
  security,
  middleware: [access({ user: "BuyCredit" }), idempotent("required")],
  ...keyParameter("required"),
  request: {
    params: accountParams,
    body: body(
      z
        .strictObject({
          amount: positiveAmount,
          gateway: text(32).optional(),
          linkedAccount: text(64).optional(),
          returnUrl: httpUrl,
        })
        .refine(({ gateway, linkedAccount }) => (gateway ?? linkedAccount) !== undefined, {
          path: ["gateway"],
          message: "name a gateway or a linked account",
        })
        .openapi("TopUpRequest"),
    ),
  },
  responses: {
    201: json(begunSchema, "The payment: made, or to be made at `redirectUrl`."),
    202: json(begunSchema, "The payment, of which the gateway hasn't said yet where it is made."),
    ...problems,
  },
});

export const topUps = routes().openapi(start, async (c) => {
  const { account } = c.req.valid("param");
  const { returnUrl, ...wanted } = c.req.valid("json");
  const outcome = await startTopUp(c, account, { ...wanted, returnUrlOf: () => returnUrl });
  const { answer, response } = asResponse(c, outcome);
  return response ?? c.json(begunView(answer), statusOfBegun(answer) === 202 ? 202 : 201);
});
