import { z } from "@hono/zod-openapi";
import { BILLINGS } from "../../domain/catalogue.ts";
import { billingStatus, RESOURCE_STATES, type Resource } from "../../domain/resource.ts";
import { hasTag } from "../../domain/tags.ts";
import { BILLING_STATUSES } from "./resource-shapes.ts";

/** What narrows a list of resources. (Domain: Portal.) */
export const resourceFilters = {
  product: z.string().optional(),
  resourceType: z.string().optional(),
  state: z.enum(RESOURCE_STATES).optional(),
  billing: z.enum(BILLINGS).optional(),
  billingStatus: z.enum(BILLING_STATUSES).optional(),
  renewal: z.enum(["auto", "manual"]).optional(),
  /** `key`, or `key:value`. */
  tag: z.string().max(200).optional(),
  q: z.string().max(200).optional(),
};

export type ResourceFilters = {
  readonly [name in keyof typeof resourceFilters]?: z.output<(typeof resourceFilters)[name]>;
};

/** Whether a resource is among what is asked for. */
export function fits(
  resource: Resource,
  { q, renewal, tag, ...asked }: ResourceFilters,
  nowMs: number,
): boolean {
  const is = { ...resource, billingStatus: billingStatus(resource, nowMs) };
  const words = `${resource.id} ${resource.name}`.toLowerCase();
  return (
    (q === undefined || words.includes(q.toLowerCase())) &&
    (renewal === undefined || resource.autoRenew.enabled === (renewal === "auto")) &&
    (tag === undefined || hasTag(resource, tag)) &&
    Object.entries(asked).every(
      ([field, value]) => value === undefined || is[field as keyof typeof asked] === value,
    )
  );
}
