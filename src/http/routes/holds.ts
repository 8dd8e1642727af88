import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { letsGoAtMs } from "../../domain/attempts/attempt.ts";
import { RESOURCE_STATES } from "../../domain/resource.ts";
import { access } from "../auth.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, iso } from "../schemas.ts";
import { holdSchema, viewHold } from "./resource-shapes.ts";

const holds = z
  .object({
    currency: z.string(),
    held: z.int().describe("All of it, as the balance says."),
    missing: z.int().describe("What there wasn't credit for, of all resources together."),
    resources: z
      .array(
        holdSchema.extend({
          resource: z.string(),
          resourceName: z.string(),
          state: z.enum(RESOURCE_STATES),
          shortRuns: z.int().describe("Daily runs in a row for which credit was missing."),
        }),
      )
      .describe("What is held for their use: what isn't invoiced yet, and the next three days."),
    payments: z
      .array(z.object({ payment: z.string(), held: z.int(), until: z.string() }))
      .describe("What is held beside payments that are under way at gateways."),
  })
  .openapi("Holds");

const get = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/holds",
  tags: ["Accounts"],
  summary: "What credit is held for, and what is missing",
  security,
  middleware: [access({ admin: true, user: "GetUserBalance" })],
  request: { params: accountParams },
  responses: { 200: json(holds, "The holds there are."), ...problems },
});

export const holdRoutes = routes().openapi(get, async (c) => {
  const found = await accountObject(c.env, c.req.valid("param").account).holds();
  if (!found) return problem(c, { code: "account_not_found" });
  const { account, total, missing, resources, payments } = found;
  return c.json(
    {
      ...{ currency: account.currency, held: total, missing },
      resources: resources.map(({ id, name, state, hold }) => ({
        ...{ resource: id, resourceName: name, state, ...viewHold(hold), shortRuns: hold.shortRuns },
      })),
      payments: payments.map((attempt) => ({
        ...{ payment: attempt.id, held: attempt.held, until: iso(letsGoAtMs(attempt)) },
      })),
    },
    200,
  );
});
