import type { Account } from "../account.ts";
import { anchorDayOf } from "../calendar.ts";
import type { Event } from "../events.ts";
import { capture } from "../hold/capture.ts";
import { billFor, type Invoice } from "../invoice.ts";
import type { DayReading } from "../metering/reading.ts";
import { billed } from "../postings.ts";
import { isInTrash, type Resource, ranBefore } from "../resource.ts";
import type { AccountState } from "../state.ts";
import { usedAfter, usedMonths } from "../usage.ts";

/**
 * The first month of a resource that isn't invoiced is: its use is a bill, and no more its resource's. Where the account
 * is prepaid again, the month's end is the resource's, from which it may be renewed. (Domain: Postpaid, Month close.)
 */
export function closeMonth(
  state: AccountState,
  account: Account,
  resource: Resource,
  { atMs, readings }: { readonly atMs: number; readonly readings: readonly DayReading[] },
): Event[] {
  const [used] = usedMonths(resource.segments, atMs, account, readings);
  if (!used) throw new Error(`${resource.id} has no month to close`);
  const left = usedAfter(resource.segments, used.month.endMs);
  const closed = handedOver({ ...resource, segments: left }, account, used.month.endMs);
  // Nothing was used where it was suspended, or where there were only meters and none of them counted.
  const hasUse = used.charges.length > 0;
  const bill = hasUse ? billFor(account, resource, used, { n: state.counts.documents + 1, atMs }) : null;
  const captured = capture(state, closed, bill, atMs);
  return [
    { type: "resource_changed", resource: captured.resource },
    ...(captured.bill ? issued(captured.bill, resource, atMs) : []),
    ...captured.events,
  ];
}

const issued = (bill: Invoice, { name }: Resource, atMs: number): Event[] => [
  { type: "invoice_issued", invoice: bill },
  ...billed(bill, { atMs, reference: bill.code, description: `Service used: ${name}` }),
];

/** What goes on is paid from then on as its account is. (Domain: Two kinds of account.) */
function handedOver(resource: Resource, account: Account, endMs: number): Resource {
  const { billing, segments, version } = resource;
  if (segments.length === 0 || isInTrash(resource)) return resource;
  if (billing === "hold" && account.billingMode === "postpaid")
    return { ...resource, billing: "postpaid", version: version + 1 };
  if (billing !== "postpaid" || account.billingMode !== "prepaid") return resource;
  return {
    ...{ ...resource, billing: "prepaid", segments: [], version: version + 1 },
    ...{ endAtMs: endMs, anchorDay: anchorDayOf(endMs, account.timeZone), ran: ranBefore(endMs) },
  };
}
