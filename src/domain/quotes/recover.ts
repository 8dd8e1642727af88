import { refused } from "../errors.ts";
import { ratio } from "../ratio.ts";
import { ok } from "../result.ts";
import { existingConfiguration, priced } from "./configuration.ts";
import { existingResource } from "./existing.ts";
import { firstMinutes } from "./period.ts";
import type { Pricer } from "./quote-input.ts";

/** A resource out of the trash: a new start with the configuration it had. (Domain: Lifecycle, Recover.) */
export const priceRecover: Pricer = (item, path, input) => {
  const found = existingResource(item, path, input);
  if (!found.ok) return found;
  const { resource, type } = found.value;
  if (!item.period) return refused({ code: "period_required", path: `${path}.period` });
  const configuration = existingConfiguration(resource.configuration, type, `${path}.configuration`);
  if (!configuration.ok) return configuration;
  const at = { nowMs: input.nowMs, timeZone: input.account.timeZone };
  const minutes = firstMinutes(item.period, type.minimumMonths, `${path}.period`, at);
  if (!minutes.ok) return minutes;
  const charges = priced(configuration.value, ratio(minutes.value), input.product.currency, `${path}.period`);
  if (!charges.ok) return charges;
  return ok({
    name: resource.name,
    resource,
    minutes: minutes.value,
    charges: charges.value,
    endAtMs: null,
    dependsOnNow: true,
  });
};
