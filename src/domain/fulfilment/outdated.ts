import { hindrance } from "../action.ts";
import type { StateCode } from "../errors.ts";
import type { Order } from "../order.ts";
import type { AccountState } from "../state.ts";

/** Why an order's quote no longer fits its resources, or null. (Domain: Checkout, versions.) */
export function outdatedBy(state: AccountState, { quote, action }: Order, nowMs: number): StateCode | null {
  for (const line of quote.lines) {
    if (line.resource === null) continue;
    const resource = state.resource(line.resource);
    if (!resource) throw new Error(`line ${line.id} is about no resource`);
    const code = hindrance(action, resource, nowMs);
    if (code) return code;
    if (resource.version !== line.resourceVersion) return "resource_changed";
    if (line.endAtMs !== null && line.endAtMs <= nowMs) return "quote_expired";
  }
  return null;
}
