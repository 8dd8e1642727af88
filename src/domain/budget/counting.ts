import type { CreditNote } from "../credit-note.ts";
import type { Event } from "../events.ts";
import type { Invoice } from "../invoice.ts";
import { add, sum } from "../money.ts";
import { monthOf } from "../month.ts";
import type { AccountState } from "../state.ts";
import { about, type Budget, costAtMs, costOf, isWithin, nextMidnight, told } from "./budget.ts";

/** Whatever it is that costs something, or gives it back, the account's budget counts it. (Domain: Budget.) */
export function budgetEvents(state: AccountState, events: readonly Event[], nowMs: number): Event[] {
  const { account, budget } = state;
  if (!account || !budget?.isOn) return [];
  const { timeZone } = account;
  const documents = events.flatMap((event): (Invoice | CreditNote)[] => {
    if (event.type === "invoice_issued") return [event.invoice];
    return event.type === "credit_note_issued" ? [event.creditNote] : [];
  });
  const isLooked = budget.nextLookAtMs !== null;
  const begins = !isLooked && events.some((event) => event.type === "resource_changed" && isUsed(event));
  if (documents.length === 0 && !begins) return [];
  const counted = about(state, budget, monthOf(nowMs, timeZone));
  const more = documents.filter((document) => isWithin(costAtMs(document), counted.month)).map(costOf);
  const next: Budget = {
    ...counted,
    invoiced: add(counted.invoiced, sum(more)),
    nextLookAtMs: begins ? nextMidnight(nowMs, timeZone) : budget.nextLookAtMs,
  };
  return told(next, nowMs);
}

const isUsed = ({ resource }: Extract<Event, { type: "resource_changed" }>): boolean =>
  resource.segments.length > 0;
