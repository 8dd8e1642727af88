import { createRoute, z } from "@hono/zod-openapi";
import { GATEWAYS, type GatewayName } from "../../domain/gateway.ts";
import { access } from "../../http/auth.ts";
import { body, json, problems, routes, security } from "../../http/openapi.ts";
import { inSandboxOnly } from "../only.ts";
import { sendOutstanding, type Teller } from "./callbacks.ts";
import { momoHost } from "./momo-messages.ts";
import { stripeHost } from "./stripe-messages.ts";
import { CALLBACKS, CHARGES, CREATIONS, REFUNDS, setSwitches, switchesOf } from "./switches.ts";
import { vnpayHost } from "./vnpay-messages.ts";
import { zalopayHost } from "./zalopay-messages.ts";

const TELLERS: Readonly<Record<GatewayName, Teller>> = {
  momo: momoHost,
  zalopay: zalopayHost,
  vnpay: vnpayHost,
  stripe: stripeHost,
};
const MAX_PENDING_QUERIES = 100;

const middleware = [access({ admin: true }), inSandboxOnly];
const params = z.object({ gateway: z.enum(GATEWAYS) });
const path = "/v1/sandbox/gateways/{gateway}";

const switches = z
  .object({
    callback: z.enum(CALLBACKS),
    create: z.enum(CREATIONS),
    refund: z.enum(REFUNDS),
    charge: z.enum(CHARGES),
    pendingQueries: z.int(),
  })
  .openapi("SandboxGateway");

const set = createRoute({
  method: "put",
  path,
  tags: ["Sandbox"],
  summary: "Make a simulated gateway behave; what isn't named is normal again",
  security,
  middleware,
  request: {
    params,
    body: body(
      z.strictObject({
        callback: z.enum(CALLBACKS).default("normal"),
        create: z.enum(CREATIONS).default("normal"),
        refund: z.enum(REFUNDS).default("normal"),
        charge: z.enum(CHARGES).default("normal"),
        pendingQueries: z.int().min(0).max(MAX_PENDING_QUERIES).default(0),
      }),
    ),
  },
  responses: { 200: json(switches, "How it behaves from now on."), ...problems },
});

const get = createRoute({
  method: "get",
  path,
  tags: ["Sandbox"],
  summary: "How a simulated gateway behaves",
  security,
  middleware,
  request: { params },
  responses: { 200: json(switches, "How it behaves."), ...problems },
});

const send = createRoute({
  method: "post",
  path: `${path}/callbacks`,
  tags: ["Sandbox"],
  summary: "Send the callbacks that a simulated gateway holds back, or that weren't taken",
  security,
  middleware,
  request: { params },
  responses: {
    200: json(
      z.object({
        data: z.array(
          z.object({ reference: z.string(), answer: z.string().nullable(), isDone: z.boolean() }),
        ),
      }),
      "What was sent, in order, and what it was answered.",
    ),
    ...problems,
  },
});

export const gatewaySwitches = routes()
  .openapi(set, async (c) => {
    const { gateway } = c.req.valid("param");
    const asked = c.req.valid("json");
    await setSwitches(c.env, gateway, asked);
    return c.json(asked, 200);
  })
  .openapi(get, async (c) => c.json(await switchesOf(c.env, c.req.valid("param").gateway), 200))
  .openapi(send, async (c) => {
    const { gateway } = c.req.valid("param");
    return c.json({ data: await sendOutstanding(c.env, gateway, TELLERS[gateway]) }, 200);
  });
