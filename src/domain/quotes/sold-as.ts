import { type DomainError, refused } from "../errors.ts";
import type { OrderItem, SoldAs } from "../order.ts";
import { ok, type Result } from "../result.ts";
import type { QuoteInput } from "./quote-input.ts";

/**
 * What an order's resources may be sold as, the usual way first: for a paid period, or on trial money up to the
 * wallet's end. It is the same for all of them, because one wallet pays. (Domain: POC.)
 */
export function soldAs(input: QuoteInput): Result<readonly [SoldAs, ...SoldAs[]], DomainError> {
  const all = input.items.map((item) => waysOf(item, input));
  const common = WAYS.filter((way) => all.every((ways) => ways.includes(way)));
  const [first, ...others] = common;
  if (first) return ok([first, ...others]);
  const areMixed = all.every((ways) => ways.length > 0);
  // A type that is sold neither way is refused by name, where it is priced.
  return areMixed ? refused({ code: "mixed_billing", path: "lines" }) : ok(["prepaid"]);
}

const WAYS = ["prepaid", "poc"] as const satisfies readonly SoldAs[];

function waysOf({ resource: id, resourceType }: OrderItem, input: QuoteInput): readonly SoldAs[] {
  const { action, product } = input;
  const resource = id && input.resource(id);
  const livesOnPoc = resource?.billing === "poc";
  if (action === "renew" || action === "resize") return [livesOnPoc ? "poc" : "prepaid"];
  const mayBePoc = action === "create" || (action === "recover" && livesOnPoc);
  const type = product.resourceTypes.find((candidate) => candidate.id === resourceType);
  if (!mayBePoc || !type) return ["prepaid"];
  return WAYS.filter((way) => type.billing.includes(way));
}
