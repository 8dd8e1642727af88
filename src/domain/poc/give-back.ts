import { addDays } from "../calendar.ts";
import type { Event } from "../events.ts";
import type { PaymentId } from "../ids.ts";
import { floorToMinute } from "../local-time.ts";
import type { Money } from "../money.ts";
import type { Payment } from "../payment.ts";
import { refund, trialReversal } from "../postings.ts";
import { type Resource, ranBefore } from "../resource.ts";
import type { AccountState } from "../state.ts";
import { POC_TRASH_DAYS, refundBook } from "./wallet.ts";

/**
 * The rest of a resource's time on trial money goes back to the wallet it came from: no invoice was issued, so nothing
 * is corrected. `n` is the refund's number in the payment history. (Domain: POC.)
 */
export function givePocBack(
  { account, counts, pocWallet }: Pick<AccountState, "account" | "counts" | "pocWallet">,
  resource: Resource,
  { amount, n, reason }: { amount: Money; n: number; reason: string },
  nowMs: number,
): Event[] {
  if (amount === 0) return [];
  if (!account) throw new Error(`${resource.id} belongs to no account`);
  const payment: Payment = {
    id: `${resource.id.replace(/^res_/, "pay_")}.p${resource.version}` as PaymentId,
    ...{ n, kind: "refund", method: "poc", gateway: null, status: "succeeded" },
    ...{ amount, currency: account.currency, order: resource.order, refundOf: null },
    lines: [{ line: resource.line, resource: resource.id, amount }],
    ...{ documents: counts.documents, reason, createdAtMs: nowMs },
  };
  const entry = { atMs: nowMs, reference: resource.id };
  return [
    { type: "payment_recorded", payment },
    ...trialReversal(amount, { ...entry, description: `Service taken back: ${resource.name}` }),
    ...refund(amount, { ...entry, description: `Refund: ${resource.name}` }, refundBook(pocWallet, nowMs)),
  ];
}

/** A resource that no longer runs on trial money: in the trash, from where it can be recovered. */
export const trashed = (resource: Resource, nowMs: number, timeZone: string): Resource => ({
  ...resource,
  ...{ state: "suspended", billing: "poc", pending: null, version: resource.version + 1 },
  deletesAtMs: addDays(floorToMinute(nowMs), POC_TRASH_DAYS, timeZone),
  ...{ terms: [], endAtMs: null, anchorDay: null, ran: ranBefore(nowMs) },
});
