import { createRoute, z } from "@hono/zod-openapi";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { run } from "../commands.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { type Problem, problem } from "../problems.ts";
import { autoRenewSchema } from "./order-shapes.ts";
import { resourceParams, resourceSchema, resourceView, tagsSchema } from "./resource-shapes.ts";

const UNUSABLE_KEY: Problem = {
  code: "invalid_request",
  detail: "The request isn't valid.",
  errors: [{ path: "__proto__", code: "invalid_key", message: "not a tag's key" }],
};

const resources = { tags: ["Resources"], security };
const answered = { 200: json(resourceSchema, "The resource after it."), ...problems };

const deleted = resourceSchema
  .extend({ refund: z.int(), creditNotes: z.array(z.string()) })
  .openapi("DeletedResource");

const remove = createRoute({
  method: "delete",
  path: "/v1/accounts/{account}/resources/{resource}",
  ...resources,
  summary: "Delete a resource, at once or into the trash, and refund the time left",
  middleware: [access({ product: true, user: "DeleteResources" }), idempotent("honoured")],
  ...keyParameter("honoured"),
  request: { params: resourceParams },
  responses: { 200: json(deleted, "The resource after it, and what became credit."), ...problems },
});

const stop = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/resources/{resource}/stop",
  ...resources,
  summary: "Note that a resource was stopped; it costs the same",
  middleware: [access({ product: true, user: "ManageResources" }), idempotent("honoured")],
  ...keyParameter("honoured"),
  request: { params: resourceParams },
  responses: answered,
});

const start = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/resources/{resource}/start",
  ...resources,
  summary: "Note that a stopped resource was started",
  middleware: [access({ product: true, user: "ManageResources" }), idempotent("honoured")],
  ...keyParameter("honoured"),
  request: { params: resourceParams },
  responses: answered,
});

const autoRenew = createRoute({
  method: "put",
  path: "/v1/accounts/{account}/resources/{resource}/auto-renew",
  ...resources,
  summary: "Turn auto-renewal on or off; some types let only support turn it off",
  middleware: [access({ admin: true, user: "RenewResources" })],
  request: { params: resourceParams, body: body(autoRenewSchema) },
  responses: answered,
});

const tags = createRoute({
  method: "put",
  path: "/v1/accounts/{account}/resources/{resource}/tags",
  ...resources,
  summary: "Replace a resource's tags",
  middleware: [access({ user: "ManageResources" })],
  request: {
    params: resourceParams,
    body: body(tagsSchema),
  },
  responses: answered,
});

/** What is done to a resource without paying for it. */
export const resourceActions = routes()
  .openapi(remove, async (c) => {
    const { account, resource } = c.req.valid("param");
    const { answer, response } = await run(c, account, { type: "delete_resource", resource });
    if (response) return response;
    const { refund, creditNotes } = answer;
    const view = resourceView(answer.resource, now(c));
    return c.json({ ...view, refund, creditNotes: creditNotes.map(({ code }) => code) }, 200);
  })
  .openapi(stop, async (c) => {
    const { account, resource } = c.req.valid("param");
    const command = { type: "set_power", resource, state: "stopped" } as const;
    const { answer, response } = await run(c, account, command);
    return response ?? c.json(resourceView(answer, now(c)), 200);
  })
  .openapi(start, async (c) => {
    const { account, resource } = c.req.valid("param");
    const command = { type: "set_power", resource, state: "active" } as const;
    const { answer, response } = await run(c, account, command);
    return response ?? c.json(resourceView(answer, now(c)), 200);
  })
  .openapi(autoRenew, async (c) => {
    const { account, resource } = c.req.valid("param");
    const command = { type: "set_auto_renew", resource, autoRenew: c.req.valid("json") } as const;
    const { answer, response } = await run(c, account, command);
    return response ?? c.json(resourceView(answer, now(c)), 200);
  })
  .openapi(tags, async (c) => {
    const { account, resource } = c.req.valid("param");
    const flaw = flawOf(c.req.header("Content-Type"), await c.req.text());
    if (flaw) return problem(c, flaw);
    const command = { type: "set_tags", resource, tags: c.req.valid("json") } as const;
    const { answer, response } = await run(c, account, command);
    return response ?? c.json(resourceView(answer, now(c)), 200);
  });

/** What the schema never sees: a body that isn't told to be JSON, and a key of this name, would mean no tags at all. */
function flawOf(type: string | undefined, text: string): Problem | null {
  if (text !== "" && !/^application\/json\b/i.test(type ?? "")) return { code: "unsupported_media_type" };
  try {
    return Object.hasOwn(JSON.parse(text), "__proto__") ? UNUSABLE_KEY : null;
  } catch {
    return { code: "malformed_json" };
  }
}
