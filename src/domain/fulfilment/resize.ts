import type { Event } from "../events.ts";
import type { InvoiceCode } from "../ids.ts";
import { type Invoice, paidInvoice } from "../invoice.ts";
import type { Payment } from "../payment.ts";
import { refund as refundPosting, sale } from "../postings.ts";
import { type OpenLine, type Outcome, type PaidOrder, withLine } from "../provisioning.ts";
import type { Resource } from "../resource.ts";
import { replaceTerms, type Term } from "../terms.ts";
import { creditTerms, invoiceOf } from "./corrections.ts";
import { refundPayment } from "./refund.ts";
import { resizeTried } from "./resize-on-poc.ts";

/**
 * The console has changed the resource: one term to the same end, as it was quoted, replaces those that ran then. Each
 * of their invoices is credited with what was unused, one new invoice covers the rest of the time, and a refund becomes
 * credit. (Domain: Terms, Resize.)
 */
export function resizeDelivered(paid: PaidOrder, open: OpenLine, nowMs: number): Outcome {
  const { line, item, resource } = open;
  if (resource.billing === "poc") return resizeTried(paid, open, nowMs);
  const { account, counts, payment } = paid;
  if (!payment) throw new Error(`line ${line.id} was never paid`);
  const at = { atMs: paid.order.quote.quotedAtMs, timeZone: account.timeZone };
  const { term, refund } = replaceTerms(resource.terms, line.charges, at, resource.policy);
  const replaced = resource.terms.filter(({ endMs }) => endMs > at.atMs);
  const invoice = paidInvoice({
    ...{ account, n: counts.documents + replaced.length + 1, nowMs, resource, period: term },
    ...{ order: paid.order.id, payment: payment.id, charges: term.charges, billedMinutes: term.billed },
    coupon: couponOf(replaced, paid),
    invoiceAddress: paid.order.invoiceAddress,
  });
  const correction = creditTerms(replaced, at, {
    ...{ account, invoice: paid.invoice, firstN: counts.documents + 1, nowMs },
    ...{ reason: "resize", reference: line.id, supersededBy: invoice.code },
  });
  const resized: Resource = {
    ...resource,
    configuration: item.configuration,
    version: resource.version + 1,
    pending: null,
    terms: [{ ...term, invoice: invoice.code }],
  };
  const order = withLine(paid.order, { ...line, status: "active" });
  const entry = { atMs: nowMs, reference: line.id };
  const back: Payment = {
    ...refundPayment(payment, { line, resource, amount: refund }, "Resized to less", nowMs),
    n: counts.payments + 1,
  };
  return {
    order,
    resource: resized,
    events: [
      { type: "order_changed", order },
      { type: "resource_changed", resource: resized },
      ...correction.events,
      { type: "invoice_issued", invoice },
      ...(refund > 0 ? [{ type: "payment_recorded", payment: back } as const] : []),
      ...refundPosting(refund, { ...entry, description: `Refund: ${resource.name}` }),
      ...sale(invoice, { ...entry, description: `Service delivered: ${resource.name}` }),
      resizedNotice(resized, { line: line.id, refund }, invoice),
    ],
  };
}

/** The promotion that the replaced terms were bought with. */
const couponOf = (terms: readonly Term[], { invoice }: PaidOrder) =>
  terms.map((term) => invoiceOf(term, invoice).coupon).find((coupon) => coupon !== null)?.code ?? null;

export const resizedNotice = (
  { id, name, endAtMs }: Resource,
  { line, refund }: { line: string; refund: Payment["amount"] },
  { code, total, issuedAtMs }: Pick<Invoice, "total" | "issuedAtMs"> & { code: InvoiceCode | null },
): Event => ({
  type: "notice_given",
  notice: {
    key: `resource_resized:${line}`,
    template: "resource_resized",
    atMs: issuedAtMs,
    resource: id,
    name,
    endAtMs: endAtMs ?? issuedAtMs,
    invoice: code,
    total,
    refund,
  },
});
