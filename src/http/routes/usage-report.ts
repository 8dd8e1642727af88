import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { quantityOf } from "../../documents/lists/usage-report.ts";
import { instantOf } from "../../domain/local-time.ts";
import { monthOf } from "../../domain/month.ts";
import { listUsageRows, type PlacedUsageRow } from "../../store/usage-report.ts";
import { access } from "../auth.ts";
import { answerExport, usageReport } from "../exports.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, instant, iso, list, numberedPage, pageOf } from "../schemas.ts";
import { fileRoute } from "./exports.ts";
import { INVOICE_STATUSES, invoiceFilters, viewSpan } from "./invoices.ts";

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** A month of the account's calendar, as `2026-11`. */
export const calendarMonth = z.string().regex(MONTH, "a month as 2026-11");

/** What narrows the report. Months and instants are about when a row's reconciliation period begins. */
const filters = z.object({
  ...invoiceFilters,
  month: calendarMonth.optional(),
  from: instant.optional(),
  to: instant.optional(),
});

type Filters = z.output<typeof filters>;

/** The same, as the store is asked. */
export function askedUsage({ month, from, to, ...more }: Filters, timeZone: string) {
  const whole = month === undefined ? null : spanOf(month, timeZone);
  return {
    ...more,
    fromMs: whole ? Math.max(whole.startMs, from ?? whole.startMs) : from,
    toMs: whole ? Math.min(whole.endMs, to ?? whole.endMs) : to,
  };
}

function spanOf(month: string, timeZone: string) {
  const [, year, number] = MONTH.exec(month) ?? [];
  const middle = { year: Number(year), month0: Number(number) - 1, day: 15, minuteOfDay: 0 };
  return monthOf(instantOf(middle, timeZone), timeZone);
}

const usageRow = z
  .object({
    invoice: z.string(),
    issuedAt: z.string(),
    status: z.enum(INVOICE_STATUSES),
    resource: z.string(),
    resourceName: z.string(),
    product: z.string(),
    resourceType: z.string(),
    sku: z.string(),
    item: z.string(),
    unit: z.string(),
    /** The part of one calendar month that the row is about. */
    period: z.object({ startAt: z.string(), endAt: z.string() }),
    unitPrice: z.string(),
    quantity: z.string(),
    discount: z.string(),
    taxRate: z.string(),
    /** The month's share of the invoice's coupon, and of it what falls to this item. */
    coupon: z.object({ code: z.string().nullable(), amount: z.int() }),
    total: z.int(),
    currency: z.string(),
  })
  .openapi("UsageRow");

const getReport = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/usage-report",
  tags: ["Histories"],
  summary: "Invoices by item and calendar month, newest invoice first; their totals sum to the invoices'",
  security,
  middleware: [access({ admin: true, user: "ListUsages" })],
  request: { params: accountParams, query: filters.extend(numberedPage.shape) },
  responses: { 200: json(list(usageRow), "A page of the report."), ...problems },
});

const exported = { action: "ExportUsages", query: filters, what: "The usage report" } as const;

export const usageReportRoutes = routes()
  .openapi(getReport, async (c) => {
    const { limit, cursor: before, ...asked } = c.req.valid("query");
    const owner = await accountObject(c.env, c.req.valid("param").account).account();
    if (!owner) return problem(c, { code: "account_not_found" });
    const found = await listUsageRows(c.env, owner, {
      ...askedUsage(asked, owner.timeZone),
      ...{ before, limit },
    });
    return c.json(
      pageOf(found, limit, view, ({ n }) => String(n)),
      200,
    );
  })
  .openapi(fileRoute("usage-report", "xlsx", exported), (c) =>
    answerExport(c, c.req.valid("param"), usageReport, "xlsx", ({ timeZone }) =>
      askedUsage(c.req.valid("query"), timeZone),
    ),
  )
  .openapi(fileRoute("usage-report", "csv", exported), (c) =>
    answerExport(c, c.req.valid("param"), usageReport, "csv", ({ timeZone }) =>
      askedUsage(c.req.valid("query"), timeZone),
    ),
  );

function view(row: PlacedUsageRow): z.infer<typeof usageRow> {
  const { invoice, period, item, taxRate, coupon, total } = row;
  return {
    invoice: invoice.code,
    issuedAt: iso(invoice.issuedAtMs),
    status: invoice.status,
    resource: invoice.resource,
    resourceName: invoice.resourceName,
    product: invoice.product,
    resourceType: invoice.resourceType,
    sku: item.sku,
    item: item.name,
    unit: item.unit,
    period: viewSpan(period),
    unitPrice: item.unitPrice,
    quantity: quantityOf(row),
    discount: item.discount,
    taxRate,
    coupon: { code: invoice.coupon?.code ?? null, amount: coupon },
    total,
    currency: invoice.currency,
  };
}
