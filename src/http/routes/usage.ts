import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams } from "../schemas.ts";
import { invoiceLines, viewLines, viewSpan } from "./invoices.ts";

const usage = z
  .object({
    currency: z.string(),
    total: z.int(),
    data: z.array(
      z.object({
        resource: z.string(),
        resourceName: z.string(),
        product: z.string(),
        resourceType: z.string(),
        /** The month, and the part of it in which the resource was used. */
        month: z.object({ startAt: z.string(), endAt: z.string() }),
        period: z.object({ startAt: z.string(), endAt: z.string() }),
        lines: invoiceLines,
        total: z.int(),
        tax: z.int(),
        tags: z.record(z.string(), z.string()).readonly(),
      }),
    ),
  })
  .openapi("Usage");

const get = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/usage",
  tags: ["Histories"],
  summary:
    "What was used up to now and isn't invoiced yet, by resource and month, at what its bills will say",
  security,
  middleware: [access({ admin: true, user: "ListUsages" })],
  request: { params: accountParams },
  responses: { 200: json(usage, "The use so far."), ...problems },
});

export const usageRoutes = routes().openapi(get, async (c) => {
  const found = await accountObject(c.env, c.req.valid("param").account).usage(now(c));
  if (!found) return problem(c, { code: "account_not_found" });
  const data = found.used.map(({ resource, used: { month, period, charges, total, tax } }) => ({
    resource: resource.id,
    resourceName: resource.name,
    product: resource.product,
    resourceType: resource.resourceType,
    month: viewSpan(month),
    period: viewSpan(period),
    ...{ lines: viewLines(charges), total, tax, tags: resource.tags },
  }));
  return c.json({ currency: found.account.currency, total: found.total, data }, 200);
});
