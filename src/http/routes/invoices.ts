import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { invoicePdf } from "../../documents/invoice-pdf.ts";
import type { Span } from "../../domain/calendar.ts";
import type { InvoiceCode } from "../../domain/ids.ts";
import type { Invoice, InvoiceLine } from "../../domain/invoice.ts";
import { listInvoices } from "../../store/documents.ts";
import { access } from "../auth.ts";
import { file, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, id, instant, iso, list, numberedPage, pageOf } from "../schemas.ts";
import { isUnknown } from "../unknown-account.ts";
import { partySchema, partyView } from "./invoice-addresses.ts";
import { chargeSchema } from "./order-shapes.ts";

export const INVOICE_STATUSES = ["paid", "partially_paid", "unpaid"] as const;

/** A bill's lines say which part of its period they are about. */
export const invoiceLines = z.array(
  chargeSchema.extend({ period: z.object({ startAt: z.string(), endAt: z.string() }).optional() }),
);

const invoice = z
  .object({
    code: z.string(),
    status: z.enum(INVOICE_STATUSES),
    total: z.int(),
    paid: z.int(),
    tax: z.int(),
    currency: z.string(),
    issuedAt: z.string(),
    dueAt: z.string(),
    product: z.string(),
    billedTo: partySchema.nullable(),
    resource: z.string(),
    resourceType: z.string(),
    resourceName: z.string(),
    order: z.string(),
    /** The payment before it; null for a bill. */
    payment: z.string().nullable(),
    period: z.object({ startAt: z.string(), endAt: z.string() }),
    lines: invoiceLines,
    /** What was paid for in advance, a whole number or a fraction such as "100/7"; a bill's lines have periods. */
    billedMinutes: z.string().optional(),
    coupon: z.object({ code: z.string(), amount: z.int() }).nullable(),
    tags: z.record(z.string(), z.string()).readonly(),
    creditedBy: z.array(z.string()).readonly(),
    supersededBy: z.string().nullable(),
  })
  .openapi("Invoice");

/** What narrows the list, besides time. */
export const invoiceFilters = {
  product: z.string().max(64).optional(),
  status: z.enum(INVOICE_STATUSES).optional(),
  q: z.string().max(200).optional(),
};

const filters = numberedPage.extend({
  ...invoiceFilters,
  from: instant.optional(),
  to: instant.optional(),
});

const getAll = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/invoices",
  tags: ["Documents"],
  summary: "The account's invoices, newest first",
  security,
  middleware: [access({ admin: true, user: "ListBillings" })],
  request: { params: accountParams, query: filters },
  responses: { 200: json(list(invoice), "A page of invoices."), ...problems },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/invoices/{code}",
  tags: ["Documents"],
  summary: "An invoice",
  security,
  middleware: [access({ admin: true, user: "GetBilling" })],
  request: { params: accountParams.extend({ code: id<InvoiceCode>() }) },
  responses: { 200: json(invoice, "The invoice."), ...problems },
});

const describedPdf = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/invoices/{code}.pdf",
  tags: ["Documents"],
  summary: "An invoice as a PDF, in the account's language",
  security,
  request: { params: accountParams.extend({ code: id<InvoiceCode>() }) },
  responses: { 200: file("application/pdf", "The invoice."), ...problems },
});

const PDF = ".pdf";

/** The same call as the router takes it: to it a parameter is all between two slashes, its ending included. */
const getPdf = createRoute({
  ...describedPdf,
  hide: true,
  path: "/v1/accounts/{account}/invoices/{code{.+\\.pdf}}",
  middleware: [access({ admin: true, user: "GetBilling" })],
  request: {
    params: accountParams.extend({
      code: z
        .string()
        .transform((name) => name.slice(0, -PDF.length))
        .pipe(id<InvoiceCode>()),
    }),
  },
});

export const invoices = routes()
  .openapi(getAll, async (c) => {
    const { limit, cursor: before, from: fromMs, to: toMs, ...filter } = c.req.valid("query");
    const { account } = c.req.valid("param");
    const found = await listInvoices(c.env, account, { ...filter, fromMs, toMs, before, limit });
    if (await isUnknown(c, account, found)) return problem(c, { code: "account_not_found" });
    return c.json(
      pageOf(found, limit, view, ({ n }) => String(n)),
      200,
    );
  })
  .openapi(getPdf, async (c) => {
    const { account: accountId, code } = c.req.valid("param");
    const account = accountObject(c.env, accountId);
    const [owner, found] = await Promise.all([account.account(), account.invoice(code)]);
    if (!owner || !found) return problem(c, { code: "invoice_not_found" });
    const pdf = await invoicePdf(found, owner, owner.locale, c.env.SELLER_NAME);
    return c.body(pdf, 200, {
      "Content-Type": "application/pdf",
      "Content-Disposition": `inline; filename="invoice-${code}.pdf"`,
    });
  })
  .openapi(getOne, async (c) => {
    const { account, code } = c.req.valid("param");
    const found = await accountObject(c.env, account).invoice(code);
    return found ? c.json(view(found), 200) : problem(c, { code: "invoice_not_found" });
  });

invoices.openAPIRegistry.registerPath(describedPdf);

function view({
  n: _,
  issuedAtMs,
  dueAtMs,
  period,
  lines,
  billedTo,
  ...same
}: Invoice): z.infer<typeof invoice> {
  return {
    ...same,
    billedTo: billedTo && partyView(billedTo),
    issuedAt: iso(issuedAtMs),
    dueAt: iso(dueAtMs),
    period: viewSpan(period),
    lines: viewLines(lines),
  };
}

export const viewLines = (lines: readonly InvoiceLine[]): z.infer<typeof invoiceLines> =>
  lines.map(({ period, ...line }) => ({ ...line, ...(period ? { period: viewSpan(period) } : {}) }));

export const viewSpan = ({ startMs, endMs }: Span) => ({ startAt: iso(startMs), endAt: iso(endMs) });
