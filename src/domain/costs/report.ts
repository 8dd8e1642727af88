import type { Span } from "../calendar.ts";
import { add, type Money, money, roundTogether, sum, ZERO } from "../money.ts";
import { ratio, roundHalfUp } from "../ratio.ts";
import { type Amounts, type Cost, NOTHING, plusAmounts } from "./cost.ts";
import { type Forecast, forecastFor, forecastSpan } from "./forecast.ts";
import { amountsIn, amountsWithin, type Basis } from "./spread.ts";
import { CostClocks } from "./time.ts";

/** What costs are told apart by. */
export const GROUPINGS = ["product", "resource_type", "resource", "tag"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What is asked of costs. `tagKey`: which tag they are told apart by, where they are by a tag. */
export interface CostQuestion {
  readonly span: Span;
  readonly periods: readonly Span[];
  readonly basis: Basis;
  readonly groupBy: Grouping;
  readonly tagKey?: string | undefined;
  readonly nowMs: number;
  readonly timeZone: string;
}

/** One product, type, resource or tag's value; `key` is null for what doesn't have the tag. */
export interface CostGroup {
  readonly key: string | null;
  /** What a resource is called; of the rest the key says it. */
  readonly name: string | null;
  readonly product: string | null;
  readonly total: Money;
  readonly previous: Money;
  /** One amount a period. */
  readonly amounts: readonly Money[];
}

export interface CostReport extends Amounts {
  /** What of the total isn't invoiced yet. */
  readonly unbilled: Money;
  /** A period's cost on average, of those that have begun. */
  readonly average: Money;
  readonly periods: readonly (Span & Amounts & { readonly unbilled: Money })[];
  /** The most expensive first. */
  readonly groups: readonly CostGroup[];
  readonly types: readonly {
    readonly product: string;
    readonly resourceType: string;
    readonly total: Money;
  }[];
  readonly previous: Span & { readonly total: Money };
  readonly forecast: Forecast | null;
}

/**
 * The time before a span that is as long: what of the span is over by now, as nothing is known of the rest. (Domain: Portal, Cost
 * explorer.)
 */
export function previousOf({ startMs, endMs }: Span, nowMs: number): Span {
  const untilMs = Math.min(Math.max(nowMs, startMs), endMs);
  return { startMs: startMs - (untilMs - startMs), endMs: startMs };
}

/** All the time that a question is about. */
export function spansOf({ span, nowMs, timeZone }: Omit<CostQuestion, "periods">): Span[] {
  return [{ ...span, startMs: previousOf(span, nowMs).startMs }, forecastSpan(nowMs, timeZone)];
}

/** Adds costs up as they were asked for. (Domain: Portal, Cost explorer.) */
export function reportOf(costs: readonly Cost[], question: CostQuestion): CostReport {
  const { span, periods, basis, nowMs, timeZone } = question;
  const clocks = new CostClocks(timeZone);
  const how = { basis, nowMs, clocks };
  const before = previousOf(span, nowMs);
  const told = periods.map((period) => ({ ...period, ...NOTHING, unbilled: ZERO }));
  const groups = new Map<string, CostGroup & { readonly amounts: Money[] }>();
  const types = new Map<string, CostReport["types"][number]>();
  let previous = ZERO;
  for (const cost of costs) {
    const earlier = amountsWithin(cost, before, how).total;
    const now = amountsIn(cost, periods, how);
    previous = add(previous, earlier);
    if (now.length === 0 && earlier === 0) continue;
    const total = sum(now.map(({ amounts }) => amounts.total));
    const [id, group] = groupOf(cost, question);
    const known = groups.get(id) ?? {
      ...group,
      total: ZERO,
      previous: ZERO,
      amounts: periods.map(() => ZERO),
    };
    for (const { index, amounts } of now) {
      const period = told[index];
      if (!period) continue;
      const unbilled = cost.issuedAtMs === null ? add(period.unbilled, amounts.total) : period.unbilled;
      told[index] = { ...period, ...plusAmounts(period, amounts), unbilled };
      known.amounts[index] = add(known.amounts[index] ?? ZERO, amounts.total);
    }
    groups.set(id, {
      ...known,
      total: add(known.total, total),
      previous: add(known.previous, earlier),
    });
    const { product, resourceType } = cost;
    const type = types.get(`${product} ${resourceType}`) ?? { product, resourceType, total: ZERO };
    types.set(`${product} ${resourceType}`, { ...type, total: add(type.total, total) });
  }
  const all = told.reduce<Amounts>(plusAmounts, NOTHING);
  const begun = periods.filter(({ startMs }) => startMs < nowMs).length;
  return {
    ...{ total: all.total, discount: all.discount, tax: all.tax },
    unbilled: sum(told.map(({ unbilled }) => unbilled)),
    average: begun === 0 ? ZERO : money(roundHalfUp(ratio(all.total, begun))),
    periods: told,
    groups: [...groups.values()].sort(byTotal),
    types: [...types.values()].filter(({ total }) => total !== 0).sort(byTotal),
    previous: { ...before, total: previous },
    forecast: forecastFor(costs, { nowMs, timeZone, clocks }),
  };
}

const byTotal = (a: { readonly total: Money }, b: { readonly total: Money }) => b.total - a.total;

/** Which group a cost belongs to, under a name that no other group has. */
function groupOf(
  { product, resourceType, resource, resourceName, tags }: Cost,
  { groupBy, tagKey }: CostQuestion,
): [id: string, group: Pick<CostGroup, "key" | "name" | "product">] {
  switch (groupBy) {
    case "product":
      return [product, { key: product, name: null, product }];
    case "resource_type":
      return [`${product} ${resourceType}`, { key: resourceType, name: null, product }];
    case "resource":
      return [resource, { key: resource, name: resourceName, product }];
    case "tag": {
      const value = (tagKey === undefined ? undefined : tags[tagKey]) ?? null;
      return [JSON.stringify(value), { key: value, name: null, product: null }];
    }
  }
}

const WHOLE = 10_000;

/**
 * What each of some amounts is of all together, in hundredths of a percent that sum to 100 %; null where there is nothing, or one
 * is below zero.
 */
export function sharesOf(amounts: readonly Money[]): readonly number[] | null {
  const whole = sum(amounts);
  if (whole <= 0 || amounts.some((amount) => amount < 0)) return null;
  return roundTogether(
    money(WHOLE),
    amounts.map((amount) => ratio(BigInt(amount) * BigInt(WHOLE), whole)),
  );
}

/** How much more something costs than before, in tenths of a percent, half up; null where it cost nothing before. */
export const changeOf = (now: Money, before: Money): number | null =>
  before <= 0 ? null : Number(roundHalfUp(ratio(BigInt(now - before) * 1_000n, before)));
