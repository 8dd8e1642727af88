import type { Attempt } from "./attempts/attempt.ts";
import { isSuspendedForBills } from "./bills/suspension.ts";
import { type Budget, costAtMs, costOf, isWithin } from "./budget/budget.ts";
import type { CreditNote } from "./credit-note.ts";
import { GATEWAYS } from "./gateway.ts";
import type { InvoiceCode, ResourceId } from "./ids.ts";
import { type Invoice, openOf } from "./invoice.ts";
import { type Balances, type Book, balanceOf, type LedgerTransaction, WALLETS } from "./ledger.ts";
import { add, type Money, negate, subtract, sum, ZERO } from "./money.ts";
import { type Order, type OrderLine, statusFromLines, toPayFor } from "./order.ts";
import type { Payment } from "./payment.ts";
import { paidOnPoc, trialProblems } from "./poc/invariants.ts";
import type { PocWallet } from "./poc/wallet.ts";
import { undeliveredOf } from "./provisioning.ts";
import type { SourceRefund } from "./refunds/source-refund.ts";
import { isInTrash, type Resource } from "./resource.ts";
import type { Counts } from "./state.ts";

/** Everything an account holds, for a look at the whole. */
export interface Books {
  readonly balances: Balances;
  readonly pocWallet: PocWallet | null;
  readonly counts: Counts;
  readonly ledger: readonly LedgerTransaction[];
  readonly orders: readonly Order[];
  readonly resources: readonly Resource[];
  readonly payments: readonly Payment[];
  readonly attempts: readonly Attempt[];
  readonly refunds: readonly SourceRefund[];
  readonly invoices: readonly Invoice[];
  readonly creditNotes: readonly CreditNote[];
  readonly budget: Budget | null;
}

/** What must always be true of an account, by its number in the domain's list, and what is wrong with it. */
export interface Violation {
  readonly invariant: 1 | 2 | 3 | 4 | 6 | 7 | 8 | 9 | 10 | 11 | 12;
  readonly problem: string;
}

/** Every broken invariant of an account; an empty list is the only acceptable answer. (Domain: Invariants.) */
export function violations(books: Books): Violation[] {
  return [
    ...transfersAreAmounts(books),
    ...walletsAreNotNegative(books),
    ...balancesAreTheSumOfPostings(books),
    ...creditIsHeldForHolds(books),
    ...gatewaysTookWhatWasPaid(books),
    ...outsideMoneyIsRecorded(books),
    ...attemptsStandAsTheirPayments(books),
    ...refundsAreOfWhatWasTaken(books),
    ...resourcesAddUp(books),
    ...trialsAddUp(books),
    ...undeliveredIsWhatWaits(books),
    ...receivableIsWhatIsOpen(books),
    ...documentsAreCounted(books),
    ...creditNotesFitTheirInvoices(books),
    ...resourcesStandAsTheirLines(books),
    ...paidResourcesServe(books),
    ...budgetCountsItsMonth(books),
  ];
}

const broken = (invariant: Violation["invariant"], problem: string): Violation => ({ invariant, problem });

function transfersAreAmounts({ ledger }: Books): Violation[] {
  return ledger.flatMap(({ reference, transfers }) =>
    transfers.length > 0 && transfers.every(({ amount }) => Number.isSafeInteger(amount) && amount > 0)
      ? []
      : [broken(1, `the transaction of ${reference} has a transfer that is no amount, or none`)],
  );
}

function walletsAreNotNegative({ balances }: Books): Violation[] {
  return WALLETS.flatMap((wallet) =>
    balanceOf(balances, wallet) < 0 ? [broken(2, `${wallet} is at ${balanceOf(balances, wallet)}`)] : [],
  );
}

function balancesAreTheSumOfPostings({ ledger, balances }: Books): Violation[] {
  const derived: Partial<Record<Book, Money>> = {};
  for (const { from, to, amount } of ledger.flatMap(({ transfers }) => transfers)) {
    derived[from] = subtract(derived[from] ?? ZERO, amount);
    derived[to] = add(derived[to] ?? ZERO, amount);
  }
  const books = new Set([...Object.keys(derived), ...Object.keys(balances)] as Book[]);
  return [...books].flatMap((book) =>
    balanceOf(balances, book) === balanceOf(derived, book)
      ? []
      : [
          broken(
            3,
            `${book} is kept at ${balanceOf(balances, book)}, its postings sum to ${balanceOf(derived, book)}`,
          ),
        ],
  );
}

/** Only attempts and resources hold credit: of an order's attempts the newest alone, of those for bills any that share none. */
function creditIsHeldForHolds({ balances, attempts, orders, resources }: Books): Violation[] {
  const held = balanceOf(balances, "credit_held");
  const ofResources = sum(resources.map(({ hold }) => hold?.held ?? ZERO));
  const holds = add(sum(attempts.map((attempt) => attempt.held)), ofResources);
  const newest = new Set(orders.map((order) => order.attempts.at(-1)));
  const forBills = new Map<InvoiceCode, number>();
  for (const { hasLetGo, pays } of attempts) {
    if (hasLetGo || pays?.kind !== "bills") continue;
    for (const { invoice } of pays.bills) forBills.set(invoice, (forBills.get(invoice) ?? 0) + 1);
  }
  const isAlone = ({ id, pays }: Attempt) =>
    pays?.kind === "bills" ? pays.bills.every(({ invoice }) => forBills.get(invoice) === 1) : newest.has(id);
  const astray = attempts.filter((attempt) =>
    attempt.hasLetGo ? attempt.held !== 0 : attempt.status !== "open" || !isAlone(attempt),
  );
  return [
    ...(held === holds ? [] : [broken(4, `${held} is held, attempts and resources hold ${holds}`)]),
    ...astray.map(({ id }) => broken(4, `attempt ${id} holds what it may not`)),
  ];
}

/** What gateways took for us is what was paid through them, without what they gave back. */
function gatewaysTookWhatWasPaid({ balances, payments }: Books): Violation[] {
  return GATEWAYS.flatMap((gateway) => {
    const through = payments.filter(
      (payment) => payment.gateway === gateway && payment.status === "succeeded",
    );
    const taken = subtract(ZERO, balanceOf(balances, `clearing:${gateway}`));
    const paid = sum(through.map(({ kind, amount }) => (kind === "refund" ? negate(amount) : amount)));
    return taken === paid ? [] : [broken(10, `${gateway} took ${taken}, ${paid} was paid through it`)];
  });
}

/** What came another way is what was recorded so. */
function outsideMoneyIsRecorded({ balances, payments }: Books): Violation[] {
  const came = subtract(ZERO, balanceOf(balances, "outside"));
  const recorded = sum(payments.filter(({ method }) => method === "outside").map(({ amount }) => amount));
  return came === recorded ? [] : [broken(10, `${came} came another way, ${recorded} was recorded`)];
}

/** One payment an attempt, which says how it ended; of an order's, one at most settles it. */
function attemptsStandAsTheirPayments({ attempts, payments, orders }: Books): Violation[] {
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  const settling = new Set(orders.map(({ payment }) => payment));
  return attempts.flatMap(({ id, status }) => {
    const payment = byId.get(id);
    const said = payment?.status === "pending" ? "open" : payment?.status;
    const isSettlement = payment?.kind === "payment" && payment.status === "succeeded";
    const isSettling = payment?.order === null ? isSettlement : settling.has(id);
    return said === status && isSettlement === isSettling
      ? []
      : [broken(10, `attempt ${id} is ${status}, its payment says otherwise`)];
  });
}

/** One payment a refund, which says how it ended; and no attempt's money is sent back that it didn't bring. */
function refundsAreOfWhatWasTaken({ refunds, attempts, payments, balances }: Books): Violation[] {
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  const sendingBack = sum(refunds.flatMap(({ status, amount }) => (status === "open" ? [amount] : [])));
  const kept = balanceOf(balances, "sending_back");
  return [
    ...(kept === sendingBack
      ? []
      : [broken(10, `${kept} is being sent back in the books, ${sendingBack} in refunds`)]),
    ...refunds.flatMap(({ id, attempt, status, amount }) => {
      const payment = byId.get(id);
      const said = payment?.status === "pending" ? "open" : payment?.status;
      const isSame = payment?.kind === "refund" && payment.refundOf === attempt && payment.amount === amount;
      return isSame && said === status
        ? []
        : [broken(10, `refund ${id} is ${status}, its payment says otherwise`)];
    }),
    ...attempts.flatMap(({ id, status, sentBack }) => {
      const own = refunds.filter((refund) => refund.attempt === id && refund.status !== "failed");
      const captured = status === "succeeded" ? (byId.get(id)?.amount ?? ZERO) : ZERO;
      return sentBack === sum(own.map(({ amount }) => amount)) && sentBack <= captured
        ? []
        : [broken(10, `${sentBack} of ${captured} is sent back of ${id}`)];
    }),
  ];
}

/** Per resource: payments − refunds + what is still open = invoices − credit notes + what was paid and isn't delivered yet. */
function resourcesAddUp({ resources, payments, invoices, creditNotes, orders }: Books): Violation[] {
  const paid = new Map<ResourceId, Money>();
  const owed = new Map<ResourceId, Money>();
  const count = (map: Map<ResourceId, Money>, id: ResourceId, amount: Money) =>
    map.set(id, add(map.get(id) ?? ZERO, amount));
  const onPoc = paidOnPoc({ payments });
  for (const { kind, status, lines, method } of payments) {
    if (status !== "succeeded" || method === "poc") continue;
    for (const { resource, amount } of lines)
      count(paid, resource, kind === "refund" ? subtract(ZERO, amount) : amount);
  }
  for (const invoice of invoices) {
    count(owed, invoice.resource, invoice.total);
    count(paid, invoice.resource, openOf(invoice));
  }
  for (const note of creditNotes) count(owed, note.resource, subtract(ZERO, note.total));
  for (const { payment, quote } of orders) {
    if (payment && onPoc.has(payment)) continue;
    for (const line of quote.lines)
      if (line.status === "provisioning" && line.resource) count(owed, line.resource, toPayFor(line));
  }
  return resources.flatMap(({ id }) =>
    (paid.get(id) ?? 0) === (owed.get(id) ?? 0)
      ? []
      : [broken(6, `${id}: ${paid.get(id) ?? 0} paid or open, ${owed.get(id) ?? 0} invoiced or waiting`)],
  );
}

const trialsAddUp = (books: Books): Violation[] => trialProblems(books).map((problem) => broken(11, problem));
/** What is billed and not paid is owed; an invoice says how far it is. */
function receivableIsWhatIsOpen({ invoices, balances }: Books): Violation[] {
  const open = sum(invoices.map(openOf));
  const owed = subtract(ZERO, balanceOf(balances, "receivable"));
  const astray = invoices.filter((invoice) => {
    const { paid, total, status } = invoice;
    if (paid < 0 || paid > total) return true;
    return status !== (paid === total ? "paid" : paid > 0 ? "partially_paid" : "unpaid");
  });
  return [
    ...(open === owed ? [] : [broken(6, `${owed} is owed in the books, ${open} on invoices`)]),
    ...astray.map(({ code, status, paid }) => broken(6, `${code} is ${status} with ${paid} paid`)),
  ];
}

function undeliveredIsWhatWaits({ orders, balances }: Books): Violation[] {
  const waiting = sum(orders.map(undeliveredOf));
  const kept = balanceOf(balances, "undelivered");
  return waiting === kept ? [] : [broken(6, `${kept} undelivered in the books, ${waiting} in the orders`)];
}

/** A number may be missing after a restore, when a document was issued that the account no longer knows; never twice. */
function documentsAreCounted({ invoices, creditNotes, counts }: Books): Violation[] {
  const numbers = [...invoices, ...creditNotes].map(({ n }) => n);
  const areCounted =
    new Set(numbers).size === numbers.length && numbers.every((n) => n >= 1 && n <= counts.documents);
  return areCounted
    ? []
    : [broken(6, `${counts.documents} documents were counted, these exist: ${numbers.join(", ")}`)];
}

/** What corrects an invoice never takes back more than it, in total, tax or coupon; and the invoice names it. */
function creditNotesFitTheirInvoices({ invoices, creditNotes }: Books): Violation[] {
  const corrections = new Map<InvoiceCode, CreditNote[]>();
  for (const note of creditNotes)
    corrections.set(note.invoice, [...(corrections.get(note.invoice) ?? []), note]);
  const known = new Set(invoices.map(({ code }) => code));
  return [
    ...creditNotes.flatMap(({ code, invoice }) =>
      known.has(invoice) ? [] : [broken(6, `${code} corrects ${invoice}, which isn't there`)],
    ),
    ...invoices.flatMap((invoice) => {
      const notes = corrections.get(invoice.code) ?? [];
      const isNamed =
        notes.length === invoice.creditedBy.length &&
        notes.every(({ code }) => invoice.creditedBy.includes(code));
      const isWithin =
        sum(notes.map(({ total }) => total)) <= invoice.total &&
        sum(notes.map(({ tax }) => tax)) <= invoice.tax &&
        sum(notes.map(({ coupon }) => coupon?.amount ?? ZERO)) <= (invoice.coupon?.amount ?? ZERO);
      return isNamed && isWithin ? [] : [broken(6, `${invoice.code} isn't what its credit notes correct`)];
    }),
  ];
}

/** A line that waits has its resource to itself, a delivered one has left it; and an order says what its lines say. */
function resourcesStandAsTheirLines({ orders, resources }: Books): Violation[] {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const isAstray = (order: Order, line: OrderLine): boolean => {
    const resource = line.resource === null ? undefined : byId.get(line.resource);
    if (line.status === "pending")
      return order.paidAtMs !== null || (order.action === "create" && !!resource);
    if (!resource) return true;
    if (line.status === "provisioning") return resource.pending?.line !== line.id;
    if (resource.pending?.line === line.id) return true;
    return line.status === "refunded" && order.action === "create" && resource.state !== "deleted";
  };
  const waiting = new Set(
    orders.flatMap(({ quote }) =>
      quote.lines.filter(({ status }) => status === "provisioning").map(({ id }) => id),
    ),
  );
  return [
    ...orders.flatMap((order) => {
      const wrongStatus = order.paidAtMs !== null && order.status !== statusFromLines(order.quote.lines);
      const strays = order.quote.lines.filter((line) => isAstray(order, line));
      return [
        ...(wrongStatus ? [broken(8, `order ${order.id} is ${order.status}, its lines say otherwise`)] : []),
        ...strays.map((line) => broken(8, `line ${line.id} is ${line.status}, its resource isn't`)),
      ];
    }),
    ...resources.flatMap(({ id, pending, state }) =>
      (pending && !waiting.has(pending.line)) || (state === "provisioning" && !pending)
        ? [broken(8, `${id} waits for a line that doesn't`)]
        : [],
    ),
  ];
}

/** Paid and provisioned ⇒ not suspended: what is restricted or suspended has reached the end of its time, or is owed for. */
function paidResourcesServe({ resources, invoices }: Books): Violation[] {
  const owes = invoices.some((invoice) => openOf(invoice) > 0);
  return resources.flatMap((resource) => {
    const { id, state, endAtMs, terms, ran } = resource;
    const serves = state !== "restricted" && state !== "suspended";
    if (resource.hold?.resumesAs) return [];
    const hasEnded = endAtMs === null ? isInTrash(resource) && terms.length === 0 : ran.atMs >= endAtMs;
    const isOwedFor = owes && isSuspendedForBills(resource);
    return serves || hasEnded || isOwedFor ? [] : [broken(8, `${id} is ${state} and paid up to ${endAtMs}`)];
  });
}

/** A budget that is on has counted every document of its month. */
function budgetCountsItsMonth({ budget, invoices, creditNotes }: Books): Violation[] {
  if (!budget?.isOn) return [];
  const documents = [...invoices, ...creditNotes].filter((one) => isWithin(costAtMs(one), budget.month));
  const total = sum(documents.map(costOf));
  return budget.invoiced === total
    ? []
    : [broken(12, `${budget.invoiced} is counted of the month's documents, they say ${total}`)];
}
