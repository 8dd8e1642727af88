import type { OrderBilling, OrderItem } from "../order.ts";
import type { QuoteInput } from "./quote-input.ts";

/**
 * What an order may be sold as, the usual way first: for a paid period, or with credit held for its use; or on trial
 * money up to the wallet's end. It is the same for all its resources, because one wallet pays. (Domain: POC.)
 */
export function soldAs(input: QuoteInput): readonly [OrderBilling, ...OrderBilling[]] {
  if (input.billing === "postpaid") return ["postpaid"];
  const usual = input.billing === "hold" ? "hold" : "prepaid";
  const all = input.items.map((item) => waysOf(item, usual, input));
  const common = waysBeside(usual).filter((way) => all.every((ways) => ways.includes(way)));
  // What is sold in no way, or not together with the others, is refused by name where it is priced.
  const [first = all[0]?.[0] ?? usual, ...others] = common;
  return [first, ...others];
}

type Usual = "prepaid" | "hold";

const waysBeside = (usual: Usual): readonly OrderBilling[] => [usual, "poc"];

function waysOf(
  { resource: id, resourceType }: OrderItem,
  usual: Usual,
  input: QuoteInput,
): readonly OrderBilling[] {
  const { action, product } = input;
  const resource = id && input.resource(id);
  const livesOnPoc = resource?.billing === "poc";
  if (action === "renew" || action === "resize") return [livesOnPoc ? "poc" : usual];
  const mayBePoc = action === "create" || (action === "recover" && livesOnPoc);
  const type = product.resourceTypes.find((candidate) => candidate.id === resourceType);
  if (!mayBePoc || !type) return [usual];
  return waysBeside(usual).filter((way) => type.billing.includes(way));
}
