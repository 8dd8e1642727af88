import type { Account } from "../account.ts";
import { addDays, atMinuteOfDay } from "../calendar.ts";
import type { Invoice } from "../invoice.ts";
import { TURN } from "../lifecycle/schedule.ts";
import type { Ran } from "../resource.ts";
import { BILL_REMINDER_DAYS } from "./bill.ts";

/** Bills are paid from available credit daily at this local minute of day. (Domain: Postpaid, Automatic payment.) */
export const PAID_AT_MINUTE = 9 * 60;

/** How far what time does about an account's bills has happened, and up to which document its customer was told of them. */
export interface Collection {
  readonly id: "bills";
  readonly ran: Ran;
  readonly told: number;
}

export const NO_COLLECTION: Collection = { id: "bills", ran: { atMs: 0, turn: 0 }, told: 0 };

/** What happens to bills after everything that happens to resources at the same instant. */
const BILL_TURN = { issued: TURN.reminder, suspension: TURN.change, reminder: TURN.reminder, payment: 4 };

/** Something that time does about an account's unpaid bills. */
export type BillMilestone = { readonly atMs: number } & (
  | { readonly kind: "issued" | "payment" }
  | { readonly kind: "suspension" }
  | { readonly kind: "reminder"; readonly days: number }
);

type Policy = Pick<Account, "timeZone" | "suspendOverdueDays">;

/** The first milestones about some unpaid bills that haven't happened yet, in order. */
export function billMilestones(
  bills: readonly Invoice[],
  account: Policy,
  { ran, told }: Pick<Collection, "ran" | "told">,
): BillMilestone[] {
  const untold = bills.filter(({ n }) => n > told).map(({ issuedAtMs }) => issuedAtMs);
  const due = [...new Set(bills.map(({ dueAtMs }) => dueAtMs))];
  const ahead = [
    ...due.flatMap((dueAtMs) => suspension(dueAtMs, account)),
    ...due.flatMap((dueAtMs) => reminders(dueAtMs, account)),
    ...payment(bills, account, ran),
  ].filter(({ kind, atMs }) => atMs > ran.atMs || (atMs === ran.atMs && BILL_TURN[kind] > ran.turn));
  return [...untold.map((atMs) => ({ kind: "issued", atMs }) as const), ...ahead].sort(
    (a, b) => a.atMs - b.atMs || BILL_TURN[a.kind] - BILL_TURN[b.kind],
  );
}

/** When time next does something about bills, and its place among what is due at that instant in the account. */
export function billsDue(bills: readonly Invoice[], account: Policy, collection: Collection) {
  const [next] = billMilestones(bills, account, collection);
  return next ? { atMs: next.atMs, turn: `${BILL_TURN[next.kind]}` } : null;
}

/** Everything up to a milestone, and whatever comes before it in its instant, has happened. */
export const ranTo = ({ atMs, kind }: BillMilestone): Ran => ({ atMs, turn: BILL_TURN[kind] });

const suspension = (dueAtMs: number, { suspendOverdueDays, timeZone }: Policy): BillMilestone[] =>
  suspendOverdueDays === null
    ? []
    : [{ kind: "suspension", atMs: addDays(dueAtMs, suspendOverdueDays, timeZone) }];

const reminders = (dueAtMs: number, { timeZone }: Policy): BillMilestone[] =>
  BILL_REMINDER_DAYS.map((days) => ({ kind: "reminder", atMs: addDays(dueAtMs, days, timeZone), days }));

/** The next morning since the last one, from the oldest bill's issue on. */
function payment(bills: readonly Invoice[], { timeZone }: Policy, ran: Ran): BillMilestone[] {
  if (bills.length === 0) return [];
  const sinceMs = Math.max(ran.atMs, Math.min(...bills.map(({ issuedAtMs }) => issuedAtMs)));
  const morningMs = atMinuteOfDay(sinceMs, PAID_AT_MINUTE, timeZone);
  const isOver = morningMs < sinceMs || (morningMs === ran.atMs && ran.turn >= BILL_TURN.payment);
  return [{ kind: "payment", atMs: isOver ? addDays(morningMs, 1, timeZone) : morningMs }];
}
