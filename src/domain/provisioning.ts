import type { Account } from "./account.ts";
import type { Event } from "./events.ts";
import type { PaymentId } from "./ids.ts";
import { type Invoice, invoiceCode } from "./invoice.ts";
import { type LedgerTransaction, transfersOf } from "./ledger.ts";
import { sum } from "./money.ts";
import type { Notice } from "./notice.ts";
import { type Order, type OrderItem, type OrderLine, statusFromLines } from "./order.ts";
import type { Payment } from "./payment.ts";
import { exactText, ratio } from "./ratio.ts";
import { firstTermTime, type Resource, type TermTime } from "./resource.ts";
import type { Counts } from "./state.ts";
import type { Term } from "./terms.ts";

/** Why a line wasn't delivered, where no console said it. */
export const PROVISIONING_TIMED_OUT = "The product didn't answer in time.";
export const NO_REASON_GIVEN = "The product couldn't provision it.";

/** A paid order with everything its lines' outcomes touch. */
export interface PaidOrder {
  readonly account: Account;
  readonly counts: Counts;
  readonly order: Order;
  readonly payment: Payment;
}

/** A line that waits for its console, with what was asked for and the resource it is to become. */
export interface OpenLine {
  readonly line: OrderLine;
  readonly item: OrderItem;
  readonly resource: Resource;
}

export interface Outcome {
  readonly order: Order;
  readonly resource: Resource;
  readonly events: readonly Event[];
}

/**
 * The console delivered a line: its resource runs from this minute on, its paid invoice is issued, and what was
 * paid for it becomes revenue, tax and promotion. (Domain: Checkout, step 3; Price, When minutes are fixed.)
 */
export function deliverLine(paid: PaidOrder, { line, item, resource }: OpenLine, nowMs: number): Outcome {
  if (!item.period) throw new Error(`line ${line.id} was paid for without a period`);
  const { account } = paid;
  const time = firstTermTime(item.period, nowMs, account.timeZone);
  const invoice = issueInvoice(paid, { line, item, resource }, { ...time, nowMs });
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
    ...resource,
    state: "active",
    version: resource.version + 1,
    terms: [term],
    startAtMs: time.startMs,
    endAtMs: time.endMs,
    anchorDay: time.anchorDay,
  };
  const order = withLine(paid.order, { ...line, status: "active" });
  return {
    order,
    resource: delivered,
    events: [
      { type: "order_changed", order },
      { type: "resource_changed", resource: delivered },
      { type: "invoice_issued", invoice },
      ...postings(saleOf(line, resource, nowMs)),
      ...couponSettlement(paid.order, order),
      { type: "notice_given", notice: deliveredNotice(delivered, time, invoice) },
    ],
  };
}

/**
 * Lines that can't be delivered: what was paid for each goes back into available credit, its resource never was.
 * The other lines stand. (Domain: Checkout, step 3.)
 */
export function refundLines(
  { order: before, payment, counts }: Pick<PaidOrder, "order" | "payment" | "counts">,
  lines: readonly OpenLine[],
  reason: string,
  nowMs: number,
): { order: Order; events: readonly Event[] } {
  let order = before;
  const events: Event[] = [];
  let refunds = 0;
  for (const { line, resource } of lines) {
    order = withLine(order, { ...line, status: "refunded", failure: reason });
    const deleted: Resource = { ...resource, state: "deleted", version: resource.version + 1 };
    events.push({ type: "resource_changed", resource: deleted });
    events.push({ type: "notice_given", notice: failedNotice(line, resource, reason, nowMs) });
    if (line.net === 0) continue;
    refunds += 1;
    const refund = refundOf(payment, { line, resource }, reason, nowMs);
    events.push({ type: "payment_recorded", payment: { ...refund, n: counts.payments + refunds } });
    events.push(
      ...postings({
        kind: "refund",
        atMs: nowMs,
        reference: line.id,
        description: `Refund: ${resource.name}`,
        transfers: transfersOf({ from: "undelivered", to: "credit_available", amount: line.net }),
      }),
    );
  }
  return { order, events: [{ type: "order_changed", order }, ...events, ...couponSettlement(before, order)] };
}

function refundOf(
  payment: Payment,
  { line, resource }: Pick<OpenLine, "line" | "resource">,
  reason: string,
  nowMs: number,
): Omit<Payment, "n"> {
  return {
    ...payment,
    id: `${payment.id}.${line.id.slice(line.id.lastIndexOf(".") + 1)}` as PaymentId,
    kind: "refund",
    method: "credit",
    gateway: null,
    amount: line.net,
    refundOf: payment.id,
    lines: [{ line: line.id, resource: resource.id, amount: line.net }],
    reason,
    createdAtMs: nowMs,
  };
}

function withLine(order: Order, changed: OrderLine): Order {
  const lines = order.quote.lines.map((line) => (line.id === changed.id ? changed : line));
  return { ...order, status: statusFromLines(lines), quote: { ...order.quote, lines } };
}

/** A coupon is spent once any line stands, and given back when the order fails as a whole. (Domain: Coupon.) */
function couponSettlement(before: Order, after: Order): Event[] {
  const { coupon } = after.quote;
  if (coupon === null) return [];
  const stands = (order: Order) => order.quote.lines.some((line) => line.status === "active");
  if (after.status === "failed") return [{ type: "coupon_settled", coupon, order: after.id, spent: false }];
  if (stands(after) && !stands(before))
    return [{ type: "coupon_settled", coupon, order: after.id, spent: true }];
  return [];
}

function issueInvoice(
  { account, counts, order, payment }: PaidOrder,
  { line, item, resource }: OpenLine,
  time: { startMs: number; endMs: number; nowMs: number },
): Invoice {
  const n = counts.documents + 1;
  const { coupon } = order.quote;
  return {
    code: invoiceCode(account, n, time.nowMs),
    n,
    status: "paid",
    total: line.net,
    paid: line.net,
    tax: line.tax,
    currency: order.currency,
    issuedAtMs: time.nowMs,
    dueAtMs: time.nowMs,
    product: order.product,
    resource: resource.id,
    resourceType: item.resourceType,
    resourceName: resource.name,
    order: order.id,
    payment: payment.id,
    period: { startMs: time.startMs, endMs: time.endMs },
    lines: line.charges,
    coupon: coupon === null ? null : { code: coupon, amount: line.discount },
    creditedBy: [],
    supersededBy: null,
  };
}

/** The coupon's share is posted to promotions; it lowers neither revenue nor tax. (Domain: Coupon.) */
function saleOf(line: OrderLine, resource: Resource, nowMs: number): LedgerTransaction {
  const revenue = `revenue:${resource.product}` as const;
  return {
    kind: "sale",
    atMs: nowMs,
    reference: line.id,
    description: `Service delivered: ${resource.name}`,
    transfers: transfersOf(
      { from: "undelivered", to: revenue, amount: line.net },
      { from: "promotions", to: revenue, amount: line.discount },
      { from: revenue, to: "tax", amount: line.tax },
    ),
  };
}

const deliveredNotice = (
  { id, name, line }: Resource,
  { startMs, endMs }: Pick<TermTime, "startMs" | "endMs">,
  { code, total, issuedAtMs }: Invoice,
): Notice => ({
  key: `resource_provisioned:${line}`,
  template: "resource_provisioned",
  atMs: issuedAtMs,
  resource: id,
  name,
  startAtMs: startMs,
  endAtMs: endMs,
  invoice: code,
  total,
});

const failedNotice = ({ id, net }: OrderLine, { name }: Resource, reason: string, atMs: number): Notice => ({
  key: `provisioning_failed:${id}`,
  template: "provisioning_failed",
  atMs,
  line: id,
  name,
  reason,
  refund: net,
});

/** A transaction that moves nothing leaves no entry. */
const postings = (transaction: LedgerTransaction): Event[] =>
  transaction.transfers.length > 0 ? [{ type: "money_posted", transaction }] : [];

/** What of an order's price still waits to be delivered or refunded. */
export const undeliveredOf = (order: Order) =>
  sum(order.quote.lines.filter((line) => line.status === "provisioning").map((line) => line.net));
