import { z } from "@hono/zod-openapi";
import { BILLINGS } from "../../domain/catalogue.ts";
import type { Hold } from "../../domain/hold/hold.ts";
import type { ResourceId } from "../../domain/ids.ts";
import { billingStatus, RESOURCE_STATES, type Resource } from "../../domain/resource.ts";
import { accountParams, id, iso, text } from "../schemas.ts";

export const BILLING_STATUSES = ["good", "warning", "alerted", "expired"] as const;

const MAX_TAGS = 50;
const TAG_KEY = /^[A-Za-z0-9._/-]{1,64}$/;

export const tagsSchema = z
  .record(z.string().regex(TAG_KEY), text(256))
  .refine((given) => Object.keys(given).length <= MAX_TAGS, `at most ${MAX_TAGS} tags`)
  .openapi("Tags");

export const holdSchema = z.object({ held: z.int(), use: z.int(), estimate: z.int(), missing: z.int() });

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
    /** The paid line that waits for the console's answer. */
    pendingLine: z.string().nullable(),
    autoRenew: z.object({ enabled: z.boolean(), months: z.int() }),
    tags: z.record(z.string(), z.string()).readonly(),
    /** Credit that is held for it; `missing` is what there wasn't credit for. Null where it is paid otherwise. */
    hold: holdSchema.nullable(),
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
    pendingLine: found.pending?.line ?? null,
    autoRenew: found.autoRenew,
    tags: found.tags,
    hold: found.hold ? viewHold(found.hold) : null,
    order: found.order,
    orderLine: found.line,
    createdAt: iso(found.createdAtMs),
  };
}

export const viewHold = ({ held, use, estimate, missing }: Hold) => ({ held, use, estimate, missing });
