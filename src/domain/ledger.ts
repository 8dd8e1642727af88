import type { GatewayName } from "./gateway.ts";
import type { ProductId } from "./ids.ts";
import { add, type Money, money, subtract, ZERO } from "./money.ts";

/**
 * The books of one account. A positive balance is what we owe the customer or have earned, a negative one what
 * came from outside or was given away.
 * - `credit_available`, `credit_held`, `poc`: the customer's wallets. `poc_expired`: trial money left at its end.
 * - `undelivered`: paid for, not provisioned yet.
 * - `receivable`: billed, not paid yet (negative while a bill is open).
 * - `trials`: service delivered for trial money; it is no revenue, and isn't taxed.
 * - `clearing:…`: money a gateway took for us. `sending_back`: taken from credit, on its way back to a gateway.
 * - `outside`: money that came another way. `adjustments`, `promotions`: credit granted, coupons redeemed.
 */
export type Book =
  | "credit_available"
  | "credit_held"
  | "poc"
  | "poc_expired"
  | "trials"
  | "undelivered"
  | "receivable"
  | "tax"
  | "promotions"
  | "adjustments"
  | "sending_back"
  | "outside"
  | `clearing:${GatewayName}`
  | `revenue:${ProductId}`;

/** Wallets hold the customer's money: they never go below zero. */
export const WALLETS = ["credit_available", "credit_held", "poc"] as const satisfies readonly Book[];

/** An amount above zero that leaves one book and enters another. */
export interface Transfer {
  readonly from: Book;
  readonly to: Book;
  readonly amount: Money;
}

/**
 * The kinds of the credit history and of the POC history, and those that move neither: a `sale` recognises delivered
 * service, a `reversal` takes back what was recognised for service that won't be used, a `return` has left us for the
 * payer.
 */
export type TransactionKind = CreditEntry["type"] | PocEntry["type"] | "sale" | "reversal" | "return";

/**
 * A double entry. It is a list of transfers, so it sums to zero whatever it holds: there is no way to write one
 * that doesn't. `reference` names the order, line or grant it was made for.
 */
export interface LedgerTransaction {
  readonly kind: TransactionKind;
  readonly atMs: number;
  readonly reference: string;
  readonly description: string;
  readonly transfers: readonly Transfer[];
}

/** Balance per book; a book without an entry is at zero. */
export type Balances = Readonly<Partial<Record<Book, Money>>>;

export const balanceOf = (balances: Balances, book: Book): Money => balances[book] ?? ZERO;

/** Leaves out transfers of nothing, so that callers needn't ask. Throws on a negative amount: that is a bug. */
export function transfersOf(...transfers: readonly Transfer[]): Transfer[] {
  const negative = transfers.find(({ amount }) => amount < 0);
  if (negative)
    throw new RangeError(`a transfer of ${negative.amount} from ${negative.from} to ${negative.to}`);
  return transfers.filter(({ amount }) => amount > 0);
}

/**
 * The balances after a transaction. Throws when a wallet would go below zero: every command decides that before it
 * posts, so getting here is a bug, and the throw rolls the command back.
 */
export function post(balances: Balances, { transfers }: LedgerTransaction): Balances {
  const after: Partial<Record<Book, Money>> = { ...balances };
  for (const { from, to, amount } of transfers) {
    after[from] = subtract(after[from] ?? ZERO, amount);
    after[to] = add(after[to] ?? ZERO, amount);
  }
  for (const wallet of WALLETS) {
    if (balanceOf(after, wallet) < 0) throw new RangeError(`${wallet} would fall to ${after[wallet]}`);
  }
  return after;
}

/** A row of the credit history: what changed, and the credit wallet after it. */
export interface CreditEntry {
  readonly type: "deposit" | "adjustment" | "refund" | "purchase" | "hold" | "release";
  /** Change of the total for money that came or went; the amount set aside or let go for `hold` and `release`. */
  readonly amount: Money;
  readonly available: Money;
  readonly held: Money;
}

/** The credit history's row of a transaction, or null where no credit moved. */
export function creditEntryOf(
  transaction: LedgerTransaction,
  before: Balances,
  after: Balances,
): CreditEntry | null {
  const available = balanceOf(after, "credit_available");
  const held = balanceOf(after, "credit_held");
  const availableChange = subtract(available, balanceOf(before, "credit_available"));
  const heldChange = subtract(held, balanceOf(before, "credit_held"));
  const { kind } = transaction;
  if (!movesCredit(kind) || (availableChange === 0 && heldChange === 0)) return null;
  const isBetweenWallets = kind === "hold" || kind === "release";
  const amount = isBetweenWallets ? availableChange : money(availableChange + heldChange);
  return { type: kind, amount, available, held };
}

const movesCredit = (kind: TransactionKind): kind is CreditEntry["type"] =>
  kind !== "sale" && kind !== "reversal" && kind !== "return" && kind !== "grant" && kind !== "expiry";

/** A row of the POC wallet's own history: the change of its balance, and the balance after it. (Domain: POC.) */
export interface PocEntry {
  readonly type: "grant" | "purchase" | "refund" | "expiry";
  readonly amount: Money;
  readonly balance: Money;
}

/** The POC history's row of a transaction, or null where the wallet is as it was. */
export function pocEntryOf({ kind }: LedgerTransaction, before: Balances, after: Balances): PocEntry | null {
  const balance = balanceOf(after, "poc");
  const amount = subtract(balance, balanceOf(before, "poc"));
  return amount !== 0 && movesPoc(kind) ? { type: kind, amount, balance } : null;
}

const movesPoc = (kind: TransactionKind): kind is PocEntry["type"] =>
  kind === "grant" || kind === "purchase" || kind === "refund" || kind === "expiry";
