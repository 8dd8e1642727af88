import type { Account } from "../account.ts";
import type { Event } from "../events.ts";
import { estimatedUse } from "../metering/estimate.ts";
import { LocalDays } from "../metering/local-days.ts";
import type { DayReading } from "../metering/reading.ts";
import { add, larger, type Money, smaller, subtract, ZERO } from "../money.ts";
import { hold as holdPosting, release } from "../postings.ts";
import { grossOf, priceUse } from "../pricing.ts";
import type { Resource } from "../resource.ts";
import { totalUnbilled, type Use, unbilledUse } from "../unbilled.ts";
import { configuredLevelsOf, type NextUse } from "../usage.ts";

/** What should be held for a resource: its use that isn't invoiced yet, and what it will use next. (Domain: Held.) */
export interface Wanted {
  readonly use: Money;
  readonly estimate: Money;
}

/** Credit that is held for a resource, and what it was held for when that was last looked at. */
export interface Hold extends Wanted {
  readonly held: Money;
  /** What there wasn't credit for. */
  readonly missing: Money;
  /** Daily runs in a row that missed something. */
  readonly shortRuns: number;
  /** What a change in progress wants, and what was taken for it. */
  readonly change: (Wanted & { readonly taken: Money }) | null;
  /** What it was when it was suspended for want of credit, and will be again. */
  readonly resumesAs: NextUse | null;
}

export const NO_HOLD: Hold = {
  ...{ held: ZERO, use: ZERO, estimate: ZERO, missing: ZERO },
  ...{ shortRuns: 0, change: null, resumesAs: null },
};

export const totalOf = ({ use, estimate }: Wanted): Money => add(use, estimate);

/** Use as its bills would round it, and the estimate of what goes on. (Domain: Held.) */
export function wantedFor(use: Use, atMs: number, account: Account, readings: readonly DayReading[]): Wanted {
  const { segments } = use;
  const last = segments.at(-1);
  const days = new LocalDays(account.timeZone);
  const metrics = { readings, configuredLevels: configuredLevelsOf(segments), days };
  const next = last?.endMs === null ? estimatedUse(last.configuration, metrics, atMs) : [];
  return {
    use: larger(ZERO, totalUnbilled(unbilledUse(use, atMs, account, readings))),
    estimate: grossOf(priceUse(next, account.currency)),
  };
}

/** Holds what is wanted, as far as there is credit for it, or lets go what isn't wanted any more. */
export function holdAs(
  resource: Resource,
  wanted: Wanted,
  available: Money,
  atMs: number,
): { hold: Hold; events: Event[] } {
  const before = resource.hold ?? NO_HOLD;
  const total = totalOf(wanted);
  const more = subtract(total, before.held);
  const entry = { atMs, reference: resource.id };
  const of = { ...before, use: wanted.use, estimate: wanted.estimate };
  if (more <= 0) {
    const events = release(subtract(before.held, total), {
      ...entry,
      description: `Released: ${resource.name}`,
    });
    return { hold: { ...of, held: total, missing: ZERO }, events };
  }
  const taken = smaller(more, available);
  return {
    hold: { ...of, held: add(before.held, taken), missing: subtract(more, taken) },
    events: holdPosting(taken, { ...entry, description: `Held: ${resource.name}` }),
  };
}
