import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accountObject } from "../../account/client.ts";
import { BUDGET_ALERTS } from "../../domain/budget/budget.ts";
import type { AccountId } from "../../domain/ids.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { asResponse, run } from "../commands.ts";
import type { App } from "../context.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, iso, positiveAmount } from "../schemas.ts";
import { setBudget } from "../set-budget.ts";

/** What a customer means to spend in a month, and who is told besides. */
export const budgetSettings = z
  .strictObject({ monthlyLimit: positiveAmount, alertEmail: z.email().max(254).nullish() })
  .openapi("BudgetSettings");

const schema = z
  .object({
    /** Null where no budget is set; the month is told all the same. */
    monthlyLimit: z.int().nullable(),
    alertEmail: z.string().nullable(),
    /** Alerts go there once its owner has said yes; to the account's own people in any case. */
    alertEmailConfirmed: z.boolean().nullable(),
    currency: z.string(),
    /** The account's local calendar month. */
    month: z.object({ startAt: z.string(), endAt: z.string() }),
    /** What was invoiced of it, less credit notes. */
    invoiced: z.int(),
    /** What was used in it and isn't invoiced yet. */
    used: z.int(),
    spent: z.int(),
    /** Whole percent of the limit that is spent. */
    percent: z.int().nullable(),
    /** At the month's end, if use goes on at its pace and what renews itself is renewed. */
    projected: z.int(),
    /** Percents that were told this month. */
    alerted: z.array(z.int()),
  })
  .openapi("Budget");

const path = "/v1/accounts/{account}/budget";
const budgets = {
  path,
  tags: ["Budget"],
  security,
  middleware: [access({ user: "ManageProfile" })],
};

const put = createRoute({
  ...budgets,
  method: "put",
  summary: "Set what shall be spent in a month; at 80% and 100% of it a mail is sent",
  request: { params: accountParams, body: body(budgetSettings) },
  responses: { 200: json(schema, "It is set."), ...problems },
});

const get = createRoute({
  ...budgets,
  method: "get",
  summary: "What the month has cost so far, beside what was meant to be spent",
  middleware: [access({ admin: true, user: ["ManageProfile", "GetBillingStatistic"] })],
  request: { params: accountParams },
  responses: { 200: json(schema, "As it stands now."), ...problems },
});

const remove = createRoute({
  ...budgets,
  method: "delete",
  summary: "Have no budget any more",
  request: { params: accountParams },
  responses: { 200: json(schema, "There is none."), ...problems },
});

export const budgetRoutes = routes()
  .openapi(put, async (c) => {
    const { account } = c.req.valid("param");
    const { monthlyLimit, alertEmail = null } = c.req.valid("json");
    const { response } = asResponse(c, await setBudget(c, account, { monthlyLimit, alertEmail }));
    return response ?? shown(c, account);
  })
  .openapi(get, async (c) => shown(c, c.req.valid("param").account))
  .openapi(remove, async (c) => {
    const { account } = c.req.valid("param");
    const { response } = await run(c, account, { type: "set_budget", settings: null });
    return response ?? shown(c, account);
  });

async function shown(c: Context<App>, id: AccountId) {
  const object = accountObject(c.env, id);
  const [account, found] = await Promise.all([object.account(), object.budget(now(c))]);
  if (!account || !found) return problem(c, { code: "account_not_found" });
  const { budget, month, invoiced, used, spent, percent, projected, told } = found;
  const alert = budget?.alert ?? null;
  const view: z.infer<typeof schema> = {
    monthlyLimit: budget?.monthlyLimit ?? null,
    alertEmail: alert?.email ?? null,
    alertEmailConfirmed: alert && alert.confirmedAtMs !== null,
    currency: account.currency,
    month: { startAt: iso(month.startMs), endAt: iso(month.endMs) },
    ...{ invoiced, used, spent, percent, projected },
    alerted: BUDGET_ALERTS.filter((alerted) => alerted <= told),
  };
  return c.json(view, 200);
}
