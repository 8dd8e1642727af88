import type { OrderBilling, OrderItem } from "../order.ts";
import type { QuoteInput } from "./quote-input.ts";

/**
 * What an order may be sold as, the usual way first: for a paid period, or on trial money up to the wallet's end. It is
 * the same for all its resources, because one wallet pays. (Domain: POC.)
 */
export function soldAs(input: QuoteInput): readonly [OrderBilling, ...OrderBilling[]] {
  if (input.billing === "postpaid" || input.billing === "hold") return [input.billing];
  const all = input.items.map((item) => waysOf(item, input));
  const common = WAYS.filter((way) => all.every((ways) => ways.includes(way)));
  // What is sold in no way, or not together with the others, is refused by name where it is priced.
  const [first = all[0]?.[0] ?? "prepaid", ...others] = common;
  return [first, ...others];
}

const WAYS = ["prepaid", "poc"] as const satisfies readonly OrderBilling[];

function waysOf({ resource: id, resourceType }: OrderItem, input: QuoteInput): readonly OrderBilling[] {
  const { action, product } = input;
  const resource = id && input.resource(id);
  const livesOnPoc = resource?.billing === "poc";
  if (action === "renew" || action === "resize") return [livesOnPoc ? "poc" : "prepaid"];
  const mayBePoc = action === "create" || (action === "recover" && livesOnPoc);
  const type = product.resourceTypes.find((candidate) => candidate.id === resourceType);
  if (!mayBePoc || !type) return ["prepaid"];
  return WAYS.filter((way) => type.billing.includes(way));
}
