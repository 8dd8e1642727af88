import { maySee } from "../account.ts";
import { callAbout } from "../console-call.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import type { LineId, ResourceId } from "../ids.ts";
import type { Order } from "../order.ts";
import { deliverLine, refundLines } from "../provisioning.ts";
import type { Resource } from "../resource.ts";
import { err, ok } from "../result.ts";
import type { AccountState } from "../state.ts";
import { openLine, paidOrder, provisioningEndsAtMs, refundSilentLines } from "./paid-order.ts";

/**
 * A product console tells how provisioning a line went. Saying the same again changes nothing; a success that comes
 * after the refund has the console told to delete what it made. (Domain: Checkout.)
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
  /** The line was refunded before: the console has been told to delete what it made. */
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
  if (resource.line !== lineId) return err({ code: "order_line_not_found" });
  const paid = paidOrder(state, resource.order);
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
            { type: "console_called", call: callAbout("resource.delete", resource, nowMs) },
          );
    default:
  }
  if (outcome.status === "succeeded") {
    if (nowMs >= provisioningEndsAtMs(paid.order)) {
      const { order, events } = refundSilentLines(state, paid);
      return tooLate({ order, resource: deletedFrom(resource) }, ...events);
    }
    const delivered = deliverLine(paid, open, nowMs);
    return done(
      { order: delivered.order, resource: delivered.resource, isTooLate: false },
      ...delivered.events,
    );
  }
  const { order, events } = refundLines(paid, [open], outcome.reason, nowMs);
  return done({ order, resource: deletedFrom(resource), isTooLate: false }, ...events);
}

const deletedFrom = (resource: Resource): Resource => ({
  ...resource,
  state: "deleted",
  version: resource.version + 1,
});

/** It is a refusal with an effect, and like every refusal of the present state it isn't kept for replays. */
const tooLate = (
  answer: Omit<ProvisioningAnswered, "isTooLate">,
  ...events: readonly Event[]
): Decided<ProvisioningAnswered> =>
  ok({ kind: "done", events, answer: { ...answer, isTooLate: true }, isProvisional: true });
