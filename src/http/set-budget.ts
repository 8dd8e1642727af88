import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import type { Budget } from "../domain/budget/budget.ts";
import { mustBeAsked } from "../domain/commands/set-budget.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Money } from "../domain/money.ts";
import { mayAskAnother, questionFor } from "./ask-recipient.ts";
import { now } from "./clock.ts";
import { ask, type Requested } from "./commands.ts";
import type { App } from "./context.ts";

export interface WantedBudget {
  readonly monthlyLimit: Money;
  readonly alertEmail: string | null;
}

/** Sets an account's budget. Whoever is to be told of it besides, and doesn't get its mails anyway, is asked first. */
export async function setBudget(
  c: Context<App>,
  id: AccountId,
  wanted: WantedBudget,
): Promise<Requested<Budget | null>> {
  const { alertEmail } = wanted;
  const object = accountObject(c.env, id);
  const [account, standing] = await Promise.all([object.account(), object.budget(now(c))]);
  const isAsked =
    account !== null &&
    alertEmail !== null &&
    mustBeAsked(account, standing?.budget ?? null, alertEmail, now(c));
  if (isAsked && !(await mayAskAnother(c, id))) return { kind: "too_many_requests" };
  const asking = alertEmail === null ? null : await questionFor(c, id);
  return ask(c, id, { type: "set_budget", settings: { ...wanted, asking } });
}
