import { createRoute, z } from "@hono/zod-openapi";
import {
  type CreditTransactionRow,
  listCreditTransactions,
  listInvoicesOf,
  listPayments,
} from "../../store/documents.ts";
import { access } from "../auth.ts";
import { json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, instant, iso, list, numberedPage, pageOf } from "../schemas.ts";
import { isUnknown } from "../unknown-account.ts";
import { paymentSchema, paymentView } from "./payment-shapes.ts";

const filters = numberedPage.extend({ from: instant.optional(), to: instant.optional() });

const creditTransaction = z
  .object({
    id: z.string(),
    type: z.enum(["deposit", "adjustment", "refund", "purchase", "hold", "release"]),
    amount: z.int(),
    balance: z.object({ available: z.int(), held: z.int(), total: z.int() }),
    reference: z.string(),
    description: z.string(),
    at: z.string(),
  })
  .openapi("CreditTransaction");

const getPayments = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/payments",
  tags: ["Histories"],
  summary: "Payments and refunds, newest first",
  security,
  middleware: [access({ admin: true, user: "ListPayments" })],
  request: { params: accountParams, query: filters },
  responses: { 200: json(list(paymentSchema), "A page of the payment history."), ...problems },
});

const getCredit = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/credit-transactions",
  tags: ["Histories"],
  summary: "Changes of the credit wallet, each with the balance after it, newest first",
  security,
  middleware: [access({ admin: true, user: "ListCredits" })],
  request: { params: accountParams, query: filters },
  responses: { 200: json(list(creditTransaction), "A page of the credit history."), ...problems },
});

export const histories = routes()
  .openapi(getPayments, async (c) => {
    const { limit, cursor: before, from: fromMs, to: toMs } = c.req.valid("query");
    const { account } = c.req.valid("param");
    const found = await listPayments(c.env, account, { fromMs, toMs, before, limit });
    if (await isUnknown(c, account, found)) return problem(c, { code: "account_not_found" });
    const invoiceOf = await listInvoicesOf(c.env, account, found);
    return c.json(
      pageOf(
        found,
        limit,
        (payment) => paymentView(payment, invoiceOf),
        ({ n }) => String(n),
      ),
      200,
    );
  })
  .openapi(getCredit, async (c) => {
    const { limit, cursor: before, from: fromMs, to: toMs } = c.req.valid("query");
    const { account } = c.req.valid("param");
    const found = await listCreditTransactions(c.env, account, { fromMs, toMs, before, limit });
    if (await isUnknown(c, account, found)) return problem(c, { code: "account_not_found" });
    return c.json(
      pageOf(found, limit, creditView, ({ n }) => String(n)),
      200,
    );
  });

const creditView = ({
  n,
  account: _,
  available,
  held,
  atMs,
  ...same
}: CreditTransactionRow): z.infer<typeof creditTransaction> => ({
  id: String(n),
  type: same.type,
  amount: same.amount,
  balance: { available, held, total: available + held },
  reference: same.reference,
  description: same.description,
  at: iso(atMs),
});
