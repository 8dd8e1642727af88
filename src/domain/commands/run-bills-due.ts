import type { Account } from "../account.ts";
import { holdersOfBills } from "../attempts/let-go.ts";
import { areSuspending, BILL_REMINDER_DAYS, REFUSAL_DAYS, sharesOf } from "../bills/bill.ts";
import { type BillMilestone, billMilestones, type Collection, ranTo } from "../bills/collection.ts";
import { settleBills } from "../bills/settle.ts";
import { suspendUse } from "../bills/suspension.ts";
import { listed } from "../bills/told.ts";
import { addDays } from "../calendar.ts";
import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import type { PaymentId } from "../ids.ts";
import type { Invoice } from "../invoice.ts";
import { balanceOf } from "../ledger.ts";
import type { AccountState } from "../state.ts";

/** Time has passed for an account's unpaid bills: what is next happens, as of its instant, however late this runs. */
export interface RunBillsDue {
  readonly type: "run_bills_due";
}

export type BillsDueRan = "told" | "reminded" | "suspended" | "bills_paid" | "nothing";

/** One payment is of so many bills at most; the next morning pays others. */
const MAX_BILLS_PAID = 200;

/** One milestone a command: whatever is due after it is due again. (Domain: Postpaid, Automatic payment, Overdue.) */
export function runBillsDue(state: AccountState, _: RunBillsDue, { nowMs }: Context): Decided<BillsDueRan> {
  const { account, collection } = state;
  const bills = state.unpaidBills();
  const [next] = account ? billMilestones(bills, account, collection) : [];
  if (!account || !next || next.atMs > nowMs) return done("nothing");
  const ran = (after: Partial<Collection> = {}): Event => ({
    type: "collection_ran",
    collection: { ...collection, ran: ranTo(next), ...after },
  });
  switch (next.kind) {
    case "issued":
      return tell(bills, next.atMs, collection);
    case "suspension":
      return suspend(state, account, bills, next.atMs, ran());
    case "reminder":
      return remind(account, bills, { ...next, days: next.days }, nowMs, ran());
    case "payment":
      return pay(state, account, bills, next.atMs, ran());
  }
}

/** One mail for all that was issued since the last. */
function tell(bills: readonly Invoice[], atMs: number, before: Collection): Decided<BillsDueRan> {
  const issued = bills.filter(({ n }) => n > before.told);
  const told = Math.max(...issued.map(({ n }) => n));
  return done(
    "told",
    { type: "collection_ran", collection: { ...before, told } },
    {
      type: "notice_given",
      notice: { key: `bills_issued:${atMs}:${told}`, template: "bills_issued", atMs, ...listed(issued) },
    },
  );
}

function remind(
  account: Account,
  bills: readonly Invoice[],
  { atMs, days }: BillMilestone & { readonly days: number },
  nowMs: number,
  ran: Event,
): Decided<BillsDueRan> {
  const late = bills.filter(({ dueAtMs }) => addDays(dueAtMs, days, account.timeZone) === atMs);
  const nextDays = BILL_REMINDER_DAYS.find((other) => other > days);
  const isOvertaken = late.every(
    ({ dueAtMs }) => nextDays !== undefined && addDays(dueAtMs, nextDays, account.timeZone) <= nowMs,
  );
  if (isOvertaken) return done("nothing", ran);
  return done("reminded", ran, {
    type: "notice_given",
    notice: {
      key: `bills_overdue:${atMs}:${days}`,
      template: "bills_overdue",
      ...{ atMs, days, isRefused: days >= REFUSAL_DAYS, ...listed(late) },
    },
  });
}

function suspend(
  state: AccountState,
  account: Account,
  bills: readonly Invoice[],
  atMs: number,
  ran: Event,
): Decided<BillsDueRan> {
  const events = areSuspending(bills, account, atMs) ? suspendUse(state, atMs) : [];
  if (events.length === 0) return done("nothing", ran);
  const notice = { key: `use_suspended:${atMs}`, template: "use_suspended", atMs, ...listed(bills) } as const;
  return done("suspended", ...events, { type: "notice_given", notice }, ran);
}

/** From available credit, but not what somebody is paying at this moment; what was busy when all else was suspended is, too. */
function pay(
  state: AccountState,
  account: Account,
  bills: readonly Invoice[],
  atMs: number,
  ran: Event,
): Decided<BillsDueRan> {
  const underWay = new Set(
    holdersOfBills(
      state,
      bills.map(({ code }) => code),
    ).flatMap(({ pays }) => (pays?.kind === "bills" ? pays.bills.map(({ invoice }) => invoice) : [])),
  );
  const free = bills.filter(({ code }) => !underWay.has(code));
  const shares = sharesOf(free, balanceOf(state.balances, "credit_available")).slice(0, MAX_BILLS_PAID);
  if (shares.length === 0) {
    const suspended = areSuspending(bills, account, atMs) ? suspendUse(state, atMs) : [];
    return done(suspended.length > 0 ? "suspended" : "nothing", ...suspended, ran);
  }
  const id = `pay_bills_${state.counts.payments + 1}` as PaymentId;
  const paying = { id, method: "credit", from: "credit_available", pending: null } as const;
  const { events } = settleBills(state, shares, { ...paying, isAutomatic: true, reference: null }, atMs);
  return done("bills_paid", ...events, ran);
}
