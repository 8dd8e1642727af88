import type { Product } from "../catalogue.ts";
import type { Context } from "../decision.ts";
import { type Done, done, type NeedsProduct } from "../decision.ts";
import type { DomainError } from "../errors.ts";
import type { ResourceId } from "../ids.ts";
import { attemptRenewal } from "../lifecycle/attempt-renewal.ts";
import { changeState, remind } from "../lifecycle/expiry.ts";
import { type Milestone, milestonesAhead, ranThrough } from "../lifecycle/schedule.ts";
import type { Resource } from "../resource.ts";
import { ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";

/**
 * Time has passed for a resource: its next milestone happens, as of its instant, however late this runs. A renewal
 * depends on `product`, the version in force now.
 */
export interface RunResourceDue {
  readonly type: "run_resource_due";
  readonly resource: ResourceId;
  readonly product: Product | null;
}

export type ResourceDueRan =
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
  { resource: id, product }: RunResourceDue,
  { nowMs }: Context,
): Result<Done<ResourceDueRan> | NeedsProduct, DomainError> {
  const { account } = state;
  const resource = state.resource(id);
  if (!account || !resource) return done("nothing");
  const due = milestonesAhead(resource, account.timeZone).filter(({ atMs }) => atMs <= nowMs);
  const next = due.find((milestone, index) => !isOvertaken(milestone, due[index + 1]));
  if (!next) return done("nothing");
  const reached: Resource = { ...resource, ran: ranThrough(next) };
  switch (next.kind) {
    case "renewal":
      if (product?.id !== resource.product) return ok({ kind: "needs_product", product: resource.product });
      return attemptRenewal(state, account, { resource, reached, milestone: next, product });
    case "change":
      return done(next.to, ...changeState(reached, next, account.timeZone));
    case "reminder":
      return done("reminded", ...remind(reached, next));
  }
}

/** A reminder that comes late is skipped where something later has become due, too. */
const isOvertaken = (milestone: Milestone, next: Milestone | undefined): boolean =>
  milestone.kind === "reminder" && next !== undefined;
