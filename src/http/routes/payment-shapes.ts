import { z } from "@hono/zod-openapi";
import { PAID_METHODS, type Payment } from "../../domain/payment.ts";
import type { PaymentInvoices } from "../../store/documents.ts";
import type { BegunPayment } from "../begin-payment.ts";
import { iso } from "../schemas.ts";

export const paymentSchema = z
  .object({
    id: z.string(),
    kind: z.enum(["payment", "refund", "deposit"]),
    status: z.enum(["pending", "succeeded", "failed"]),
    method: z.enum(PAID_METHODS),
    gateway: z.string().nullable(),
    amount: z.int(),
    currency: z.string(),
    order: z.string().nullable(),
    refundOf: z.string().nullable(),
    lines: z
      .array(
        z.object({ line: z.string(), resource: z.string(), amount: z.int(), invoice: z.string().nullable() }),
      )
      .readonly(),
    invoices: z.array(z.string()),
    reason: z.string().nullable(),
    /** What an outside payment is called there. */
    reference: z.string().optional(),
    createdAt: z.string(),
    /** Who paid on the customer's behalf, where somebody did. */
    paidBy: z.string().optional(),
  })
  .openapi("Payment");

/** A payment that its payer may have to make elsewhere. */
export const begunSchema = paymentSchema
  .extend({ redirectUrl: z.string().optional() })
  .openapi("BegunPayment");

/** What paying answers: `refund` is what the order gives back, once it is delivered. */
export const paidSchema = begunSchema.extend({ refund: z.int() }).openapi("PaidOrder");

/** A payment with the invoices that it has led to by now. */
export function paymentView(
  { n: _, documents: _documents, createdAtMs, ...payment }: Payment,
  invoiceOf: PaymentInvoices = () => null,
): z.infer<typeof paymentSchema> {
  const lines = payment.lines.map((line) => ({
    ...line,
    invoice: line.invoice ?? invoiceOf(payment.id, line.resource),
  }));
  const invoices = lines.flatMap(({ invoice }) => invoice ?? []);
  return { ...payment, lines, invoices, createdAt: iso(createdAtMs) };
}

export const begunView = ({ payment, redirectUrl }: BegunPayment): z.infer<typeof begunSchema> => ({
  ...paymentView(payment),
  ...(redirectUrl === null ? {} : { redirectUrl }),
});

/** A payment of which nobody knows yet where it is made is taken, and no more. */
export const statusOfBegun = ({ payment, redirectUrl }: BegunPayment): 200 | 202 =>
  payment.status === "pending" && redirectUrl === null ? 202 : 200;
