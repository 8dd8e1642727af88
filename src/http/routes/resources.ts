import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import type { LineId } from "../../domain/ids.ts";
import { NO_REASON_GIVEN } from "../../domain/provisioning.ts";
import { ABOUT_RESOURCES } from "../actions.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { callerOf, run } from "../commands.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, id, list, numberedPage, pageOf, text } from "../schemas.ts";
import { isUnknown } from "../unknown-account.ts";
import { fits, resourceFilters } from "./resource-filters.ts";
import { resourceParams, resourceSchema, resourceView } from "./resource-shapes.ts";

const filters = numberedPage.extend(resourceFilters);

const getAll = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/resources",
  tags: ["Resources"],
  summary: "The account's resources, newest first",
  security,
  middleware: [access({ admin: true, product: true, user: ABOUT_RESOURCES })],
  request: { params: accountParams, query: filters },
  responses: { 200: json(list(resourceSchema), "A page of resources."), ...problems },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/resources/{resource}",
  tags: ["Resources"],
  summary: "A resource as it stands",
  security,
  middleware: [access({ admin: true, product: true, user: ABOUT_RESOURCES })],
  request: { params: resourceParams },
  responses: { 200: json(resourceSchema, "The resource."), ...problems },
});

const answer = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/resources/{resource}/provisioning",
  tags: ["Resources"],
  summary: "Tell how provisioning a paid line went",
  security,
  middleware: [access({ product: true }), idempotent("honoured")],
  ...keyParameter("honoured"),
  request: {
    params: resourceParams,
    body: body(
      z
        .strictObject({
          orderLine: id<LineId>(),
          status: z.enum(["succeeded", "failed"]),
          reason: text(500).optional(),
        })
        .openapi("ProvisioningAnswer"),
    ),
  },
  responses: { 200: json(resourceSchema, "The resource after it."), ...problems },
});

export const resources = routes()
  .openapi(getAll, async (c) => {
    const { limit, cursor: before, ...wanted } = c.req.valid("query");
    const { account } = c.req.valid("param");
    const all = await accountObject(c.env, account).resources(callerOf(c.get("principal")));
    if (await isUnknown(c, account, all)) return problem(c, { code: "account_not_found" });
    const found = all.filter((entry) => entry.n < (before ?? Number.MAX_SAFE_INTEGER));
    const matching = found.filter((entry) => fits(entry, wanted, now(c)));
    return c.json(
      pageOf(
        matching,
        limit,
        (entry) => resourceView(entry, now(c)),
        ({ n }) => String(n),
      ),
      200,
    );
  })
  .openapi(getOne, async (c) => {
    const { account, resource: id } = c.req.valid("param");
    const found = await accountObject(c.env, account).resource(id, callerOf(c.get("principal")));
    return found ? c.json(resourceView(found, now(c)), 200) : problem(c, { code: "resource_not_found" });
  })
  .openapi(answer, async (c) => {
    const { account, resource: id } = c.req.valid("param");
    const { orderLine: line, status, reason = NO_REASON_GIVEN } = c.req.valid("json");
    const outcome = status === "succeeded" ? { status } : { status, reason };
    const command = { type: "answer_provisioning", resource: id, line, outcome } as const;
    const { answer, response } = await run(c, account, command);
    if (response) return response;
    return answer.isTooLate
      ? problem(c, { code: "line_already_refunded" })
      : c.json(resourceView(answer.resource, now(c)), 200);
  });
