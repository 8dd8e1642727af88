import { type ConsoleCall, callAbout } from "../console-call.ts";
import type { Event } from "../events.ts";
import { changeFailed } from "../hold/settle.ts";
import type { PaymentId } from "../ids.ts";
import type { Money } from "../money.ts";
import { type Order, type OrderLine, toPayFor } from "../order.ts";
import type { Payment } from "../payment.ts";
import { refund as refundPosting } from "../postings.ts";
import { couponSettlement, type OpenLine, type PaidOrder, withLine } from "../provisioning.ts";
import type { Resource } from "../resource.ts";

/**
 * Lines that can't be delivered: what was paid for each goes back into available credit, and its resource is as it
 * was before. The other lines stand. (Domain: Checkout, step 3.)
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
    const amount = toPayFor(line);
    const freed = changeFailed(asBefore(resource), nowMs);
    events.push({ type: "resource_changed", resource: freed.resource }, ...freed.events);
    events.push(failedNotice(before, line, { resource, reason, amount, atMs: nowMs }));
    if (amount === 0) continue;
    if (!payment) throw new Error(`line ${line.id} was never paid`);
    refunds += 1;
    const refund = refundPayment(payment, { line, resource, amount }, reason, nowMs);
    events.push({ type: "payment_recorded", payment: { ...refund, n: counts.payments + refunds } });
    const description = `Refund: ${resource.name}`;
    events.push(...refundPosting(amount, { atMs: nowMs, reference: line.id, description }));
  }
  return { order, events: [{ type: "order_changed", order }, ...events, ...couponSettlement(before, order)] };
}

/** A creation that failed never was; anything else leaves the resource as it is. */
export const asBefore = (resource: Resource): Resource => ({
  ...resource,
  state: resource.state === "provisioning" ? "deleted" : resource.state,
  pending: null,
  version: resource.version + 1,
});

/** A console may still be at what was refunded, or done with it: it is told what the resource is to be again. */
export function undoingCall(resource: Resource, line: OrderLine, order: Order, atMs: number): ConsoleCall {
  const paidLine = { order: order.id, line: line.id };
  if (resource.state === "provisioning" || resource.state === "deleted")
    return callAbout("resource.delete", resource, atMs, paidLine);
  return callAbout(order.action === "recover" ? "resource.trash" : "resource.resize", resource, atMs);
}

/** The row of the payment history for what a payment's line gives back. */
export function refundPayment(
  payment: Payment,
  { line, resource, amount }: Pick<OpenLine, "line" | "resource"> & { amount: Money },
  reason: string,
  nowMs: number,
): Omit<Payment, "n"> {
  return {
    ...payment,
    id: `${payment.id}.${line.id.slice(line.id.lastIndexOf(".") + 1)}` as PaymentId,
    kind: "refund",
    method: "credit",
    gateway: null,
    amount,
    refundOf: payment.id,
    lines: [{ line: line.id, resource: resource.id, amount }],
    reason,
    createdAtMs: nowMs,
  };
}

const failedNotice = (
  { action }: Order,
  { id }: OrderLine,
  of: { resource: Resource; reason: string; amount: Money; atMs: number },
): Event => ({
  type: "notice_given",
  notice: {
    key: `provisioning_failed:${id}`,
    template: "provisioning_failed",
    atMs: of.atMs,
    action,
    line: id,
    name: of.resource.name,
    reason: of.reason,
    refund: of.amount,
  },
});
