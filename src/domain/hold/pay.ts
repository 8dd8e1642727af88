import type { NeedsReadings } from "../decision.ts";
import type { DomainError } from "../errors.ts";
import type { Event } from "../events.ts";
import { type Settled, settleOrder } from "../fulfilment/settle.ts";
import { type PaymentId, type ResourceId, resourceIdOf } from "../ids.ts";
import { balanceOf } from "../ledger.ts";
import { type Money, subtract, sum, ZERO } from "../money.ts";
import type { Order, OrderLine } from "../order.ts";
import { hold as holdPosting } from "../postings.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";
import { needsMeters } from "../unbilled.ts";
import { switchTo } from "../usage.ts";
import { type Hold, NO_HOLD, totalOf, type Wanted, wantedFor } from "./hold.ts";
import { neededUpTo, type Readings } from "./readings.ts";

/** What a line wants held, and how much of it isn't yet. */
export interface LineHold {
  readonly resource: ResourceId;
  readonly name: string;
  readonly before: Hold;
  readonly wanted: Wanted;
  readonly taken: Money;
  readonly isNew: boolean;
}

/** What confirming an order holds of available credit. */
export const takenFor = (holds: readonly LineHold[]): Money => sum(holds.map(({ taken }) => taken));

/**
 * Confirms an order of what is held for: nothing is paid, and credit for its use is held at once, or it is refused. A change holds what
 * the new configuration wants more; what it wants less is let go once it is delivered. (Domain: Held.)
 */
export function payByHold(
  state: AccountState,
  order: Order,
  { id, readings }: { readonly id: PaymentId; readonly readings: Readings },
  nowMs: number,
): Result<Settled | NeedsReadings, DomainError> {
  const holds = lineHolds(state, order, readings, nowMs);
  if ("kind" in holds) return ok(holds);
  const available = balanceOf(state.balances, "credit_available");
  const needed = takenFor(holds);
  if (available < needed)
    return err({ code: "insufficient_credit", available, missing: subtract(needed, available) });
  const settled = settleOrder(
    state,
    order,
    { id, method: "hold", from: "credit_available", pending: null },
    nowMs,
  );
  const events = settled.events.map((event) => withHold(event, holds));
  const held = holds.flatMap(({ resource, name, taken }) =>
    holdPosting(taken, { atMs: nowMs, reference: resource, description: `Held: ${name}` }),
  );
  return ok({ ...settled, events: [...events, ...held] });
}

/** What each line wants held as of an instant, or what must be known of a resource's meters to say so. */
export function lineHolds(
  state: AccountState,
  order: Order,
  readings: Readings,
  nowMs: number,
): LineHold[] | NeedsReadings {
  const holds: LineHold[] = [];
  for (const line of order.quote.lines) {
    const existing = line.resource ? state.resource(line.resource) : null;
    if (existing && needsMeters(existing) && !readings[existing.id]) return neededUpTo(existing, nowMs);
    holds.push(lineHold(state, order, line, readings, nowMs));
  }
  return holds;
}

function lineHold(
  { account, resource }: AccountState,
  order: Order,
  line: OrderLine,
  readings: Readings,
  nowMs: number,
): LineHold {
  if (!account || !line.configured) throw new Error(`line ${line.id} was quoted without what it uses`);
  const existing = line.resource ? resource(line.resource) : null;
  const next = { catalogueVersion: order.quote.catalogueVersion, configuration: line.configured };
  const segments = switchTo(existing?.segments ?? [], next, nowMs);
  const use = { segments, closed: existing?.closed ?? null };
  const wanted = wantedFor(use, nowMs, account, (existing && readings[existing.id]) ?? []);
  const before = existing?.hold ?? NO_HOLD;
  const more = subtract(totalOf(wanted), before.held);
  return {
    ...{ resource: existing?.id ?? resourceIdOf(line.id), name: line.name },
    ...{ before, wanted, taken: more > 0 ? more : ZERO, isNew: existing === null },
  };
}

/** The resource that an order's event is about knows what is held for it. */
function withHold(event: Event, holds: readonly LineHold[]): Event {
  const of =
    event.type === "resource_changed" && holds.find(({ resource }) => resource === event.resource.id);
  if (!of) return event;
  const { before, wanted, taken } = of;
  const held = (before.held + taken) as Money;
  const hold: Hold = of.isNew
    ? { ...before, ...wanted, held }
    : { ...before, held, change: { ...wanted, taken } };
  return { ...event, resource: { ...event.resource, hold } };
}
