import { type ConsoleCall, callAbout } from "../console-call.ts";
import type { Event } from "../events.ts";
import { changeFailed } from "../hold/settle.ts";
import type { PaymentId } from "../ids.ts";
import { add, type Money, ZERO } from "../money.ts";
import { type Order, type OrderLine, toPayFor } from "../order.ts";
import type { Payment } from "../payment.ts";
import { refundBook } from "../poc/wallet.ts";
import { refund as refundPosting } from "../postings.ts";
import { couponSettlement, type OpenLine, type PaidOrder, withLine } from "../provisioning.ts";
import { isInTrash, type Resource } from "../resource.ts";
import { convertUndone, type Undone } from "./convert.ts";

export interface Refunded {
  readonly order: Order;
  /** Those of the lines, as they are from then on. */
  readonly resources: readonly Resource[];
  readonly events: readonly Event[];
}

/**
 * Lines that can't be delivered: what was paid for each goes back into available credit, or to the POC wallet that paid
 * it, and its resource is as it was before. The other lines stand. (Domain: Checkout, step 3; POC.)
 */
export function refundLines(
  paid: PaidOrder,
  lines: readonly OpenLine[],
  reason: string,
  nowMs: number,
): Refunded {
  const { order: before, payment, counts, pocWallet } = paid;
  const wallet = before.billing === "poc" ? refundBook(pocWallet, nowMs) : "credit_available";
  let order = before;
  const events: Event[] = [];
  const resources: Resource[] = [];
  let rows = 0;
  const record = (row: Omit<Payment, "n">) => {
    rows += 1;
    events.push({ type: "payment_recorded", payment: { ...row, n: counts.payments + rows } });
  };
  let taken = ZERO;
  for (const open of lines) {
    const { line, resource } = open;
    order = withLine(order, { ...line, status: "refunded", failure: reason });
    const amount = toPayFor(line);
    const undone = undo(paid, open, { taken, nowMs });
    taken = add(taken, undone.taken);
    resources.push(undone.resource);
    events.push({ type: "resource_changed", resource: undone.resource });
    if (undone.payment) record(undone.payment);
    events.push(...undone.events, failedNotice(paid, open, { reason, amount, atMs: nowMs }));
    if (amount === 0) continue;
    if (!payment) throw new Error(`line ${line.id} was never paid`);
    record(refundPayment(payment, { line, resource, amount }, reason, nowMs));
    const description = `Refund: ${resource.name}`;
    events.push(...refundPosting(amount, { atMs: nowMs, reference: line.id, description }, wallet));
  }
  const changed: Event = { type: "order_changed", order };
  return { order, resources, events: [changed, ...events, ...couponSettlement(before, order)] };
}

function undo(paid: PaidOrder, open: OpenLine, at: { taken: Money; nowMs: number }): Undone {
  const { onPoc } = open.resource.pending ?? {};
  return onPoc
    ? convertUndone(paid, open, onPoc, at)
    : { taken: ZERO, payment: null, ...changeFailed(asBefore(open.resource), at.nowMs) };
}

/** A creation that failed never was; anything else leaves the resource as it is. */
const asBefore = (resource: Resource): Resource => ({
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
  if (order.action === "convert_poc")
    return callAbout(isInTrash(resource) ? "resource.trash" : "resource.renewed", resource, atMs);
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
    method: payment.method === "poc" ? "poc" : "credit",
    gateway: null,
    amount,
    refundOf: payment.id,
    lines: [{ line: line.id, resource: resource.id, amount }],
    reason,
    createdAtMs: nowMs,
  };
}

const failedNotice = (
  { order: { action, billing } }: PaidOrder,
  { line: { id }, resource }: OpenLine,
  of: { reason: string; amount: Money; atMs: number },
): Event => ({
  type: "notice_given",
  notice: {
    key: `provisioning_failed:${id}`,
    template: "provisioning_failed",
    atMs: of.atMs,
    action,
    line: id,
    name: resource.name,
    reason: of.reason,
    refund: of.amount,
    isOnPoc: billing === "poc",
  },
});
