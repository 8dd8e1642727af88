import type { Account } from "../account.ts";
import { anchorDayOf } from "../calendar.ts";
import { callAbout } from "../console-call.ts";
import type { Event } from "../events.ts";
import { type Invoice, paidInvoice } from "../invoice.ts";
import type { Order, OrderItem, OrderLine } from "../order.ts";
import { type Paying, type Payment, paymentFor } from "../payment.ts";
import { purchaseOf, sale, trial } from "../postings.ts";
import { couponSettlement } from "../provisioning.ts";
import { exactText, ratio } from "../ratio.ts";
import { inService, type Resource, ranBefore } from "../resource.ts";
import type { Counts } from "../state.ts";
import type { Term } from "../terms.ts";
import { autoRenewFrom } from "./deliver.ts";

/** An order of more time that is being paid, with the resources of its lines, in their order. */
export interface PaidRenewal {
  readonly account: Account;
  readonly counts: Counts;
  readonly order: Order;
  readonly resources: readonly Resource[];
  readonly paying: Paying;
  readonly nowMs: number;
}

export interface Renewed {
  readonly order: Order;
  readonly payment: Payment;
  readonly resources: readonly Resource[];
  readonly invoices: readonly Invoice[];
  readonly events: readonly Event[];
}

export const isMoreTime = ({ action }: Order): boolean => action === "renew" || action === "match_end_time";

/** More time needs no console: the order is complete with its payment, and whatever wasn't paid runs again. (Domain: Lifecycle, Renew.) */
export function renewPaid(paid: PaidRenewal): Renewed {
  const { counts, nowMs, resources } = paid;
  const lines = paid.order.quote.lines.map((line): OrderLine => ({ ...line, status: "active" }));
  const order: Order = {
    ...paid.order,
    status: "completed",
    quote: { ...paid.order.quote, lines },
    payment: paid.paying.id,
    paidAtMs: nowMs,
  };
  const renewed = lines.map((line, index) => {
    const [resource, item] = [resources[index], order.items[line.item]];
    if (!resource || !item) throw new Error(`line ${line.id} renews nothing`);
    return renewResource(paid, { line, item, resource }, counts.documents + index + 1);
  });
  const payment = paymentFor(order, paid.paying, counts, nowMs);
  return {
    order,
    payment,
    resources: renewed.map(({ resource }) => resource),
    invoices: renewed.flatMap(({ invoice }) => invoice ?? []),
    events: [
      ...purchaseOf(order, paid.paying.from, nowMs),
      { type: "order_changed", order },
      { type: "payment_recorded", payment },
      ...renewed.flatMap(({ events }) => events),
      ...couponSettlement(paid.order, order),
    ],
  };
}

function renewResource(
  { account, order, paying, nowMs }: PaidRenewal,
  { line, item, resource }: { line: OrderLine; item: OrderItem; resource: Resource },
  n: number,
): { resource: Resource; invoice: Invoice | null; events: readonly Event[] } {
  const { endAtMs: startMs } = resource;
  if (startMs === null || line.endAtMs === null) throw new Error(`line ${line.id} has no time`);
  const period = { startMs, endMs: line.endAtMs };
  const isOnPoc = order.billing === "poc";
  const billedMinutes = exactText(ratio(line.billedMinutes));
  const invoice = isOnPoc
    ? null
    : paidInvoice({
        ...{ account, n, nowMs, resource, period, charges: line.charges },
        ...{ order: order.id, payment: paying.id, coupon: order.quote.coupon },
        ...{ billedMinutes, invoiceAddress: order.invoiceAddress },
      });
  const term: Term = {
    ...period,
    billed: billedMinutes,
    gross: line.gross,
    paid: line.net,
    charges: line.charges,
    invoice: invoice?.code ?? null,
  };
  const isToNewDay = isOnPoc || (item.period !== null && "endAtMs" in item.period);
  const renewed: Resource = {
    ...inService(resource),
    ...autoRenewFrom(item, resource, nowMs),
    version: resource.version + 1,
    terms: [...resource.terms.filter(({ endMs }) => endMs > nowMs), term],
    endAtMs: period.endMs,
    anchorDay: isToNewDay ? anchorDayOf(period.endMs, account.timeZone) : resource.anchorDay,
    ran: ranBefore(nowMs),
  };
  const call = renewed.state === resource.state ? "resource.renewed" : "resource.resume";
  const paidLine = { order: order.id, line: line.id };
  const entry = { atMs: nowMs, reference: line.id, description: `Service delivered: ${resource.name}` };
  return {
    resource: renewed,
    invoice,
    events: [
      { type: "resource_changed", resource: renewed },
      ...(invoice ? [{ type: "invoice_issued", invoice } as const] : []),
      ...(invoice ? sale(invoice, entry) : trial(line.net, entry)),
      { type: "console_called", call: callAbout(call, renewed, nowMs, paidLine) },
    ],
  };
}
