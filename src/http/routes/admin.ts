import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { directory } from "../../directory/directory-object.ts";
import type { AccountId, CouponCode, ResourceId } from "../../domain/ids.ts";
import { type Finding, rebuildAccount, verifyAccount, verifyCoupon } from "../../jobs/integrity.ts";
import { listAlerts, listDeadCalls } from "../../store/alerts.ts";
import { listActions } from "../../store/audit.ts";
import { listMails, reopenMail } from "../../store/mails.ts";
import { audited } from "../audited.ts";
import { access } from "../auth.ts";
import { principalName } from "../context.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { id, iso, list, numberCursor, page, pageOf } from "../schemas.ts";

const middleware = [access({ admin: true })];
const tags = ["Operations"];

const alert = z
  .object({ account: z.string(), key: z.string(), kind: z.string(), subject: z.string(), at: z.string() })
  .openapi("Alert");

const consoleCall = z
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

const mail = z
  .object({
    id: z.string(),
    account: z.string(),
    key: z.string(),
    recipient: z.string(),
    status: z.enum(["sent", "dead", "queued"]),
    error: z.string().nullable(),
    at: z.string(),
  })
  .openapi("MailRecord");

const action = z
  .object({
    at: z.string(),
    requestId: z.string(),
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
  })
  .openapi("AuditEntry");

const finding = z.object({ subject: z.string(), invariant: z.int(), problem: z.string() }).openapi("Finding");

const getAlerts = createRoute({
  method: "get",
  path: "/v1/admin/alerts",
  tags,
  summary: "What somebody must look at, newest first",
  security,
  middleware,
  request: { query: page },
  responses: { 200: json(list(alert), "A page of alerts."), ...problems },
});

const getCalls = createRoute({
  method: "get",
  path: "/v1/admin/console-calls",
  tags,
  summary: "Console calls that failed for good and hold up their resource's later calls",
  security,
  middleware,
  request: { query: page },
  responses: { 200: json(list(consoleCall), "A page of dead calls."), ...problems },
});

const callParams = z.object({
  account: id<AccountId>(),
  resource: id<ResourceId>(),
  resolution: z.enum(["retry", "skip"]),
});

const resolveCall = createRoute({
  method: "post",
  path: "/v1/admin/console-calls/{account}/{resource}/{resolution}",
  tags,
  summary: "Try a dead console call again, or give it up",
  security,
  middleware,
  request: { params: callParams },
  responses: { 200: json(z.object({ resolved: z.literal(true) }), "It is no longer dead."), ...problems },
});

const getMails = createRoute({
  method: "get",
  path: "/v1/admin/mails",
  tags,
  summary: "Mails by what became of them, newest first",
  security,
  middleware,
  request: {
    query: page.extend({
      status: z.enum(["sent", "dead", "queued"]).default("dead"),
      account: z.string().max(64).optional(),
    }),
  },
  responses: { 200: json(list(mail), "A page of mails."), ...problems },
});

const resend = createRoute({
  method: "post",
  path: "/v1/admin/mails/{mail}/resend",
  tags,
  summary: "Send a mail once more",
  security,
  middleware: [...middleware, audited("resend_mail")],
  request: { params: z.object({ mail: id() }) },
  responses: { 202: json(mail, "It is on its way."), ...problems },
});

const getAudit = createRoute({
  method: "get",
  path: "/v1/admin/audit",
  tags,
  summary: "What operations and product consoles did: to an account, or to the installation",
  security,
  middleware,
  request: { query: page.extend({ account: id<AccountId>().optional() }) },
  responses: { 200: json(list(action), "A page of the audit trail."), ...problems },
});

/** Accounts or coupons that one call looks at. */
const PER_CALL = 50;

const pagesBody = z.strictObject({
  account: id<AccountId>().optional(),
  cursor: z.string().max(512).optional(),
});

const verify = createRoute({
  method: "post",
  path: "/v1/admin/verify",
  tags,
  summary: "Check every invariant of an account, or of all accounts and coupons in pages",
  security,
  middleware,
  request: { body: body(pagesBody.openapi("VerifyRequest")) },
  responses: {
    200: json(
      z.object({ checked: z.int(), findings: z.array(finding), nextCursor: z.string().nullable() }),
      "What was found; no findings is the only good answer.",
    ),
    ...problems,
  },
});

const rebuild = createRoute({
  method: "post",
  path: "/v1/admin/rebuild",
  tags,
  summary: "Tell the read side everything anew, of an account or of all in pages",
  security,
  middleware: [...middleware, audited("rebuild")],
  request: { body: body(pagesBody.openapi("RebuildRequest")) },
  responses: {
    200: json(z.object({ rebuilt: z.int(), nextCursor: z.string().nullable() }), "How many accounts."),
    ...problems,
  },
});

export const admin = routes()
  .openapi(getAlerts, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const found = await listAlerts(c.env, numberCursor(cursor), limit);
    return c.json(
      pageOf(
        found,
        limit,
        ({ atMs, ...row }) => ({ ...row, at: iso(atMs) }),
        ({ atMs }) => String(atMs),
      ),
      200,
    );
  })
  .openapi(getCalls, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const found = await listDeadCalls(c.env, numberCursor(cursor), limit);
    return c.json(
      pageOf(
        found,
        limit,
        ({ atMs, ...row }) => ({ ...row, at: iso(atMs) }),
        ({ atMs }) => String(atMs),
      ),
      200,
    );
  })
  .openapi(resolveCall, async (c) => {
    const { account, resource, resolution } = c.req.valid("param");
    const actor = { name: principalName(c.get("principal")), requestId: c.get("requestId") };
    const isResolved = await accountObject(c.env, account).resolveDeadCall(resource, resolution, actor);
    return isResolved ? c.json({ resolved: true } as const, 200) : problem(c, { code: "not_found" });
  })
  .openapi(getMails, async (c) => {
    const { limit, cursor, status, account } = c.req.valid("query");
    const found = await listMails(c.env, { status, account, beforeMs: numberCursor(cursor), limit });
    return c.json(
      pageOf(found, limit, mailView, ({ atMs }) => String(atMs)),
      200,
    );
  })
  .openapi(resend, async (c) => {
    const reopened = await reopenMail(c.env, c.req.valid("param").mail);
    if (!reopened) return problem(c, { code: "not_found" });
    await c.env.JOBS.send(reopened.job);
    return c.json(mailView(reopened), 202);
  })
  .openapi(getAudit, async (c) => {
    const { limit, cursor, account } = c.req.valid("query");
    const before = numberCursor(cursor);
    if (account !== undefined) {
      const found = await accountObject(c.env, account).auditTrail(before ?? null, limit + 1);
      return c.json(
        pageOf(found, limit, actionView, ({ n }) => String(n)),
        200,
      );
    }
    const found = await listActions(c.env, before, limit);
    return c.json(
      pageOf(found, limit, actionView, ({ n }) => String(n)),
      200,
    );
  })
  .openapi(verify, async (c) => {
    const { account, cursor } = c.req.valid("json");
    if (account !== undefined) {
      return c.json({ checked: 1, findings: await verifyAccount(c.env, account), nextCursor: null }, 200);
    }
    return c.json(await verifyPage(c.env, cursor ?? ""), 200);
  })
  .openapi(rebuild, async (c) => {
    const { account, cursor } = c.req.valid("json");
    const names =
      account === undefined ? await directory(c.env).list("account", cursor ?? "", PER_CALL) : [account];
    for (const name of names) await rebuildAccount(c.env, name as AccountId);
    const nextCursor = names.length === PER_CALL ? (names.at(-1) ?? null) : null;
    return c.json({ rebuilt: names.length, nextCursor }, 200);
  });

/** Coupons come after the last account; a cursor into them is marked. */
const COUPONS_MARK = "coupons:";

async function verifyPage(env: Env, cursor: string) {
  const isCoupons = cursor.startsWith(COUPONS_MARK);
  const kind = isCoupons ? "coupon" : "account";
  const names = await directory(env).list(
    kind,
    isCoupons ? cursor.slice(COUPONS_MARK.length) : cursor,
    PER_CALL,
  );
  const findings: Finding[] = [];
  for (const name of names) {
    findings.push(
      ...(isCoupons
        ? await verifyCoupon(env, name as CouponCode)
        : await verifyAccount(env, name as AccountId)),
    );
  }
  const last = names.length === PER_CALL ? (names.at(-1) ?? "") : null;
  const end = isCoupons ? null : COUPONS_MARK;
  return {
    checked: names.length,
    findings,
    nextCursor: last === null ? end : `${isCoupons ? COUPONS_MARK : ""}${last}`,
  };
}

const mailView = ({
  id,
  account,
  key,
  recipient,
  status,
  error,
  atMs,
}: Awaited<ReturnType<typeof listMails>>[number]) => ({
  id,
  account,
  key,
  recipient,
  status,
  error,
  at: iso(atMs),
});

const actionView = ({
  atMs,
  requestId,
  actor,
  action,
  subject,
}: {
  atMs: number;
  requestId: string;
  actor: string;
  action: string;
  subject: string;
}) => ({
  at: iso(atMs),
  requestId,
  actor,
  action,
  subject,
});
