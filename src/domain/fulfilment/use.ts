import { changeDelivered } from "../hold/settle.ts";
import type { NoticeOf } from "../notice.ts";
import type { Order } from "../order.ts";
import { type OpenLine, type Outcome, type PaidOrder, withLine } from "../provisioning.ts";
import { inService, isInTrash, type Resource, ranBefore } from "../resource.ts";
import { switchTo } from "../usage.ts";

/**
 * What is paid afterwards was set up, changed or recovered: it is used as it is from the minute on in which that was
 * confirmed. A change ends what ran before in that same minute. What was a trial is used since its conversion was
 * settled. (Domain: Postpaid, Use; POC.)
 */
export function useDelivered({ order: before }: PaidOrder, open: OpenLine, nowMs: number): Outcome {
  const { line, item, resource } = open;
  if (!line.configured || before.paidAtMs === null) throw new Error(`line ${line.id} was never confirmed`);
  const used = { catalogueVersion: before.quote.catalogueVersion, configuration: line.configured };
  // Nobody pays for what waits for its console: credit is only held for it.
  const fromMs = before.billing === "hold" ? nowMs : before.paidAtMs;
  const segments = resource.pending?.onPoc ? resource.segments : switchTo(resource.segments, used, fromMs);
  const startAtMs = segments.at(-1)?.startMs ?? nowMs;
  const held = changeDelivered(resource, nowMs);
  const isNew = resource.state === "provisioning" || isInTrash(resource);
  const changed = before.action === "resize" ? { configuration: item.configuration } : {};
  const delivered: Resource = {
    ...(isNew ? begun(held.resource, before, { startAtMs, nowMs }) : held.resource),
    ...changed,
    ...{ segments, pending: null, version: resource.version + 1 },
  };
  const order = withLine(before, { ...line, status: "active" });
  return {
    order,
    resource: delivered,
    events: [
      { type: "order_changed", order },
      { type: "resource_changed", resource: delivered },
      ...held.events,
      {
        type: "notice_given",
        notice: {
          key: `use_begun:${line.id}`,
          template: "use_begun",
          ...{ atMs: nowMs, resource: resource.id, name: resource.name },
          why: whyBegun(before),
          startAtMs,
        },
      },
    ],
  };
}

/** What is new, or back from the trash, runs; whatever it was paid for with before. */
const begun = (
  resource: Resource,
  { billing }: Order,
  { startAtMs, nowMs }: { startAtMs: number; nowMs: number },
): Resource => ({
  ...inService({ ...resource, state: "active" }),
  ...{ billing, terms: [], startAtMs, endAtMs: null, anchorDay: null, ran: ranBefore(nowMs) },
});

function whyBegun({ action }: Order): NoticeOf<"use_begun">["why"] {
  if (action === "convert_poc") return "tried";
  return action === "resize" ? "resized" : "created";
}
