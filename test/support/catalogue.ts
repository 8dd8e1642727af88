import type { Product, ResourceType, Sku } from "../../src/domain/catalogue.ts";
import type { ProductId, ResourceTypeId, SkuId } from "../../src/domain/ids.ts";

const sku = (id: string, unitPrice: string, more: Partial<Sku> = {}): Sku => ({
  id: id as SkuId,
  name: id,
  metering: "configuration",
  unit: "30 days",
  unitPrice,
  discount: "0",
  taxRate: "10",
  taxIncluded: true,
  ...more,
});

const resourceType = (id: string, skus: readonly Sku[], more: Partial<ResourceType> = {}): ResourceType => ({
  id: id as ResourceTypeId,
  name: id,
  billing: ["prepaid"],
  refundable: true,
  autoRenewable: true,
  autoRenewOffBy: "customer",
  minimumMonths: 1,
  lifecycle: { graceDays: 15, suspensionDays: 15, trashDays: 0 },
  holdRunAt: "00:00",
  skus,
  ...more,
});

export const VSERVER = "vserver" as ProductId;
export const VMONITOR = "vmonitor" as ProductId;

/** What a `small` server costs for a month, the simplest order there is. */
export const SMALL_MONTH = 90_000;
/** What an `image-gb` costs a day, which is paid after its use, or tried before. */
export const IMAGE_DAY = 1_500;

/**
 * Two products: servers with several prices, tax rates and roundings, among them what is only held for, and a
 * monitoring quota of another product.
 */
export const PRODUCTS: readonly Product[] = [
  {
    id: VSERVER,
    version: 1,
    name: "vServer",
    currency: "VND",
    returnOrigins: ["https://console.example"],
    resourceTypes: [
      resourceType(
        "server",
        [
          sku("small", String(SMALL_MONTH)),
          sku("disk", "35000"),
          sku("licence", "1000", { taxRate: "8", taxIncluded: false }),
          sku("odd", "7.7", { unit: "GB-hour" }),
          sku("gift", "0"),
        ],
        { billing: ["prepaid", "postpaid", "poc"] },
      ),
      resourceType("package", [sku("gold", "1750", { unit: "GB-30-days", minimum: "30" })], {
        billing: ["prepaid", "poc"],
        minimumMonths: 3,
        lifecycle: { graceDays: 0, suspensionDays: 0, trashDays: 7 },
      }),
      resourceType("snapshot", [sku("snapshot-gb", "7.7", { unit: "GB-hour" })], { billing: ["hold"] }),
      resourceType("image", [sku("image-gb", String(IMAGE_DAY), { unit: "GB-day" })], {
        billing: ["hold", "poc"],
        refundable: false,
        autoRenewable: false,
      }),
      resourceType(
        "balancer",
        [
          sku("node", "43200"),
          sku("cache-gb", "7.7", { metering: "gauge_hours", unit: "GB-hour" }),
          sku("traffic-gb", "1000", { metering: "counter", unit: "GB" }),
          sku("connections", "100", {
            metering: "peak_connections",
            unit: "connection",
            freeAllowance: "4000",
          }),
          sku("data-gb", "280", { metering: "peak_traffic", unit: "GB", freeAllowance: "500" }),
        ],
        { billing: ["hold", "postpaid"] },
      ),
    ],
  },
  {
    id: VMONITOR,
    version: 1,
    name: "vMonitor",
    currency: "VND",
    returnOrigins: ["https://monitor.example"],
    resourceTypes: [
      resourceType("quota", [sku("metrics", "55000"), sku("logs", "333", { taxRate: "5" })], {
        refundable: false,
        autoRenewable: false,
      }),
    ],
  },
];

/** A product of the fixture, for commands that are given to an account without the catalogue between. */
export function productOf(id: ProductId): Product {
  const product = PRODUCTS.find((candidate) => candidate.id === id);
  if (!product) throw new Error(`the fixture has no product ${id}`);
  return product;
}
