import { z } from "@hono/zod-openapi";
import { BILLINGS } from "../../domain/catalogue.ts";
import type { ResourceId } from "../../domain/ids.ts";
import { billingStatus, RESOURCE_STATES, type Resource } from "../../domain/resource.ts";
import { accountParams, id, iso } from "../schemas.ts";

export const BILLING_STATUSES = ["good", "warning", "alerted", "expired"] as const;

export const resourceSchema = z
  .object({
    id: z.string(),
    product: z.string(),
    resourceType: z.string(),
    name: z.string(),
    state: z.enum(RESOURCE_STATES),
    billing: z.enum(BILLINGS),
    billingStatus: z.enum(BILLING_STATUSES).nullable(),
    configuration: z.array(z.object({ sku: z.string(), quantity: z.int() })).readonly(),
    startAt: z.string().nullable(),
    endAt: z.string().nullable(),
    deletesAt: z.string().nullable(),
    isBusy: z.boolean(),
    autoRenew: z.object({ enabled: z.boolean(), months: z.int() }),
    tags: z.record(z.string(), z.string()).readonly(),
    order: z.string(),
    orderLine: z.string(),
    createdAt: z.string(),
  })
  .openapi("Resource");

export const resourceParams = accountParams.extend({ resource: id<ResourceId>() });

export type ResourceView = z.infer<typeof resourceSchema>;

export function resourceView(found: Resource, nowMs: number): ResourceView {
  return {
    id: found.id,
    product: found.product,
    resourceType: found.resourceType,
    name: found.name,
    state: found.state,
    billing: found.billing,
    billingStatus: billingStatus(found, nowMs),
    configuration: found.configuration,
    startAt: found.startAtMs === null ? null : iso(found.startAtMs),
    endAt: found.endAtMs === null ? null : iso(found.endAtMs),
    deletesAt: found.deletesAtMs === null ? null : iso(found.deletesAtMs),
    isBusy: found.pending !== null,
    autoRenew: found.autoRenew,
    tags: found.tags,
    order: found.order,
    orderLine: found.line,
    createdAt: iso(found.createdAtMs),
  };
}
