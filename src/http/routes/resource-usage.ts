import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { METERINGS } from "../../domain/catalogue.ts";
import { dateOf } from "../../domain/metering/local-days.ts";
import type { Measured, MeasuredDay } from "../../domain/metering/measured.ts";
import { decimalOf } from "../../domain/metering/usage-event.ts";
import { ZERO } from "../../domain/money.ts";
import { FORESEEN_BY } from "../../domain/present-month.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { callerOf } from "../commands.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { invoiceLines, viewLines, viewSpan } from "./invoices.ts";
import { holdSchema, resourceParams, viewHold } from "./resource-shapes.ts";
import { forecastSchema, spanSchema } from "./usage.ts";

const days = z.array(z.object({ date: z.string(), quantity: z.string() }));

const meter = z.object({
  sku: z.string(),
  name: z.string(),
  metering: z.enum(METERINGS),
  unit: z.string(),
  unitPrice: z.string(),
  quantity: z.string().describe("A gauge's level now, a counter's total of the month, or its highest peak."),
  days: days.describe("The same of each day in service: a gauge's level at its end."),
  keys: z
    .array(z.object({ key: z.string().nullable(), quantity: z.string(), days }))
    .describe("Of a counter the keys that counted most; null is what came without one."),
  keysInAll: z.int(),
});

const resourceUsage = z
  .object({
    resource: z.string(),
    resourceName: z.string(),
    currency: z.string(),
    month: spanSchema,
    lines: invoiceLines,
    total: z.int(),
    tax: z.int(),
    forecast: forecastSchema,
    hold: holdSchema.nullable(),
    meters: z.array(meter),
  })
  .openapi("ResourceUsage");

const get = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/resources/{resource}/usage",
  tags: ["Resources"],
  summary: "What a resource used this month, by meter, day and key, and what the month will come to",
  security,
  middleware: [access({ admin: true, product: true, user: "GetTrafficUsages" })],
  request: { params: resourceParams },
  responses: { 200: json(resourceUsage, "Its use of the present month."), ...problems },
});

export const resourceUsageRoutes = routes().openapi(get, async (c) => {
  const { account: id, resource: named } = c.req.valid("param");
  const caller = callerOf(c.get("principal"));
  const found = await accountObject(c.env, id).resourceUse(named, caller, now(c));
  if (!found) return problem(c, { code: "resource_not_found" });
  const { account, resource, month, used, foreseen, meters } = found;
  return c.json(
    {
      ...{ resource: resource.id, resourceName: resource.name, currency: account.currency },
      month: viewSpan(month),
      lines: viewLines(used?.charges ?? []),
      ...{ total: used?.total ?? ZERO, tax: used?.tax ?? ZERO },
      forecast: { method: FORESEEN_BY, total: foreseen?.total ?? ZERO },
      hold: resource.hold ? viewHold(resource.hold) : null,
      meters: meters.map(viewMeter),
    },
    200,
  );
});

function viewMeter({ sku, quantity, days: ofDays, keys, keysInAll }: Measured): z.infer<typeof meter> {
  const { id, name, metering, unit, unitPrice } = sku;
  const viewDays = (measured: readonly MeasuredDay[]) =>
    measured.map((day) => ({ date: dateOf(day.day), quantity: decimalOf(day.quantity) }));
  return {
    ...{ sku: id, name, metering, unit, unitPrice, keysInAll },
    quantity: decimalOf(quantity),
    days: viewDays(ofDays),
    keys: keys.map((one) => ({
      key: one.key,
      quantity: decimalOf(one.quantity),
      days: viewDays(one.days),
    })),
  };
}
