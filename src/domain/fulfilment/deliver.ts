import type { Event } from "../events.ts";
import { paidInvoice } from "../invoice.ts";
import type { Order, OrderItem } from "../order.ts";
import { sale } from "../postings.ts";
import { couponSettlement, type OpenLine, type Outcome, type PaidOrder, withLine } from "../provisioning.ts";
import { exactText, ratio } from "../ratio.ts";
import { firstTermTime, inService, type Resource, ranBefore } from "../resource.ts";
import type { Term } from "../terms.ts";
import { resizeDelivered } from "./resize.ts";
import { useDelivered } from "./use.ts";

/** What a console's success makes true, by what the order asked for. (Domain: Checkout, step 3.) */
export const deliverLine = (paid: PaidOrder, open: OpenLine, nowMs: number): Outcome =>
  delivererOf(paid.order)(paid, open, nowMs);

function delivererOf({ billing, action }: Order) {
  if (billing !== "prepaid") return useDelivered;
  return action === "resize" ? resizeDelivered : startDelivered;
}

/**
 * A resource that is new, or back from the trash, runs from this minute on: its paid invoice is issued, and what was
 * paid for it becomes revenue, tax and promotion. (Domain: Checkout, step 3; Price, When minutes are fixed.)
 */
function startDelivered(paid: PaidOrder, { line, item, resource }: OpenLine, nowMs: number): Outcome {
  if (!item.period) throw new Error(`line ${line.id} was paid for without a period`);
  const { account, counts, payment } = paid;
  if (!payment) throw new Error(`line ${line.id} was never paid`);
  const time = firstTermTime(item.period, nowMs, account.timeZone);
  const invoice = paidInvoice({
    ...{ account, n: counts.documents + 1, nowMs, resource, period: time, charges: line.charges },
    ...{ order: paid.order.id, payment: payment.id, coupon: paid.order.quote.coupon },
    invoiceAddress: paid.order.invoiceAddress,
  });
  const term: Term = {
    startMs: time.startMs,
    endMs: time.endMs,
    billed: exactText(ratio(line.billedMinutes)),
    gross: line.gross,
    paid: line.net,
    charges: line.charges,
    invoice: invoice.code,
  };
  const delivered: Resource = {
    ...inService({ ...resource, state: "active" }),
    ...autoRenewFrom(item, resource, nowMs),
    version: resource.version + 1,
    pending: null,
    terms: [term],
    startAtMs: time.startMs,
    endAtMs: time.endMs,
    anchorDay: time.anchorDay,
    ran: ranBefore(nowMs),
  };
  const order = withLine(paid.order, { ...line, status: "active" });
  return {
    order,
    resource: delivered,
    events: [
      { type: "order_changed", order },
      { type: "resource_changed", resource: delivered },
      { type: "invoice_issued", invoice },
      ...sale(invoice, {
        atMs: nowMs,
        reference: line.id,
        description: `Service delivered: ${resource.name}`,
      }),
      ...couponSettlement(paid.order, order),
      deliveredNotice(paid, delivered, { line: line.id, ...time }, invoice),
    ],
  };
}

/** What was said of auto-renewal at checkout holds from then on. */
export const autoRenewFrom = (
  { autoRenew }: OrderItem,
  resource: Resource,
  nowMs: number,
): Pick<Resource, "autoRenew" | "autoRenewSetAtMs"> =>
  autoRenew === null
    ? { autoRenew: resource.autoRenew, autoRenewSetAtMs: resource.autoRenewSetAtMs }
    : { autoRenew, autoRenewSetAtMs: nowMs };

const deliveredNotice = (
  { order }: PaidOrder,
  { id, name }: Resource,
  { line, startMs, endMs }: { line: string; startMs: number; endMs: number },
  { code, total, issuedAtMs }: ReturnType<typeof paidInvoice>,
): Event => ({
  type: "notice_given",
  notice: {
    key: `resource_provisioned:${line}`,
    template: "resource_provisioned",
    atMs: issuedAtMs,
    resource: id,
    name,
    isRecovered: order.action === "recover",
    startAtMs: startMs,
    endAtMs: endMs,
    invoice: code,
    total,
  },
});
