import type { Event } from "../events.ts";
import { smaller, subtract, ZERO } from "../money.ts";
import { release } from "../postings.ts";
import type { Resource } from "../resource.ts";
import { totalOf } from "./hold.ts";

interface Settled {
  readonly resource: Resource;
  readonly events: readonly Event[];
}

/** The change is made: what its resource wants now is held, and not more. (Domain: Held.) */
export function changeDelivered(resource: Resource, atMs: number): Settled {
  const { hold } = resource;
  if (!hold?.change) return { resource, events: [] };
  const { use, estimate } = hold.change;
  const held = smaller(hold.held, totalOf({ use, estimate }));
  return {
    resource: { ...resource, hold: { ...hold, use, estimate, held, missing: ZERO, change: null } },
    events: released(resource, subtract(hold.held, held), atMs),
  };
}

/** The change isn't made, or the resource never was: what was held for it is let go. */
export function changeFailed(resource: Resource, atMs: number): Settled {
  const { hold, state } = resource;
  if (!hold) return { resource, events: [] };
  const back = state === "deleted" ? hold.held : (hold.change?.taken ?? ZERO);
  return {
    resource: { ...resource, hold: { ...hold, held: subtract(hold.held, back), change: null } },
    events: released(resource, back, atMs),
  };
}

const released = ({ id, name }: Resource, amount: ReturnType<typeof subtract>, atMs: number): Event[] =>
  release(amount, { atMs, reference: id, description: `Released: ${name}` });
