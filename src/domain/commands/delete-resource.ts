import type { Account } from "../account.ts";
import { hindrance } from "../action.ts";
import { callAbout } from "../console-call.ts";
import type { CreditNote } from "../credit-note.ts";
import { type Context, type Decided, done, type NeedsReadings } from "../decision.ts";
import { deletionOf } from "../deletion.ts";
import type { Event } from "../events.ts";
import { creditTerms } from "../fulfilment/corrections.ts";
import { holdAs, wantedFor } from "../hold/hold.ts";
import { neededUpTo, type Readings } from "../hold/readings.ts";
import type { PaymentId, ResourceId } from "../ids.ts";
import { balanceOf } from "../ledger.ts";
import type { DayReading } from "../metering/reading.ts";
import { type Money, sum } from "../money.ts";
import type { Payment } from "../payment.ts";
import { givePocBack } from "../poc/give-back.ts";
import { refund as refundPosting } from "../postings.ts";
import { type Resource, ranBefore } from "../resource.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";
import { needsMeters } from "../unbilled.ts";
import { switchTo } from "../usage.ts";
import { findResource } from "./find-resource.ts";

/** A customer gives a resource up: at once, or into the trash by its type's policy. (Domain: Lifecycle, Delete.) */
export interface DeleteResource {
  readonly type: "delete_resource";
  readonly resource: ResourceId;
  /** What its meters said, where credit is held for it. */
  readonly readings?: Readings;
}

export interface ResourceDeleted {
  readonly resource: Resource;
  readonly refund: Money;
  readonly creditNotes: readonly CreditNote[];
}

/** What was paid for the time left becomes credit, by a credit note for each invoice of it, or trial money again. (Domain: Terms, Delete.) */
export function deleteResource(
  state: AccountState,
  command: DeleteResource,
  context: Context,
): Decided<ResourceDeleted> | Result<NeedsReadings, never> {
  const { nowMs } = context;
  const found = findResource(state, command.resource, context);
  if (!found.ok) return found;
  const resource = found.value;
  const hindered = hindrance("delete", resource, nowMs);
  if (hindered) return err({ code: hindered });
  const { account, counts } = state;
  const { segments } = resource;
  const isHeldFor = resource.billing === "hold";
  const readings = command.readings?.[resource.id];
  if (isHeldFor && needsMeters(resource) && !readings) return ok(neededUpTo(resource, nowMs));
  if (!account) throw new Error("a resource without an account");
  const at = { atMs: nowMs, timeZone: account.timeZone };
  const isOnPoc = resource.billing === "poc";
  const { refunded, refund, deletesAtMs } = deletionOf(resource, nowMs, account.timeZone);
  const { notes, events } = creditTerms(isOnPoc ? [] : refunded, at, {
    ...{ account, invoice: (code) => state.invoice(code), firstN: counts.documents + 1, nowMs },
    ...{ reason: "delete", reference: resource.id, supersededBy: null },
  });
  const deleted: Resource = {
    ...resource,
    ...{ state: deletesAtMs === null ? "deleted" : "suspended", deletesAtMs },
    version: resource.version + 1,
    segments: switchTo(segments, null, nowMs),
    ...{ terms: [], endAtMs: null, anchorDay: null, ran: ranBefore(nowMs) },
  };
  const settled = useHeld(state, account, deleted, readings ?? [], nowMs);
  const entry = { atMs: nowMs, reference: resource.id, description: `Refund: ${resource.name}` };
  return done(
    { resource: settled.resource, refund, creditNotes: notes },
    { type: "resource_changed", resource: settled.resource },
    ...settled.events,
    ...events,
    ...(isOnPoc
      ? givePocBack(state, resource, { amount: refund, n: counts.payments + 1, reason: "Deleted" }, nowMs)
      : [...refundRow(state, resource, notes, nowMs), ...refundPosting(refund, entry)]),
    {
      type: "console_called",
      call: callAbout(deletesAtMs === null ? "resource.delete" : "resource.trash", deleted, nowMs),
    },
    deletedNotice(deleted, refund, nowMs),
  );
}

/** What was used stays held until its month is closed; what would have been used next doesn't. (Domain: Held.) */
function useHeld(
  { balances }: AccountState,
  account: Account,
  resource: Resource,
  readings: readonly DayReading[],
  nowMs: number,
): { resource: Resource; events: readonly Event[] } {
  if (resource.billing !== "hold") return { resource, events: [] };
  const wanted = wantedFor(resource, nowMs, account, readings);
  const { hold, events } = holdAs(resource, wanted, balanceOf(balances, "credit_available"), nowMs);
  return { resource: { ...resource, hold: { ...hold, shortRuns: 0, resumesAs: null } }, events };
}

/** One row of the payment history for all that is given back; it names the payment where there was only one. */
function refundRow(
  state: AccountState,
  resource: Resource,
  notes: readonly CreditNote[],
  nowMs: number,
): Event[] {
  const credited = notes.flatMap((note) => {
    const invoice = state.invoice(note.invoice);
    return invoice ? [{ note, invoice }] : [];
  });
  const [first] = credited;
  if (!first) return [];
  const payments = new Set(credited.map(({ invoice }) => invoice.payment));
  const payment: Payment = {
    id: `${resource.id.replace(/^res_/, "pay_")}.d${resource.version}` as PaymentId,
    n: state.counts.payments + 1,
    kind: "refund",
    method: "credit",
    gateway: null,
    status: "succeeded",
    amount: sum(notes.map(({ total }) => total)),
    currency: first.invoice.currency,
    order: resource.order,
    refundOf: payments.size === 1 ? first.invoice.payment : null,
    lines: credited.map(({ note }) => ({
      ...{ line: resource.line, resource: resource.id },
      ...{ amount: note.total, invoice: note.invoice },
    })),
    documents: state.counts.documents,
    reason: "Deleted",
    createdAtMs: nowMs,
  };
  return [{ type: "payment_recorded", payment }];
}

const deletedNotice = (
  { id, name, version, deletesAtMs, billing }: Resource,
  refund: Money,
  atMs: number,
): Event => ({
  type: "notice_given",
  notice: {
    key: `resource_given_up:${id}:${version}`,
    ...{ atMs, resource: id, name, refund, isOnPoc: billing === "poc" },
    ...(deletesAtMs === null
      ? { template: "resource_deleted" }
      : { template: "resource_trashed", deletesAtMs }),
  },
});
