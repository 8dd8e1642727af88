import { maySee } from "../account.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import { deliverLine } from "../fulfilment/deliver.ts";
import { refundLines, undoingCall } from "../fulfilment/refund.ts";
import { type LineId, orderIdOf, type ResourceId } from "../ids.ts";
import type { Order } from "../order.ts";
import type { Resource } from "../resource.ts";
import { err, ok } from "../result.ts";
import type { AccountState } from "../state.ts";
import { openLine, paidOrder, provisioningEndsAtMs, refundSilentLines } from "./paid-order.ts";

/**
 * A product console tells how provisioning a line went. Saying the same again changes nothing; a success that comes
 * after the refund has the console told to undo what it did. (Domain: Checkout.)
 */
export interface AnswerProvisioning {
  readonly type: "answer_provisioning";
  readonly resource: ResourceId;
  readonly line: LineId;
  readonly outcome: { readonly status: "succeeded" } | { readonly status: "failed"; readonly reason: string };
}

export interface ProvisioningAnswered {
  readonly order: Order;
  readonly resource: Resource;
  /** The line was refunded before: the console has been told to undo what it did. */
  readonly isTooLate: boolean;
}

export function answerProvisioning(
  state: AccountState,
  { resource: id, line: lineId, outcome }: AnswerProvisioning,
  { nowMs, caller }: Context,
): Decided<ProvisioningAnswered> {
  if (!state.account) return err({ code: "account_not_found" });
  const resource = state.resource(id);
  if (!resource || !maySee(caller, resource.product)) return err({ code: "resource_not_found" });
  const ordered = state.order(orderIdOf(lineId))?.quote.lines.find(({ id }) => id === lineId);
  if (ordered?.resource !== id || ordered.status === "pending") return err({ code: "order_line_not_found" });
  const paid = paidOrder(state, orderIdOf(lineId));
  const open = openLine(state, paid.order, lineId);
  switch (open.line.status) {
    case "active":
      return outcome.status === "succeeded"
        ? done({ order: paid.order, resource, isTooLate: false })
        : err({ code: "line_already_active" });
    case "refunded":
      return outcome.status === "failed"
        ? done({ order: paid.order, resource, isTooLate: false })
        : tooLate(
            { order: paid.order, resource },
            { type: "console_called", call: undoingCall(resource, open.line, paid.order, nowMs) },
          );
    default:
  }
  if (outcome.status === "succeeded") {
    if (nowMs >= provisioningEndsAtMs(paid.order)) {
      const { order, resources, events } = refundSilentLines(state, paid);
      return tooLate({ order, resource: resources.find((other) => other.id === id) ?? resource }, ...events);
    }
    const delivered = deliverLine(paid, open, nowMs);
    return done(
      { order: delivered.order, resource: delivered.resource, isTooLate: false },
      ...delivered.events,
    );
  }
  const { order, resources, events } = refundLines(paid, [open], outcome.reason, nowMs);
  return done({ order, resource: resources[0] ?? resource, isTooLate: false }, ...events);
}

/** It is a refusal with an effect, and like every refusal of the present state it isn't kept for replays. */
const tooLate = (
  answer: Omit<ProvisioningAnswered, "isTooLate">,
  ...events: readonly Event[]
): Decided<ProvisioningAnswered> =>
  ok({ kind: "done", events, answer: { ...answer, isTooLate: true }, isProvisional: true });
