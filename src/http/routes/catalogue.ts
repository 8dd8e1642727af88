import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { mayCall } from "../../consoles/address.ts";
import {
  BILLINGS,
  fitsUnit,
  METERINGS,
  type Product,
  UNIT_MINUTES,
  type Unit,
} from "../../domain/catalogue.ts";
import type { ProductId, ResourceTypeId, SkuId } from "../../domain/ids.ts";
import { currentProduct, currentProducts, putProduct } from "../../store/catalogue.ts";
import { isSandbox } from "../../store/clock.ts";
import { rotateWebhookSecret } from "../../store/webhook-secrets.ts";
import { audited } from "../audited.ts";
import { access } from "../auth.ts";
import { now } from "../clock.ts";
import type { App } from "../context.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem, refusalProblem } from "../problems.ts";
import { currency, decimal, httpUrl, id, percent, text } from "../schemas.ts";

const MAX_TYPES = 200;
const MAX_SKUS = 500;
const MAX_DAYS = 3_650;
const MAX_MONTHS = 60;

const days = z.int().min(0).max(MAX_DAYS);

const unit = z.enum(Object.keys(UNIT_MINUTES) as [Unit, ...Unit[]]);

const sku = z
  .strictObject({
    id: id<SkuId>(),
    name: text(200),
    metering: z.enum(METERINGS).default("configuration"),
    unit,
    unitPrice: decimal,
    taxRate: percent,
    taxIncluded: z.boolean(),
    discount: percent.default("0"),
    freeAllowance: decimal.optional(),
    minimum: decimal.optional(),
  })
  .refine(({ metering, unit }) => fitsUnit(metering, unit), {
    path: ["unit"],
    message: "configurations and gauges are priced per time, counters and peaks per piece",
  });

const resourceType = z.strictObject({
  id: id<ResourceTypeId>(),
  name: text(200),
  billing: z.array(z.enum(BILLINGS)).min(1).readonly(),
  refundable: z.boolean(),
  autoRenewable: z.boolean(),
  autoRenewOffBy: z.enum(["customer", "support"]).default("customer"),
  minimumMonths: z.int().min(1).max(MAX_MONTHS).default(1),
  lifecycle: z.strictObject({ graceDays: days, suspensionDays: days, trashDays: days.default(0) }),
  holdRunAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "HH:MM")
    .default("00:00"),
  skus: z.array(sku).min(1).max(MAX_SKUS).readonly().refine(areUnique, "every SKU has an id of its own"),
});

const productBody = z
  .strictObject({
    name: text(200),
    currency: currency.default("VND"),
    callbackUrl: httpUrl.optional(),
    returnOrigins: z
      .array(httpUrl.transform((url) => new URL(url).origin))
      .max(50)
      .readonly()
      .default([]),
    resourceTypes: z
      .array(resourceType)
      .min(1)
      .max(MAX_TYPES)
      .readonly()
      .refine(areUnique, "every resource type has an id of its own"),
  })
  .openapi("Product");

const product = z
  .object({ ...productBody.shape, id: z.string(), version: z.int() })
  .openapi("CatalogueProduct");
const params = z.object({ product: id<ProductId>() });

const put = createRoute({
  method: "put",
  path: "/v1/catalog/products/{product}",
  tags: ["Catalogue"],
  summary: "Put a new version of a product's prices and policies in force",
  security,
  middleware: [access({ admin: true }), audited("put_product")],
  request: { params, body: body(productBody) },
  responses: { 200: json(product, "The version in force."), ...problems },
});

const rotateSecret = createRoute({
  method: "post",
  path: "/v1/catalog/products/{product}/webhook-secret",
  tags: ["Catalogue"],
  summary:
    "Give a product a new secret for its calls; it is shown this once, and the one before is good for a day",
  security,
  middleware: [access({ admin: true }), audited("rotate_webhook_secret")],
  request: { params },
  responses: { 201: json(z.object({ secret: z.string() }), "The secret."), ...problems },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/catalog/products/{product}",
  tags: ["Catalogue"],
  summary: "A product as it is in force",
  security,
  middleware: [access({ admin: true, product: true, user: "any" })],
  request: { params },
  responses: { 200: json(product, "The version in force."), ...problems },
});

const getAll = createRoute({
  method: "get",
  path: "/v1/catalog/products",
  tags: ["Catalogue"],
  summary: "All products as they are in force",
  security,
  middleware: [access({ admin: true, product: true, user: "any" })],
  responses: {
    200: json(z.object({ data: z.array(product), nextCursor: z.null() }), "All of them."),
    ...problems,
  },
});

export const catalogue = routes()
  .openapi(put, async (c) => {
    const entry = { id: c.req.valid("param").product, ...c.req.valid("json") };
    if (entry.callbackUrl !== undefined && !mayCall(entry.callbackUrl, isSandbox(c.env))) {
      return refusalProblem(c, { code: "callback_url_not_allowed", path: "callbackUrl" });
    }
    return c.json(await putProduct(c.env, entry, now(c)), 200);
  })
  .openapi(rotateSecret, async (c) => {
    const { product: id } = c.req.valid("param");
    if (!(await currentProduct(c.env, id))) return problem(c, { code: "product_not_found" });
    return c.json({ secret: await rotateWebhookSecret(c.env, id, Date.now()) }, 201);
  })
  .openapi(getOne, async (c) => {
    const entry = await currentProduct(c.env, c.req.valid("param").product);
    return entry ? c.json(view(c, entry), 200) : problem(c, { code: "product_not_found" });
  })
  .openapi(getAll, async (c) => {
    const entries = await currentProducts(c.env);
    return c.json({ data: entries.map((entry) => view(c, entry)), nextCursor: null }, 200);
  });

/** Where a product is called is between it and operations. */
function view(c: Context<App>, { callbackUrl, ...entry }: Product): z.infer<typeof product> {
  const principal = c.get("principal");
  const isItsOwn = principal.role === "product" && principal.product === entry.id;
  const isShown = principal.role === "admin" || isItsOwn;
  return isShown && callbackUrl !== undefined ? { ...entry, callbackUrl } : entry;
}

function areUnique(entries: readonly { readonly id: string }[]): boolean {
  return new Set(entries.map((entry) => entry.id)).size === entries.length;
}
