import { addDays } from "./calendar.ts";
import { floorToMinute } from "./local-time.ts";
import type { Money } from "./money.ts";
import type { Resource } from "./resource.ts";
import { deleteRefund, type Term, unusedValue } from "./terms.ts";

/** What deleting a resource now would do. */
export interface Deletion {
  /** What was paid for the time left, where the type is refundable. */
  readonly refund: Money;
  /** The terms that it is for. */
  readonly refunded: readonly Term[];
  /** Until when it could be recovered; null where it is deleted at once. */
  readonly deletesAtMs: number | null;
}

/** The refund and the trash that a customer is shown before deleting. (Domain: Lifecycle, Delete; Terms.) */
export function deletionOf(
  { terms, policy }: Pick<Resource, "terms" | "policy">,
  nowMs: number,
  timeZone: string,
): Deletion {
  const { trashDays } = policy.lifecycle;
  const refund = deleteRefund(terms, nowMs, timeZone, policy.refundable);
  return {
    refund,
    refunded: refund === 0 ? [] : terms.filter((term) => unusedValue([term], nowMs, timeZone).paid > 0),
    deletesAtMs: trashDays === 0 ? null : addDays(floorToMinute(nowMs), trashDays, timeZone),
  };
}
