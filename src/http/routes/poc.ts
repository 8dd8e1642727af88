import { createRoute, z } from "@hono/zod-openapi";
import { MAX_AMOUNT_MINOR, type Money } from "../../domain/money.ts";
import { listPocTransactions, type PocTransactionRow } from "../../store/documents.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { newId, run } from "../commands.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, instant, iso, list, numberedPage, pageOf } from "../schemas.ts";
import { isUnknown } from "../unknown-account.ts";
import { resourceParams, resourceSchema, resourceView } from "./resource-shapes.ts";

const granted = z
  .int()
  .min(0)
  .max(MAX_AMOUNT_MINOR)
  .transform((minor) => minor as Money);

const wallet = z
  .object({ amount: z.int(), balance: z.int(), currency: z.string(), expiresAt: z.string() })
  .openapi("PocWallet");

const transaction = z
  .object({
    id: z.string(),
    type: z.enum(["grant", "purchase", "refund", "expiry"]),
    amount: z.int(),
    balance: z.int(),
    reference: z.string(),
    description: z.string(),
    at: z.string(),
  })
  .openapi("PocTransaction");

const put = createRoute({
  method: "put",
  path: "/v1/accounts/{account}/poc-wallet",
  tags: ["Trial money"],
  summary: "Grant trial money: `amount` in all, whatever was used of it, until `expiresAt`",
  security,
  middleware: [access({ admin: true })],
  request: { params: accountParams, body: body(z.strictObject({ amount: granted, expiresAt: instant })) },
  responses: { 200: json(wallet, "The wallet, with what is left in it."), ...problems },
});

const stop = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/resources/{resource}/stop-poc",
  tags: ["Trial money"],
  summary: "End a trial: the rest goes back to the POC wallet, the resource into the trash",
  security,
  middleware: [access({ user: "ManageResources" }), idempotent("required")],
  ...keyParameter("required"),
  request: { params: resourceParams },
  responses: {
    200: json(resourceSchema.extend({ refund: z.int() }).openapi("StoppedTrial"), "The resource after it."),
    ...problems,
  },
});

const history = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/poc-transactions",
  tags: ["Trial money"],
  summary: "Changes of the POC wallet, each with the balance after it, newest first",
  security,
  middleware: [access({ admin: true, user: "ListCredits" })],
  request: {
    params: accountParams,
    query: numberedPage.extend({ from: instant.optional(), to: instant.optional() }),
  },
  responses: { 200: json(list(transaction), "A page of the POC wallet's history."), ...problems },
});

/** Trial money and what lives on it. */
export const poc = routes()
  .openapi(put, async (c) => {
    const { account } = c.req.valid("param");
    const { amount, expiresAt: expiresAtMs } = c.req.valid("json");
    const command = { type: "set_poc_wallet", amount, expiresAtMs, reference: newId("poc") } as const;
    const { answer, response } = await run(c, account, command);
    if (response) return response;
    const { granted, balance, currency } = answer;
    return c.json({ amount: granted, balance, currency, expiresAt: iso(answer.expiresAtMs) }, 200);
  })
  .openapi(stop, async (c) => {
    const { account, resource } = c.req.valid("param");
    const { answer, response } = await run(c, account, { type: "stop_poc", resource });
    return response ?? c.json({ ...resourceView(answer.resource, now(c)), refund: answer.refund }, 200);
  })
  .openapi(history, async (c) => {
    const { limit, cursor: before, from: fromMs, to: toMs } = c.req.valid("query");
    const { account } = c.req.valid("param");
    const found = await listPocTransactions(c.env, account, { fromMs, toMs, before, limit });
    if (await isUnknown(c, account, found)) return problem(c, { code: "account_not_found" });
    return c.json(
      pageOf(found, limit, view, ({ n }) => String(n)),
      200,
    );
  });

const view = ({ n, account: _, atMs, ...row }: PocTransactionRow): z.infer<typeof transaction> => ({
  id: String(n),
  ...row,
  at: iso(atMs),
});
