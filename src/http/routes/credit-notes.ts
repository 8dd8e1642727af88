import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import { CREDIT_REASONS, type CreditNote } from "../../domain/credit-note.ts";
import type { CreditNoteCode } from "../../domain/ids.ts";
import { listCreditNotes } from "../../store/documents.ts";
import { access } from "../auth.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, id, instant, iso, list, numberedPage, pageOf } from "../schemas.ts";
import { isUnknown } from "../unknown-account.ts";
import { chargesSchema } from "./order-shapes.ts";

const creditNote = z
  .object({
    code: z.string(),
    invoice: z.string(),
    reason: z.enum(CREDIT_REASONS),
    total: z.int(),
    tax: z.int(),
    currency: z.string(),
    issuedAt: z.string(),
    product: z.string(),
    resource: z.string(),
    resourceType: z.string(),
    resourceName: z.string(),
    period: z.object({ startAt: z.string(), endAt: z.string() }),
    lines: chargesSchema,
    coupon: z.object({ code: z.string(), amount: z.int() }).nullable(),
  })
  .openapi("CreditNote");

const filters = numberedPage.extend({
  product: z.string().max(64).optional(),
  from: instant.optional(),
  to: instant.optional(),
});

const getAll = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/credit-notes",
  tags: ["Documents"],
  summary: "What corrects the account's invoices, newest first",
  security,
  middleware: [access({ admin: true, user: "ListBillings" })],
  request: { params: accountParams, query: filters },
  responses: { 200: json(list(creditNote), "A page of credit notes."), ...problems },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/credit-notes/{code}",
  tags: ["Documents"],
  summary: "A credit note",
  security,
  middleware: [access({ admin: true, user: "GetBilling" })],
  request: { params: accountParams.extend({ code: id<CreditNoteCode>() }) },
  responses: { 200: json(creditNote, "The credit note."), ...problems },
});

export const creditNotes = routes()
  .openapi(getAll, async (c) => {
    const { limit, cursor: before, from: fromMs, to: toMs, product } = c.req.valid("query");
    const { account } = c.req.valid("param");
    const found = await listCreditNotes(c.env, account, { product, fromMs, toMs, before, limit });
    if (await isUnknown(c, account, found)) return problem(c, { code: "account_not_found" });
    return c.json(
      pageOf(found, limit, view, ({ n }) => String(n)),
      200,
    );
  })
  .openapi(getOne, async (c) => {
    const { account, code } = c.req.valid("param");
    const found = await accountObject(c.env, account).creditNote(code);
    return found ? c.json(view(found), 200) : problem(c, { code: "credit_note_not_found" });
  });

function view({ n: _, issuedAtMs, period, ...same }: CreditNote): z.infer<typeof creditNote> {
  return {
    ...same,
    issuedAt: iso(issuedAtMs),
    period: { startAt: iso(period.startMs), endAt: iso(period.endMs) },
  };
}
