import { createRoute, z } from "@hono/zod-openapi";
import { FORECAST_METHOD } from "../../domain/costs/forecast.ts";
import { type CostGroup, type CostReport, changeOf, GROUPINGS, sharesOf } from "../../domain/costs/report.ts";
import { BASES } from "../../domain/costs/spread.ts";
import { GRANULARITIES } from "../../domain/costs/time.ts";
import { sum } from "../../domain/money.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { answerCosts, readCosts } from "../read-costs.ts";
import { accountParams, instant } from "../schemas.ts";
import { fileRoute } from "./exports.ts";
import { viewSpan } from "./invoices.ts";

/** What a question about costs may say, besides how much of the answer is wanted. */
export const costFields = {
  granularity: z.enum(GRANULARITIES).default("daily"),
  groupBy: z.enum(GROUPINGS).default("product"),
  tagKey: z.string().min(1).max(64).optional(),
  basis: z.enum(BASES).default("used"),
  product: z.string().max(64).optional(),
  resourceType: z.string().max(64).optional(),
  resource: z.string().max(64).optional(),
  /** `key`, or `key:value`. */
  tag: z.string().max(200).optional(),
};

/** Costs are told apart by one tag: which one must be said. */
const saysTagKey = ({ groupBy, tagKey }: { groupBy: string; tagKey?: string | undefined }) =>
  groupBy !== "tag" || tagKey !== undefined;
const WHICH_TAG = { path: ["tagKey"], message: "say which tag" };

const asked = z.object({ ...costFields, from: instant.optional(), to: instant.optional() });

/** Groups that are told apart, unless more are asked for; the others are told together. */
const MAX_GROUPS = 200;
const DEFAULT_GROUPS = 20;
const groups = z.coerce.number().int().min(1).max(MAX_GROUPS).default(DEFAULT_GROUPS);

const amounts = { total: z.int(), discount: z.int(), tax: z.int(), unbilled: z.int() };
const span = { startAt: z.string(), endAt: z.string() };
/** A decimal string: "12.34" is 12.34 %. */
const percent = z.string().nullable();

const costs = z
  .object({
    currency: z.string(),
    ...{ from: z.string(), to: z.string() },
    ...{ granularity: z.enum(GRANULARITIES), basis: z.enum(BASES), groupBy: z.enum(GROUPINGS) },
    ...amounts,
    average: z.int(),
    previous: z.object({ ...span, total: z.int(), change: z.int(), changePercent: percent }),
    forecast: z
      .object({ method: z.literal(FORECAST_METHOD), ...span, soFar: z.int(), total: z.int() })
      .nullable(),
    periods: z.array(z.object({ ...span, ...amounts })),
    groups: z.array(
      z.object({
        key: z.string().nullable(),
        name: z.string().nullable(),
        product: z.string().nullable(),
        ...{ total: z.int(), share: percent, previous: z.int(), changePercent: percent },
        amounts: z.array(z.int()).readonly(),
      }),
    ),
    other: z.object({ count: z.int(), total: z.int(), amounts: z.array(z.int()) }).nullable(),
    topTypes: z.array(
      z.object({ product: z.string(), resourceType: z.string(), total: z.int(), share: percent }),
    ),
  })
  .openapi("Costs");

const get = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/costs",
  tags: ["Histories"],
  summary: "What the account's resources cost, by time and by product, type, resource or tag",
  security,
  middleware: [access({ admin: true, user: "GetBillingStatistic" })],
  request: { params: accountParams, query: asked.extend({ groups }).refine(saysTagKey, WHICH_TAG) },
  responses: { 200: json(costs, "The costs."), ...problems },
});

const csv = {
  action: "ExportBillings",
  query: asked.refine(saysTagKey, WHICH_TAG),
  what: "The costs",
} as const;

export const costRoutes = routes()
  .openapi(get, async (c) => {
    const { groups: limit, ...question } = c.req.valid("query");
    const found = await readCosts(c.env, c.req.valid("param").account, question, now(c));
    if ("code" in found) return problem(c, found);
    const { granularity, basis, groupBy } = question;
    const { account, span: range, report } = found;
    const { startAt: from, endAt: to } = viewSpan(range);
    const view = { currency: account.currency, from, to, granularity, basis, groupBy };
    return c.json({ ...view, ...reportView(report, limit) }, 200);
  })
  .openapi(fileRoute("costs", "csv", csv), async (c) => {
    const question = c.req.valid("query");
    const found = await readCosts(c.env, c.req.valid("param").account, question, now(c));
    if ("code" in found) return problem(c, found);
    return answerCosts(c, found, question.groupBy, found.account.locale);
  });

/** The most expensive types are told whatever costs are told apart by. */
const TOP_TYPES = 5;

function reportView(report: CostReport, limit: number) {
  const { groups, types, previous, forecast, periods, ...same } = report;
  const shares = sharesOf(groups.map(({ total }) => total));
  const typeShares = sharesOf(types.map(({ total }) => total));
  const rest = groups.slice(limit);
  return {
    ...same,
    previous: {
      ...{ ...viewSpan(previous), total: previous.total, change: report.total - previous.total },
      changePercent: tenths(changeOf(report.total, previous.total)),
    },
    forecast: forecast && {
      ...{ method: forecast.method, ...viewSpan(forecast.month) },
      ...{ soFar: forecast.soFar, total: forecast.total },
    },
    periods: periods.map(({ startMs, endMs, ...period }) => ({ ...viewSpan({ startMs, endMs }), ...period })),
    groups: groups.slice(0, limit).map((group, index) => ({
      ...group,
      share: hundredths(shares?.[index]),
      changePercent: tenths(changeOf(group.total, group.previous)),
    })),
    other: rest.length === 0 ? null : together(rest),
    topTypes: types
      .slice(0, TOP_TYPES)
      .map((type, index) => ({ ...type, share: hundredths(typeShares?.[index]) })),
  };
}

const together = (rest: readonly CostGroup[]) => ({
  count: rest.length,
  total: sum(rest.map(({ total }) => total)),
  amounts: (rest[0]?.amounts ?? []).map((_, index) =>
    sum(rest.flatMap(({ amounts }) => amounts[index] ?? [])),
  ),
});

/** Hundredths of a percent as a decimal: 1234 is "12.34". */
const hundredths = (part: number | undefined): string | null =>
  part === undefined ? null : decimalOf(part, 2);
/** Tenths of a percent as a decimal: -55 is "-5.5". */
const tenths = (part: number | null): string | null => (part === null ? null : decimalOf(part, 1));

function decimalOf(value: number, digits: number): string {
  const text = String(Math.abs(value)).padStart(digits + 1, "0");
  return `${value < 0 ? "-" : ""}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
