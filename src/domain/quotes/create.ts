import { refused } from "../errors.ts";
import { ratio } from "../ratio.ts";
import { ok } from "../result.ts";
import { newConfiguration, priced } from "./configuration.ts";
import { firstMinutes } from "./period.ts";
import { type Pricer, typeSold } from "./quote-input.ts";

/** A new resource, from when it will be provisioned. */
export const priceCreate: Pricer = (item, path, input) => {
  const type = typeSold("prepaid", item, path, input);
  if (!type.ok) return type;
  const configuration = newConfiguration(item.configuration, type.value, `${path}.configuration`, "prepaid");
  if (!configuration.ok) return configuration;
  if (!item.period) return refused({ code: "period_required", path: `${path}.period` });
  const at = { nowMs: input.nowMs, timeZone: input.account.timeZone };
  const minutes = firstMinutes(item.period, type.value.minimumMonths, `${path}.period`, at);
  if (!minutes.ok) return minutes;
  const charges = priced(
    configuration.value,
    ratio(minutes.value),
    input.product.currency,
    `${path}.configuration`,
  );
  if (!charges.ok) return charges;
  return ok({
    name: item.name,
    resource: null,
    minutes: minutes.value,
    charges: charges.value,
    endAtMs: null,
    dependsOnNow: "endAtMs" in item.period,
  });
};
