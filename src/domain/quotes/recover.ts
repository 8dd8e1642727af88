import { ratio } from "../ratio.ts";
import { ok } from "../result.ts";
import { existingConfiguration, priced } from "./configuration.ts";
import { existingResource } from "./existing.ts";
import { firstTerm } from "./first-term.ts";
import type { Pricer } from "./quote-input.ts";

/**
 * A resource out of the trash, or one that lives on trial money: a new start with the configuration it has.
 * (Domain: Lifecycle, Recover; POC, Convert.)
 */
export const priceRecover: Pricer = (item, path, input) => {
  const found = existingResource(item, path, input);
  if (!found.ok) return found;
  const { resource, type } = found.value;
  const configuration = existingConfiguration(resource.configuration, type, `${path}.configuration`);
  if (!configuration.ok) return configuration;
  const term = firstTerm(item, type, path, input);
  if (!term.ok) return term;
  const { minutes, endAtMs } = term.value;
  const charges = priced(configuration.value, ratio(minutes), input.product.currency, `${path}.period`);
  if (!charges.ok) return charges;
  return ok({
    name: resource.name,
    resource,
    minutes,
    charges: charges.value,
    endAtMs,
    dependsOnNow: true,
  });
};
