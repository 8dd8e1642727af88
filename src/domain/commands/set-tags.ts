import { type Context, type Decided, done } from "../decision.ts";
import type { ResourceId } from "../ids.ts";
import type { Resource } from "../resource.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";
import { findResource } from "./find-resource.ts";

/** Replaces a resource's tags. They change nothing about it but how it is found. */
export interface SetTags {
  readonly type: "set_tags";
  readonly resource: ResourceId;
  readonly tags: Resource["tags"];
}

export function setTags(state: AccountState, command: SetTags, context: Context): Decided<Resource> {
  const found = findResource(state, command.resource, context);
  if (!found.ok) return found;
  if (found.value.state === "deleted") return err({ code: "resource_deleted" });
  const changed: Resource = { ...found.value, tags: command.tags };
  return done(changed, { type: "resource_changed", resource: changed });
}
