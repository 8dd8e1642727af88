import type { Account } from "../account.ts";
import type { OwingCode } from "../errors.ts";
import { add, sum } from "../money.ts";
import type { AccountState } from "../state.ts";
import { totalUnbilled, unbilledUse } from "../unbilled.ts";
import { areOverdue, totalOpen } from "./bill.ts";

/**
 * Why an account may not spend more until it pays, or null: its bills are overdue, or what it has used and not paid has
 * reached its limit. (Domain: Postpaid, Overdue.)
 */
export function refusedForOwing(state: AccountState, account: Account, nowMs: number): OwingCode | null {
  const bills = state.unpaidBills();
  if (areOverdue(bills, account, nowMs)) return "overdue";
  if (account.postpaidLimit === null) return null;
  const used = state
    .usedResources()
    .map((resource) => totalUnbilled(unbilledUse(resource, nowMs, account, [])));
  return add(sum(used), totalOpen(bills)) >= account.postpaidLimit ? "postpaid_limit_reached" : null;
}
