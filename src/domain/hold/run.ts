import type { Account } from "../account.ts";
import { callAbout } from "../console-call.ts";
import type { Event } from "../events.ts";
import { type Balances, balanceOf } from "../ledger.ts";
import type { DayReading } from "../metering/reading.ts";
import { add, subtract, ZERO } from "../money.ts";
import { balancesAfter, hold as holdPosting } from "../postings.ts";
import { inService, type Resource, ranBefore } from "../resource.ts";
import type { AccountState } from "../state.ts";
import { switchTo } from "../usage.ts";
import { type Hold, holdAs, totalOf, wantedFor } from "./hold.ts";

/** So many daily runs in a row that miss something suspend a resource. (Domain: Held.) */
export const SHORT_RUNS_TO_SUSPEND = 3;

/**
 * The daily run: what is wanted by its instant is held, as far as there is credit. The customer is told what is missing. Where
 * the account is postpaid by now nothing is suspended for that.
 */
export function runHold(
  balances: Balances,
  account: Account,
  resource: Resource,
  { atMs, readings }: { readonly atMs: number; readonly readings: readonly DayReading[] },
): Event[] {
  const wanted = wantedFor(resource, atMs, account, readings);
  const { hold, events } = holdAs(resource, wanted, balanceOf(balances, "credit_available"), atMs);
  const isShort = hold.missing > 0;
  const counted: Hold = { ...hold, shortRuns: isShort ? hold.shortRuns + 1 : 0 };
  const held: Resource = { ...resource, hold: counted };
  if (!isShort) return [{ type: "resource_changed", resource: held }, ...events];
  const isSuspended = account.billingMode === "prepaid" && counted.shortRuns >= SHORT_RUNS_TO_SUSPEND;
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
  const { catalogueVersion, configuration, levels = [] } = last;
  const resumesAs = { catalogueVersion, configuration, levels };
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
  let available = balanceOf(balancesAfter(state.balances, events), "credit_available");
  return state.suspendedForCredit().flatMap((resource) => {
    const { hold } = resource;
    if (!hold?.resumesAs || available < hold.missing) return [];
    available = subtract(available, hold.missing);
    return resumed(resource, hold, hold.resumesAs, nowMs);
  });
}

/**
 * The account is paid by the month now: what was suspended for want of credit runs again, as nothing has to be held for it any
 * more. What is held for its use stays so until its month is closed. (Domain: Two kinds of account.)
 */
export const runAfterAll = (state: AccountState, atMs: number): Event[] =>
  state.suspendedForCredit().flatMap((resource) => {
    const { hold } = resource;
    if (!hold?.resumesAs) return [];
    const free = { ...hold, ...{ missing: ZERO, estimate: ZERO } };
    return resumed({ ...resource, billing: "postpaid" }, free, hold.resumesAs, atMs);
  });

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
      ...{ ...hold, held: add(hold.held, hold.missing), missing: ZERO },
      ...{ shortRuns: 0, resumesAs: null },
    },
    // Runs that it was suspended at aren't made up for.
    ran: ranBefore(atMs),
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
