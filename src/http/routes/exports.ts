import { createRoute, z } from "@hono/zod-openapi";
import type { Action } from "../actions.ts";
import { access } from "../auth.ts";
import {
  answerExport,
  billingHistory,
  creditHistory,
  type FileFormat,
  mediaTypeOf,
  paymentHistory,
} from "../exports.ts";
import { file, problems, routes, security } from "../openapi.ts";
import { accountParams, instant } from "../schemas.ts";
import { invoiceFilters } from "./invoices.ts";

const WORDS = { xlsx: "a spreadsheet", csv: "comma-separated values", pdf: "a PDF" } as const;

/** A call that answers a list as a file, in the account's language and on its clock. */
export const fileRoute = <Q extends z.ZodObject>(
  list: string,
  format: FileFormat,
  { action, query, what }: { readonly action: Action; readonly query: Q; readonly what: string },
) =>
  createRoute({
    method: "get",
    path: `/v1/accounts/{account}/${list}.${format}`,
    tags: ["Files"],
    summary: `${what} as ${WORDS[format]}; filters are those of the list`,
    security,
    middleware: [access({ admin: true, user: action })],
    request: { params: accountParams, query },
    responses: { 200: file(mediaTypeOf(format), "The file."), ...problems },
  });

const period = z.object({ from: instant.optional(), to: instant.optional() });

const invoices = {
  action: "ExportBillings",
  query: period.extend(invoiceFilters),
  what: "The invoices",
} as const;
const payments = {
  action: "ExportPayments",
  query: period,
  what: "Payments and refunds",
} as const;
const credits = {
  action: "ExportCredits",
  query: period,
  what: "Changes of the credit wallet",
} as const;

interface Instants {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const asked =
  <T>({ from: fromMs, to: toMs, ...more }: T & Instants) =>
  () => ({ ...more, fromMs, toMs });

/** Histories as files. What they say stands in `src/documents/lists`. */
export const exportRoutes = routes()
  .openapi(fileRoute("invoices", "xlsx", invoices), (c) =>
    answerExport(c, c.req.valid("param"), billingHistory, "xlsx", asked(c.req.valid("query"))),
  )
  .openapi(fileRoute("invoices", "pdf", invoices), (c) =>
    answerExport(c, c.req.valid("param"), billingHistory, "pdf", asked(c.req.valid("query"))),
  )
  .openapi(fileRoute("payments", "xlsx", payments), (c) =>
    answerExport(c, c.req.valid("param"), paymentHistory, "xlsx", asked(c.req.valid("query"))),
  )
  .openapi(fileRoute("payments", "pdf", payments), (c) =>
    answerExport(c, c.req.valid("param"), paymentHistory, "pdf", asked(c.req.valid("query"))),
  )
  .openapi(fileRoute("credit-transactions", "xlsx", credits), (c) =>
    answerExport(c, c.req.valid("param"), creditHistory, "xlsx", asked(c.req.valid("query"))),
  )
  .openapi(fileRoute("credit-transactions", "pdf", credits), (c) =>
    answerExport(c, c.req.valid("param"), creditHistory, "pdf", asked(c.req.valid("query"))),
  );
