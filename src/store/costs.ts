import { and, asc, eq, gte, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { Span } from "../domain/calendar.ts";
import type { InvoicedCost } from "../domain/costs/cost.ts";
import type { CostFilter } from "../domain/costs/filter.ts";
import type { Basis } from "../domain/costs/spread.ts";
import type { AccountId } from "../domain/ids.ts";
import { DAY_MS } from "../domain/local-time.ts";
import { databaseOf } from "./database.ts";
import { when } from "./paging.ts";
import { costs } from "./schema.ts";

export interface CostsAsked extends Omit<CostFilter, "tag"> {
  /** Where what is asked for lies: in one of these. */
  readonly spans: readonly Span[];
  readonly basis: Basis;
  /** The last document that counts. */
  readonly documents: number;
}

/** Costs that one query reads, and that are added up at most: ten queries. */
const PAGE = 5_000;
const MAX_COSTS = 50_000;

/** Invoiced costs that have something in one of some spans; null where they are too many. */
export async function listCosts(
  env: Env,
  account: AccountId,
  asked: CostsAsked,
): Promise<readonly InvoicedCost[] | null> {
  const found: InvoicedCost[] = [];
  while (found.length <= MAX_COSTS) {
    const page = await pageOfCosts(env, account, asked, found.at(-1));
    found.push(...page);
    if (page.length < PAGE) return found;
  }
  return null;
}

async function pageOfCosts(
  env: Env,
  account: AccountId,
  { spans, basis, documents, product, resourceType, resource }: CostsAsked,
  last: InvoicedCost | undefined,
): Promise<InvoicedCost[]> {
  const rows = await databaseOf(env, account)
    .select()
    .from(costs)
    .where(
      and(
        eq(costs.account, account),
        or(...spans.map(isUsedIn), ...(basis === "invoiced" ? spans.map(isInvoicedIn) : [])),
        lte(costs.n, documents),
        when(product, (value) => sql`${costs.product} = ${value}`),
        when(resourceType, (value) => sql`${costs.resourceType} = ${value}`),
        when(resource, (value) => sql`${costs.resource} = ${value}`),
        when(last, isAfter),
      ),
    )
    .orderBy(asc(costs.endMs), asc(costs.n), asc(costs.part))
    .limit(PAGE);
  return rows.map(({ account: _, ...cost }) => cost);
}

/** A credit note is issued at most so long after the time that it is about: when less use was reported, with the next bill. */
const CREDITED_WITHIN_MS = 93 * DAY_MS;

/** Rows lie by their end: those that ended earlier aren't read. */
const isUsedIn = ({ startMs, endMs }: Span): SQL | undefined =>
  and(
    gte(costs.endMs, startMs - CREDITED_WITHIN_MS),
    or(gte(costs.untilMs, startMs), gte(costs.creditedAtMs, startMs)),
    lt(costs.startMs, endMs),
  );

const isInvoicedIn = ({ startMs, endMs }: Span): SQL | undefined =>
  or(
    and(gte(costs.issuedAtMs, startMs), lt(costs.issuedAtMs, endMs)),
    and(gte(costs.creditedAtMs, startMs), lt(costs.creditedAtMs, endMs)),
  );

const isAfter = ({ endMs, n, part }: InvoicedCost): SQL =>
  sql`(${costs.endMs}, ${costs.n}, ${costs.part}) > (${endMs}, ${n}, ${part})`;
