import { createRoute, z } from "@hono/zod-openapi";
import { whyNot } from "../../domain/attempts/offers.ts";
import type { Order } from "../../domain/order.ts";
import { PAID_METHODS } from "../../domain/payment.ts";
import { access } from "../auth.ts";
import { clock } from "../clock.ts";
import { asResponse, run } from "../commands.ts";
import { limitStrangers, neverStored } from "../edge.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { iso, text } from "../schemas.ts";
import { byShare, enterByShare, openShare, payShared, type SharedOrder, shareOrder } from "../share-order.ts";
import { orderParams, orderSchema, orderView } from "./order-shapes.ts";
import { statusOfBegun } from "./payment-shapes.ts";

const MAX_CODE_LENGTH = 2_048;
const codeParams = z.object({ code: z.string().max(MAX_CODE_LENGTH) });

const link = z.object({ url: z.string(), expiresAt: z.string() }).openapi("ShareLink");

const sharedOrder = z
  .object({
    order: z.string(),
    status: z.literal("awaiting_payment"),
    lines: z.array(
      z.object({
        name: z.string(),
        items: z.array(z.object({ name: z.string(), quantity: z.int() })),
        endAt: z.string().nullable(),
        gross: z.int(),
        discount: z.int(),
        net: z.int(),
      }),
    ),
    subtotal: z.int(),
    discount: z.int(),
    total: z.int(),
    currency: z.string(),
    /** Until when the link is good, and until when this price is; null where the price lives as long as the link. */
    expiresAt: z.string(),
    quoteExpiresAt: z.string().nullable(),
    isBeingPaid: z.boolean(),
    gateways: z.array(z.object({ gateway: z.string(), isOffered: z.boolean(), why: z.string().nullable() })),
  })
  .openapi("SharedOrder");

const sharedPayment = z
  .object({
    id: z.string(),
    order: z.string().nullable(),
    status: z.enum(["pending", "succeeded", "failed"]),
    method: z.enum(PAID_METHODS),
    gateway: z.string().nullable(),
    amount: z.int(),
    currency: z.string(),
    redirectUrl: z.string().optional(),
  })
  .openapi("SharedPayment");

const share = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/orders/{order}/share",
  tags: ["Orders"],
  summary: "Ask somebody else to pay an order, by a mail with a link; a link that was sent before ends",
  security,
  middleware: [access({ user: "PayOrder" }), idempotent("honoured")],
  ...keyParameter("honoured"),
  request: { params: orderParams, body: body(z.strictObject({ email: z.email().max(254) })) },
  responses: { 201: json(link, "The link, which was sent by mail, too."), ...problems },
});

const unshare = createRoute({
  method: "delete",
  path: "/v1/accounts/{account}/orders/{order}/share",
  tags: ["Orders"],
  summary: "Take the link back by which somebody else may pay an order",
  security,
  middleware: [access({ user: "PayOrder" })],
  request: { params: orderParams },
  responses: { 200: json(orderSchema, "The order, which nobody else may pay."), ...problems },
});

const open = createRoute({
  method: "get",
  path: "/share/{code}",
  tags: ["Payment on behalf"],
  summary: "An order as somebody sees it who may pay it, quoted anew",
  middleware: [limitStrangers, neverStored, clock],
  request: { params: codeParams },
  responses: { 200: json(sharedOrder, "What there is to pay, and where."), ...problems },
});

const pay = createRoute({
  method: "post",
  path: "/share/{code}/pay",
  tags: ["Payment on behalf"],
  summary: "Begin to pay an order on its customer's behalf",
  middleware: [limitStrangers, neverStored, clock, byShare, idempotent("honoured")],
  ...keyParameter("honoured"),
  request: { params: codeParams, body: body(z.strictObject({ gateway: text(32) })) },
  responses: {
    200: json(sharedPayment, "The payment, to be made at `redirectUrl`."),
    202: json(sharedPayment, "The payment, of which the gateway hasn't said yet where it is made."),
    ...problems,
  },
});

export const shares = routes()
  .openapi(share, async (c) => {
    const { account, order } = c.req.valid("param");
    const shared = await shareOrder(c, account, order, c.req.valid("json").email);
    const { answer, response } = asResponse(c, shared);
    return response ?? c.json({ url: answer.url, expiresAt: iso(answer.share.untilMs) }, 201);
  })
  .openapi(unshare, async (c) => {
    const { account, order } = c.req.valid("param");
    const { answer, response } = await run(c, account, { type: "unshare_order", order });
    return response ?? c.json(orderView(answer, null), 200);
  })
  .openapi(open, async (c) => {
    const shared = await enterByShare(c, c.req.valid("param").code);
    if (!shared) return problem(c, { code: "not_found" });
    const { answer, response } = asResponse(c, await openShare(c, shared));
    return response ?? c.json(view(answer), 200);
  })
  .openapi(pay, async (c) => {
    const shared = await enterByShare(c, c.req.valid("param").code);
    if (!shared) return problem(c, { code: "not_found" });
    const begun = await payShared(c, shared, c.req.valid("json").gateway);
    const { answer, response } = asResponse(c, begun);
    if (response) return response;
    const { id, order, status, method, gateway, amount, currency } = answer.payment;
    const { redirectUrl } = answer;
    const payment = { id, order, status, method, gateway, amount, currency };
    return c.json({ ...payment, ...(redirectUrl === null ? {} : { redirectUrl }) }, statusOfBegun(answer));
  });

function view({ order, share: { untilMs }, offers, isBeingPaid }: SharedOrder): z.infer<typeof sharedOrder> {
  const { quote } = order;
  return {
    order: order.id,
    status: "awaiting_payment",
    lines: quote.lines.map((line) => ({
      name: line.name,
      items: itemsOf(line),
      endAt: line.endAtMs === null ? null : iso(line.endAtMs),
      ...{ gross: line.gross, discount: line.discount, net: line.net },
    })),
    ...{ subtotal: quote.subtotal, discount: quote.discount, total: quote.total, currency: order.currency },
    expiresAt: iso(untilMs),
    quoteExpiresAt: quote.expiresAtMs === null ? null : iso(quote.expiresAtMs),
    isBeingPaid,
    gateways: offers.map(({ gateway, offer }) => ({
      gateway,
      isOffered: offer.kind === "offered",
      why: offer.kind === "offered" ? null : whyNot(offer),
    })),
  };
}

const itemsOf = ({ charges }: Order["quote"]["lines"][number]) =>
  charges.flatMap(({ items }) => items.map(({ name, quantity }) => ({ name, quantity })));
