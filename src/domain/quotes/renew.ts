import { refused } from "../errors.ts";
import { ratio } from "../ratio.ts";
import { ok } from "../result.ts";
import { existingConfiguration, priced } from "./configuration.ts";
import { existingResource } from "./existing.ts";
import { nextTerm } from "./period.ts";
import type { Pricer } from "./quote-input.ts";

/** More time for a resource, from its end on, at today's prices: by months, or up to an instant. (Domain: Lifecycle, Renew.) */
export const priceRenew: Pricer = (item, path, input) => {
  const { account, nowMs, product, action } = input;
  const found = existingResource(item, path, input);
  if (!found.ok) return found;
  const { resource, type } = found.value;
  const { endAtMs: endMs, anchorDay } = resource;
  if (endMs === null || anchorDay === null) throw new Error(`${resource.id} is renewable without an end`);
  if (!item.period) return refused({ code: "period_required", path: `${path}.period` });
  if (action === "match_end_time" && !("endAtMs" in item.period))
    return refused({ code: "period_required", path: `${path}.period.endAt` });
  const configuration = existingConfiguration(resource.configuration, type, `${path}.configuration`);
  if (!configuration.ok) return configuration;
  const at = { nowMs, timeZone: account.timeZone };
  const term = nextTerm(item.period, { endMs, anchorDay }, `${path}.period`, at);
  if (!term.ok) return term;
  const charges = priced(configuration.value, ratio(term.value.minutes), product.currency, `${path}.period`);
  if (!charges.ok) return charges;
  return ok({
    name: resource.name,
    resource,
    minutes: term.value.minutes,
    charges: charges.value,
    endAtMs: term.value.endMs,
    dependsOnNow: "endAtMs" in item.period,
  });
};
