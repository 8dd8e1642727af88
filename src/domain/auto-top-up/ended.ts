import type { Attempt } from "../attempts/attempt.ts";
import type { Event } from "../events.ts";
import { subtract } from "../money.ts";
import { monthOf } from "../month.ts";
import type { AccountState } from "../state.ts";
import { type AutoTopUp, BACK_OFF_MS } from "./auto-top-up.ts";

/** What the end of a charge makes of the automatic top-up that it was made for. */
export function autoTopUpEnded(
  { account, autoTopUp }: AccountState,
  attempt: Attempt,
  end: "succeeded" | "failed",
  atMs: number,
): Event[] {
  if (!account || autoTopUp?.attempt !== attempt.id) return [];
  const over: AutoTopUp = { ...autoTopUp, attempt: null, failures: 0, changedAtMs: atMs };
  const after = end === "succeeded" ? over : failed(autoTopUp, over, attempt, account.timeZone);
  return [{ type: "auto_top_up_changed", autoTopUp: after }];
}

/** What wasn't charged doesn't count; it is tried again later and later. */
function failed(
  { failures, charged, monthStartMs }: AutoTopUp,
  over: AutoTopUp,
  { amount, createdAtMs }: Attempt,
  timeZone: string,
): AutoTopUp {
  const isOfMonth = monthOf(createdAtMs, timeZone).startMs === monthStartMs;
  const backOffMs = BACK_OFF_MS[failures] ?? BACK_OFF_MS.at(-1) ?? 0;
  return {
    ...over,
    charged: isOfMonth ? subtract(charged, amount) : charged,
    failures: failures + 1,
    notBeforeMs: over.changedAtMs + backOffMs,
  };
}
