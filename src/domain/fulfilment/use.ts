import { changeDelivered } from "../hold/settle.ts";
import { type OpenLine, type Outcome, type PaidOrder, withLine } from "../provisioning.ts";
import { type Resource, ranBefore } from "../resource.ts";
import { switchTo } from "../usage.ts";

/**
 * What is paid afterwards was set up, or changed: it is used as it is from the minute on in which that was confirmed.
 * A change ends what ran before in that same minute. (Domain: Postpaid, Use.)
 */
export function useDelivered({ order: before }: PaidOrder, open: OpenLine, nowMs: number): Outcome {
  const { line, item, resource } = open;
  if (!line.configured || before.paidAtMs === null) throw new Error(`line ${line.id} was never confirmed`);
  const used = { catalogueVersion: before.quote.catalogueVersion, configuration: line.configured };
  // Nobody pays for what waits for its console: credit is only held for it.
  const segments = switchTo(resource.segments, used, before.billing === "hold" ? nowMs : before.paidAtMs);
  const isNew = resource.state === "provisioning";
  const held = changeDelivered(resource, nowMs);
  const delivered: Resource = {
    ...held.resource,
    ...(isNew
      ? { state: "active", startAtMs: segments.at(-1)?.startMs ?? nowMs, ran: ranBefore(nowMs) }
      : {}),
    ...{ configuration: item.configuration, segments, pending: null, version: resource.version + 1 },
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
          why: isNew ? "created" : "resized",
          startAtMs: segments.at(-1)?.startMs ?? nowMs,
        },
      },
    ],
  };
}
