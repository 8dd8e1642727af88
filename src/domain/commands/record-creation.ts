import type { AttemptId } from "../attempts/attempt.ts";
import { fail } from "../attempts/outcome.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { FailureReason } from "../gateway.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** What a gateway answered when it was told of an attempt; `redirectUrl`: null where nobody is wanted there. An answer that was lost isn't recorded: the attempt stays open. */
export interface RecordCreation {
  readonly type: "record_creation";
  readonly attempt: AttemptId;
  readonly outcome:
    | { readonly kind: "created"; readonly redirectUrl: string | null; readonly createdAs: string | null }
    | { readonly kind: "failed"; readonly reason: FailureReason };
}

/** Counts only while the attempt is open: its end may have been heard of first. */
export function recordCreation(
  state: AccountState,
  { attempt: id, outcome }: RecordCreation,
  { nowMs }: Context,
): Decided<null> {
  const attempt = state.attempt(id);
  if (!attempt) return err({ code: "payment_not_found" });
  if (attempt.status !== "open") return done(null);
  return outcome.kind === "failed"
    ? done(null, ...fail(state, attempt, outcome.reason, nowMs))
    : done(null, {
        type: "attempt_changed",
        attempt: {
          ...attempt,
          redirectUrl: outcome.redirectUrl,
          createdAs: outcome.createdAs,
          isAsked: false,
        },
      });
}
