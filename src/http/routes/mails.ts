import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import type { AccountId } from "../../domain/ids.ts";
import { findMail, listMails, type MailRow, recordDead, reopenMail } from "../../store/mails.ts";
import { audited } from "../audited.ts";
import { access } from "../auth.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { datedPage, id, iso, list, pageOf, position } from "../schemas.ts";

const MAIL_STATUSES = ["sent", "dead", "queued"] as const;

const mail = z
  .object({
    id: z.string(),
    account: z.string(),
    key: z.string(),
    recipient: z.string(),
    status: z.enum(MAIL_STATUSES),
    error: z.string().nullable(),
    at: z.string(),
  })
  .openapi("Mail");

const getAll = createRoute({
  method: "get",
  path: "/v1/admin/mails",
  tags: ["Operations"],
  summary: "Mails by what became of them, newest first",
  security,
  middleware: [access({ admin: true })],
  request: {
    query: datedPage.extend({
      status: z.enum(MAIL_STATUSES).default("dead"),
      account: z.string().max(64).optional(),
    }),
  },
  responses: { 200: json(list(mail), "A page of mails."), ...problems },
});

const resend = createRoute({
  method: "post",
  path: "/v1/admin/mails/{mail}/resend",
  tags: ["Operations"],
  summary: "Send a mail once more",
  security,
  middleware: [access({ admin: true }), idempotent("honoured"), audited("resend_mail")],
  ...keyParameter("honoured"),
  request: { params: z.object({ mail: id() }) },
  responses: { 202: json(mail, "It is on its way."), ...problems },
});

export const mails = routes()
  .openapi(getAll, async (c) => {
    const { limit, cursor: before, ...of } = c.req.valid("query");
    const found = await listMails(c.env, { ...of, before, limit });
    return c.json(
      pageOf(found, limit, view, ({ atMs, id }) => position(atMs, id)),
      200,
    );
  })
  .openapi(resend, async (c) => {
    const { mail: id } = c.req.valid("param");
    const known = await findMail(c.env, id);
    if (!known) return problem(c, { code: "not_found" });
    const keyed = c.get("keyed");
    const object = accountObject(c.env, known.account as AccountId);
    const use = keyed ? await object.keyUse(keyed) : "new";
    if (use === "other") return problem(c, { code: "idempotency_key_reused" });
    if (use === "same") {
      c.header("Idempotency-Replayed", "true");
      return c.json(view(known), 202);
    }
    const reopened = await reopenMail(c.env, id);
    if (!reopened) return problem(c, { code: "not_found" });
    try {
      await c.env.JOBS.send(reopened.job);
    } catch (error) {
      await recordDead(c.env, reopened.id, reopened.job, "it couldn't be queued");
      throw error;
    }
    if (keyed) await object.rememberKey(keyed);
    return c.json(view(reopened), 202);
  });

const view = ({ id, account, key, recipient, status, error, atMs }: MailRow): z.infer<typeof mail> => ({
  id,
  account,
  key,
  recipient,
  status,
  error,
  at: iso(atMs),
});
