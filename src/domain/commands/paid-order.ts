import type { Event } from "../events.ts";
import { type Refunded, refundLines, undoingCall } from "../fulfilment/refund.ts";
import type { LineId, OrderId } from "../ids.ts";
import { isOpen, type Order, PROVISIONING_LIMIT_MS } from "../order.ts";
import { type OpenLine, type PaidOrder, PROVISIONING_TIMED_OUT } from "../provisioning.ts";
import type { AccountState } from "../state.ts";

/** A paid or confirmed order. Lines wait for their console only from then on, so anything else is a bug. */
export function paidOrder(state: AccountState, id: OrderId): PaidOrder {
  const order = state.order(id);
  const payment = order?.payment ? state.payment(order.payment) : null;
  const isConfirmed = payment !== null || order?.billing === "postpaid";
  if (!state.account || !order || !isConfirmed) throw new Error(`order ${id} was never paid`);
  const { account, counts, balances, pocWallet } = state;
  return { account, counts, order, payment, balances, pocWallet, invoice: (code) => state.invoice(code) };
}

export function openLine(state: AccountState, order: Order, id: LineId): OpenLine {
  const line = order.quote.lines.find((candidate) => candidate.id === id);
  const item = line && order.items[line.item];
  const resource = line?.resource ? state.resource(line.resource) : null;
  if (!line || !item || !resource) throw new Error(`line ${id} has no item or resource`);
  return { line, item, resource };
}

/** From this instant on a line that wasn't delivered is refunded, whether or not that has run. */
export const provisioningEndsAtMs = (order: Order): number => {
  if (order.paidAtMs === null) throw new Error(`order ${order.id} was never paid`);
  return order.paidAtMs + PROVISIONING_LIMIT_MS;
};

/** Refunds every line that a silent console left open. It may still be at it: it is told to undo what comes of it. */
export function refundSilentLines(state: AccountState, paid: PaidOrder): Refunded {
  const atMs = provisioningEndsAtMs(paid.order);
  const silent = paid.order.quote.lines.filter(isOpen).map((line) => openLine(state, paid.order, line.id));
  const refunded = refundLines(paid, silent, PROVISIONING_TIMED_OUT, atMs);
  // A conversion's console is told as it is undone.
  const toldNot = silent.filter(({ resource }) => !resource.pending?.onPoc);
  const calls = toldNot.map(
    ({ resource, line }): Event => ({
      type: "console_called",
      call: undoingCall(resource, line, paid.order, atMs),
    }),
  );
  return { ...refunded, events: [...refunded.events, ...calls] };
}
