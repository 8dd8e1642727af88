import { MONTH_MINUTES } from "../calendar.ts";
import { type ResourceType, UNIT_MINUTES } from "../catalogue.ts";
import { type DomainError, refused } from "../errors.ts";
import { wantedFor } from "../hold/hold.ts";
import type { OrderItem } from "../order.ts";
import { ratio } from "../ratio.ts";
import type { Resource } from "../resource.ts";
import { ok, type Result } from "../result.ts";
import { switchTo } from "../usage.ts";
import { newConfiguration, priced } from "./configuration.ts";
import { existingResource } from "./existing.ts";
import { type PricedItem, type Pricer, type PricingInput, typeSold } from "./quote-input.ts";

/** A new resource that is paid by the month, after its use. There is nothing to pay now. (Domain: Postpaid.) */
export const priceUse: Pricer = (item, path, input) => {
  const type = typeSold(item, path, input);
  return type.ok ? used(item, path, input, { resource: null, type: type.value, name: item.name }) : type;
};

/** Another configuration of one, from now on. */
export const priceChangedUse: Pricer = (item, path, input) => {
  const found = existingResource(item, path, input);
  if (!found.ok) return found;
  const { resource, type } = found.value;
  return used(item, path, input, { resource, type, name: resource.name });
};

/** One out of the trash, or one that lives on trial money: used from now on, as it is configured. (Domain: Held; POC, Convert.) */
export const priceResumedUse: Pricer = (item, path, input) => {
  const found = existingResource(item, path, input);
  if (!found.ok) return found;
  const { resource, type } = found.value;
  const { name, configuration } = resource;
  return used({ ...item, configuration }, path, input, { resource, type, name });
};

function used(
  item: OrderItem,
  path: string,
  { product, as, account, nowMs }: PricingInput,
  { type, ...of }: { resource: Resource | null; type: ResourceType; name: string },
): Result<PricedItem, DomainError> {
  if (item.period)
    return refused({
      code: "period_not_allowed",
      path: `${path}.period`,
      detail: "It is paid after its use.",
    });
  if (item.autoRenew) return refused({ code: "not_auto_renewable", path: `${path}.autoRenew` });
  const configuration = newConfiguration(item.configuration, type, `${path}.configuration`, as);
  if (!configuration.ok) return configuration;
  // Its bills must stay within what an amount may be, as far as that is known by now.
  const month = priced(
    configuration.value.filter(({ sku }) => UNIT_MINUTES[sku.unit] > 1),
    ratio(2 * MONTH_MINUTES),
    product.currency,
    `${path}.configuration`,
  );
  if (!month.ok) return month;
  const began = switchTo(
    [],
    { catalogueVersion: product.version, configuration: configuration.value },
    nowMs,
  );
  return ok({
    ...of,
    ...{ minutes: 0, charges: [], endAtMs: null, dependsOnNow: false },
    configured: configuration.value,
    ...(as === "hold"
      ? { hold: wantedFor({ segments: began, closed: null }, nowMs, account, []).estimate }
      : {}),
  });
}
