import { maySee } from "../account.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { LineId, OrderId, ResourceId } from "../ids.ts";
import type { Order } from "../order.ts";
import { deliverLine, type OpenLine, type PaidOrder, refundLines } from "../provisioning.ts";
import type { Resource } from "../resource.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** A product console tells how provisioning a line went. Saying the same again changes nothing. */
export interface AnswerProvisioning {
  readonly type: "answer_provisioning";
  readonly resource: ResourceId;
  readonly line: LineId;
  readonly outcome: { readonly status: "succeeded" } | { readonly status: "failed"; readonly reason: string };
}

export interface ProvisioningAnswered {
  readonly order: Order;
  readonly resource: Resource;
}

export function answerProvisioning(
  state: AccountState,
  { resource: id, line: lineId, outcome }: AnswerProvisioning,
  { nowMs, caller }: Context,
): Decided<ProvisioningAnswered> {
  if (!state.account) return err({ code: "account_not_found" });
  const resource = state.resource(id);
  if (!resource || !maySee(caller, resource.product)) return err({ code: "resource_not_found" });
  if (resource.line !== lineId) return err({ code: "order_line_not_found" });
  const paid = paidOrder(state, resource.order);
  const open = openLine(state, paid.order, lineId);
  switch (open.line.status) {
    case "active":
      return outcome.status === "succeeded"
        ? done({ order: paid.order, resource })
        : err({ code: "line_already_active" });
    case "refunded":
      return outcome.status === "failed"
        ? done({ order: paid.order, resource })
        : err({ code: "line_already_refunded" });
    default:
  }
  if (outcome.status === "succeeded") {
    const delivered = deliverLine(paid, open, nowMs);
    return done({ order: delivered.order, resource: delivered.resource }, ...delivered.events);
  }
  const { order, events } = refundLines(paid, [open], outcome.reason, nowMs);
  return done(
    { order, resource: { ...resource, state: "deleted", version: resource.version + 1 } },
    ...events,
  );
}

/** The paid order a resource came from. Resources exist only from a payment on, so its absence is a bug. */
export function paidOrder(state: AccountState, id: OrderId): PaidOrder {
  const order = state.order(id);
  const payment = order?.payment ? state.payment(order.payment) : null;
  if (!state.account || !order || !payment) throw new Error(`order ${id} was never paid`);
  return { account: state.account, documentCount: state.documentCount, order, payment };
}

export function openLine(state: AccountState, order: Order, id: LineId): OpenLine {
  const line = order.quote.lines.find((candidate) => candidate.id === id);
  const item = line && order.items[line.item];
  const resource = line?.resource ? state.resource(line.resource) : null;
  if (!line || !item || !resource) throw new Error(`line ${id} has no item or resource`);
  return { line, item, resource };
}
