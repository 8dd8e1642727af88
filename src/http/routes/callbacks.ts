import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import type { FiledCallback } from "../../domain/attempts/callback.ts";
import type { AccountId, CallbackId } from "../../domain/ids.ts";
import { assignCallback, type CallbackListing, findCallback, listCallbacks } from "../../store/callbacks.ts";
import { access } from "../auth.ts";
import { run } from "../commands.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { datedPage, id, iso, list, pageOf, position } from "../schemas.ts";

const callback = z
  .object({
    id: z.string(),
    account: z.string().nullable(),
    status: z.enum(["unmatched", "quarantined", "deposited"]),
    gateway: z.string(),
    reference: z.string(),
    merchant: z.string(),
    amount: z.int(),
    currency: z.string(),
    theirId: z.string(),
    at: z.string(),
  })
  .openapi("GatewayCallback");

const getAll = createRoute({
  method: "get",
  path: "/v1/admin/callbacks",
  tags: ["Operations"],
  summary: "Money of gateways that fits nothing we know, newest first",
  security,
  middleware: [access({ admin: true })],
  request: { query: datedPage.extend({ status: z.enum(["waiting", "all"]).default("waiting") }) },
  responses: { 200: json(list(callback), "A page of callbacks."), ...problems },
});

const deposit = createRoute({
  method: "post",
  path: "/v1/admin/callbacks/{callback}/deposit",
  tags: ["Operations"],
  summary: "Make such money credit, once; `account` says whose, where that isn't known",
  security,
  middleware: [access({ admin: true }), idempotent("required")],
  ...keyParameter("required"),
  request: {
    params: z.object({ callback: id<CallbackId>() }),
    body: body(z.strictObject({ account: id<AccountId>().optional() }).openapi("CallbackDeposit")),
  },
  responses: { 200: json(callback, "The money is credit."), ...problems },
});

export const callbacks = routes()
  .openapi(getAll, async (c) => {
    const { limit, cursor: before, status } = c.req.valid("query");
    const found = await listCallbacks(c.env, { isWaiting: status === "waiting", before, limit });
    const cursor = ({ callback: { atMs, id } }: CallbackListing) => position(atMs, id);
    return c.json(pageOf(found, limit, view, cursor), 200);
  })
  .openapi(deposit, async (c) => {
    const { callback: id } = c.req.valid("param");
    const { account: named } = c.req.valid("json");
    const found = await findCallback(c.env, id);
    if (!found || (found.account && named && named !== found.account))
      return problem(c, { code: "callback_not_found" });
    const account = found.account ?? named;
    if (account === undefined) return problem(c, { code: "invalid_request", errors: [WHOSE] });
    if (!(await accountObject(c.env, account).account())) return problem(c, { code: "account_not_found" });
    if (found.account === null && !(await assignCallback(c.env, id, account)))
      return problem(c, { code: "callback_deposited" });
    const command = { type: "deposit_callback", callback: found.callback } as const;
    const { answer, response } = await run(c, account, command);
    return response ?? c.json(view({ account, callback: answer }), 200);
  });

const WHOSE = { path: "account", code: "invalid_type", message: "say whose money it is" };

const view = ({
  account,
  callback: { atMs, ...same },
}: {
  account: AccountId | null;
  callback: FiledCallback;
}): z.infer<typeof callback> => ({ ...same, account, at: iso(atMs) });
