import { callAbout } from "../console-call.ts";
import type { Event } from "../events.ts";
import { changeFailed } from "../hold/settle.ts";
import type { PaymentId } from "../ids.ts";
import { paidInvoice } from "../invoice.ts";
import { balanceOf } from "../ledger.ts";
import { floorToMinute } from "../local-time.ts";
import { type Money, subtract, ZERO } from "../money.ts";
import type { Order, OrderItem, OrderLine } from "../order.ts";
import type { Payment } from "../payment.ts";
import { givePocBack, trashed } from "../poc/give-back.ts";
import { isOpen } from "../poc/wallet.ts";
import { purchase, sale, trial } from "../postings.ts";
import { couponSettlement, type OpenLine, type Outcome, type PaidOrder, withLine } from "../provisioning.ts";
import { exactText, ratio } from "../ratio.ts";
import { firstTermTime, type PocTime, type Resource, ranBefore } from "../resource.ts";
import type { AccountState } from "../state.ts";
import { unusedValue } from "../terms.ts";
import { switchTo } from "../usage.ts";
import { autoRenewFrom, deliveredNotice } from "./deliver.ts";

/**
 * A resource that runs on trial money is paid for: its paid term begins now, or its use, and the rest of its trial is to
 * be given back. It keeps what it was until its console has answered. (Domain: POC.)
 */
export function convertRunning(
  resource: Resource,
  { order, line, item }: { order: Order; line: OrderLine; item: OrderItem },
  { nowMs, timeZone }: { nowMs: number; timeZone: string },
): Resource {
  const { terms, startAtMs, endAtMs, anchorDay, ran } = resource;
  const refund = unusedValue(terms, nowMs, timeZone).paid;
  const onPoc: PocTime = { terms, startAtMs, endAtMs, anchorDay, ran, refund };
  const converted: Resource = {
    ...resource,
    ...{ version: resource.version + 1, ran: ranBefore(nowMs) },
    pending: { order: order.id, line: line.id, onPoc },
  };
  if (line.configured) {
    const used = { catalogueVersion: order.quote.catalogueVersion, configuration: line.configured };
    const segments = switchTo([], used, nowMs);
    const time = { startAtMs: floorToMinute(nowMs), endAtMs: null, anchorDay: null };
    return { ...converted, billing: "hold", terms: [], segments, ...time };
  }
  if (!item.period) throw new Error(`line ${line.id} was paid for without a period`);
  const time = firstTermTime(item.period, nowMs, timeZone);
  const { startMs, endMs } = time;
  const billed = exactText(ratio(line.billedMinutes));
  const { gross, net: paid, charges } = line;
  return {
    ...converted,
    billing: "prepaid",
    terms: [{ startMs, endMs, billed, gross, paid, charges, invoice: null }],
    ...{ startAtMs: startMs, endAtMs: endMs, anchorDay: time.anchorDay },
  };
}

/** What converted resources give back to the POC wallet; `firstN` is the first refund's number in the payment history. */
export function trialsGivenBack(
  state: AccountState,
  converted: readonly Resource[],
  { firstN, nowMs }: { firstN: number; nowMs: number },
): Event[] {
  const refunded = converted.filter(({ pending }) => pending?.onPoc && pending.onPoc.refund > 0);
  return refunded.flatMap((resource, index) => {
    const of = { amount: resource.pending?.onPoc?.refund ?? ZERO, n: firstN + index, reason: "Converted" };
    return givePocBack(state, resource, of, nowMs);
  });
}

/** The console has taken note: what was paid at its settlement is invoiced. */
export function convertDelivered(
  paid: PaidOrder,
  { line, item, resource }: OpenLine,
  nowMs: number,
): Outcome {
  const { account, counts, payment } = paid;
  const [term] = resource.terms;
  if (!payment || !term) throw new Error(`${resource.id} was converted without a term`);
  const invoice = paidInvoice({
    ...{ account, n: counts.documents + 1, nowMs, resource, period: term, charges: line.charges },
    ...{ order: paid.order.id, payment: payment.id, coupon: paid.order.quote.coupon },
    billedMinutes: term.billed,
    invoiceAddress: paid.order.invoiceAddress,
  });
  const converted: Resource = {
    ...resource,
    ...autoRenewFrom(item, resource, nowMs),
    ...{ version: resource.version + 1, pending: null, terms: [{ ...term, invoice: invoice.code }] },
  };
  const order = withLine(paid.order, { ...line, status: "active" });
  const entry = { atMs: nowMs, reference: line.id, description: `Service delivered: ${resource.name}` };
  return {
    order,
    resource: converted,
    events: [
      { type: "order_changed", order },
      { type: "resource_changed", resource: converted },
      { type: "invoice_issued", invoice },
      ...sale(invoice, entry),
      ...couponSettlement(paid.order, order),
      deliveredNotice(paid, converted, { line: line.id, ...term }, { ...invoice, atMs: nowMs }),
    ],
  };
}

/** What undoing a line makes of its resource. `taken` is trial money that is used again, by `payment`. */
export interface Undone {
  readonly resource: Resource;
  readonly taken: Money;
  readonly payment: Omit<Payment, "n"> | null;
  readonly events: readonly Event[];
}

/**
 * A conversion that failed is as if it had never been: the trial goes on, on the money that was given back. Where that
 * is spent by now, or the wallet has ended, the resource goes to the trash. (Domain: POC.)
 */
export function convertUndone(
  { account, counts, payment, balances, pocWallet }: PaidOrder,
  { line, resource: converted }: OpenLine,
  onPoc: PocTime,
  { taken, nowMs }: { taken: Money; nowMs: number },
): Undone {
  const { refund, ...time } = onPoc;
  if (!payment) throw new Error(`line ${line.id} was never paid`);
  const unheld = changeFailed(converted, nowMs);
  const { hold: _, ...resource } = { ...unheld.resource, segments: [] };
  const left = subtract(balanceOf(balances, "poc"), taken);
  if (!isOpen(pocWallet, nowMs) || left < refund) {
    const given = trashed(resource, nowMs, account.timeZone);
    const events = [...unheld.events, ...trashedEvents(given, line, nowMs)];
    return { resource: given, taken: ZERO, payment: null, events };
  }
  const restored: Resource = {
    ...resource,
    ...time,
    ...{ billing: "poc", pending: null, version: resource.version + 1 },
  };
  const again: Omit<Payment, "n"> = {
    ...payment,
    id: `${payment.id}.${line.id.slice(line.id.lastIndexOf(".") + 1)}p` as PaymentId,
    ...{ kind: "payment", method: "poc", gateway: null, amount: refund, refundOf: null },
    lines: [{ line: line.id, resource: resource.id, amount: refund }],
    ...{ documents: counts.documents, reason: "The trial goes on", createdAtMs: nowMs },
  };
  const entry = { atMs: nowMs, reference: line.id, description: `Trial goes on: ${resource.name}` };
  return {
    resource: restored,
    taken: refund,
    payment: refund === 0 ? null : again,
    events: [
      ...unheld.events,
      ...purchase(refund, "poc", entry),
      ...trial(refund, entry),
      { type: "console_called", call: callAbout("resource.renewed", restored, nowMs) },
    ],
  };
}

function trashedEvents(resource: Resource, line: OrderLine, atMs: number): Event[] {
  const { id, name, deletesAtMs } = resource;
  if (deletesAtMs === null) throw new Error(`${id} isn't in the trash`);
  return [
    { type: "console_called", call: callAbout("resource.trash", resource, atMs) },
    {
      type: "notice_given",
      notice: {
        key: `conversion_undone:${line.id}`,
        template: "resource_suspended",
        ...{ atMs, resource: id, name, deletesAtMs, isInTrash: true, isOnPoc: true },
      },
    },
  ];
}
