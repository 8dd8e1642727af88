import type { Account } from "../account.ts";
import type { NeedsReadings } from "../decision.ts";
import type { OwingCode } from "../errors.ts";
import { neededUpTo, type Readings } from "../hold/readings.ts";
import { add, sum } from "../money.ts";
import type { AccountState } from "../state.ts";
import { needsMeters, totalUnbilled, unbilledUse } from "../unbilled.ts";
import { areOverdue, totalOpen } from "./bill.ts";

/**
 * Why an account may not spend more until it pays, or null: its bills are overdue, or what it has used and not paid has
 * reached its limit, for which its meters must be known. (Domain: Postpaid, Overdue, Limit.)
 */
export function refusedForOwing(
  state: AccountState,
  account: Account,
  readings: Readings,
  nowMs: number,
): OwingCode | NeedsReadings | null {
  const bills = state.unpaidBills();
  if (areOverdue(bills, account, nowMs)) return "overdue";
  if (account.postpaidLimit === null) return null;
  const resources = state.usedResources().filter(({ billing }) => billing === "postpaid");
  const unknown = resources.find((resource) => needsMeters(resource) && !readings[resource.id]);
  if (unknown) return neededUpTo(unknown, nowMs);
  const used = resources.map((resource) =>
    totalUnbilled(unbilledUse(resource, nowMs, account, readings[resource.id] ?? [])),
  );
  return add(sum(used), totalOpen(bills)) >= account.postpaidLimit ? "postpaid_limit_reached" : null;
}
