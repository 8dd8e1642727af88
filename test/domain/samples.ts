import type { Account } from "../../src/domain/account.ts";
import type { Product, ResourceType, Sku } from "../../src/domain/catalogue.ts";
import type { Coupon } from "../../src/domain/coupon.ts";
import type {
  AccountId,
  CouponCode,
  OrderId,
  ProductId,
  ResourceTypeId,
  SkuId,
} from "../../src/domain/ids.ts";
import { money } from "../../src/domain/money.ts";
import type { OrderItem } from "../../src/domain/order.ts";
import type { Charge } from "../../src/domain/pricing.ts";

export const SAIGON = "Asia/Ho_Chi_Minh";

/** The instant of an ISO 8601 text; without an offset it is in Saigon, which has kept +07:00 since 1975. */
export const instant = (text: string): number =>
  Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text.length === 10 ? `${text}T00:00` : text}+07:00`);

export const sku = (id: string, unitPrice: string, more: Partial<Sku> = {}): Sku => ({
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

export const resourceType = (
  id: string,
  skus: readonly Sku[],
  more: Partial<ResourceType> = {},
): ResourceType => ({
  id: id as ResourceTypeId,
  name: id,
  billing: ["prepaid"],
  refundable: true,
  autoRenewable: true,
  autoRenewOffBy: "customer",
  minimumMonths: 1,
  holdRunAt: "00:00",
  lifecycle: { graceDays: 15, suspensionDays: 15, trashDays: 0 },
  skus,
  ...more,
});

export const productOf = (resourceTypes: readonly ResourceType[], more: Partial<Product> = {}): Product => ({
  id: "vserver" as ProductId,
  version: 1,
  name: "vServer",
  currency: "VND",
  returnOrigins: ["https://console.example"],
  resourceTypes,
  ...more,
});

/** The product that the tests of commands order from. */
export const vserver: Product = productOf([
  resourceType(
    "server",
    [
      sku("small", "90000"),
      sku("disk", "35000"),
      sku("general", "181000"),
      sku("big", "520000"),
      sku("licence", "1000", { taxRate: "8" }),
      sku("traffic", "1000", { metering: "counter", unit: "GB" }),
    ],
    { billing: ["prepaid", "postpaid", "poc"] },
  ),
  resourceType("package", [sku("gold", "1000", { unit: "GB-30-days", minimum: "30" })], {
    minimumMonths: 3,
    lifecycle: { graceDays: 0, suspensionDays: 0, trashDays: 7 },
  }),
  resourceType("quota", [sku("metrics", "55000")], { refundable: false, autoRenewable: false }),
  resourceType("snapshot", [sku("snapshot-gb", "7.7", { unit: "GB-hour" })], {
    billing: ["hold", "postpaid"],
  }),
  resourceType("image", [sku("image-gb", "1500", { unit: "GB-day" })], {
    billing: ["hold", "poc"],
    refundable: false,
    autoRenewable: false,
  }),
]);

export const accountOf = (more: Partial<Account> = {}): Account => ({
  id: "acc_demo" as AccountId,
  shortId: "7QK",
  email: "an@example.com",
  name: "An",
  billingMode: "prepaid",
  currency: "VND",
  timeZone: SAIGON,
  locale: "vi",
  postpaidLimit: null,
  suspendOverdueDays: null,
  recipients: [],
  invoiceAddresses: [],
  createdAtMs: 0,
  ...more,
});

/** An item of the given type; `configuration` is SKU id to quantity. */
export const itemOf = (
  type: string,
  configuration: Record<string, number>,
  more: Partial<OrderItem> = {},
): OrderItem => ({
  resource: null,
  resourceType: type as ResourceTypeId,
  name: "web",
  configuration: Object.entries(configuration).map(([id, quantity]) => ({ sku: id as SkuId, quantity })),
  quantity: 1,
  period: { months: 1 },
  autoRenew: null,
  ...more,
});

export const couponOf = (value: Coupon["value"], more: Partial<Coupon> = {}): Coupon => ({
  code: "TET" as CouponCode,
  currency: "VND",
  value,
  validFromMs: null,
  validUntilMs: null,
  products: null,
  minimumOrder: null,
  limit: null,
  limitPerAccount: null,
  ...more,
});

export const amountOff = (amount: number, more: Partial<Coupon> = {}): Coupon =>
  couponOf({ kind: "amount", amount: money(amount) }, more);

export const percentOff = (percent: string, cap: number | null = null, more: Partial<Coupon> = {}): Coupon =>
  couponOf({ kind: "percent", percent, cap: cap === null ? null : money(cap) }, more);

/** A charge of nothing but its gross, for what only looks at that. */
export const chargeOf = (gross: number): Charge => ({
  taxRate: "0",
  gross: money(gross),
  tax: money(0),
  discount: money(0),
  items: [],
});

export const orderId = (text: string): OrderId => text as OrderId;
