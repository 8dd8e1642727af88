import type { Account } from "../account.ts";
import type { Product, ResourceType } from "../catalogue.ts";
import type { Coupon } from "../coupon.ts";
import { type DomainError, refused } from "../errors.ts";
import type { OrderId, ResourceId } from "../ids.ts";
import type { Money } from "../money.ts";
import type { Action, OrderBilling, OrderItem } from "../order.ts";
import type { Charge, ConfiguredSku } from "../pricing.ts";
import type { Resource } from "../resource.ts";
import { ok, type Result } from "../result.ts";

/** What an order asks for, and everything its price depends on: `product` in the version that is in force. */
export interface QuoteInput {
  readonly order: OrderId;
  readonly action: Action;
  readonly billing: OrderBilling;
  readonly items: readonly OrderItem[];
  readonly product: Product;
  readonly coupon: Coupon | null;
  readonly account: Account;
  /** The end of the POC wallet, while it pays. */
  readonly pocEndMs: number | null;
  readonly nowMs: number;
  resource(id: ResourceId): Resource | null;
}

/** What is asked for, and as what it is priced. */
export interface PricingInput extends QuoteInput {
  readonly as: OrderBilling;
}

/** One item, priced: what each of its resources costs. */
export interface PricedItem {
  readonly name: string;
  readonly resource: Resource | null;
  readonly minutes: number;
  readonly charges: readonly Charge[];
  readonly endAtMs: number | null;
  /** Its price depends on the moment it was quoted at. */
  readonly dependsOnNow: boolean;
  /** What a resize costs, or gives back, instead of its charges. */
  readonly difference?: { readonly toPay: Money; readonly refund: Money; readonly tax: Money };
  /** What is paid after its use: its configuration at today's prices. */
  readonly configured?: readonly ConfiguredSku[];
  readonly hold?: Money;
}

/** Prices one item; `path` names it as the request spells it. */
export type Pricer = (item: OrderItem, path: string, input: PricingInput) => Result<PricedItem, DomainError>;

/** A type that is sold so, and renewed by itself only where it can be. */
export function typeSold(
  { resourceType, autoRenew }: OrderItem,
  path: string,
  { product, as }: PricingInput,
): Result<ResourceType, DomainError> {
  const type = product.resourceTypes.find(({ id }) => id === resourceType);
  if (!type) return refused({ code: "unknown_resource_type", path: `${path}.resourceType` });
  if (!type.billing.includes(as))
    return refused({ code: "billing_not_offered", path: `${path}.resourceType` });
  if (autoRenew?.enabled && !type.autoRenewable)
    return refused({ code: "not_auto_renewable", path: `${path}.autoRenew` });
  return ok(type);
}
