import { createRoute, z } from "@hono/zod-openapi";
import { desc, eq } from "drizzle-orm";
import { html } from "hono/html";
import { access } from "../http/auth.ts";
import { limitStrangers } from "../http/edge.ts";
import { json, problems, routes, security } from "../http/openapi.ts";
import { iso } from "../http/schemas.ts";
import type { MailSender } from "../mail/sender.ts";
import { databaseOf } from "../store/database.ts";
import { sandboxMailbox } from "../store/schema.ts";
import { inSandboxOnly, onThisMachineOnly } from "./only.ts";

const MAX_MAILS = 500;

/** Keeps mails instead of sending them, for whoever tries this installation out. */
export const mailboxSender = (env: Env): MailSender => ({
  async send({ key, to, subject, text, html: body, atMs }) {
    const mail = { key, recipient: to, subject, text, html: body, atMs };
    await databaseOf(env, null).insert(sandboxMailbox).values(mail).onConflictDoNothing();
  },
});

const mail = z
  .object({ to: z.string(), subject: z.string(), text: z.string(), at: z.string() })
  .openapi("SandboxMail");

const get = createRoute({
  method: "get",
  path: "/v1/sandbox/mailbox",
  tags: ["Sandbox"],
  summary: "The mails that were sent, newest first",
  security,
  middleware: [access({ admin: true }), inSandboxOnly],
  request: { query: z.object({ to: z.email().optional() }) },
  responses: { 200: json(z.object({ data: z.array(mail) }), "The mails."), ...problems },
});

export const mailbox = routes().openapi(get, async (c) => {
  const found = await mailsTo(c.env, c.req.valid("query").to);
  const data = found.map(({ recipient, subject, text, atMs }) => ({
    to: recipient,
    subject,
    text,
    at: iso(atMs),
  }));
  return c.json({ data }, 200);
});

mailbox.get("/sandbox/mailbox", inSandboxOnly, onThisMachineOnly, limitStrangers, async (c) => {
  const found = await mailsTo(c.env, c.req.query("to"));
  c.header(
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  );
  c.header("Cache-Control", "no-store");
  return c.html(html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sandbox mailbox</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 760px; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
article { border-top: 1px solid #8884; padding: 1rem 0 }
h2 { font-size: 1.05rem; margin: 0 }
p { margin: 0; opacity: .7 }
pre { white-space: pre-wrap; font: inherit; margin: .75rem 0 0 }
</style></head>
<body><h1>Sandbox mailbox</h1>
${found.length === 0 ? html`<p>No mail yet.</p>` : ""}
${found.map(
  (sent) => html`<article><h2>${sent.subject}</h2><p>${sent.recipient} · ${iso(sent.atMs)}</p>
<pre>${sent.text}</pre></article>`,
)}
</body></html>`);
});

const mailsTo = (env: Env, to: string | undefined) =>
  databaseOf(env, null)
    .select()
    .from(sandboxMailbox)
    .where(to === undefined ? undefined : eq(sandboxMailbox.recipient, to))
    .orderBy(desc(sandboxMailbox.n))
    .limit(MAX_MAILS);
