import type { Account } from "../account.ts";
import { addDays, atMinuteOfDay } from "../calendar.ts";
import { HOUR_MS } from "../local-time.ts";
import type { Ran, Resource } from "../resource.ts";
import { lengthMs } from "../terms.ts";
import { monthToClose } from "../unbilled.ts";

/** Days from the end at which a customer is reminded, at the end's local time of day. (Domain: Lifecycle.) */
export const REMINDER_DAYS: readonly number[] = [-7, -5, -3, -1, 0, 1, 3, 7, 14];
/** The same for what lives on trial money. (Domain: POC.) */
export const POC_REMINDER_DAYS: readonly number[] = [-7, -3, -1, 1, 3];
/** Days from the end on which renewal is attempted, at this local minute of day. */
export const AUTO_RENEW_DAYS: readonly number[] = [-7, -4, -1, 0];
export const AUTO_RENEW_AT_MINUTE = 8 * 60;
/** On the last day it is attempted this long before the end at the latest. */
export const AUTO_RENEW_LEAD_MS = HOUR_MS;

/** What happens at one instant happens in this order, whichever resources it happens to. (Domain: Lifecycle.) */
export const TURN = { close: 0, hold: 0.5, renewal: 1, conversion: 2, change: 2, reminder: 3 } as const;

/** Something that time does to a resource. */
export type Milestone = { readonly atMs: number } /** A month of its use is invoiced. */ & (
  | { readonly kind: "close" }
  /** Credit is held for its use. */
  | { readonly kind: "hold" }
  | { readonly kind: "renewal"; readonly isLast: boolean }
  /** What was prepaid is used before it is paid from now on. */
  | { readonly kind: "conversion" }
  | {
      readonly kind: "change";
      readonly to: "restricted" | "suspended" | "deleted";
      readonly trashes: boolean;
    }
  | { readonly kind: "reminder"; readonly days: number }
);

/** The first milestones of a resource that haven't happened yet, in order; none while an action is in progress. */
export function milestonesAhead(resource: Resource, account: Calendar): Milestone[] {
  if (resource.pending) return [];
  // A month that is closed is no more the resource's: whatever else has happened, one that is has still to be.
  const closes = monthClose(resource, account);
  if (resource.state === "deleted") return closes;
  const { timeZone, billingMode } = account;
  const ahead =
    billingMode === "prepaid"
      ? [
          ...holdRun(resource, timeZone),
          ...renewals(resource, timeZone),
          ...changes(resource, timeZone),
          ...reminders(resource, timeZone),
        ]
      : [
          ...holdRun(resource, timeZone),
          ...conversion(resource),
          ...changes(resource, timeZone),
          ...lateReminders(resource, timeZone),
        ];
  return [...closes, ...ahead.filter((milestone) => isAhead(milestone, resource.ran))].sort(
    (a, b) => a.atMs - b.atMs || TURN[a.kind] - TURN[b.kind],
  );
}

/** What of an account its resources' time depends on. */
export type Calendar = Pick<Account, "timeZone" | "billingMode">;

function monthClose(resource: Resource, { timeZone }: Calendar): Milestone[] {
  const month = monthToClose(resource, timeZone);
  return month ? [{ kind: "close", atMs: month.closesAtMs }] : [];
}

/** Daily at its type's hour, while it runs. (Domain: Held.) */
function holdRun({ billing, state, policy, ran }: Resource, timeZone: string): Milestone[] {
  if (billing !== "hold" || (state !== "active" && state !== "stopped")) return [];
  const [hours = 0, minutes = 0] = (policy.holdRunAt ?? "00:00").split(":").map(Number);
  const todayMs = atMinuteOfDay(ran.atMs, hours * 60 + minutes, timeZone);
  const isOver = todayMs < ran.atMs || (todayMs === ran.atMs && ran.turn >= TURN.hold);
  return [{ kind: "hold", atMs: isOver ? addDays(todayMs, 1, timeZone) : todayMs }];
}

/** Where the account is postpaid by now, what runs to its end isn't renewed. (Domain: Two kinds of account.) */
function conversion({ endAtMs, state, billing }: Resource): Milestone[] {
  const runs = state === "active" || state === "stopped";
  return endAtMs === null || !runs || billing !== "prepaid" ? [] : [{ kind: "conversion", atMs: endAtMs }];
}

/** Its end needs no reminder where the account is postpaid by now; what is not, or could not be converted does. */
const lateReminders = (resource: Resource, timeZone: string): Milestone[] =>
  reminders(resource, timeZone).filter(
    (milestone) => milestone.kind === "reminder" && (milestone.days > 0 || resource.billing === "poc"),
  );

/** When time next does something to a resource, and its place among what is due at that instant in the account. */
export interface ResourceDue {
  readonly atMs: number;
  readonly turn: string;
}

const DIGITS_OF_AN_INSTANT = 15;

/** Holds come by oldest resource, renewals by earliest end, and all things then by id. (Domain: Lifecycle.) */
export function resourceDue(resource: Resource, account: Calendar): ResourceDue | null {
  const [next] = milestonesAhead(resource, account);
  if (!next) return null;
  const order = next.kind === "hold" ? resource.n : (resource.endAtMs ?? next.atMs);
  const end = String(order).padStart(DIGITS_OF_AN_INSTANT, "0");
  return { atMs: next.atMs, turn: `${TURN[next.kind]} ${end}` };
}

/** By a milestone, everything of its instant that would tell the customer the same thing again has happened. */
export const ranThrough = ({ atMs }: Pick<Milestone, "atMs">): Ran => ({ atMs, turn: TURN.reminder });

const isAhead = ({ atMs, kind }: Milestone, ran: Ran): boolean =>
  atMs > ran.atMs || (atMs === ran.atMs && TURN[kind] > ran.turn);

/** Only while it runs and isn't expired, and not before it was asked for. */
function renewals(resource: Resource, timeZone: string): Milestone[] {
  const { endAtMs, autoRenew, autoRenewSetAtMs, state, billing } = resource;
  const runs = state === "active" || state === "stopped";
  if (endAtMs === null || !autoRenew.enabled || !runs || billing !== "prepaid") return [];
  return AUTO_RENEW_DAYS.map((days): Milestone => {
    const isLast = days === 0;
    const morningMs = atMinuteOfDay(addDays(endAtMs, days, timeZone), AUTO_RENEW_AT_MINUTE, timeZone);
    const atMs = isLast ? Math.min(morningMs, endAtMs - AUTO_RENEW_LEAD_MS) : morningMs;
    return { kind: "renewal", atMs, isLast };
  }).filter(({ atMs }) => atMs >= autoRenewSetAtMs);
}

/**
 * After the end: restricted, suspended, deleted; under the trash policy suspended at once, as what is in the trash is.
 * Restricted time is never longer than the last term really was. What lives on trial money has no grace, and what is
 * metered no trash. (Domain: POC.)
 */
function changes(resource: Resource, timeZone: string): Milestone[] {
  const { endAtMs, deletesAtMs, policy, terms, state, billing } = resource;
  const change = (to: (Milestone & { kind: "change" })["to"], atMs: number, trashes = false): Milestone => ({
    kind: "change",
    ...{ to, atMs, trashes },
  });
  if (deletesAtMs !== null) return [change("deleted", deletesAtMs)];
  if (endAtMs === null) return [];
  if (billing === "poc")
    return policy.isMetered ? [change("deleted", endAtMs)] : [change("suspended", endAtMs, true)];
  const { graceDays, suspensionDays, trashDays } = policy.lifecycle;
  if (graceDays === 0 && suspensionDays === 0) {
    return trashDays === 0 ? [change("deleted", endAtMs)] : [change("suspended", endAtMs, true)];
  }
  const last = terms.at(-1);
  const graceEndsAtMs = addDays(endAtMs, graceDays, timeZone);
  const suspendedAtMs = last ? Math.min(graceEndsAtMs, endAtMs + lengthMs(last)) : graceEndsAtMs;
  const deletedAtMs = addDays(endAtMs, graceDays + suspensionDays, timeZone);
  return [
    ...(suspendedAtMs > endAtMs && state !== "suspended" ? [change("restricted", endAtMs)] : []),
    ...(suspendedAtMs < deletedAtMs ? [change("suspended", suspendedAtMs)] : []),
    change("deleted", deletedAtMs),
  ];
}

/** Until it is renewed or deleted, also from the trash that its end brought it into. */
function reminders({ endAtMs, billing }: Resource, timeZone: string): Milestone[] {
  if (endAtMs === null) return [];
  const reminderDays = billing === "poc" ? POC_REMINDER_DAYS : REMINDER_DAYS;
  return reminderDays.map((days) => ({ kind: "reminder", atMs: addDays(endAtMs, days, timeZone), days }));
}
