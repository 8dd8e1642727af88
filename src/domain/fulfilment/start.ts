import { type ConsoleCall, callAbout } from "../console-call.ts";
import { resourceIdOf } from "../ids.ts";
import type { Order, OrderLine } from "../order.ts";
import type { PayMethod } from "../payment.ts";
import { newResource, type Resource } from "../resource.ts";
import { convertRunning } from "./convert.ts";

export interface StartedLine {
  readonly line: OrderLine;
  readonly resource: Resource;
  readonly call: ConsoleCall;
}

/** A paid line waits for its console: the resource it creates, or is about, is taken until that answers. */
export function startLine(
  line: OrderLine,
  order: Order,
  existing: Resource | null,
  { n, nowMs, method, timeZone }: { n: number; nowMs: number; method: PayMethod; timeZone: string },
): StartedLine {
  const item = order.items[line.item];
  if (!item) throw new Error(`line ${line.id} was quoted without its item`);
  const pending = { order: order.id, line: line.id };
  if (existing) {
    const isConverted = order.action === "convert_poc" && existing.endAtMs !== null;
    const resource: Resource = isConverted
      ? convertRunning(existing, { order, line, item }, { nowMs, timeZone })
      : { ...existing, pending, version: existing.version + 1 };
    const call =
      order.action === "resize"
        ? callAbout("resource.resize", { ...resource, configuration: item.configuration }, nowMs, pending)
        : callAbout("resource.recover", resource, nowMs, pending);
    return { line: { ...line, status: "provisioning" }, resource, call };
  }
  const policy = order.quote.policies[item.resourceType];
  if (!policy) throw new Error(`line ${line.id} was quoted without its policy`);
  const id = resourceIdOf(line.id);
  const resource = newResource(line, item, {
    ...{ id, n, order: order.id, product: order.product, policy, nowMs },
    billing: method === "poc" ? "poc" : "prepaid",
  });
  const call = callAbout("resource.provision", resource, nowMs, pending);
  return { line: { ...line, status: "provisioning", resource: id }, resource, call };
}
