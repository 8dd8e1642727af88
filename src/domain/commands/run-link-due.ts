import { nextQueryAtMs } from "../attempts/attempt.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import { isToBeUnlinked, type LinkedAccount, type LinkedAccountId, over } from "../linking/linked-account.ts";
import type { AccountState } from "../state.ts";

/** Time has passed for a link: its gateway is asked what became of it, or told of its end. */
export interface RunLinkDue {
  readonly type: "run_link_due";
  readonly link: LinkedAccountId;
}

export type LinkDueRan = "asked" | "given_up" | "nothing";

/** As attempts are asked about, and given up when nothing was heard for as long. (Domain: Linked accounts.) */
export function runLinkDue(
  state: AccountState,
  { link: id }: RunLinkDue,
  { nowMs }: Context,
): Decided<LinkDueRan> {
  const linked = state.linkedAccount(id);
  if (!linked || linked.nextQueryAtMs === null || linked.nextQueryAtMs > nowMs) return done("nothing");
  const nextAtMs = nextQueryAtMs(linked.endedAtMs ?? linked.createdAtMs, nowMs);
  if (nextAtMs === null) return done("given_up", ...givenUp(linked, nowMs));
  return done("asked", changed({ ...linked, nextQueryAtMs: nextAtMs, isAsked: true }), {
    type: "link_query_wanted",
    link: id,
  });
}

/** A gateway that can't be told of an end is somebody's to tell: the token is of no use to us. */
function givenUp(linked: LinkedAccount, atMs: number): Event[] {
  const { id, status } = linked;
  if (status === "pending") return [changed(over(linked, "failed", "expired", atMs))];
  if (!isToBeUnlinked(linked)) return [changed({ ...linked, nextQueryAtMs: null, isAsked: false })];
  return [
    changed({ ...linked, token: null, nextQueryAtMs: null, isAsked: false }),
    {
      type: "alert_raised",
      alert: { key: `unlink:${id}`, kind: "unlink_unresolved", subject: id, atMs },
    },
  ];
}

const changed = (linkedAccount: LinkedAccount): Event => ({ type: "linked_account_changed", linkedAccount });
