import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import type { RecipientId } from "../../domain/ids.ts";
import { CONFIRMATION_LIFE_MS, type Recipient } from "../../domain/recipient.ts";
import { askRecipient } from "../ask-recipient.ts";
import { access } from "../auth.ts";
import { asResponse, run } from "../commands.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, id, iso } from "../schemas.ts";

const recipient = z
  .object({
    id: z.string(),
    email: z.string(),
    status: z.enum(["pending", "confirmed"]),
    /** Until when the link that was sent last can be followed; null once it was. */
    expiresAt: z.string().nullable(),
  })
  .openapi("Recipient");

const all = z.object({ data: z.array(recipient), nextCursor: z.null() });

const recipients = { tags: ["Recipients"], security };

const get = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/recipients",
  ...recipients,
  summary: "Who gets the account's mails beside its owner, or was asked to",
  middleware: [access({ admin: true, user: "ManageProfile" })],
  request: { params: accountParams },
  responses: { 200: json(all, "All of them."), ...problems },
});

const post = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/recipients",
  ...recipients,
  summary: "Ask somebody, by mail, whether they want the account's mails; they have three days to say yes",
  middleware: [access({ user: "ManageProfile" }), idempotent("honoured")],
  ...keyParameter("honoured"),
  request: { params: accountParams, body: body(z.strictObject({ email: z.email().max(254) })) },
  responses: { 201: json(recipient, "They were asked."), ...problems },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/accounts/{account}/recipients/{recipient}",
  ...recipients,
  summary: "Send somebody no more mails",
  middleware: [access({ user: "ManageProfile" })],
  request: { params: accountParams.extend({ recipient: id<RecipientId>() }) },
  responses: { 200: json(all, "Those who are left."), ...problems },
});

export const recipientRoutes = routes()
  .openapi(get, async (c) => {
    const found = await accountObject(c.env, c.req.valid("param").account).account();
    return found ? c.json(listed(found.recipients), 200) : problem(c, { code: "account_not_found" });
  })
  .openapi(post, async (c) => {
    const { account } = c.req.valid("param");
    const { answer, response } = asResponse(c, await askRecipient(c, account, c.req.valid("json").email));
    return response ?? c.json(view(answer), 201);
  })
  .openapi(remove, async (c) => {
    const { account, recipient } = c.req.valid("param");
    const { answer, response } = await run(c, account, { type: "remove_recipient", recipient });
    return response ?? c.json(listed(answer), 200);
  });

const listed = (found: readonly Recipient[]) => ({ data: found.map(view), nextCursor: null });

const view = ({ id, email, askedAtMs, confirmedAtMs }: Recipient): z.infer<typeof recipient> => ({
  id,
  email,
  status: confirmedAtMs === null ? "pending" : "confirmed",
  expiresAt: confirmedAtMs === null ? iso(askedAtMs + CONFIRMATION_LIFE_MS) : null,
});
