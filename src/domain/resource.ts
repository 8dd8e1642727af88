import { addMonths, anchorDayOf } from "./calendar.ts";
import type { ResourcePolicy } from "./catalogue.ts";
import type { Hold } from "./hold/hold.ts";
import type { LineId, OrderId, ProductId, ResourceId, ResourceTypeId, SkuId } from "./ids.ts";
import type { Closed } from "./late-use.ts";
import { DAY_MS, floorToMinute } from "./local-time.ts";
import type { Money } from "./money.ts";
import type { AutoRenew, OrderItem, OrderLine, Period } from "./order.ts";
import type { Term } from "./terms.ts";
import type { Segment } from "./usage.ts";

export const RESOURCE_STATES = [
  "provisioning",
  "active",
  "stopped",
  "restricted",
  "suspended",
  "deleted",
] as const;
export type ResourceState = (typeof RESOURCE_STATES)[number];

/**
 * A customer's resource. `version` grows with every change that a quote could depend on. `startAtMs`, `endAtMs` and
 * `anchorDay` are null until provisioning succeeds; one that its customer deleted has no end.
 */
export interface Resource {
  readonly id: ResourceId;
  /** Counts the account's resources, in the order they came about. */
  readonly n: number;
  readonly product: ProductId;
  readonly resourceType: ResourceTypeId;
  readonly name: string;
  readonly state: ResourceState;
  readonly billing: "prepaid" | "postpaid" | "hold" | "poc";
  readonly configuration: readonly { readonly sku: SkuId; readonly quantity: number }[];
  readonly policy: ResourcePolicy;
  readonly autoRenew: AutoRenew;
  readonly tags: Readonly<Record<string, string>>;
  readonly version: number;
  /** What it came from. */
  readonly order: OrderId;
  readonly line: LineId;
  /** The paid line that waits for its console: until it is answered nothing else may be done. */
  readonly pending: PaidLine | null;
  /** What was paid before. */
  readonly terms: readonly Term[];
  /** What is used before it is paid, and isn't invoiced yet; oldest first, the last of them may go on. */
  readonly segments: readonly Segment[];
  /** Its invoiced months that something may still be reported of; null where nothing may. */
  readonly closed: Closed | null;
  /** What is held for its use, where that is how it is paid. */
  readonly hold?: Hold;
  readonly startAtMs: number | null;
  readonly endAtMs: number | null;
  readonly anchorDay: number | null;
  /** When what lies in the trash is deleted; null elsewhere. */
  readonly deletesAtMs: number | null;
  readonly autoRenewSetAtMs: number;
  /** How far its milestones have happened. */
  readonly ran: Ran;
  readonly createdAtMs: number;
}

export interface PaidLine {
  readonly order: OrderId;
  readonly line: LineId;
  /** Where it converts a resource that ran on trial money: what that was before. */
  readonly onPoc?: PocTime;
}

/** The time of a resource on trial money, and what was given back of it. (Domain: POC, Convert.) */
export interface PocTime extends Pick<Resource, "terms" | "startAtMs" | "endAtMs" | "anchorDay" | "ran"> {
  readonly refund: Money;
}

/** Every milestone up to an instant has happened, and at that instant those up to a turn. (Domain: Lifecycle.) */
export interface Ran {
  readonly atMs: number;
  readonly turn: number;
}

export const NO_AUTO_RENEW: AutoRenew = { enabled: false, months: 1 };

/** A resource that was just paid for, or confirmed, and waits for its console. */
export function newResource(
  line: OrderLine,
  item: OrderItem,
  of: {
    id: ResourceId;
    n: number;
    order: OrderId;
    product: ProductId;
    policy: ResourcePolicy;
    billing: Resource["billing"];
    nowMs: number;
  },
): Resource {
  return {
    id: of.id,
    n: of.n,
    product: of.product,
    resourceType: item.resourceType,
    name: line.name,
    state: "provisioning",
    billing: of.billing,
    configuration: item.configuration,
    policy: policyFor(item, of.policy),
    autoRenew: item.autoRenew ?? NO_AUTO_RENEW,
    tags: {},
    version: 1,
    order: of.order,
    line: line.id,
    pending: { order: of.order, line: line.id },
    terms: [],
    segments: [],
    closed: null,
    startAtMs: null,
    endAtMs: null,
    anchorDay: null,
    deletesAtMs: null,
    autoRenewSetAtMs: of.nowMs,
    ran: ranBefore(of.nowMs),
    createdAtMs: of.nowMs,
  };
}

/** What is ordered without a period, where it could have one, is metered all the same. (Domain: Metered.) */
const policyFor = ({ period }: OrderItem, policy: ResourcePolicy): ResourcePolicy =>
  period === null && policy.holdRunAt !== undefined ? { ...policy, isMetered: true } : policy;

/** Nothing has happened at this instant yet; whatever was to happen before it never will. */
export const ranBefore = (atMs: number): Ran => ({ atMs, turn: 0 });

/** Deleted by its customer, or expired under the trash policy: only recovering brings it back. */
export const isInTrash = ({ state, deletesAtMs }: Resource): boolean =>
  state === "suspended" && deletesAtMs !== null;

/** A resource that runs from now on, having been provisioned or paid. */
export const inService = (resource: Resource): Resource => ({
  ...resource,
  state: resource.state === "stopped" ? "stopped" : "active",
  deletesAtMs: null,
});

export interface TermTime {
  readonly startMs: number;
  readonly endMs: number;
  readonly anchorDay: number;
}

/** When the first term of a resource runs that was provisioned at `nowMs`. (Domain: Price, Prepaid time.) */
export function firstTermTime(period: Period, nowMs: number, timeZone: string): TermTime {
  const startMs = floorToMinute(nowMs);
  if ("endAtMs" in period) {
    const endMs = floorToMinute(period.endAtMs);
    // A console may answer when the time is over already.
    return { startMs: Math.min(startMs, endMs), endMs, anchorDay: anchorDayOf(endMs, timeZone) };
  }
  const anchorDay = anchorDayOf(startMs, timeZone);
  return { startMs, endMs: addMonths(startMs, period.months, anchorDay, timeZone), anchorDay };
}

/** Good more than 15 days before the end, Warning 5–15, Alerted under 5, Expired past it. (Domain: Lifecycle.) */
export type BillingStatus = "good" | "warning" | "alerted" | "expired";

export const BILLING_STATUS_DAYS = { good: 15, warning: 5 } as const;

export function billingStatus(resource: Resource, nowMs: number): BillingStatus | null {
  if (resource.endAtMs === null || resource.state === "deleted") return null;
  const daysLeft = (resource.endAtMs - nowMs) / DAY_MS;
  if (daysLeft <= 0) return "expired";
  if (daysLeft > BILLING_STATUS_DAYS.good) return "good";
  return daysLeft >= BILLING_STATUS_DAYS.warning ? "warning" : "alerted";
}
