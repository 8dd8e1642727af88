import { createRoute, z } from "@hono/zod-openapi";
import type { Usage } from "../../account/answers.ts";
import { accountObject } from "../../account/client.ts";
import { sum } from "../../domain/money.ts";
import { type Month, monthOf } from "../../domain/month.ts";
import { FORESEEN_BY } from "../../domain/present-month.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams } from "../schemas.ts";
import { invoiceLines, viewLines, viewSpan } from "./invoices.ts";

export const spanSchema = z.object({ startAt: z.string(), endAt: z.string() });

/**
 * What the present month's bills will say, if things go on so: configurations and levels as they are, counters and
 * peaks at the pace of the month so far.
 */
export const forecastSchema = z.object({ method: z.literal(FORESEEN_BY), total: z.int() });

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
        month: spanSchema,
        period: spanSchema,
        lines: invoiceLines,
        total: z.int(),
        tax: z.int(),
        tags: z.record(z.string(), z.string()).readonly(),
      }),
    ),
    forecast: forecastSchema.extend({
      month: spanSchema,
      soFar: z.int(),
      data: z.array(z.object({ resource: z.string(), resourceName: z.string(), total: z.int() })),
    }),
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
  const { currency, timeZone } = found.account;
  return c.json(
    { currency, total: found.total, data, forecast: viewForecast(found, monthOf(now(c), timeZone)) },
    200,
  );
});

function viewForecast({ used, foreseen }: Usage, month: Month) {
  const present = used.filter((one) => one.used.month.startMs === month.startMs);
  return {
    method: FORESEEN_BY,
    month: viewSpan(month),
    soFar: sum(present.map((one) => one.used.total)),
    total: sum(foreseen.map((one) => one.month.total)),
    data: foreseen.map(({ resource, month: { total } }) => ({
      ...{ resource: resource.id, resourceName: resource.name, total },
    })),
  };
}
