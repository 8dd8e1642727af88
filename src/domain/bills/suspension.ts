import { callAbout } from "../console-call.ts";
import type { Event } from "../events.ts";
import { isInTrash, type Resource } from "../resource.ts";
import type { AccountState } from "../state.ts";
import { paused, resumed } from "../usage.ts";

/** What runs and is paid by the month stops until the account's bills are paid; its use pauses. (Domain: Postpaid, Overdue.) */
export const suspendUse = (state: AccountState, atMs: number): Event[] =>
  state
    .usedResources()
    .filter(({ billing, state, pending }) => {
      const runs = state === "active" || state === "stopped";
      return billing === "postpaid" && runs && !pending;
    })
    .flatMap((resource) => {
      const suspended: Resource = {
        ...resource,
        ...{ state: "suspended", segments: paused(resource.segments, atMs), version: resource.version + 1 },
      };
      return [
        { type: "resource_changed", resource: suspended },
        { type: "console_called", call: callAbout("resource.suspend", suspended, atMs) },
      ];
    });

/** What was suspended for bills. What lies in the trash isn't. */
export const isSuspendedForBills = (resource: Resource): boolean =>
  resource.billing === "postpaid" && resource.state === "suspended" && !isInTrash(resource);

/** It runs again, in the transaction in which they are paid. */
export const resumeUse = (state: AccountState, atMs: number): Event[] =>
  state
    .usedResources()
    .filter(isSuspendedForBills)
    .flatMap((resource) => {
      const running: Resource = {
        ...resource,
        ...{ state: "active", segments: resumed(resource.segments, atMs), version: resource.version + 1 },
      };
      return [
        { type: "resource_changed", resource: running },
        { type: "console_called", call: callAbout("resource.resume", running, atMs) },
      ];
    });
