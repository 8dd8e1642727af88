import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import type { AccountId, OrderId, ProductId } from "../../domain/ids.ts";
import type { Order } from "../../domain/order.ts";
import type { Action } from "../actions.ts";
import { access } from "../auth.ts";
import { payOrder } from "../begin-payment.ts";
import { changeOrder } from "../change-order.ts";
import { now } from "../clock.ts";
import { asResponse, callerOf, run } from "../commands.ts";
import type { App, Principal } from "../context.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { checkoutUrl } from "../links.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { mayOrder, placeOrder } from "../place-order.ts";
import { problem } from "../problems.ts";
import { accountParams } from "../schemas.ts";
import {
  orderBody,
  orderParams,
  orderSchema,
  orderView,
  parseChanges,
  parseItems,
  patchBody,
  payBody,
} from "./order-shapes.ts";
import { begunView, paidSchema, statusOfBegun } from "./payment-shapes.ts";

/** More time may be ordered by whoever may renew. */
const PLACING = ["ManageResources", "RenewResources"] as const satisfies readonly Action[];

const place = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/orders",
  tags: ["Orders"],
  summary: "Place an order and get its quote and checkout address",
  security,
  middleware: [access({ product: true, user: PLACING }), idempotent("honoured")],
  ...keyParameter("honoured"),
  request: { params: accountParams, body: body(orderBody) },
  responses: { 201: json(orderSchema, "The order, to be paid."), ...problems },
});

const get = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/orders/{order}",
  tags: ["Orders"],
  summary: "An order as it stands",
  security,
  middleware: [access({ admin: true, product: true, user: "any" })],
  request: { params: orderParams },
  responses: { 200: json(orderSchema, "The order."), ...problems },
});

const patch = createRoute({
  method: "patch",
  path: "/v1/accounts/{account}/orders/{order}",
  tags: ["Orders"],
  summary: "Change an unpaid order, and quote it anew at today's prices",
  security,
  middleware: [access({ product: true, user: "PayOrder" })],
  request: { params: orderParams, body: body(patchBody) },
  responses: { 200: json(orderSchema, "The order with its new quote."), ...problems },
});

const pay = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/orders/{order}/pay",
  tags: ["Orders"],
  summary: "Pay an order",
  security,
  middleware: [access({ user: "PayOrder" }), idempotent("required")],
  ...keyParameter("required"),
  request: { params: orderParams, body: body(payBody) },
  responses: {
    200: json(paidSchema, "The payment: made, or to be made at `redirectUrl`."),
    202: json(paidSchema, "The payment, of which the gateway hasn't said yet where it is made."),
    ...problems,
  },
});

const cancel = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/orders/{order}/cancel",
  tags: ["Orders"],
  summary: "Withdraw an order that isn't paid",
  security,
  middleware: [access({ product: true, user: "PayOrder" }), idempotent("honoured")],
  ...keyParameter("honoured"),
  request: { params: orderParams },
  responses: { 200: json(orderSchema, "The cancelled order."), ...problems },
});

export const orders = routes()
  .openapi(place, async (c) => {
    const { account } = c.req.valid("param");
    const { action, lines, returnUrl, cancelUrl = null, product: named } = c.req.valid("json");
    const principal = c.get("principal");
    if (!mayOrder(principal, action)) return problem(c, { code: "forbidden" });
    const ordered = orderedProduct(principal, named);
    if (ordered.problem) return problem(c, ordered.problem);
    const wanted = { product: ordered.product, action, items: parseItems(lines), returnUrl, cancelUrl };
    const { answer, response } = asResponse(c, await placeOrder(c, account, wanted));
    return response ?? c.json(await view(c, account, answer), 201);
  })
  .openapi(get, async (c) => {
    const { account, order } = c.req.valid("param");
    const found = await visibleOrder(c, account, order);
    return found ? c.json(await view(c, account, found), 200) : problem(c, { code: "order_not_found" });
  })
  .openapi(patch, async (c) => {
    const { account, order: id } = c.req.valid("param");
    const patched = c.req.valid("json");
    const changed = await changeOrder(c, account, id, { ...patched, changes: parseChanges(patched.lines) });
    const { answer, response } = asResponse(c, changed);
    return response ?? c.json(await view(c, account, answer), 200);
  })
  .openapi(pay, async (c) => {
    const { account, order } = c.req.valid("param");
    const paid = await payOrder(c, account, order, c.req.valid("json"));
    const { answer, response } = asResponse(c, paid);
    return response ?? c.json({ ...begunView(answer), refund: answer.refund }, statusOfBegun(answer));
  })
  .openapi(cancel, async (c) => {
    const { account, order } = c.req.valid("param");
    const { answer, response } = await run(c, account, { type: "cancel_order", order });
    return response ?? c.json(await view(c, account, answer), 200);
  });

/** Whoever may pay an order, or send its customer there, sees where. */
async function view(c: Context<App>, account: AccountId, order: Order) {
  const principal = c.get("principal");
  const mayPay =
    principal.role === "product" || (principal.role === "user" && principal.actions.includes("PayOrder"));
  // What is used before it is paid has nothing to pay.
  const isPayable = order.billing !== "postpaid";
  return orderView(order, mayPay && isPayable ? await checkoutUrl(c, account, order) : null);
}

const visibleOrder = (c: Context<App>, account: AccountId, order: OrderId): Promise<Order | null> =>
  accountObject(c.env, account).order(order, callerOf(c.get("principal")), now(c));

type Ordered =
  | { readonly product: ProductId; readonly problem: null }
  | { readonly product: null; readonly problem: Parameters<typeof problem>[1] };

/** A product's token implies its product; everybody else names one. */
function orderedProduct(principal: Principal, named: ProductId | undefined): Ordered {
  if (principal.role === "product" && (named === undefined || named === principal.product)) {
    return { product: principal.product, problem: null };
  }
  if (principal.role === "product") return { product: null, problem: { code: "forbidden" } };
  if (named !== undefined) return { product: named, problem: null };
  const missing = { path: "product", code: "invalid_type", message: "name the product" };
  return {
    product: null,
    problem: { code: "invalid_request", detail: "The request isn't valid.", errors: [missing] },
  };
}
