import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import type { ResourceId } from "../ids.ts";
import type { AutoRenew } from "../order.ts";
import { isInTrash, type Resource } from "../resource.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";
import { findResource } from "./find-resource.ts";

/** Turns auto-renewal on or off, or changes its months. Some types let only support turn it off. (Domain: Lifecycle.) */
export interface SetAutoRenew {
  readonly type: "set_auto_renew";
  readonly resource: ResourceId;
  readonly autoRenew: AutoRenew;
}

export function setAutoRenew(
  state: AccountState,
  command: SetAutoRenew,
  context: Context,
): Decided<Resource> {
  const found = findResource(state, command.resource, context);
  if (!found.ok) return found;
  const resource = found.value;
  const { policy, autoRenew: before } = resource;
  const { enabled } = command.autoRenew;
  if (enabled && (!policy.autoRenewable || resource.billing !== "prepaid"))
    return refused({ code: "not_auto_renewable", path: "enabled" });
  if (resource.state === "deleted") return err({ code: "resource_deleted" });
  if (isInTrash(resource)) return err({ code: "resource_in_trash" });
  const mayTurnOff = policy.autoRenewOffBy === "customer" || context.caller.role === "admin";
  if (before.enabled && !enabled && !mayTurnOff) return err({ code: "auto_renew_off_by_support" });
  const changed: Resource = {
    ...resource,
    autoRenew: command.autoRenew,
    autoRenewSetAtMs: before.enabled === enabled ? resource.autoRenewSetAtMs : context.nowMs,
  };
  return done(changed, { type: "resource_changed", resource: changed });
}
