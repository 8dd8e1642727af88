import { addDays } from "../calendar.ts";
import { type CallType, callAbout } from "../console-call.ts";
import type { Event } from "../events.ts";
import { ZERO } from "../money.ts";
import type { Notice } from "../notice.ts";
import { POC_TRASH_DAYS } from "../poc/wallet.ts";
import type { Resource } from "../resource.ts";
import { type Calendar, type Milestone, milestonesAhead } from "./schedule.ts";

type Change = Milestone & { readonly kind: "change" };
type Reminder = Milestone & { readonly kind: "reminder" };

/** What the end of its time, or of its stay in the trash, makes of a resource, and who is told. (Domain: Lifecycle.) */
export function changeState(resource: Resource, change: Change, account: Calendar): Event[] {
  const { atMs, to, trashes } = change;
  const trashDays = resource.billing === "poc" ? POC_TRASH_DAYS : resource.policy.lifecycle.trashDays;
  const changed: Resource = {
    ...resource,
    state: to,
    deletesAtMs: trashes ? addDays(atMs, trashDays, account.timeZone) : resource.deletesAtMs,
    version: to === "deleted" || trashes ? resource.version + 1 : resource.version,
  };
  return [
    { type: "resource_changed", resource: changed },
    { type: "console_called", call: callAbout(callFor(change), changed, atMs) },
    { type: "notice_given", notice: changedNotice(changed, change, account) },
  ];
}

/** One mail before or after the end. */
export function remind(resource: Resource, { atMs, days }: Reminder): Event[] {
  const { id, name, state, endAtMs, deletesAtMs, autoRenew, billing } = resource;
  if (endAtMs === null) throw new Error(`${id} has no end to be reminded of`);
  return [
    { type: "resource_changed", resource },
    {
      type: "notice_given",
      notice: {
        key: `expiry_reminder:${id}:${endAtMs}:${days}`,
        template: "expiry_reminder",
        ...{ atMs, resource: id, name, state, endAtMs, deletesAtMs, days },
        isAutoRenewed: autoRenew.enabled && billing === "prepaid" && days < 0,
        isOnPoc: billing === "poc",
      },
    },
  ];
}

function callFor({ to, trashes }: Change): CallType {
  if (to === "restricted") return "resource.restrict";
  if (to === "deleted") return "resource.delete";
  return trashes ? "resource.trash" : "resource.suspend";
}

function changedNotice(resource: Resource, { atMs, to }: Change, account: Calendar): Notice {
  const { id, name, endAtMs, deletesAtMs, billing } = resource;
  const told = { key: `resource_${to}:${id}:${endAtMs ?? deletesAtMs}`, atMs, resource: id, name };
  const next = milestonesAhead(resource, account).find(({ kind }) => kind === "change");
  const nextAtMs = next?.atMs ?? atMs;
  switch (to) {
    case "restricted":
      return { ...told, template: "resource_restricted", nextAtMs };
    case "suspended":
      return {
        ...told,
        template: "resource_suspended",
        deletesAtMs: nextAtMs,
        isInTrash: deletesAtMs !== null,
        isOnPoc: billing === "poc",
      };
    case "deleted":
      return { ...told, template: "resource_deleted", refund: ZERO, isOnPoc: billing === "poc" };
  }
}
