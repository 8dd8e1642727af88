import { ATTEMPT_LIFE_MS, nextQueryAtMs } from "../attempts/attempt.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import type { Event } from "../events.ts";
import type { GatewayName } from "../gateway.ts";
import {
  type LinkedAccount,
  type LinkedAccountId,
  MAX_LINKED_ACCOUNTS,
  over,
} from "../linking/linked-account.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** A customer links an account at a gateway. `gateway`: null where this installation can't link any there. */
export interface StartLink {
  readonly type: "start_link";
  readonly link: LinkedAccountId;
  readonly gateway: GatewayName | null;
  readonly returnUrl: string;
}

/** A link is recorded before its gateway hears of it. What failed at that gateway before is listed no longer. */
export function startLink(
  state: AccountState,
  { link: id, gateway, returnUrl }: StartLink,
  { nowMs }: Context,
): Decided<LinkedAccount> {
  if (!state.account) return err({ code: "account_not_found" });
  if (!gateway) return refused({ code: "linking_not_available", path: "gateway" });
  const known = state.linkedAccounts();
  const kept = known.filter(({ status }) => status === "pending" || status === "active");
  if (kept.length >= MAX_LINKED_ACCOUNTS)
    return refused({ code: "too_many_linked_accounts", path: "gateway" });
  const linkedAccount: LinkedAccount = {
    ...{ id, n: Math.max(0, ...known.map(({ n }) => n)) + 1, gateway, returnUrl },
    ...{ status: "pending", label: null, chosen: null, token: null, grant: null, failure: null },
    ...{ createdAs: null, redirectUrl: null },
    createdAtMs: nowMs,
    expiresAtMs: nowMs + ATTEMPT_LIFE_MS,
    endedAtMs: null,
    nextQueryAtMs: nextQueryAtMs(nowMs, nowMs),
    isAsked: false,
  };
  const failed = known.filter((other) => other.status === "failed" && other.gateway === gateway);
  return done(
    linkedAccount,
    ...failed.map((other): Event => changed(over(other, "removed", other.failure, nowMs))),
    changed(linkedAccount),
  );
}

const changed = (linkedAccount: LinkedAccount): Event => ({ type: "linked_account_changed", linkedAccount });
