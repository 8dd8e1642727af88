import type { Account } from "../account.ts";
import type { Product } from "../catalogue.ts";
import type { Context } from "../decision.ts";
import { type Done, done, type NeedsProduct, type NeedsReadings } from "../decision.ts";
import type { DomainError } from "../errors.ts";
import { closeMonth } from "../fulfilment/close-month.ts";
import { neededUpTo } from "../hold/readings.ts";
import { runHold } from "../hold/run.ts";
import type { ResourceId } from "../ids.ts";
import { attemptRenewal } from "../lifecycle/attempt-renewal.ts";
import { convertToPostpaid } from "../lifecycle/convert.ts";
import { changeState, remind } from "../lifecycle/expiry.ts";
import { type Milestone, milestonesAhead, ranThrough } from "../lifecycle/schedule.ts";
import type { DayReading } from "../metering/reading.ts";
import type { Resource } from "../resource.ts";
import { ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";
import { needsMeters } from "../unbilled.ts";

/**
 * Time has passed for a resource: its next milestone happens, as of its instant, however late this runs. A renewal
 * depends on `product`, the version in force now.
 */
export interface RunResourceDue {
  readonly type: "run_resource_due";
  readonly resource: ResourceId;
  readonly product: Product | null;
  /** What its meters say of the time that is to be billed. */
  readonly readings?: readonly DayReading[] | null;
}

export type ResourceDueRan =
  | "closed"
  | "held"
  | "converted"
  | "renewed"
  | "renewal_failed"
  | "restricted"
  | "suspended"
  | "deleted"
  | "reminded"
  | "nothing";

/** One milestone a command: whatever is due after it is due again. (Domain: Lifecycle.) */
export function runResourceDue(
  state: AccountState,
  { resource: id, product, readings = null }: RunResourceDue,
  { nowMs }: Context,
): Result<Done<ResourceDueRan> | NeedsProduct | NeedsReadings, DomainError> {
  const { account } = state;
  const resource = state.resource(id);
  if (!account || !resource) return done("nothing");
  const due = milestonesAhead(resource, account).filter(({ atMs }) => atMs <= nowMs);
  const next = due.find((milestone, index) => !isOvertaken(milestone, due[index + 1]));
  if (!next) return done("nothing");
  const reached: Resource = { ...resource, ran: ranThrough(next) };
  switch (next.kind) {
    case "close":
      if (needsMeters(resource) && !readings) return ok(neededUpTo(resource, next.atMs));
      return done(
        "closed",
        ...closeMonth(state, account, resource, { atMs: next.atMs, readings: readings ?? [] }),
      );
    case "hold":
      if (needsMeters(resource) && !readings) return ok(neededUpTo(resource, next.atMs));
      return done(
        "held",
        ...runHold(state.balances, account, reached, { atMs: next.atMs, readings: readings ?? [] }),
      );
    case "conversion":
      if (product?.id !== resource.product) return ok({ kind: "needs_product", product: resource.product });
      return convert(reached, { account, product, atMs: next.atMs, otherwise: due });
    case "renewal":
      if (product?.id !== resource.product) return ok({ kind: "needs_product", product: resource.product });
      return attemptRenewal(state, account, { resource, reached, milestone: next, product });
    case "change":
      return done(next.to, ...changeState(reached, next, account));
    case "reminder":
      return done("reminded", ...remind(reached, next));
  }
}

/** What can't be paid by the month ends as it would have. */
function convert(
  resource: Resource,
  of: { account: Account; product: Product; atMs: number; otherwise: readonly Milestone[] },
): Result<Done<ResourceDueRan>, DomainError> {
  const { account, product, atMs, otherwise } = of;
  const events = convertToPostpaid(resource, product, atMs);
  if (events) return done("converted", ...events);
  const change = otherwise.find(({ kind }) => kind === "change");
  if (change?.kind !== "change") throw new Error(`${resource.id} has no end`);
  return done(change.to, ...changeState(resource, change, account));
}

/** A reminder that comes late is skipped where something later has become due, too. */
const isOvertaken = (milestone: Milestone, next: Milestone | undefined): boolean =>
  milestone.kind === "reminder" && next !== undefined;
