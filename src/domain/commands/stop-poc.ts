import { hindrance } from "../action.ts";
import { callAbout } from "../console-call.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { ResourceId } from "../ids.ts";
import type { Money } from "../money.ts";
import { givePocBack, trashed } from "../poc/give-back.ts";
import type { Resource } from "../resource.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";
import { unusedValue } from "../terms.ts";
import { findResource } from "./find-resource.ts";

/**
 * A customer ends a trial: the rest of its time is trial money again, and the resource waits in the trash to be
 * recovered or converted. (Domain: POC.)
 */
export interface StopPoc {
  readonly type: "stop_poc";
  readonly resource: ResourceId;
}

export interface PocStopped {
  readonly resource: Resource;
  readonly refund: Money;
}

export function stopPoc(state: AccountState, command: StopPoc, context: Context): Decided<PocStopped> {
  const { nowMs } = context;
  const found = findResource(state, command.resource, context);
  if (!found.ok) return found;
  const resource = found.value;
  const hindered = hindrance("stop_poc", resource, nowMs);
  if (hindered) return err({ code: hindered });
  const { account, counts } = state;
  if (!account) throw new Error("a resource without an account");
  const refund = unusedValue(resource.terms, nowMs, account.timeZone).paid;
  const stopped = trashed(resource, nowMs, account.timeZone);
  const { id, name, version, deletesAtMs } = stopped;
  if (deletesAtMs === null) throw new Error(`${id} isn't in the trash`);
  return done(
    { resource: stopped, refund },
    { type: "resource_changed", resource: stopped },
    ...givePocBack(state, resource, { amount: refund, n: counts.payments + 1, reason: "Stopped" }, nowMs),
    { type: "console_called", call: callAbout("resource.trash", stopped, nowMs) },
    {
      type: "notice_given",
      notice: {
        key: `resource_given_up:${id}:${version}`,
        template: "resource_trashed",
        ...{ atMs: nowMs, resource: id, name, refund, deletesAtMs, isOnPoc: true },
      },
    },
  );
}
