import type { ProductId, ResourceTypeId, SkuId } from "./ids.ts";
import type { Currency } from "./money.ts";

/** Units a price can be per, with their divisor in minutes; 1 where time plays no part. (Domain: Price.) */
export const UNIT_MINUTES = {
  "30 days": 43_200,
  "GB-30-days": 43_200,
  "GB-day": 1_440,
  hour: 60,
  "GB-hour": 60,
  GB: 1,
  connection: 1,
} as const;

export type Unit = keyof typeof UNIT_MINUTES;

export const METERINGS = [
  "configuration",
  "gauge_hours",
  "counter",
  "peak_connections",
  "peak_traffic",
] as const;
export type Metering = (typeof METERINGS)[number];

export const BILLINGS = ["prepaid", "postpaid", "hold", "poc"] as const;
export type Billing = (typeof BILLINGS)[number];

/** One price of a resource type. `unitPrice`, `discount`, `taxRate`, `minimum`, `freeAllowance` are exact decimals. */
export interface Sku {
  readonly id: SkuId;
  readonly name: string;
  readonly metering: Metering;
  readonly unit: Unit;
  readonly unitPrice: string;
  readonly discount: string;
  readonly taxRate: string;
  readonly taxIncluded: boolean;
  readonly minimum?: string | undefined;
  readonly freeAllowance?: string | undefined;
}

/** What a resource keeps of its type for life: changes to the catalogue don't reach resources that exist. */
export interface ResourcePolicy {
  readonly refundable: boolean;
  readonly autoRenewable: boolean;
  readonly autoRenewOffBy: "customer" | "support";
  /** Local time of the daily run that holds credit for use, HH:MM. */
  readonly holdRunAt?: string;
  /** Its use is sold, and no period: its trial leaves nothing to be paid for again. (Domain: POC.) */
  readonly isMetered?: true;
  readonly lifecycle: {
    readonly graceDays: number;
    readonly suspensionDays: number;
    readonly trashDays: number;
  };
}

export interface ResourceType extends ResourcePolicy {
  readonly id: ResourceTypeId;
  readonly name: string;
  readonly billing: readonly Billing[];
  readonly minimumMonths: number;
  /** Local time of the daily hold run, HH:MM. */
  readonly holdRunAt: string;
  readonly skus: readonly Sku[];
}

/** One immutable version of a product's prices and policies; the highest version is in force. */
export interface Product {
  readonly id: ProductId;
  readonly version: number;
  readonly name: string;
  readonly currency: Currency;
  readonly callbackUrl?: string | undefined;
  readonly returnOrigins: readonly string[];
  readonly resourceTypes: readonly ResourceType[];
}

/** Time-based meterings are priced per stretch of time, the others per piece; a price per piece has no duration. */
export const fitsUnit = (metering: Metering, unit: Unit): boolean =>
  (metering === "configuration" || metering === "gauge_hours") === UNIT_MINUTES[unit] > 1;

export const policyOf = (type: ResourceType): ResourcePolicy => ({
  refundable: type.refundable,
  autoRenewable: type.autoRenewable,
  autoRenewOffBy: type.autoRenewOffBy,
  ...(type.billing.includes("hold") ? { holdRunAt: type.holdRunAt } : {}),
  ...(type.billing.includes("hold") && !type.billing.includes("prepaid") ? { isMetered: true } : {}),
  lifecycle: type.lifecycle,
});

const LOCAL_HOSTS = ["localhost", "127.0.0.1"];

/** Customers are sent back only to origins that the product registered; in a sandbox also to its own machine. */
export function mayReturnTo(url: string, { returnOrigins }: Product, localReturnAllowed: boolean): boolean {
  const { origin, hostname } = new URL(url);
  return returnOrigins.includes(origin) || (localReturnAllowed && LOCAL_HOSTS.includes(hostname));
}
