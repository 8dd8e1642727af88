import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { directory } from "../../directory/directory-object.ts";
import type { Account } from "../../domain/account.ts";
import { balanceOf } from "../../domain/ledger.ts";
import { add } from "../../domain/money.ts";
import { access } from "../auth.ts";
import { newId, run } from "../commands.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { amount, currency, iso, accountParams as params, positiveAmount, text } from "../schemas.ts";

const accountBody = z
  .strictObject({
    email: z.email().max(254),
    name: text(200),
    billingMode: z.enum(["prepaid", "postpaid"]).default("prepaid"),
    currency: currency.default("VND"),
    timeZone: text(64).default("Asia/Ho_Chi_Minh"),
    locale: z.enum(["en", "vi"]).default("vi"),
    postpaidLimit: positiveAmount.optional(),
    suspendOverdueDays: z.int().min(1).max(365).optional(),
  })
  .openapi("AccountSettings");

const account = z.object({ ...accountBody.shape, id: z.string(), createdAt: z.string() }).openapi("Account");

const balance = z
  .object({
    currency: z.string(),
    credit: z.object({ available: z.int(), held: z.int(), total: z.int() }),
    poc: z.object({ balance: z.int(), expiresAt: z.string().nullable() }),
    outstanding: z.int(),
  })
  .openapi("Balance");

const credit = z
  .object({ amount: z.int(), reason: z.string(), currency: z.string(), available: z.int() })
  .openapi("CreditGrant");

const put = createRoute({
  method: "put",
  path: "/v1/accounts/{account}",
  tags: ["Accounts"],
  summary: "Open an account, or change its settings",
  security,
  middleware: [access({ admin: true })],
  request: { params, body: body(accountBody) },
  responses: { 200: json(account, "The account."), ...problems },
});

const get = createRoute({
  method: "get",
  path: "/v1/accounts/{account}",
  tags: ["Accounts"],
  summary: "An account's settings",
  security,
  middleware: [access({ admin: true, user: "GetUserInfo" })],
  request: { params },
  responses: { 200: json(account, "The account."), ...problems },
});

const getBalance = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/balance",
  tags: ["Accounts"],
  summary: "What the account has, holds and owes",
  security,
  middleware: [access({ admin: true, user: "GetUserBalance" })],
  request: { params },
  responses: { 200: json(balance, "The balance."), ...problems },
});

const grant = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/credits",
  tags: ["Accounts"],
  summary: "Give credit, or (negative) take back what was given too much",
  security,
  middleware: [access({ admin: true }), idempotent("required")],
  ...keyParameter("required"),
  request: { params, body: body(z.strictObject({ amount, reason: text(500) })) },
  responses: { 201: json(credit, "The credit is in the wallet."), ...problems },
});

export const accounts = routes()
  .openapi(put, async (c) => {
    const { account: id } = c.req.valid("param");
    const { postpaidLimit = null, suspendOverdueDays = null, ...settings } = c.req.valid("json");
    const shortId = shortIdOf(c.env.ACCOUNTS.idFromName(id).toString());
    const wanted = { id, shortId, ...settings, postpaidLimit, suspendOverdueDays };
    const { answer, response } = await run(c, id, { type: "configure_account", account: wanted });
    if (response) return response;
    await directory(c.env).register("account", id);
    return c.json(view(answer), 200);
  })
  .openapi(get, async (c) => {
    const found = await accountObject(c.env, c.req.valid("param").account).account();
    return found ? c.json(view(found), 200) : problem(c, { code: "account_not_found" });
  })
  .openapi(getBalance, async (c) => {
    const found = await accountObject(c.env, c.req.valid("param").account).balances();
    if (!found) return problem(c, { code: "account_not_found" });
    const available = balanceOf(found.balances, "credit_available");
    const held = balanceOf(found.balances, "credit_held");
    return c.json(
      {
        currency: found.account.currency,
        credit: { available, held, total: add(available, held) },
        poc: {
          balance: balanceOf(found.balances, "poc"),
          expiresAt: found.pocWallet && iso(found.pocWallet.expiresAtMs),
        },
        outstanding: 0 - balanceOf(found.balances, "receivable"),
      },
      200,
    );
  })
  .openapi(grant, async (c) => {
    const { account: id } = c.req.valid("param");
    const { amount, reason } = c.req.valid("json");
    const command = { type: "grant_credit", amount, reason, reference: newId("grant") } as const;
    const { answer, response } = await run(c, id, command);
    return response ?? c.json({ ...answer, reason }, 201);
  });

/** 48 bits of the object's own id, in ten letters and digits: short, and fixed for the account's life. */
function shortIdOf(objectId: string): string {
  return BigInt(`0x${objectId.slice(0, 12)}`)
    .toString(36)
    .toUpperCase()
    .padStart(10, "0");
}

function view(found: Account): z.infer<typeof account> {
  const {
    createdAtMs,
    shortId: _shortId,
    recipients: _recipients,
    invoiceAddresses: _addresses,
    postpaidLimit,
    suspendOverdueDays,
    ...settings
  } = found;
  return {
    ...settings,
    ...(postpaidLimit === null ? {} : { postpaidLimit }),
    ...(suspendOverdueDays === null ? {} : { suspendOverdueDays }),
    createdAt: iso(createdAtMs),
  };
}
