import type { Event } from "../events.ts";
import type { InvoiceCode } from "../ids.ts";
import { paidInvoice } from "../invoice.ts";
import type { Money } from "../money.ts";
import type { Order, OrderItem } from "../order.ts";
import { sale, trial } from "../postings.ts";
import { couponSettlement, type OpenLine, type Outcome, type PaidOrder, withLine } from "../provisioning.ts";
import { exactText, ratio } from "../ratio.ts";
import { firstTermTime, inService, type Resource, ranBefore } from "../resource.ts";
import type { Term } from "../terms.ts";
import { convertDelivered } from "./convert.ts";
import { resizeDelivered } from "./resize.ts";
import { useDelivered } from "./use.ts";

/** What a console's success makes true, by what the order asked for. (Domain: Checkout, step 3.) */
export const deliverLine = (paid: PaidOrder, open: OpenLine, nowMs: number): Outcome =>
  delivererOf(paid.order, open.resource)(paid, open, nowMs);

function delivererOf({ billing, action }: Order, { pending }: Resource) {
  if (billing === "postpaid" || billing === "hold") return useDelivered;
  if (pending?.onPoc) return convertDelivered;
  return action === "resize" ? resizeDelivered : startDelivered;
}

/**
 * A resource that is new, or back from the trash, runs from this minute on: its paid invoice is issued, and what was
 * paid for it becomes revenue, tax and promotion. Trial money leads to no invoice. (Domain: Checkout, step 3; Price,
 * When minutes are fixed; POC.)
 */
function startDelivered(paid: PaidOrder, { line, item, resource }: OpenLine, nowMs: number): Outcome {
  const period = line.endAtMs === null ? item.period : { endAtMs: line.endAtMs };
  if (!period) throw new Error(`line ${line.id} was paid for without a period`);
  const { account, counts, payment, order: before } = paid;
  if (!payment) throw new Error(`line ${line.id} was never paid`);
  const time = firstTermTime(period, nowMs, account.timeZone);
  const billedMinutes = exactText(ratio(line.billedMinutes));
  const invoice =
    before.billing === "poc"
      ? null
      : paidInvoice({
          ...{ account, n: counts.documents + 1, nowMs, resource, period: time, charges: line.charges },
          ...{ order: before.id, payment: payment.id, coupon: before.quote.coupon },
          ...{ billedMinutes, invoiceAddress: before.invoiceAddress },
        });
  const term: Term = {
    startMs: time.startMs,
    endMs: time.endMs,
    billed: billedMinutes,
    gross: line.gross,
    paid: line.net,
    charges: line.charges,
    invoice: invoice?.code ?? null,
  };
  const delivered: Resource = {
    ...inService({ ...resource, state: "active" }),
    billing: before.billing,
    ...autoRenewFrom(item, resource, nowMs),
    version: resource.version + 1,
    pending: null,
    terms: [term],
    startAtMs: time.startMs,
    endAtMs: time.endMs,
    anchorDay: time.anchorDay,
    ran: ranBefore(Math.min(nowMs, time.endMs)),
  };
  const order = withLine(paid.order, { ...line, status: "active" });
  const entry = { atMs: nowMs, reference: line.id, description: `Service delivered: ${resource.name}` };
  return {
    order,
    resource: delivered,
    events: [
      { type: "order_changed", order },
      { type: "resource_changed", resource: delivered },
      ...(invoice ? [{ type: "invoice_issued", invoice } as const] : []),
      ...(invoice ? sale(invoice, entry) : trial(line.net, entry)),
      ...couponSettlement(paid.order, order),
      deliveredNotice(
        paid,
        delivered,
        { line: line.id, ...time },
        { code: invoice?.code ?? null, total: line.net, atMs: nowMs },
      ),
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

export const deliveredNotice = (
  { order }: PaidOrder,
  { id, name }: Resource,
  { line, startMs, endMs }: { line: string; startMs: number; endMs: number },
  { code, total, atMs }: { code: InvoiceCode | null; total: Money; atMs: number },
): Event => ({
  type: "notice_given",
  notice: {
    key: `resource_provisioned:${line}`,
    template: "resource_provisioned",
    atMs,
    resource: id,
    name,
    isRecovered: order.action === "recover",
    startAtMs: startMs,
    endAtMs: endMs,
    invoice: code,
    total,
  },
});
