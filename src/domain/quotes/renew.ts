import { type DomainError, refused } from "../errors.ts";
import type { OrderItem, Period } from "../order.ts";
import { ratio } from "../ratio.ts";
import { err, ok, type Result } from "../result.ts";
import { existingConfiguration, priced } from "./configuration.ts";
import { existingResource } from "./existing.ts";
import { nextTerm } from "./period.ts";
import type { Pricer, PricingInput } from "./quote-input.ts";

/**
 * More time for a resource, from its end on, at today's prices: by months, up to an instant, or on trial money up to the
 * wallet's end. (Domain: Lifecycle, Renew; POC.)
 */
export const priceRenew: Pricer = (item, path, input) => {
  const { account, nowMs, product, action } = input;
  const found = existingResource(item, path, input);
  if (!found.ok) return found;
  const { resource, type } = found.value;
  const { endAtMs: endMs, anchorDay } = resource;
  if (endMs === null || anchorDay === null) throw new Error(`${resource.id} is renewable without an end`);
  const period = periodOf(item, input);
  if (!period.ok) return period;
  if (!period.value) return refused({ code: "period_required", path: `${path}.period` });
  if (action === "match_end_time" && !("endAtMs" in period.value))
    return refused({ code: "period_required", path: `${path}.period.endAt` });
  const configuration = existingConfiguration(resource.configuration, type, `${path}.configuration`);
  if (!configuration.ok) return configuration;
  const at = { nowMs, timeZone: account.timeZone };
  const term = nextTerm(period.value, { endMs, anchorDay }, `${path}.period`, at);
  if (!term.ok) return term;
  const charges = priced(configuration.value, ratio(term.value.minutes), product.currency, `${path}.period`);
  if (!charges.ok) return charges;
  return ok({
    name: resource.name,
    resource,
    minutes: term.value.minutes,
    charges: charges.value,
    endAtMs: term.value.endMs,
    dependsOnNow: "endAtMs" in period.value,
  });
};

function periodOf({ period }: OrderItem, { as, pocEndMs }: PricingInput): Result<Period | null, DomainError> {
  if (as === "prepaid") return ok(period);
  return pocEndMs === null ? err({ code: "poc_wallet_expired" }) : ok({ endAtMs: pocEndMs });
}
