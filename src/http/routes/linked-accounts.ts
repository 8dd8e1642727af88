import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import { FAILURE_REASONS } from "../../domain/gateway.ts";
import type { AccountId } from "../../domain/ids.ts";
import { type Invoice, openOf } from "../../domain/invoice.ts";
import { defaultOf, type LinkedAccount, type LinkedAccountId } from "../../domain/linking/linked-account.ts";
import { type Order, toPayForOrder } from "../../domain/order.ts";
import { access, mayCall } from "../auth.ts";
import { now } from "../clock.ts";
import { asResponse, run } from "../commands.ts";
import type { App } from "../context.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { startLink, unlink } from "../link-account.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, httpUrl, id, iso, text } from "../schemas.ts";

const linkedAccount = z
  .object({
    id: z.string(),
    gateway: z.string(),
    status: z.enum(["pending", "active", "failed", "removed"]),
    default: z.boolean(),
    /** How its owner recognises it. */
    label: z.string().nullable(),
    /** Where its owner agrees to it, while it is pending. */
    redirectUrl: z.string().optional(),
    /** Why it failed, or why the gateway removed it. */
    reason: z.enum(FAILURE_REASONS).nullable(),
    createdAt: z.string(),
  })
  .openapi("LinkedAccount");

const unpaidOrder = z.object({
  id: z.string(),
  product: z.string(),
  total: z.int(),
  currency: z.string(),
  expiresAt: z.string(),
});

const unpaidBill = z.object({
  code: z.string(),
  remaining: z.int(),
  currency: z.string(),
  dueAt: z.string(),
});

const all = z.object({
  data: z.array(linkedAccount),
  /** What could be paid at once, with one that is active; newest first, 20 at most. */
  unpaidOrders: z.array(unpaidOrder),
  /** The same of bills, to those who may pay them; by oldest issue, then the smaller. */
  unpaidBills: z.array(unpaidBill),
  nextCursor: z.null(),
});

const path = "/v1/accounts/{account}/linked-accounts";
const linkedAccounts = { tags: ["Linked accounts"], security };
const middleware = [access({ user: "ManageLinkedAccounts" })];
const linkParams = accountParams.extend({ linkedAccount: id<LinkedAccountId>() });

const post = createRoute({
  method: "post",
  path,
  ...linkedAccounts,
  summary: "Link an account at a gateway, to pay with it without going there",
  middleware: [...middleware, idempotent("honoured")],
  ...keyParameter("honoured"),
  request: {
    params: accountParams,
    body: body(z.strictObject({ gateway: text(32), returnUrl: httpUrl }).openapi("LinkRequest")),
  },
  responses: {
    201: json(linkedAccount, "The link; its owner agrees to it at `redirectUrl`."),
    202: json(linkedAccount, "The link, of which the gateway hasn't said yet where it is agreed to."),
    ...problems,
  },
});

const getAll = createRoute({
  method: "get",
  path,
  ...linkedAccounts,
  summary: "The linked accounts, and the unpaid orders and bills that one could pay",
  middleware: [access({ admin: true, user: ["ManageLinkedAccounts", "PayOrder"] })],
  request: { params: accountParams },
  responses: { 200: json(all, "All of them."), ...problems },
});

const get = createRoute({
  method: "get",
  path: `${path}/{linkedAccount}`,
  ...linkedAccounts,
  summary: "What has become of a linked account, removed ones included",
  middleware: [access({ admin: true, user: ["ManageLinkedAccounts", "PayOrder"] })],
  request: { params: linkParams },
  responses: { 200: json(linkedAccount, "The linked account."), ...problems },
});

const remove = createRoute({
  method: "delete",
  path: `${path}/{linkedAccount}`,
  ...linkedAccounts,
  summary: "End a link: here at once, and its gateway is told",
  middleware,
  request: { params: linkParams },
  responses: { 200: json(all, "Those that are left."), ...problems },
});

const choose = createRoute({
  method: "put",
  path: `${path}/{linkedAccount}/default`,
  ...linkedAccounts,
  summary: "Have an active linked account pay where none is named",
  middleware,
  request: { params: linkParams },
  responses: { 200: json(all, "All of them."), ...problems },
});

export const linkedAccountRoutes = routes()
  .openapi(post, async (c) => {
    const { account } = c.req.valid("param");
    const { gateway, returnUrl } = c.req.valid("json");
    const started = await startLink(c, account, { gateway, returnUrlOf: () => returnUrl });
    const { answer, response } = asResponse(c, started);
    if (response) return response;
    const isUnknown = answer.status === "pending" && answer.redirectUrl === null;
    return c.json(view(answer, false), isUnknown ? 202 : 201);
  })
  .openapi(getAll, async (c) => {
    const { account } = c.req.valid("param");
    const found = await accountObject(c.env, account).account();
    return found ? c.json(await listed(c, account), 200) : problem(c, { code: "account_not_found" });
  })
  .openapi(get, async (c) => {
    const { account, linkedAccount: wanted } = c.req.valid("param");
    const object = accountObject(c.env, account);
    const found = await object.linkedAccount(wanted);
    if (!found) return problem(c, { code: "linked_account_not_found" });
    const { linked } = await object.linkedAccounts(now(c));
    return c.json(view(found, defaultOf(linked)?.id === wanted), 200);
  })
  .openapi(remove, async (c) => {
    const { account, linkedAccount: link } = c.req.valid("param");
    const { response } = asResponse(c, await unlink(c, account, link));
    return response ?? c.json(await listed(c, account), 200);
  })
  .openapi(choose, async (c) => {
    const { account, linkedAccount: link } = c.req.valid("param");
    const { response } = await run(c, account, { type: "choose_link", link });
    return response ?? c.json(await listed(c, account), 200);
  });

async function listed(c: Context<App>, account: AccountId): Promise<z.infer<typeof all>> {
  const { principal } = c.var;
  const { linked, unpaid, bills } = await accountObject(c.env, account).linkedAccounts(now(c));
  const first = defaultOf(linked);
  return {
    data: linked.map((each) => view(each, each.id === first?.id)),
    unpaidOrders: unpaid.map(unpaidView),
    unpaidBills: mayCall(principal, { admin: true, user: "PayBilling" }) ? bills.map(billView) : [],
    nextCursor: null,
  };
}

/** Named field by field: what it is charged by is nobody's to see. */
function view(linked: LinkedAccount, isDefault: boolean): z.infer<typeof linkedAccount> {
  const { status, label, gateway, redirectUrl, failure, createdAtMs } = linked;
  return {
    ...{ id: linked.id, gateway, status, default: isDefault, label },
    ...(redirectUrl === null ? {} : { redirectUrl }),
    reason: failure,
    createdAt: iso(createdAtMs),
  };
}

const unpaidView = (order: Order): z.infer<typeof unpaidOrder> => ({
  ...{ id: order.id, product: order.product, total: toPayForOrder(order), currency: order.currency },
  expiresAt: iso(order.expiresAtMs),
});

const billView = (bill: Invoice): z.infer<typeof unpaidBill> => ({
  ...{ code: bill.code, remaining: openOf(bill), currency: bill.currency },
  dueAt: iso(bill.dueAtMs),
});
