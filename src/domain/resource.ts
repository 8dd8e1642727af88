import { addMonths, anchorDayOf } from "./calendar.ts";
import type { ResourcePolicy } from "./catalogue.ts";
import type { LineId, OrderId, ProductId, ResourceId, ResourceTypeId, SkuId } from "./ids.ts";
import { DAY_MS, floorToMinute } from "./local-time.ts";
import type { AutoRenew, OrderItem, OrderLine, Period } from "./order.ts";
import type { Term } from "./terms.ts";

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
 * `anchorDay` are null until provisioning succeeds.
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
  readonly order: OrderId;
  readonly line: LineId;
  readonly terms: readonly Term[];
  readonly startAtMs: number | null;
  readonly endAtMs: number | null;
  readonly anchorDay: number | null;
  readonly createdAtMs: number;
}

export const NO_AUTO_RENEW: AutoRenew = { enabled: false, months: 1 };

/** A resource that was just paid for and waits for its console. */
export function newResource(
  line: OrderLine,
  item: OrderItem,
  of: {
    id: ResourceId;
    n: number;
    order: OrderId;
    product: ProductId;
    policy: ResourcePolicy;
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
    billing: "prepaid",
    configuration: item.configuration,
    policy: of.policy,
    autoRenew: item.autoRenew ?? NO_AUTO_RENEW,
    tags: {},
    version: 1,
    order: of.order,
    line: line.id,
    terms: [],
    startAtMs: null,
    endAtMs: null,
    anchorDay: null,
    createdAtMs: of.nowMs,
  };
}

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
    return { startMs, endMs, anchorDay: anchorDayOf(endMs, timeZone) };
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
