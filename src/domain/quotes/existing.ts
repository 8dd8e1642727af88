import { hindrance } from "../action.ts";
import type { ResourceType } from "../catalogue.ts";
import { type DomainError, refused } from "../errors.ts";
import type { OrderItem } from "../order.ts";
import type { Resource } from "../resource.ts";
import { err, ok, type Result } from "../result.ts";
import { type PricingInput, typeSold } from "./quote-input.ts";

/** The resource that an item is about, which must be the product's, and whose state must allow the action. */
export function existingResource(
  item: OrderItem,
  path: string,
  input: PricingInput,
): Result<{ resource: Resource; type: ResourceType }, DomainError> {
  const resource = item.resource && input.resource(item.resource);
  if (!resource || resource.product !== input.product.id) return err({ code: "resource_not_found" });
  if (resource.resourceType !== item.resourceType)
    return refused({ code: "unknown_resource_type", path: `${path}.resourceType` });
  if (resource.billing === "postpaid" && input.action !== "resize")
    return refused({ code: "action_not_available", path: "action", detail: "It is paid by the month." });
  const keepsBilling = input.action === "resize" || input.action === "renew";
  if (keepsBilling && resource.billing !== input.as)
    return refused({ code: "mixed_billing", path: `${path}.resourceId` });
  if (item.quantity !== 1) return refused({ code: "quantity_not_allowed", path: `${path}.quantity` });
  if (input.items.filter((other) => other.resource === resource.id).length > 1)
    return refused({ code: "duplicate_resource", path: `${path}.resourceId` });
  const { autoRenew, policy } = resource;
  const turnsOff = autoRenew.enabled && item.autoRenew?.enabled === false;
  if (turnsOff && policy.autoRenewOffBy === "support") return err({ code: "auto_renew_off_by_support" });
  const hindered = hindrance(input.action, resource, input.nowMs);
  if (hindered) return err({ code: hindered });
  const type = typeSold(item, path, input);
  return type.ok ? ok({ resource, type: type.value }) : type;
}
