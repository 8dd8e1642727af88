import { createRoute, z } from "@hono/zod-openapi";
import { directory } from "../../directory/directory-object.ts";
import type { Coupon, CouponValue } from "../../domain/coupon.ts";
import type { CouponCode, ProductId } from "../../domain/ids.ts";
import { audited } from "../audited.ts";
import { access } from "../auth.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { currency, id, instant, iso, percent, positiveAmount } from "../schemas.ts";

const MAX_USES = 1_000_000_000;
const uses = z.int().min(1).max(MAX_USES);

const couponBody = z
  .strictObject({
    currency: currency.default("VND"),
    amount: positiveAmount.optional(),
    percent: percent.refine((text) => Number(text) > 0, "more than 0").optional(),
    cap: positiveAmount.optional(),
    validFrom: instant.optional(),
    validUntil: instant.optional(),
    products: z.array(id<ProductId>()).min(1).max(100).optional(),
    minimumOrder: positiveAmount.optional(),
    limit: uses.optional(),
    limitPerAccount: uses.optional(),
  })
  .refine((coupon) => (coupon.amount === undefined) !== (coupon.percent === undefined), {
    path: ["amount"],
    message: "a coupon has either an amount or a percentage",
  })
  .refine((coupon) => coupon.cap === undefined || coupon.percent !== undefined, {
    path: ["cap"],
    message: "only a percentage has a cap",
  })
  .refine(
    ({ validFrom, validUntil }) =>
      validFrom === undefined || validUntil === undefined || validFrom < validUntil,
    {
      path: ["validUntil"],
      message: "a coupon ends after it begins",
    },
  )
  .openapi("CouponRules");

const coupon = z
  .object({
    code: z.string(),
    currency: z.string(),
    amount: z.int().optional(),
    percent: z.string().optional(),
    cap: z.int().optional(),
    validFrom: z.string().optional(),
    validUntil: z.string().optional(),
    products: z.array(z.string()).optional(),
    minimumOrder: z.int().optional(),
    limit: z.int().optional(),
    limitPerAccount: z.int().optional(),
    used: z.int(),
  })
  .openapi("Coupon");

const params = z.object({ code: id<CouponCode>() });

const put = createRoute({
  method: "put",
  path: "/v1/coupons/{code}",
  tags: ["Coupons"],
  summary: "Set a coupon's rules; what it was used for stays",
  security,
  middleware: [access({ admin: true }), audited("put_coupon")],
  request: { params, body: body(couponBody) },
  responses: { 200: json(coupon, "The coupon and how often it is used."), ...problems },
});

const get = createRoute({
  method: "get",
  path: "/v1/coupons/{code}",
  tags: ["Coupons"],
  summary: "A coupon's rules and how often it is used",
  security,
  middleware: [access({ admin: true })],
  request: { params },
  responses: { 200: json(coupon, "The coupon and how often it is used."), ...problems },
});

export const coupons = routes()
  .openapi(put, async (c) => {
    const { code } = c.req.valid("param");
    const object = c.env.COUPONS.getByName(code);
    await object.define(parse(code, c.req.valid("json")));
    await directory(c.env).register("coupon", code);
    const report = await object.report();
    if (!report) throw new Error(`coupon ${code} was put and isn't there`);
    return c.json(view(report.coupon, report.used), 200);
  })
  .openapi(get, async (c) => {
    const report = await c.env.COUPONS.getByName(c.req.valid("param").code).report();
    return report ? c.json(view(report.coupon, report.used), 200) : problem(c, { code: "not_found" });
  });

function parse(code: CouponCode, rules: z.output<typeof couponBody>): Coupon {
  return {
    code,
    currency: rules.currency,
    value: couponValue(rules),
    validFromMs: rules.validFrom ?? null,
    validUntilMs: rules.validUntil ?? null,
    products: rules.products ?? null,
    minimumOrder: rules.minimumOrder ?? null,
    limit: rules.limit ?? null,
    limitPerAccount: rules.limitPerAccount ?? null,
  };
}

function couponValue({ amount, percent, cap }: z.output<typeof couponBody>): CouponValue {
  if (amount !== undefined) return { kind: "amount", amount };
  return { kind: "percent", percent: percent ?? "0", cap: cap ?? null };
}

/** The rules as they were put: what is unrestricted is left out. */
function view({ code, currency, value, products, ...rules }: Coupon, used: number): z.infer<typeof coupon> {
  const { validFromMs, validUntilMs, minimumOrder, limit, limitPerAccount } = rules;
  return {
    code,
    currency,
    ...(value.kind === "amount" ? { amount: value.amount } : { percent: value.percent }),
    ...(value.kind === "percent" && value.cap !== null ? { cap: value.cap } : {}),
    ...(validFromMs === null ? {} : { validFrom: iso(validFromMs) }),
    ...(validUntilMs === null ? {} : { validUntil: iso(validUntilMs) }),
    ...(products === null ? {} : { products: [...products] }),
    ...(minimumOrder === null ? {} : { minimumOrder }),
    ...(limit === null ? {} : { limit }),
    ...(limitPerAccount === null ? {} : { limitPerAccount }),
    used,
  };
}
