import { type Context, type Decided, done } from "../decision.ts";
import type { ResourceId } from "../ids.ts";
import type { Resource } from "../resource.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";
import { findResource } from "./find-resource.ts";

/** A resource was stopped, or started again. It costs the same; what isn't in service can't be either. (Domain: Lifecycle.) */
export interface SetPower {
  readonly type: "set_power";
  readonly resource: ResourceId;
  readonly state: "active" | "stopped";
}

export function setPower(state: AccountState, command: SetPower, context: Context): Decided<Resource> {
  const found = findResource(state, command.resource, context);
  if (!found.ok) return found;
  const resource = found.value;
  if (resource.state === command.state) return done(resource);
  if (resource.state !== "active" && resource.state !== "stopped")
    return err({ code: resource.state === "deleted" ? "resource_deleted" : "resource_not_in_service" });
  const changed: Resource = { ...resource, state: command.state };
  return done(changed, { type: "resource_changed", resource: changed });
}
