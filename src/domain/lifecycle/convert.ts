import type { Product } from "../catalogue.ts";
import type { Event } from "../events.ts";
import { existingConfiguration } from "../quotes/configuration.ts";
import { NO_AUTO_RENEW, type Resource } from "../resource.ts";
import { switchTo } from "../usage.ts";

/**
 * A prepaid resource of an account that is postpaid by now is paid by the month from its end on, at today's prices; null
 * where its type isn't sold so, or has no price any more. (Domain: Two kinds of account.)
 */
export function convertToPostpaid(resource: Resource, product: Product, atMs: number): Event[] | null {
  const type = product.resourceTypes.find(({ id }) => id === resource.resourceType);
  if (!type?.billing.includes("postpaid")) return null;
  const configuration = existingConfiguration(resource.configuration, type, "configuration");
  if (!configuration.ok) return null;
  const used = { catalogueVersion: product.version, configuration: configuration.value };
  const converted: Resource = {
    ...resource,
    ...{ billing: "postpaid", segments: switchTo([], used, atMs), version: resource.version + 1 },
    ...{ terms: [], endAtMs: null, anchorDay: null, autoRenew: NO_AUTO_RENEW, autoRenewSetAtMs: atMs },
  };
  return [
    { type: "resource_changed", resource: converted },
    {
      type: "notice_given",
      notice: {
        key: `use_begun:${resource.id}:${atMs}`,
        template: "use_begun",
        ...{ atMs, resource: resource.id, name: resource.name, why: "converted", startAtMs: atMs },
      },
    },
  ];
}
