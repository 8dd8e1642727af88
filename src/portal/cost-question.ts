import type { Context } from "hono";
import { z } from "zod";
import type { Span } from "../domain/calendar.ts";
import { GRANULARITIES, type Granularity, periodsOf } from "../domain/costs/time.ts";
import { now } from "../http/clock.ts";
import type { App } from "../http/context.ts";
import type { CostsAsked } from "../http/read-costs.ts";
import { costFields } from "../http/routes/costs.ts";
import { type Query, readQuery } from "./query.ts";
import { type QuickTime, timeBoxOf, timeFields } from "./time-box.ts";
import { CHART_KINDS } from "./ui/charts/time-chart.tsx";

const { granularity, groupBy, basis, ...filters } = costFields;

const fields = {
  ...timeFields,
  ...filters,
  granularity: granularity.unwrap(),
  groupBy: groupBy.unwrap(),
  basis: basis.unwrap(),
  chart: z.enum(CHART_KINDS),
};

export type CostQuery = Query<typeof fields>;

/** What the cost explorer is asked, where nothing else is said. */
export const COSTS_OTHERWISE = {
  time: "this_month" satisfies QuickTime,
  granularity: "daily",
  groupBy: "product",
  basis: "used",
  chart: "stacked",
} as const;

/** What a page of the cost explorer was asked, and how it is put to the account's costs. */
export interface CostPageQuestion {
  readonly query: CostQuery;
  readonly nowMs: number;
  readonly span: Span;
  readonly costs: CostsAsked;
  /** The time was too much to be told as finely as it was asked for. */
  readonly isCoarser: boolean;
}

export function readCostQuestion(c: Context<App>): CostPageQuestion {
  const query = readQuery(c, fields);
  const { asked } = query;
  const nowMs = now(c);
  const { timeZone } = c.var.account;
  const span = timeBoxOf(asked, COSTS_OTHERWISE.time, nowMs, timeZone);
  const wanted = asked.granularity ?? COSTS_OTHERWISE.granularity;
  const told = fineEnough(span, wanted, timeZone);
  const { product, resourceType, resource, tag, tagKey } = asked;
  // A tag that isn't named can't be told apart by.
  const canGroup = asked.groupBy !== "tag" || tagKey !== undefined;
  return {
    ...{ query, nowMs, span, isCoarser: told !== wanted },
    costs: {
      ...{ from: span.startMs, to: span.endMs, granularity: told },
      groupBy: (canGroup ? asked.groupBy : undefined) ?? COSTS_OTHERWISE.groupBy,
      basis: asked.basis ?? COSTS_OTHERWISE.basis,
      ...{ product, resourceType, resource, tag, tagKey },
    },
  };
}

/** The finest pieces that time can be told in, no finer than wanted. */
function fineEnough(span: Span, wanted: Granularity, timeZone: string): Granularity {
  const coarser = GRANULARITIES.slice(GRANULARITIES.indexOf(wanted));
  return coarser.find((each) => periodsOf(span, each, timeZone) !== null) ?? "monthly";
}
