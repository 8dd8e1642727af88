import type { Event } from "../events.ts";
import type { PaymentId } from "../ids.ts";
import type { Invoice } from "../invoice.ts";
import { balanceOf } from "../ledger.ts";
import { add, type Money, smaller, subtract, ZERO } from "../money.ts";
import type { Payment } from "../payment.ts";
import { billPayment, release } from "../postings.ts";
import type { Resource } from "../resource.ts";
import type { AccountState } from "../state.ts";
import { NO_HOLD } from "./hold.ts";

interface Captured {
  readonly bill: Invoice | null;
  readonly resource: Resource;
  readonly events: readonly Event[];
}

/**
 * A bill of what was held for is paid from what is held, then from available credit; what is missing leaves it open. Nothing
 * more is held for what is deleted, or paid by the month from now on. (Domain: Held.)
 */
export function capture(
  state: AccountState,
  resource: Resource,
  bill: Invoice | null,
  atMs: number,
): Captured {
  const { hold, ...unheld } = resource;
  if (!hold) return { bill, resource, events: [] };
  const total = bill?.total ?? ZERO;
  const fromHold = smaller(hold.held, total);
  const fromAvailable = smaller(balanceOf(state.balances, "credit_available"), subtract(total, fromHold));
  const isHeldFor = resource.billing === "hold";
  const isOver = !isHeldFor || (hold.resumesAs === null && resource.segments.length === 0);
  const kept = isOver ? ZERO : subtract(hold.held, fromHold);
  const use = hold.use > total ? subtract(hold.use, total) : ZERO;
  const goesOn = { ...resource, hold: isOver ? NO_HOLD : { ...hold, held: kept, use } };
  const captured: Resource = isHeldFor ? goesOn : unheld;
  const entry = { atMs, reference: bill?.code ?? resource.id };
  const released = release(subtract(hold.held, kept), {
    ...entry,
    description: `Released: ${resource.name}`,
  });
  const paid = add(fromHold, fromAvailable);
  if (!bill || paid === 0) return { bill, resource: captured, events: released };
  return {
    bill: { ...bill, paid, status: paid === total ? "paid" : "partially_paid" },
    resource: captured,
    events: [
      ...released,
      ...billPayment(paid, "credit_available", { ...entry, description: `Service used: ${resource.name}` }),
      { type: "payment_recorded", payment: paymentOf(state, resource, bill, paid, atMs) },
    ],
  };
}

const paymentOf = (
  { counts }: AccountState,
  { id, line }: Resource,
  bill: Invoice,
  amount: Money,
  atMs: number,
): Payment => ({
  id: `${id.replace(/^res_/, "pay_")}.c${bill.n}` as PaymentId,
  n: counts.payments + 1,
  ...{ kind: "payment", method: "hold", gateway: null, status: "succeeded" },
  ...{ amount, currency: bill.currency, order: null, refundOf: null },
  lines: [{ line, resource: id, amount, invoice: bill.code }],
  documents: counts.documents,
  reason: null,
  createdAtMs: atMs,
});
