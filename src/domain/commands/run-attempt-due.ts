import { type AttemptId, asked, attemptDueAtMs, letsGoAtMs } from "../attempts/attempt.ts";
import { giveUpOf } from "../attempts/let-go.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import type { AccountState } from "../state.ts";

/** Time has passed for an attempt: it lets go what it holds, or its gateway is asked. */
export interface RunAttemptDue {
  readonly type: "run_attempt_due";
  readonly attempt: AttemptId;
}

export type AttemptDueRan = "let_go" | "asked" | "nothing";

/** Letting go is as of its instant, however late it runs; a question can only be asked now. (Domain: Checkout.) */
export function runAttemptDue(
  state: AccountState,
  { attempt: id }: RunAttemptDue,
  { nowMs }: Context,
): Decided<AttemptDueRan> {
  const attempt = state.attempt(id);
  const dueAtMs = attempt && attemptDueAtMs(attempt);
  if (!attempt || dueAtMs === null || dueAtMs > nowMs) return done("nothing");
  if (!attempt.hasLetGo && letsGoAtMs(attempt) <= dueAtMs)
    return done("let_go", ...giveUpOf(state, attempt, dueAtMs));
  const watched = asked(attempt, nowMs);
  const isGivenUp = watched.status === "open" && watched.nextQueryAtMs === null;
  const unresolved: Event = {
    type: "alert_raised",
    alert: { key: `unresolved:${id}`, kind: "attempt_unresolved", subject: id, atMs: nowMs },
  };
  return done(
    "asked",
    { type: "attempt_changed", attempt: watched },
    { type: "query_wanted", attempt: id },
    ...(isGivenUp ? [unresolved] : []),
  );
}
