import type { Account } from "../account.ts";
import { callAbout } from "../console-call.ts";
import type { Event } from "../events.ts";
import { balanceOf } from "../ledger.ts";
import type { DayReading } from "../metering/reading.ts";
import { add, type Money, subtract } from "../money.ts";
import { hold as holdPosting } from "../postings.ts";
import { inService, type Resource } from "../resource.ts";
import type { AccountState } from "../state.ts";
import { switchTo } from "../usage.ts";
import { type Hold, holdAs, totalOf, wantedFor } from "./hold.ts";

/** So many daily runs in a row that miss something suspend a resource. (Domain: Held.) */
export const SHORT_RUNS_TO_SUSPEND = 3;

/** The daily run: what is wanted by its instant is held, as far as there is credit. The customer is told what is missing. */
export function runHold(
  state: AccountState,
  account: Account,
  resource: Resource,
  { atMs, readings }: { readonly atMs: number; readonly readings: readonly DayReading[] },
): Event[] {
  const wanted = wantedFor(resource, atMs, account, readings);
  const { hold, events } = holdAs(resource, wanted, balanceOf(state.balances, "credit_available"), atMs);
  const isShort = hold.missing > 0;
  const counted: Hold = { ...hold, shortRuns: isShort ? hold.shortRuns + 1 : 0 };
  const held: Resource = { ...resource, hold: counted };
  if (!isShort) return [{ type: "resource_changed", resource: held }, ...events];
  const isSuspended = counted.shortRuns >= SHORT_RUNS_TO_SUSPEND;
  const short: Event = {
    type: "notice_given",
    notice: {
      key: `hold_short:${resource.id}:${atMs}`,
      template: "hold_short",
      ...{ atMs, resource: resource.id, name: resource.name, isSuspended },
      ...{ total: totalOf(counted), missing: counted.missing },
    },
  };
  if (!isSuspended) return [{ type: "resource_changed", resource: held }, ...events, short];
  const suspended = suspendedAt(held, counted, atMs);
  const call = callAbout("resource.suspend", suspended, atMs);
  return [
    { type: "resource_changed", resource: suspended },
    ...events,
    { type: "console_called", call },
    short,
  ];
}

/** What is suspended uses nothing. */
function suspendedAt(resource: Resource, hold: Hold, atMs: number): Resource {
  const last = resource.segments.at(-1);
  if (!last) throw new Error(`${resource.id} isn't used`);
  const resumesAs = { catalogueVersion: last.catalogueVersion, configuration: last.configuration };
  return {
    ...resource,
    ...{ state: "suspended", hold: { ...hold, resumesAs }, version: resource.version + 1 },
    segments: switchTo(resource.segments, null, atMs),
  };
}

/**
 * Credit came in: what is suspended for want of it runs again, oldest first, where what is missing is there now. (Domain:
 * Held.)
 */
export function resumptions(state: AccountState, events: readonly Event[], nowMs: number): Event[] {
  const posted = events.flatMap((event) => (event.type === "money_posted" ? [event.transaction] : []));
  const cameIn = posted.some(
    ({ kind, transfers }) =>
      kind !== "release" &&
      transfers.some(({ from, to }) => to === "credit_available" && from !== "credit_held"),
  );
  if (!cameIn) return [];
  const moves = posted.flatMap(({ transfers }) => transfers);
  const gained = moves.reduce<Money>(
    (total, { from, to, amount }) => {
      if (to === "credit_available") return add(total, amount);
      return from === "credit_available" ? subtract(total, amount) : total;
    },
    balanceOf(state.balances, "credit_available"),
  );
  let available = gained;
  return state.suspendedForCredit().flatMap((resource) => {
    const { hold } = resource;
    if (!hold?.resumesAs || available < hold.missing) return [];
    available = subtract(available, hold.missing);
    return resumed(resource, hold, hold.resumesAs, nowMs);
  });
}

function resumed(
  resource: Resource,
  hold: Hold,
  next: NonNullable<Hold["resumesAs"]>,
  atMs: number,
): Event[] {
  const { id, name } = resource;
  const running: Resource = {
    ...inService(resource),
    hold: {
      ...{ ...hold, held: add(hold.held, hold.missing), missing: subtract(hold.missing, hold.missing) },
      ...{ shortRuns: 0, resumesAs: null },
    },
    segments: switchTo(resource.segments, next, atMs),
    version: resource.version + 1,
  };
  return [
    { type: "resource_changed", resource: running },
    ...holdPosting(hold.missing, { atMs, reference: id, description: `Held: ${name}` }),
    { type: "console_called", call: callAbout("resource.resume", running, atMs) },
    {
      type: "notice_given",
      notice: {
        key: `hold_resumed:${id}:${running.version}`,
        template: "hold_resumed",
        ...{ atMs, resource: id, name, amount: hold.missing },
      },
    },
  ];
}
