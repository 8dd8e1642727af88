import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import { costRowsOf, costsFileOf } from "../documents/lists/costs.ts";
import type { Account } from "../domain/account.ts";
import type { Span } from "../domain/calendar.ts";
import { costsToBe } from "../domain/costs/cost.ts";
import { type CostFilter, isAskedFor } from "../domain/costs/filter.ts";
import {
  type CostQuestion,
  type CostReport,
  type Grouping,
  reportOf,
  spansOf,
} from "../domain/costs/report.ts";
import { type Granularity, MAX_PERIODS, periodsOf } from "../domain/costs/time.ts";
import type { AccountId } from "../domain/ids.ts";
import { floorToMinute } from "../domain/local-time.ts";
import { monthOf } from "../domain/month.ts";
import { listCosts } from "../store/costs.ts";
import type { App } from "./context.ts";
import { answerFile } from "./exports.ts";
import { type Problem, problem } from "./problems.ts";

/** A question about costs; without a beginning or an end it is about the present month. */
export interface CostsAsked extends Pick<CostQuestion, "basis" | "groupBy" | "tagKey">, CostFilter {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly granularity: Granularity;
}

export interface ReadCosts {
  readonly account: Account;
  readonly span: Span;
  readonly report: CostReport;
}

/**
 * Answers a question about an account's costs: what was invoiced, from D1, and what isn't yet, from the account. What is
 * invoiced in between is counted once, as the account said. (Domain: Costs.)
 */
export async function readCosts(
  env: Env,
  id: AccountId,
  asked: CostsAsked,
  nowMs: number,
): Promise<ReadCosts | Problem> {
  const usage = await accountObject(env, id).usage(nowMs);
  if (!usage) return { code: "account_not_found" };
  const { account, documents } = usage;
  const { timeZone } = account;
  const { startMs, endMs } = monthOf(nowMs, timeZone);
  const span = { startMs: asked.from ?? startMs, endMs: asked.to ?? endMs };
  const periods = periodsOf(span, asked.granularity, timeZone);
  if (periods === null || periods.length === 0) return notARange(periods === null);
  const question = { ...asked, span, periods, nowMs: floorToMinute(nowMs), timeZone };
  const invoiced = await listCosts(env, id, { ...asked, spans: spansOf(question), documents });
  if (!invoiced) return { code: "too_many_costs" };
  const toBe = usage.used.flatMap(({ resource, used }) => costsToBe(resource, used));
  const costs = [...invoiced, ...toBe].filter((cost) => isAskedFor(cost, asked));
  return { account, span, report: reportOf(costs, question) };
}

/** The same as a file. */
export async function answerCosts(
  c: Context<App>,
  { account, span, report }: ReadCosts,
  groupBy: Grouping,
  locale: Account["locale"],
): Promise<Response> {
  const reader = { account, locale };
  const count = report.groups.length * report.periods.length;
  const exported = { file: costsFileOf(groupBy, span, reader), count, rows: costRowsOf(report) };
  const answer = await answerFile(c, exported, "csv", reader);
  return answer ?? problem(c, { code: "export_too_long" });
}

function notARange(isTooFine: boolean): Problem {
  const message = isTooFine
    ? `more than ${MAX_PERIODS} periods: ask for less time, or for longer ones`
    : "it must be before `to`";
  const errors = [{ path: "query.from", code: "range_not_allowed", message }];
  return { code: "range_not_allowed", detail: `The range isn't allowed: ${message}.`, errors };
}
