import { type ConsoleCall, callAbout } from "../console-call.ts";
import type { Event } from "../events.ts";
import { resourceIdOf } from "../ids.ts";
import type { Order, OrderLine } from "../order.ts";
import { isInTrash, newResource, type Resource } from "../resource.ts";
import type { AccountState } from "../state.ts";
import { convertRunning } from "./convert.ts";

interface StartedLine {
  readonly line: OrderLine;
  readonly resource: Resource;
  readonly call: ConsoleCall;
}

/** An order that was paid, or confirmed: each of its lines waits for its console. */
export function startLines(
  { account, counts, resource }: AccountState,
  order: Order,
  nowMs: number,
): { order: Order; resources: readonly Resource[]; events: readonly Event[] } {
  if (!account) throw new Error("an order without an account");
  const { timeZone } = account;
  const started = order.quote.lines.map((line, index) => {
    const n = counts.resources + index + 1;
    return startLine(line, order, line.resource && resource(line.resource), { n, nowMs, timeZone });
  });
  const lines = started.map(({ line }) => line);
  return {
    resources: started.map(({ resource }) => resource),
    order: { ...order, status: "provisioning", quote: { ...order.quote, lines }, paidAtMs: nowMs },
    events: started.flatMap(({ resource, call }): Event[] => [
      { type: "resource_changed", resource },
      { type: "console_called", call },
    ]),
  };
}

/** A line waits for its console: the resource it creates, or is about, is taken until that answers. */
function startLine(
  line: OrderLine,
  order: Order,
  existing: Resource | null,
  { n, nowMs, timeZone }: { n: number; nowMs: number; timeZone: string },
): StartedLine {
  const item = order.items[line.item];
  if (!item) throw new Error(`line ${line.id} was quoted without its item`);
  const pending = { order: order.id, line: line.id };
  if (existing) {
    const isConverted = order.action === "convert_poc" && !isInTrash(existing);
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
  const { id: orderId, product, billing } = order;
  const resource = newResource(line, item, { id, n, order: orderId, product, billing, policy, nowMs });
  const call = callAbout("resource.provision", resource, nowMs, pending);
  return { line: { ...line, status: "provisioning", resource: id }, resource, call };
}
