import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProductId } from "../../src/domain/ids.ts";
import {
  type Balances,
  type Book,
  balanceOf,
  creditEntryOf,
  type LedgerTransaction,
  post,
  type TransactionKind,
  type Transfer,
  transfersOf,
} from "../../src/domain/ledger.ts";
import { MAX_AMOUNT_MINOR, money } from "../../src/domain/money.ts";

const REVENUE = `revenue:${"vserver" as ProductId}` as const;
const BOOKS: readonly Book[] = [
  "credit_available",
  "credit_held",
  "poc",
  "undelivered",
  "receivable",
  "tax",
  "promotions",
  "adjustments",
  "clearing:momo",
  REVENUE,
];
const WALLETS = ["credit_available", "credit_held", "poc"] as const;

const transfer = (from: Book, to: Book, amount: number): Transfer => ({ from, to, amount: money(amount) });

const transaction = (kind: TransactionKind, ...transfers: Transfer[]): LedgerTransaction => ({
  kind,
  atMs: 0,
  reference: "ord_1",
  description: "",
  transfers: transfersOf(...transfers),
});

const books = fc.constantFrom(...BOOKS);
const transactions = fc
  .array(fc.record({ from: books, to: books, amount: fc.integer({ min: 0, max: MAX_AMOUNT_MINOR }) }), {
    maxLength: 8,
  })
  .map((entries) =>
    transaction("sale", ...entries.map(({ from, to, amount }) => transfer(from, to, amount))),
  );

const total = (balances: Balances) => BOOKS.reduce((whole, book) => whole + balanceOf(balances, book), 0);
const rich: Balances = Object.fromEntries(WALLETS.map((wallet) => [wallet, money(10 * MAX_AMOUNT_MINOR)]));

describe("a transaction", () => {
  test("changes the sum over all books by nothing, whatever it holds", () => {
    fc.assert(
      fc.property(fc.array(transactions, { maxLength: 5 }), (all) => {
        let balances = { ...rich, ...Object.fromEntries(WALLETS.map((wallet) => [wallet, money(10 ** 15)])) };
        for (const one of all) {
          const after = post(balances, one);
          expect(total(after)).toBe(total(balances));
          balances = { ...balances, ...after };
        }
      }),
    );
  });

  test("changes each book by what entered it less what left it", () => {
    fc.assert(
      fc.property(transactions, (one) => {
        const after = post(rich, one);
        for (const book of BOOKS) {
          const entered = one.transfers.filter(({ to }) => to === book).map(({ amount }) => amount);
          const left = one.transfers.filter(({ from }) => from === book).map(({ amount }) => amount);
          const whole = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0);
          expect(balanceOf(after, book) - balanceOf(rich, book)).toBe(whole(entered) - whole(left));
        }
      }),
    );
  });

  test("leaves the balances it was posted to as they were", () => {
    const before: Balances = Object.freeze({ credit_available: money(10) });
    expect(post(before, transaction("purchase", transfer("credit_available", "undelivered", 4)))).toEqual({
      credit_available: 6,
      undelivered: 4,
    });
    expect(before).toEqual({ credit_available: 10 });
  });

  test("never takes a wallet below zero: it throws, to the last dong", () => {
    for (const wallet of WALLETS) {
      const balances: Balances = { [wallet]: money(100) };
      expect(
        balanceOf(post(balances, transaction("purchase", transfer(wallet, "undelivered", 100))), wallet),
      ).toBe(0);
      expect(() => post(balances, transaction("purchase", transfer(wallet, "undelivered", 101)))).toThrow(
        RangeError,
      );
      expect(() => post({}, transaction("purchase", transfer(wallet, "undelivered", 1)))).toThrow(RangeError);
    }
  });

  test("may pass a wallet below zero on the way to an end that isn't", () => {
    const through = transaction(
      "purchase",
      transfer("credit_available", "undelivered", 100),
      transfer("clearing:momo", "credit_available", 100),
    );
    expect(balanceOf(post({}, through), "credit_available")).toBe(0);
  });

  test("takes every book that is no wallet below zero", () => {
    const others = BOOKS.filter((book) => !WALLETS.some((wallet) => wallet === book));
    for (const book of others) {
      expect(
        balanceOf(post({}, transaction("adjustment", transfer(book, "credit_available", 5))), book),
      ).toBe(-5);
    }
  });

  test("holds no transfers of nothing, and none that runs backwards", () => {
    expect(transfersOf(transfer("poc", "tax", 0), transfer("tax", "poc", 1))).toEqual([
      transfer("tax", "poc", 1),
    ]);
    expect(() => transfersOf(transfer("tax", "poc", -1))).toThrow(RangeError);
  });
});

describe("the credit history's row", () => {
  const before: Balances = { credit_available: money(1_000), credit_held: money(300) };
  const entryOf = (one: LedgerTransaction) => creditEntryOf(one, before, post(before, one));

  test.each<[TransactionKind, Transfer, number, number, number]>([
    ["deposit", transfer("clearing:momo", "credit_available", 500), 500, 1_500, 300],
    ["adjustment", transfer("adjustments", "credit_available", 50), 50, 1_050, 300],
    ["adjustment", transfer("credit_available", "adjustments", 50), -50, 950, 300],
    ["refund", transfer("undelivered", "credit_available", 70), 70, 1_070, 300],
    ["purchase", transfer("credit_available", "undelivered", 400), -400, 600, 300],
    ["purchase", transfer("credit_held", "undelivered", 300), -300, 1_000, 0],
    ["hold", transfer("credit_available", "credit_held", 200), -200, 800, 500],
    ["release", transfer("credit_held", "credit_available", 100), 100, 1_100, 200],
  ])("of a %s of %j shows %d, leaving %d available and %d held", (type, one, amount, available, held) => {
    expect(entryOf(transaction(type, one))).toEqual({ type, amount, available, held });
  });

  test("takes what was paid from both wallets together", () => {
    const both = transaction(
      "purchase",
      transfer("credit_available", "undelivered", 400),
      transfer("credit_held", "undelivered", 100),
    );
    expect(entryOf(both)).toEqual({ type: "purchase", amount: -500, available: 600, held: 200 });
  });

  test("is missing where no credit moved", () => {
    expect(entryOf(transaction("sale", transfer("undelivered", REVENUE, 400)))).toBeNull();
    expect(entryOf(transaction("purchase", transfer("clearing:momo", "undelivered", 400)))).toBeNull();
    expect(entryOf(transaction("refund"))).toBeNull();
  });
});
