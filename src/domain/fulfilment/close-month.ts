import type { Account } from "../account.ts";
import { anchorDayOf } from "../calendar.ts";
import type { Event } from "../events.ts";
import { capture } from "../hold/capture.ts";
import { NO_HOLD } from "../hold/hold.ts";
import { runHold } from "../hold/run.ts";
import type { InvoiceCode } from "../ids.ts";
import { billFor, type Invoice } from "../invoice.ts";
import type { Closed, ClosedMonth, LateUse } from "../late-use.ts";
import { ranThrough } from "../lifecycle/schedule.ts";
import type { DayReading } from "../metering/reading.ts";
import { MAX_EVENT_AGE_MS } from "../metering/usage-event.ts";
import { balancesAfter, billed } from "../postings.ts";
import { grossOf } from "../pricing.ts";
import { isInTrash, type Resource, ranBefore } from "../resource.ts";
import type { AccountState, Counts } from "../state.ts";
import { type NextBill, nextBill, onOneBill } from "../unbilled.ts";
import { isMetered, type UsedMonth, usedAfter, within } from "../usage.ts";
import { creditLateUse } from "./credit-late-use.ts";

/**
 * The first month of a resource that isn't invoiced is: its use is a bill, and no more its resource's, with what was reported
 * late of months before. Where the account is prepaid again, the month's end is the resource's, from which it may be renewed.
 * (Domain: Postpaid, Month close; Metered, Late events.)
 */
export function closeMonth(
  state: AccountState,
  account: Account,
  resource: Resource,
  { atMs, readings }: { readonly atMs: number; readonly readings: readonly DayReading[] },
): Event[] {
  const next = nextBill(resource, atMs, account, readings);
  if (!next) throw new Error(`${resource.id} has no month to close`);
  const { used, less } = said(next);
  // Nothing was used where it was suspended, or where there were only meters and none of them counted.
  const hasUse = used.charges.length > 0;
  const bill = hasUse ? billFor(account, resource, used, { n: state.counts.documents + 1, atMs }) : null;
  const left = { ...resource, segments: usedAfter(resource.segments, next.month.endMs) };
  const captured = capture(state, handedOver(left, account, next.month.endMs), bill, atMs);
  const events = [...(captured.bill ? issued(captured.bill, resource, atMs) : []), ...captured.events];
  const waiting: LateUse[] = [];
  for (const late of less) {
    const counts = countsAfter(state.counts, events);
    const credited = creditLateUse(state, account, resource, late, { atMs, counts });
    if (credited) events.push(...credited);
    else waiting.push(late);
  }
  const closed = closedNow(resource, next, bill?.code ?? null, waiting);
  const after: Resource = { ...captured.resource, closed };
  if (resource.billing !== "postpaid" || after.billing !== "hold")
    return [{ type: "resource_changed", resource: after }, ...events];
  // Too little credit for what goes on is a shortage like any other.
  const held = { ...after, hold: NO_HOLD, ran: ranThrough({ atMs }) };
  return [...events, ...runHold(balancesAfter(state.balances, events), account, held, { atMs, readings })];
}

/** What the bill says, and what it is too small to say: months that cost less by now than was billed of them. */
function said({ month, own, late }: NextBill): { used: UsedMonth; less: readonly LateUse[] } {
  const whole = onOneBill(month, own, late);
  if (whole.total >= whole.tax && whole.tax >= 0) return { used: whole, less: [] };
  const less = late.filter(({ difference }) => grossOf(difference) < 0);
  const more = late.filter((one) => !less.includes(one));
  return { used: onOneBill(month, own, more), less };
}

/** What may still be reported of, or has still to be given back, with what bills have said of it by now. */
function closedNow(
  { segments, closed }: Resource,
  { month, own, late }: NextBill,
  bill: InvoiceCode | null,
  waiting: readonly LateUse[],
): Closed | null {
  const before = late.flatMap((one): ClosedMonth[] => {
    if (waiting.includes(one)) return [one.month];
    const mayChange = one.month.endMs + MAX_EVENT_AGE_MS > month.closesAtMs;
    return mayChange ? [{ ...one.month, billed: one.charges, bill: one.month.bill ?? bill }] : [];
  });
  const used = within(segments, month);
  const closes = { endMs: month.endMs, segments: used, billed: own?.charges ?? [], bill: own ? bill : null };
  const months = [...before, ...(isMetered(used) ? [closes] : [])];
  return months.length > 0 ? { toMs: Math.max(month.endMs, closed?.toMs ?? 0), months } : null;
}

const countsAfter = ({ documents, payments }: Counts, events: readonly Event[]) => ({
  documents: documents + events.filter(({ type }) => type.endsWith("_issued")).length,
  payments: payments + events.filter(({ type }) => type === "payment_recorded").length,
});

const issued = (bill: Invoice, { name }: Resource, atMs: number): Event[] => [
  { type: "invoice_issued", invoice: bill },
  ...billed(bill, { atMs, reference: bill.code, description: `Service used: ${name}` }),
];

/** What goes on is paid from then on as its account is, and as its type can be. (Domain: Two kinds of account.) */
function handedOver(resource: Resource, account: Account, endMs: number): Resource {
  const { billing, segments, version } = resource;
  if (segments.length === 0 || isInTrash(resource)) return resource;
  if (billing === "hold" && account.billingMode === "postpaid")
    return { ...resource, billing: "postpaid", version: version + 1 };
  if (billing !== "postpaid" || account.billingMode !== "prepaid") return resource;
  if (resource.policy.holdRunAt !== undefined)
    // What is suspended for bills is held for once they are paid.
    return resource.state === "suspended" ? resource : { ...resource, billing: "hold", version: version + 1 };
  return {
    ...{ ...resource, billing: "prepaid", segments: [], version: version + 1 },
    ...{ endAtMs: endMs, anchorDay: anchorDayOf(endMs, account.timeZone), ran: ranBefore(endMs) },
  };
}
