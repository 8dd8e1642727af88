import type { ResourceType } from "../catalogue.ts";
import { type DomainError, type Refusal, refused } from "../errors.ts";
import { type Currency, MAX_AMOUNT_MINOR } from "../money.ts";
import type { OrderBilling, OrderItem } from "../order.ts";
import { type Charge, type ConfiguredSku, exactTotal, priceConfiguration } from "../pricing.ts";
import { decimal, isLess, type Ratio, ratio } from "../ratio.ts";
import { ok, type Result } from "../result.ts";

type Configuration = OrderItem["configuration"];

/**
 * A configuration that is asked for: each SKU once, in its least quantity at least. What is metered can't be paid in
 * advance, and may be configured as nothing: a gauge then begins at 0.
 */
export function newConfiguration(
  configuration: Configuration,
  type: ResourceType,
  path: string,
  billing: OrderBilling,
): Result<ConfiguredSku[], DomainError> {
  const found = existingConfiguration(configuration, type, path);
  if (!found.ok) return found;
  for (const [index, { sku, quantity }] of found.value.entries()) {
    const refuse = (code: Refusal["code"], field: string, detail?: string) =>
      refused({ code, path: `${path}[${index}].${field}`, detail });
    if (found.value.findIndex((other) => other.sku === sku) < index) return refuse("duplicate_sku", "sku");
    if (sku.metering !== "configuration") {
      if (billing === "prepaid")
        return refuse("sku_not_prepaid", "sku", `${sku.name} is metered: it is paid after its use.`);
      continue;
    }
    const minimum = sku.minimum ?? "1";
    if (quantity < 1 || isLess(ratio(quantity), decimal(minimum))) {
      return refuse("quantity_below_minimum", "quantity", `The least quantity of ${sku.name} is ${minimum}.`);
    }
  }
  return found;
}

/** A configuration as a resource has it: rules that came later don't reach it, but its SKUs must still have a price. */
export function existingConfiguration(
  configuration: Configuration,
  type: ResourceType,
  path: string,
): Result<ConfiguredSku[], DomainError> {
  const configured: ConfiguredSku[] = [];
  for (const [index, { sku: id, quantity }] of configuration.entries()) {
    const sku = type.skus.find((candidate) => candidate.id === id);
    if (!sku) return refused({ code: "unknown_sku", path: `${path}[${index}].sku` });
    configured.push({ sku, quantity });
  }
  return ok(configured);
}

/** Its price for a time, unless that is more than any amount may be. */
export function priced(
  configuration: readonly ConfiguredSku[],
  minutes: Ratio,
  currency: Currency,
  path: string,
): Result<Charge[], DomainError> {
  return isLess(ratio(MAX_AMOUNT_MINOR), exactTotal(configuration, minutes, currency))
    ? refused({ code: "amount_too_large", path })
    : ok(priceConfiguration(configuration, minutes, currency));
}
