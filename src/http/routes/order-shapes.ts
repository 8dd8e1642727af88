import { z } from "@hono/zod-openapi";
import type { ItemChange } from "../../domain/commands/change-order.ts";
import type {
  CouponCode,
  InvoiceAddressId,
  OrderId,
  ProductId,
  ResourceId,
  ResourceTypeId,
  SkuId,
} from "../../domain/ids.ts";
import { sum, ZERO } from "../../domain/money.ts";
import {
  ACTIONS,
  MAX_ITEMS,
  MAX_RESOURCES_PER_ORDER,
  type Order,
  type OrderItem,
  type Period,
} from "../../domain/order.ts";
import { PAY_METHODS } from "../../domain/payment.ts";
import { accountParams, httpUrl, id, instant, iso, text } from "../schemas.ts";

const MAX_MONTHS_ASKED = 1_200;
const MAX_SKUS_PER_RESOURCE = 100;
const MAX_SKU_QUANTITY = 1_000_000_000;

export const orderParams = accountParams.extend({ order: id<OrderId>() });

const quantity = z.int().min(1).max(MAX_RESOURCES_PER_ORDER);

const period = z
  .union([
    z.strictObject({ months: z.int().min(1).max(MAX_MONTHS_ASKED) }),
    z.strictObject({ endAt: instant }),
  ])
  .transform((value): Period => ("months" in value ? value : { endAtMs: value.endAt }))
  .openapi("Period");

export const autoRenewSchema = z
  .strictObject({ enabled: z.boolean(), months: z.int().min(1).max(60).default(1) })
  .openapi("AutoRenew");

export const orderBody = z
  .strictObject({
    product: id<ProductId>().optional(),
    action: z.enum(ACTIONS),
    lines: z
      .array(
        z.strictObject({
          resourceType: id<ResourceTypeId>(),
          resourceId: id<ResourceId>().optional(),
          name: text(200).optional(),
          configuration: z
            .array(z.strictObject({ sku: id<SkuId>(), quantity: z.int().min(0).max(MAX_SKU_QUANTITY) }))
            .min(1)
            .max(MAX_SKUS_PER_RESOURCE)
            .optional(),
          quantity: quantity.default(1),
          period: period.optional(),
          autoRenew: autoRenewSchema.optional(),
        }),
      )
      .min(1)
      .max(MAX_ITEMS),
    returnUrl: httpUrl,
    cancelUrl: httpUrl.optional(),
  })
  .superRefine(({ action, lines }, context) => {
    for (const [index, { name, configuration, resourceId }] of lines.entries()) {
      const refuse = (field: string, message: string) =>
        context.addIssue({ code: "custom", path: ["lines", index, field], message });
      if (action !== "create") {
        if (resourceId === undefined) refuse("resourceId", "name the resource");
        if (action === "resize" && configuration === undefined)
          refuse("configuration", "a resize has the new configuration");
        continue;
      }
      if (name === undefined) refuse("name", "a new resource has a name");
      if (configuration === undefined) refuse("configuration", "a new resource has a configuration");
      if (resourceId !== undefined) refuse("resourceId", "a new resource has no id yet");
    }
  })
  .openapi("OrderRequest");

export const patchBody = z
  .strictObject({
    lines: z
      .array(
        z.strictObject({
          item: z.int().min(0).max(MAX_ITEMS).optional(),
          quantity: quantity.optional(),
          period: period.optional(),
          autoRenew: autoRenewSchema.optional(),
        }),
      )
      .max(MAX_ITEMS)
      .default([]),
    period: period.optional(),
    autoRenew: autoRenewSchema.optional(),
    coupon: id<CouponCode>().nullable().optional(),
    invoiceAddress: id<InvoiceAddressId>().optional(),
  })
  .openapi("OrderChange");

export const payBody = z
  .strictObject({
    method: z.enum(PAY_METHODS),
    gateway: text(32).optional(),
    linkedAccount: text(64).optional(),
  })
  .openapi("PayRequest");

export const parseItems = (lines: z.output<typeof orderBody>["lines"]): OrderItem[] =>
  lines.map(({ resourceType, resourceId, name = "", configuration = [], quantity, period, autoRenew }) => ({
    resource: resourceId ?? null,
    resourceType,
    name,
    configuration,
    quantity,
    period: period ?? null,
    autoRenew: autoRenew ?? null,
  }));

/** Without an item's number, the nth entry is about the nth item. */
export const parseChanges = (lines: z.output<typeof patchBody>["lines"]): ItemChange[] =>
  lines.map((line, index) => ({ ...line, item: line.item ?? index }));

export const chargeSchema = z
  .object({
    taxRate: z.string(),
    gross: z.int(),
    tax: z.int(),
    discount: z.int(),
    items: z
      .array(
        z.object({
          sku: z.string(),
          name: z.string(),
          quantity: z.int(),
          unit: z.string(),
          unitPrice: z.string(),
          discount: z.string(),
          /** Set where tax came on top of the unit price. */
          taxAdded: z.literal(true).optional(),
          /** How many units were metered, a whole number or a fraction such as "100/7". */
          metered: z.string().optional(),
          amount: z.int(),
        }),
      )
      .readonly(),
  })
  .openapi("Charge");

/** What a resource costs for a period, by tax rate and SKU. */
export const chargesSchema = z.array(chargeSchema).readonly();

const periodView = z.union([z.object({ months: z.int() }), z.object({ endAt: z.string() })]);

export const orderSchema = z
  .object({
    id: z.string(),
    product: z.string(),
    action: z.enum(ACTIONS),
    status: z.enum([
      "awaiting_payment",
      "paid",
      "provisioning",
      "completed",
      "failed",
      "cancelled",
      "expired",
    ]),
    lines: z.array(
      z.object({
        id: z.string(),
        item: z.int(),
        status: z.enum(["pending", "provisioning", "active", "refunded"]),
        resourceId: z.string().nullable(),
        resourceType: z.string(),
        name: z.string(),
        configuration: z.array(z.object({ sku: z.string(), quantity: z.int() })).readonly(),
        period: periodView.nullable(),
        endAt: z.string().nullable(),
        billedMinutes: z.int(),
        autoRenew: z.object({ enabled: z.boolean(), months: z.int() }).nullable(),
        charges: chargesSchema,
        gross: z.int(),
        tax: z.int(),
        discount: z.int(),
        net: z.int(),
        refund: z.int(),
        /** What is held for its use, where that is how it is paid. */
        hold: z.int(),
        failure: z.string().nullable(),
      }),
    ),
    subtotal: z.int(),
    discount: z.int(),
    total: z.int(),
    /** What confirming it holds of the credit, beside what is paid. */
    hold: z.int(),
    /** What it costs on trial money, up to the POC wallet's end; null where it isn't to be had so. */
    pocTotal: z.int().nullable(),
    currency: z.string(),
    coupon: z.string().nullable(),
    /** Whom its invoices are made out to; null for the default. */
    invoiceAddress: z.string().nullable(),
    catalogueVersion: z.int(),
    payment: z.string().nullable(),
    createdAt: z.string(),
    expiresAt: z.string(),
    quoteExpiresAt: z.string().nullable(),
    returnUrl: z.string(),
    cancelUrl: z.string().nullable(),
    /** Opens the order's checkout once; null for callers who may not pay. */
    checkoutUrl: z.string().nullable(),
  })
  .openapi("Order");

export function orderView(order: Order, checkoutUrl: string | null): z.infer<typeof orderSchema> {
  const { quote } = order;
  return {
    id: order.id,
    product: order.product,
    action: order.action,
    status: order.status,
    lines: quote.lines.map((line) => {
      const item = order.items[line.item];
      if (!item) throw new Error(`line ${line.id} has no item`);
      return {
        id: line.id,
        item: line.item,
        status: line.status,
        resourceId: line.resource,
        resourceType: item.resourceType,
        name: line.name,
        configuration: item.configuration,
        period: item.period && viewPeriod(item.period),
        endAt: line.endAtMs === null ? null : iso(line.endAtMs),
        billedMinutes: line.billedMinutes,
        autoRenew: item.autoRenew,
        charges: line.charges,
        gross: line.gross,
        tax: line.tax,
        discount: line.discount,
        net: line.net,
        refund: line.refund,
        hold: line.hold ?? 0,
        failure: line.failure,
      };
    }),
    subtotal: quote.subtotal,
    discount: quote.discount,
    total: quote.total,
    hold: sum(quote.lines.map(({ hold = ZERO }) => hold)),
    pocTotal: quote.pocTotal,
    currency: order.currency,
    coupon: quote.coupon,
    invoiceAddress: order.invoiceAddress,
    catalogueVersion: quote.catalogueVersion,
    payment: order.payment,
    createdAt: iso(order.createdAtMs),
    expiresAt: iso(order.expiresAtMs),
    quoteExpiresAt: quote.expiresAtMs === null ? null : iso(quote.expiresAtMs),
    returnUrl: order.returnUrl,
    cancelUrl: order.cancelUrl,
    checkoutUrl,
  };
}

const viewPeriod = (value: Period) =>
  "months" in value ? { months: value.months } : { endAt: iso(value.endAtMs) };
