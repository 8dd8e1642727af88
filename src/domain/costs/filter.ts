import { hasTag } from "../tags.ts";
import type { CostSubject } from "./cost.ts";

/** Which costs are asked for. `tag`: `key`, or `key:value`. */
export interface CostFilter {
  readonly product?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly resource?: string | undefined;
  readonly tag?: string | undefined;
}

export const isAskedFor = (
  cost: CostSubject,
  { product, resourceType, resource, tag }: CostFilter,
): boolean =>
  (product === undefined || product === cost.product) &&
  (resourceType === undefined || resourceType === cost.resourceType) &&
  (resource === undefined || resource === cost.resource) &&
  (tag === undefined || hasTag(cost, tag));
