import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import type { AccountId, ResourceId } from "../../domain/ids.ts";
import { listAlerts, listDeadCalls } from "../../store/alerts.ts";
import { listActions } from "../../store/audit.ts";
import { listDueAccounts } from "../../store/due.ts";
import { access } from "../auth.ts";
import { principalName } from "../context.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { datedPage, id, iso, list, numberedPage, pageOf, position } from "../schemas.ts";

const middleware = [access({ admin: true })];
const tags = ["Operations"];

const alert = z
  .object({ account: z.string(), key: z.string(), kind: z.string(), subject: z.string(), at: z.string() })
  .openapi("Alert");

const deadCall = z
  .object({
    account: z.string(),
    resource: z.string(),
    sequence: z.int(),
    type: z.string(),
    attempts: z.int(),
    error: z.string(),
    at: z.string(),
  })
  .openapi("DeadConsoleCall");

const dueWork = z
  .object({
    account: z.string(),
    dueAt: z.string().openapi({ description: "The earliest thing's, where only accounts are listed." }),
    kind: z.string().optional(),
    subject: z
      .string()
      .optional()
      .openapi({ description: "The order, resource, payment … that it is about." }),
  })
  .openapi("DueWork");

const action = z
  .object({
    at: z.string(),
    requestId: z.string(),
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
  })
  .openapi("AuditEntry");

const getAlerts = createRoute({
  method: "get",
  path: "/v1/admin/alerts",
  tags,
  summary: "What somebody must look at, newest first",
  security,
  middleware,
  request: { query: datedPage },
  responses: { 200: json(list(alert), "A page of alerts."), ...problems },
});

const getDeadCalls = createRoute({
  method: "get",
  path: "/v1/admin/console-calls",
  tags,
  summary: "Console calls that failed for good and hold up their resource's later calls",
  security,
  middleware,
  request: { query: datedPage },
  responses: { 200: json(list(deadCall), "A page of dead calls."), ...problems },
});

const resolveDeadCall = createRoute({
  method: "post",
  path: "/v1/admin/console-calls/{account}/{resource}/{resolution}",
  tags,
  summary: "Try a dead console call again, or give it up",
  security,
  middleware: [...middleware, idempotent("honoured")],
  ...keyParameter("honoured"),
  request: {
    params: z.object({
      account: id<AccountId>(),
      resource: id<ResourceId>(),
      resolution: z.enum(["retry", "skip"]),
    }),
  },
  responses: { 200: json(z.object({ resolved: z.literal(true) }), "It is no longer dead."), ...problems },
});

const getDueWork = createRoute({
  method: "get",
  path: "/v1/admin/due-work",
  tags,
  summary: "What time will have done, earliest first: accounts, or all of one account",
  description: "An instant that lies minutes back means that cron, the queue or the account is in trouble.",
  security,
  middleware,
  request: { query: datedPage.extend({ account: id<AccountId>().optional() }) },
  responses: { 200: json(list(dueWork), "A page of due work."), ...problems },
});

const getAudit = createRoute({
  method: "get",
  path: "/v1/admin/audit",
  tags,
  summary: "What operations and product consoles did: to an account, or to the installation",
  security,
  middleware,
  request: { query: numberedPage.extend({ account: id<AccountId>().optional() }) },
  responses: { 200: json(list(action), "A page of the audit trail."), ...problems },
});

export const operations = routes()
  .openapi(getAlerts, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const found = await listAlerts(c.env, cursor, limit);
    return c.json(
      pageOf(found, limit, dated, ({ atMs, key }) => position(atMs, key)),
      200,
    );
  })
  .openapi(getDeadCalls, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const found = await listDeadCalls(c.env, cursor, limit);
    return c.json(
      pageOf(found, limit, dated, ({ atMs, resource }) => position(atMs, resource)),
      200,
    );
  })
  .openapi(resolveDeadCall, async (c) => {
    const { account, resource, resolution } = c.req.valid("param");
    const actor = { name: principalName(c.get("principal")), requestId: c.get("requestId") };
    const object = accountObject(c.env, account);
    const keyed = c.get("keyed");
    const use = keyed ? await object.keyUse(keyed) : "new";
    if (use === "other") return problem(c, { code: "idempotency_key_reused" });
    if (use === "same") {
      c.header("Idempotency-Replayed", "true");
      return c.json({ resolved: true } as const, 200);
    }
    const isResolved = await object.resolveDeadCall(resource, resolution, actor, keyed);
    return isResolved ? c.json({ resolved: true } as const, 200) : problem(c, { code: "not_found" });
  })
  .openapi(getDueWork, async (c) => {
    const { limit, cursor, account } = c.req.valid("query");
    if (account === undefined) {
      const found = await listDueAccounts(c.env, cursor, limit);
      const due = ({ dueAtMs, ...row }: (typeof found)[number]) => ({ ...row, dueAt: iso(dueAtMs) });
      return c.json(
        pageOf(found, limit, due, (row) => position(row.dueAtMs, row.account)),
        200,
      );
    }
    const found = await accountObject(c.env, account).waitingWork(cursor, limit + 1);
    return c.json(
      pageOf(
        found,
        limit,
        ({ kind, key, dueAtMs }) => ({ account, dueAt: iso(dueAtMs), kind, subject: key }),
        ({ kind, key, dueAtMs }) => position(dueAtMs, `${kind} ${key}`),
      ),
      200,
    );
  })
  .openapi(getAudit, async (c) => {
    const { limit, cursor: before, account } = c.req.valid("query");
    const found =
      account === undefined
        ? await listActions(c.env, before, limit)
        : await accountObject(c.env, account).auditTrail(before ?? null, limit + 1);
    const entry = ({ n: _, ...row }: (typeof found)[number]) => dated(row);
    return c.json(
      pageOf(found, limit, entry, ({ n }) => String(n)),
      200,
    );
  });

/** A row with its instant as the API writes it. */
const dated = <R extends { readonly atMs: number }>({ atMs, ...row }: R) => ({ ...row, at: iso(atMs) });
