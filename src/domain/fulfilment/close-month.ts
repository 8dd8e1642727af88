import type { Account } from "../account.ts";
import { anchorDayOf } from "../calendar.ts";
import type { Event } from "../events.ts";
import { billFor } from "../invoice.ts";
import type { DayReading } from "../metering/reading.ts";
import { billed } from "../postings.ts";
import { isInTrash, type Resource, ranBefore } from "../resource.ts";
import type { Counts } from "../state.ts";
import { usedAfter, usedMonths } from "../usage.ts";

/**
 * The first month of a resource that isn't invoiced is: its use is a bill, and no more its resource's. Where the account
 * is prepaid again, the month's end is the resource's, from which it may be renewed. (Domain: Postpaid, Month close.)
 */
export function closeMonth(
  { account, counts }: { readonly account: Account; readonly counts: Counts },
  resource: Resource,
  { atMs, readings }: { readonly atMs: number; readonly readings: readonly DayReading[] },
): Event[] {
  const [used] = usedMonths(resource.segments, atMs, account, readings);
  if (!used) throw new Error(`${resource.id} has no month to close`);
  const { endMs } = used.month;
  const left = usedAfter(resource.segments, endMs);
  const isHandedBack = account.billingMode === "prepaid" && left.length > 0 && !isInTrash(resource);
  const closed: Resource = isHandedBack
    ? {
        ...{ ...resource, billing: "prepaid", segments: [], version: resource.version + 1 },
        ...{ endAtMs: endMs, anchorDay: anchorDayOf(endMs, account.timeZone), ran: ranBefore(endMs) },
      }
    : { ...resource, segments: left };
  // Nothing was used where it was suspended, or where there were only meters and none of them counted.
  if (used.charges.length === 0) return [{ type: "resource_changed", resource: closed }];
  const bill = billFor(account, resource, used, { n: counts.documents + 1, atMs });
  return [
    { type: "resource_changed", resource: closed },
    { type: "invoice_issued", invoice: bill },
    ...billed(bill, { atMs, reference: bill.code, description: `Service used: ${resource.name}` }),
  ];
}
