import { ratio } from "../ratio.ts";
import { ok } from "../result.ts";
import { newConfiguration, priced } from "./configuration.ts";
import { firstTerm } from "./first-term.ts";
import { type Pricer, typeSold } from "./quote-input.ts";

/** A new resource, from when it will be provisioned. */
export const priceCreate: Pricer = (item, path, input) => {
  const type = typeSold(item, path, input);
  if (!type.ok) return type;
  const configuration = newConfiguration(item.configuration, type.value, `${path}.configuration`, "prepaid");
  if (!configuration.ok) return configuration;
  const term = firstTerm(item, type.value, path, input);
  if (!term.ok) return term;
  const { minutes, endAtMs } = term.value;
  const charges = priced(
    configuration.value,
    ratio(minutes),
    input.product.currency,
    `${path}.configuration`,
  );
  if (!charges.ok) return charges;
  return ok({
    name: item.name,
    resource: null,
    minutes,
    charges: charges.value,
    endAtMs,
    dependsOnNow: endAtMs !== null || (item.period !== null && "endAtMs" in item.period),
  });
};
