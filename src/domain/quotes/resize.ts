import { refused } from "../errors.ts";
import { subtract, sum } from "../money.ts";
import { taxOf } from "../pricing.ts";
import { roundHalfUp } from "../ratio.ts";
import { ok } from "../result.ts";
import { replaceTerms, unusedCharges, unusedValue } from "../terms.ts";
import { newConfiguration, priced } from "./configuration.ts";
import { existingResource } from "./existing.ts";
import type { Pricer } from "./quote-input.ts";

/** Another configuration for the time that is left: the difference is paid, or given back. (Domain: Terms, Resize.) */
export const priceResize: Pricer = (item, path, input) => {
  const { account, nowMs, product } = input;
  const found = existingResource(item, path, input);
  if (!found.ok) return found;
  const { resource, type } = found.value;
  if (item.period) return refused({ code: "period_not_allowed", path: `${path}.period` });
  const configuration = newConfiguration(item.configuration, type, `${path}.configuration`, "prepaid");
  if (!configuration.ok) return configuration;
  const at = { atMs: nowMs, timeZone: account.timeZone };
  const { minutes } = unusedValue(resource.terms, nowMs, account.timeZone);
  const charges = priced(configuration.value, minutes, product.currency, `${path}.configuration`);
  if (!charges.ok) return charges;
  const { toPay, refund, term } = replaceTerms(resource.terms, charges.value, at, resource.policy);
  const running = resource.terms.filter(({ endMs }) => endMs > nowMs);
  const creditedTax = sum(running.map((replaced) => taxOf(unusedCharges(replaced, at))));
  return ok({
    name: resource.name,
    resource,
    minutes: Number(roundHalfUp(minutes)),
    charges: charges.value,
    endAtMs: resource.endAtMs,
    dependsOnNow: true,
    difference: { toPay, refund, tax: subtract(taxOf(term.charges), creditedTax) },
  });
};
