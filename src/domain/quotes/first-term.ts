import { MONTH_MINUTES, minutesBetween } from "../calendar.ts";
import type { ResourceType } from "../catalogue.ts";
import { type DomainError, refused } from "../errors.ts";
import type { OrderItem } from "../order.ts";
import { err, ok, type Result } from "../result.ts";
import { firstMinutes, MIN_BILLED_MINUTES } from "./period.ts";
import type { PricingInput } from "./quote-input.ts";

export interface FirstTerm {
  readonly minutes: number;
  /** Where it ends whenever it starts; null where its end follows from its start. */
  readonly endAtMs: number | null;
}

/**
 * The time of a term that starts when its resource is provisioned, or converted: on trial money up to the wallet's
 * end, whatever was asked for. (Domain: Price; POC.)
 */
export function firstTerm(
  { period }: OrderItem,
  { minimumMonths }: ResourceType,
  path: string,
  { action, as, pocEndMs, nowMs, account: { timeZone } }: PricingInput,
): Result<FirstTerm, DomainError> {
  if (as === "poc") {
    if (pocEndMs === null) return err({ code: "poc_wallet_expired" });
    const minutes = minutesBetween(nowMs, pocEndMs, timeZone);
    const detail = `The POC wallet ends in less than ${MIN_BILLED_MINUTES} minutes.`;
    return minutes < MIN_BILLED_MINUTES
      ? refused({ code: "period_too_short", path: `${path}.period`, detail })
      : ok({ minutes, endAtMs: pocEndMs });
  }
  if (!period) return refused({ code: "period_required", path: `${path}.period` });
  const leastMinutes = action === "convert_poc" ? MIN_BILLED_MINUTES : minimumMonths * MONTH_MINUTES;
  const minutes = firstMinutes(period, leastMinutes, `${path}.period`, { nowMs, timeZone });
  return minutes.ok ? ok({ minutes: minutes.value, endAtMs: null }) : minutes;
}
