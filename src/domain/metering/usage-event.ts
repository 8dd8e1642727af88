import { DAY_MINUTES } from "../calendar.ts";
import { type Metering, type Sku, UNIT_MINUTES } from "../catalogue.ts";
import type { ResourceId, SkuId } from "../ids.ts";
import { DAY_MS } from "../local-time.ts";
import { type Currency, MAX_AMOUNT_MINOR } from "../money.ts";
import { exactPrice } from "../pricing.ts";
import { decimal, dividedBy, floor, type Ratio, ratio, times } from "../ratio.ts";
import type { Resource } from "../resource.ts";

/** Events of before are refused. (Domain: Metered and held.) */
export const MAX_EVENT_AGE_MS = 35 * DAY_MS;
export const MAX_EVENTS = 1_000;

/**
 * What a product measured: a gauge's new level, a counter's increment, or a peak. `quantity` is an exact decimal;
 * `key` (an address, say) tells the parts of a counter apart.
 */
export interface UsageEvent {
  readonly id: string;
  readonly resource: ResourceId;
  readonly sku: SkuId;
  readonly key: string | null;
  readonly quantity: string;
  readonly atMs: number;
}

/** Quantities have at most nine decimals: in billionths they are whole, and add up without fractions. */
const BILLIONTHS = 1_000_000_000n;

/** The kinds of metering that products report. */
export type Metered = Exclude<Metering, "configuration">;

/**
 * A resource as its meters see it: since when it is in service, when it served in the months that may be reported of, and how
 * each of its SKUs is measured.
 */
export interface MeteredResource {
  readonly id: ResourceId;
  readonly startMs: number | null;
  readonly service: readonly { readonly startMs: number; readonly endMs: number | null }[];
  readonly meterings: Readonly<Record<SkuId, Metering>>;
  /** The most that a day may come to, in billionths, so that its bill stays an amount; without an entry there is no such limit. */
  readonly most: Readonly<Record<SkuId, string>>;
}

export function meteredAs(
  { id, startAtMs, segments: open, closed }: Resource,
  currency: Currency,
): MeteredResource {
  const segments = [...(closed?.months ?? []).flatMap((month) => month.segments), ...open];
  const skus = segments.flatMap(({ configuration }) => configuration.map(({ sku }) => sku));
  return {
    ...{ id, startMs: startAtMs },
    service: segments.flatMap(({ startMs, endMs, isPaused }) => (isPaused ? [] : [{ startMs, endMs }])),
    meterings: Object.fromEntries(skus.map((sku) => [sku.id, sku.metering])),
    most: Object.fromEntries(
      skus.flatMap((sku) => {
        const most = mostADay(sku, currency);
        return most === null ? [] : [[sku.id, `${most}`]];
      }),
    ),
  };
}

/** So many days of the most that a day may come to cost as much as one amount may be. */
const DAYS_A_MONTH = ratio(31);

function mostADay(sku: Sku, currency: Currency): bigint | null {
  const units = sku.metering === "gauge_hours" ? ratio(DAY_MINUTES, UNIT_MINUTES[sku.unit]) : ratio(1);
  const cost = times(exactPrice({ sku, units }, currency), DAYS_A_MONTH);
  return cost.num === 0n ? null : floor(times(dividedBy(ratio(MAX_AMOUNT_MINOR), cost), ratio(BILLIONTHS)));
}

export type EventRefusal =
  | "resource_not_found"
  | "unknown_sku"
  | "sku_not_metered"
  | "key_not_allowed"
  | "event_in_the_future"
  | "event_too_old"
  | "event_before_start"
  | "resource_not_in_service"
  | "quantity_too_large"
  | "too_many_keys";

/** Why an event can't count, or how it is measured. (Domain: Metered and held.) */
export function meteringOf(
  { sku, key, atMs }: UsageEvent,
  resource: MeteredResource | null,
  nowMs: number,
): Metered | { readonly refusal: EventRefusal } {
  if (!resource) return { refusal: "resource_not_found" };
  const metering = Object.hasOwn(resource.meterings, sku) ? resource.meterings[sku] : undefined;
  if (!metering) return { refusal: "unknown_sku" };
  if (metering === "configuration") return { refusal: "sku_not_metered" };
  if (key !== null && metering !== "counter") return { refusal: "key_not_allowed" };
  if (atMs > nowMs) return { refusal: "event_in_the_future" };
  if (atMs < nowMs - MAX_EVENT_AGE_MS) return { refusal: "event_too_old" };
  if (resource.startMs === null || atMs < resource.startMs) return { refusal: "event_before_start" };
  return metering === "gauge_hours" || isServed(resource, atMs)
    ? metering
    : { refusal: "resource_not_in_service" };
}

/** Nothing is used while a resource is suspended, or once it is deleted; but a gauge may be told its level for later. */
const isServed = ({ service }: MeteredResource, atMs: number): boolean =>
  service.some(({ startMs, endMs }) => startMs <= atMs && (endMs === null || atMs < endMs));

export function billionths(quantity: string): bigint {
  const { num, den } = decimal(quantity);
  return (num * BILLIONTHS) / den;
}

/** Whole billionths as a decimal without needless zeros: "2.5". */
export function decimalOf({ num, den }: Ratio): string {
  const whole = (num * BILLIONTHS) / den;
  const [units, rest] = [whole / BILLIONTHS, whole % BILLIONTHS];
  const decimals = String(rest).padStart(9, "0").replace(/0+$/, "");
  return decimals === "" ? String(units) : `${units}.${decimals}`;
}

export const fromBillionths = (whole: bigint | string): Ratio => ({ num: BigInt(whole), den: BILLIONTHS });
