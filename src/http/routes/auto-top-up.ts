import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import { type AutoTopUp, chargedIn } from "../../domain/auto-top-up/auto-top-up.ts";
import type { AccountId } from "../../domain/ids.ts";
import type { LinkedAccountId } from "../../domain/linking/linked-account.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { asResponse, run } from "../commands.ts";
import type { App } from "../context.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, id, positiveAmount } from "../schemas.ts";
import { setAutoTopUp } from "../set-auto-top-up.ts";

const settings = z
  .strictObject({
    threshold: positiveAmount,
    amount: positiveAmount,
    monthlyCap: positiveAmount,
    linkedAccount: id<LinkedAccountId>(),
  })
  .openapi("AutoTopUpSettings");

const autoTopUp = z
  .object({
    enabled: z.boolean(),
    threshold: z.int().nullable(),
    amount: z.int().nullable(),
    monthlyCap: z.int().nullable(),
    linkedAccount: z.string().nullable(),
    /** In the account's local calendar month; what is under way included. */
    chargedThisMonth: z.int(),
  })
  .openapi("AutoTopUp");

const path = "/v1/accounts/{account}/auto-top-up";
const autoTopUps = { path, tags: ["Linked accounts"], security, middleware: [access({ user: "BuyCredit" })] };

const put = createRoute({
  ...autoTopUps,
  method: "put",
  summary: "Buy credit from a linked account whenever it falls below a threshold, or renewals would lack it",
  request: { params: accountParams, body: body(settings) },
  responses: { 200: json(autoTopUp, "It is on."), ...problems },
});

const get = createRoute({
  ...autoTopUps,
  method: "get",
  summary: "Whether credit is bought by itself, and how",
  middleware: [access({ admin: true, user: "BuyCredit" })],
  request: { params: accountParams },
  responses: { 200: json(autoTopUp, "As it is set; off by default."), ...problems },
});

const remove = createRoute({
  ...autoTopUps,
  method: "delete",
  summary: "Buy no more credit by itself; what is under way goes on",
  request: { params: accountParams },
  responses: { 200: json(autoTopUp, "It is off."), ...problems },
});

export const autoTopUpRoutes = routes()
  .openapi(put, async (c) => {
    const { account } = c.req.valid("param");
    const { response } = asResponse(c, await setAutoTopUp(c, account, c.req.valid("json")));
    return response ?? c.json(await view(c, account), 200);
  })
  .openapi(get, async (c) => {
    const { account } = c.req.valid("param");
    const found = await accountObject(c.env, account).account();
    return found ? c.json(await view(c, account), 200) : problem(c, { code: "account_not_found" });
  })
  .openapi(remove, async (c) => {
    const { account } = c.req.valid("param");
    const { response } = await run(c, account, { type: "set_auto_top_up", settings: null, terms: null });
    return response ?? c.json(await view(c, account), 200);
  });

async function view(c: Context<App>, id: AccountId): Promise<z.infer<typeof autoTopUp>> {
  const object = accountObject(c.env, id);
  const [found, account] = await Promise.all([object.autoTopUp(), object.account()]);
  const set: AutoTopUp | null = found?.isOn ? found : null;
  return {
    enabled: set !== null,
    threshold: set?.threshold ?? null,
    amount: set?.amount ?? null,
    monthlyCap: set?.monthlyCap ?? null,
    linkedAccount: set?.linkedAccount ?? null,
    chargedThisMonth: found && account ? chargedIn(found, now(c), account.timeZone) : 0,
  };
}
