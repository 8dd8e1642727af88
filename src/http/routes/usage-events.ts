import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import type { ResourceId, SkuId } from "../../domain/ids.ts";
import { MAX_EVENTS } from "../../domain/metering/usage-event.ts";
import { usageObject } from "../../usage/usage-object.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { callerOf } from "../commands.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, decimal, id, instant } from "../schemas.ts";

/** A thousand events of the longest kind. */
const MAX_REPORT_BYTES = 1_024 * 1_024;

const event = z
  .strictObject({
    id: id(),
    resource: id<ResourceId>(),
    sku: id<SkuId>(),
    key: z
      .string()
      .regex(/^[!-~]{1,64}$/, "1 to 64 printable characters")
      .optional()
      .describe("Tells the parts of a counter apart, such as addresses; other kinds have none."),
    quantity: decimal.describe("A gauge's new level, a counter's increment, or a peak."),
    at: instant,
  })
  .openapi("UsageEvent");

const result = z
  .object({
    id: z.string(),
    status: z.enum(["accepted", "duplicate", "refused"]),
    code: z.string().optional().describe("Why it was refused."),
  })
  .openapi("UsageEventResult");

const report = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/usage-events",
  tags: ["Resources"],
  summary: "Report what metered resources used; an event counts once, whatever order events come in",
  security,
  middleware: [access({ product: true, maxBodyBytes: MAX_REPORT_BYTES })],
  request: {
    params: accountParams,
    body: body(z.strictObject({ events: z.array(event).max(MAX_EVENTS) }).openapi("UsageReport")),
  },
  responses: {
    200: json(z.object({ results: z.array(result) }), "What became of each event, in their order."),
    ...problems,
  },
});

export const usageEvents = routes().openapi(report, async (c) => {
  const { account } = c.req.valid("param");
  const caller = callerOf(c.get("principal"));
  if (caller.role !== "product") return problem(c, { code: "forbidden" });
  const events = c.req
    .valid("json")
    .events.map(({ at, key = null, ...rest }) => ({ ...rest, key, atMs: at }));
  const named = [...new Set(events.map(({ resource }) => resource))];
  const service = await accountObject(c.env, account).metered(named, caller);
  if (!service) return problem(c, { code: "account_not_found" });
  const results = await usageObject(c.env, account).count({
    ...{ product: caller.product, events, ...service, nowMs: now(c) },
  });
  return c.json({ results }, 200);
});
