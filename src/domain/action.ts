import type { StateCode } from "./errors.ts";
import type { Action } from "./order.ts";
import { isInTrash, type Resource } from "./resource.ts";

/** What keeps an action from being done to a resource in its present state, or null. (Domain: Lifecycle.) */
export function hindrance(
  action: Action | "delete" | "stop_poc",
  resource: Resource,
  nowMs: number,
): StateCode | null {
  const { state, endAtMs, billing } = resource;
  if (state === "deleted") return "resource_deleted";
  if (resource.pending) return "resource_busy";
  const isOnPoc = resource.billing === "poc";
  if ((action === "convert_poc" || action === "stop_poc") && !isOnPoc) return "resource_not_on_poc";
  if (action === "convert_poc") return null;
  if (action === "match_end_time" && isOnPoc) return "resource_on_poc";
  if (action === "recover") return isInTrash(resource) ? null : "resource_not_in_trash";
  if (isInTrash(resource)) return "resource_in_trash";
  if (action !== "resize") return null;
  const runs = state === "active" || state === "stopped";
  if (billing === "postpaid" || billing === "hold") return runs ? null : "resource_not_in_service";
  const hasTimeLeft = endAtMs !== null && endAtMs > nowMs;
  return hasTimeLeft && runs ? null : "resource_expired";
}
