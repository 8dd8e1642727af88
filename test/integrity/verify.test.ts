import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { AccountId } from "../../src/domain/ids.ts";
import { type Finding, rebuildAccount, verifyAccount, verifyCoupon } from "../../src/jobs/integrity.ts";
import { expectProblem } from "../http/expect-problem.ts";
import {
  admin,
  bodyOf,
  freshId,
  openAccount,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { StandingQueue } from "../support/peer/queue.ts";
import { type Journey, journey } from "./journey.ts";
import { backUp, restore } from "./restore.ts";

const DAY_MS = 86_400_000;
const MORE_THAN_A_PAGE = 52;

let made: Journey;

beforeAll(async () => {
  recordLogs();
  await putCatalogue();
});
beforeEach(() => {
  recordLogs();
  new StandingQueue();
});
afterEach(() => void vi.restoreAllMocks());

const problemsOf = (findings: readonly Finding[]) => findings.map(({ problem }) => problem);
const numbersOf = (findings: readonly Finding[]) =>
  [...new Set(findings.map(({ invariant }) => invariant))].sort();

describe("of an account that nobody meddled with", () => {
  test("nothing is found, nor of its coupon", async () => {
    const { account, coupon } = await journey();
    expect(await verifyAccount(env, account.id)).toEqual([]);
    expect(await verifyCoupon(env, coupon)).toEqual([]);
  });

  test("nothing is found while it is in use", async () => {
    const account = await openAccount(50 * SMALL_MONTH);
    const coupon = await putCoupon({ amount: 1_000 });
    const shop = async () => {
      const { id } = await account.placeWith(coupon);
      await account.pay(id);
      await account.provisionAll(id, "succeeded");
    };
    let isDone = false;
    const shopping = Promise.all(Array.from({ length: 8 }, shop)).finally(() => {
      isDone = true;
    });
    const findings: Finding[] = [];
    while (!isDone)
      findings.push(...(await verifyAccount(env, account.id)), ...(await verifyCoupon(env, coupon)));
    await shopping;
    expect(findings).toEqual([]);
  });
});

describe("of what D1 says of an account, verify finds", () => {
  beforeAll(async () => {
    new StandingQueue();
    made = await journey();
  });

  const invoice = "WHERE account = ?1 AND n = 1";
  const cases: readonly (readonly [name: string, statement: string, problems: readonly unknown[]])[] = [
    [
      "a profile with another name",
      "UPDATE accounts SET profile = json_set(profile, '$.name', 'Eve') WHERE id = ?1",
      [/^accounts acc_\S+ is different$/],
    ],
    ["a missing profile", "DELETE FROM accounts WHERE id = ?1", [/^accounts acc_\S+ is missing$/]],
    [
      "an invoice of another total",
      `UPDATE invoices SET body = json_set(body, '$.total', 1) ${invoice}`,
      ["invoices 1 is different"],
    ],
    [
      "an invoice listed under another status",
      `UPDATE invoices SET status = 'unpaid' ${invoice}`,
      ["invoices 1 is different"],
    ],
    [
      "an invoice listed under another date",
      `UPDATE invoices SET issued_at_ms = issued_at_ms + 1 ${invoice}`,
      ["invoices 1 is different"],
    ],
    [
      "an invoice listed under another product",
      `UPDATE invoices SET product = 'vmonitor' ${invoice}`,
      ["invoices 1 is different"],
    ],
    ["a missing invoice", `DELETE FROM invoices ${invoice}`, ["invoices 1 is missing"]],
    [
      "an invoice that nobody issued",
      `INSERT INTO invoices SELECT account, 99, code, product, status, resource_name, issued_at_ms, json_set(body, '$.n', 99) FROM invoices ${invoice}`,
      ["invoices 99 isn't the account's"],
    ],
    [
      "a payment of another amount",
      "UPDATE payments SET body = json_set(body, '$.amount', 1) WHERE account = ?1 AND n = 2",
      ["payments 2 is different"],
    ],
    [
      "a payment listed under another date",
      "UPDATE payments SET created_at_ms = 0 WHERE account = ?1 AND n = 2",
      ["payments 2 is different"],
    ],
    [
      "missing payments",
      "DELETE FROM payments WHERE account = ?1 AND n <= 2",
      ["payments 1 is missing", "payments 2 is missing"],
    ],
    [
      "a payment that nobody made",
      "INSERT INTO payments SELECT account, 99, created_at_ms, json_set(body, '$.n', 99) FROM payments WHERE account = ?1 AND n = 1",
      ["payments 99 isn't the account's"],
    ],
    [
      "another amount of credit",
      "UPDATE credit_transactions SET amount = amount + 1 WHERE account = ?1 AND n = 1",
      ["credit_transactions 1 is different"],
    ],
    [
      "a missing change of credit",
      "DELETE FROM credit_transactions WHERE account = ?1 AND n = 1",
      ["credit_transactions 1 is missing"],
    ],
    [
      "a change of credit that never was",
      "INSERT INTO credit_transactions VALUES (?1, 99, 'deposit', 5, 5, 0, 0, 'r', 'd')",
      ["credit_transactions 99 isn't the account's"],
    ],
    [
      "a dead call tried more often",
      "UPDATE dead_calls SET attempts = 99 WHERE account = ?1",
      [/^dead_calls \S* ?is different$/],
    ],
    ["a missing dead call", "DELETE FROM dead_calls WHERE account = ?1", [/^dead_calls \S* ?is missing$/]],
    [
      "a dead call that isn't",
      "INSERT INTO dead_calls VALUES (?1, 'res_none', 1, 'resource.delete', 10, 'refused', 0)",
      [/^dead_calls \S* ?isn't the account's$/],
    ],
    [
      "an epoch that the account doesn't speak in",
      "UPDATE accounts SET epoch = epoch + 5 WHERE id = ?1",
      [/^told in epoch/],
    ],
    [
      "a cursor ahead of the account, which would let nothing pass",
      "UPDATE accounts SET seq = seq + 1000 WHERE id = ?1",
      [expect.any(String)],
    ],
    [
      "nothing in the due index, where something is due",
      "UPDATE accounts SET due_at_ms = NULL WHERE id = ?1",
      [expect.any(String)],
    ],
    [
      "a due index that is late",
      `UPDATE accounts SET due_at_ms = due_at_ms + ${DAY_MS} WHERE id = ?1`,
      [expect.any(String)],
    ],
  ];

  test.each(cases)("%s; a rebuild puts it right", async (_, statement, problems) => {
    const { account, coupon } = made;
    expect(await verifyAccount(env, account.id)).toEqual([]);
    await env.DB.prepare(statement).bind(account.id).run();
    try {
      const findings = await verifyAccount(env, account.id);
      expect(problemsOf(findings)).toEqual(
        problems.map((problem) => (problem instanceof RegExp ? expect.stringMatching(problem) : problem)),
      );
      for (const { subject, invariant } of findings) expect([subject, invariant]).toEqual([account.id, 7]);
    } finally {
      await rebuildAccount(env, account.id);
    }
    expect(await verifyAccount(env, account.id)).toEqual([]);
    expect(await verifyCoupon(env, coupon)).toEqual([]);
  });

  test("no harm in a due index that is early", async () => {
    const { account } = made;
    await env.DB.prepare("UPDATE accounts SET due_at_ms = 1 WHERE id = ?").bind(account.id).run();
    expect(await verifyAccount(env, account.id)).toEqual([]);
  });

  test("nothing of other accounts", async () => {
    const { account } = made;
    const other = await openAccount(SMALL_MONTH);
    await env.DB.prepare("DELETE FROM credit_transactions WHERE account = ?").bind(other.id).run();
    expect(await verifyAccount(env, account.id)).toEqual([]);
    expect(problemsOf(await verifyAccount(env, other.id))).toEqual(["credit_transactions 1 is missing"]);
  });
});

describe("of what an account itself keeps, verify finds", () => {
  beforeAll(async () => {
    new StandingQueue();
    made = await journey();
  });

  const oneOf = (table: string, where: string): string =>
    `id = (SELECT id FROM ${table} WHERE ${where} LIMIT 1)`;
  const cases: readonly (readonly [name: string, statement: string, invariants: readonly number[]])[] = [
    [
      "a transaction that moves nothing",
      "INSERT INTO ledger VALUES (900, 'deposit', 0, 'r', 'd', '[]', NULL, NULL)",
      [1],
    ],
    [
      "a transfer of less than nothing",
      `INSERT INTO ledger VALUES (900, 'deposit', 0, 'r', 'd', '[{"from":"tax","to":"tax","amount":-5}]', NULL, NULL)`,
      [1],
    ],
    ["credit out of thin air", "UPDATE head SET credit_available = credit_available + 1", [3]],
    [
      "a posting that no balance knows",
      `INSERT INTO ledger VALUES (900, 'deposit', 0, 'r', 'd', '[{"from":"adjustments","to":"credit_available","amount":5}]', NULL, NULL)`,
      [3],
    ],
    [
      "another balance of income",
      `UPDATE head SET other_balances = json_set(other_balances, '$.tax', 1)`,
      [3],
    ],
    ["credit held for nothing", "UPDATE head SET credit_held = 5", [3, 4]],
    [
      "a payment less",
      `DELETE FROM payments WHERE ${oneOf("payments", "body ->> 'kind' = 'payment'")}`,
      [6, 7],
    ],
    [
      "a refund less",
      `DELETE FROM payments WHERE ${oneOf("payments", "body ->> 'kind' = 'refund'")}`,
      [6, 7],
    ],
    ["a document less", "DELETE FROM invoices WHERE n = 1", [6, 7]],
    ["a document under a number never counted", "UPDATE head SET documents = 1", [6]],
    [
      "a line delivered twice over",
      `UPDATE orders SET body = json_set(body, '$.status', 'failed') WHERE ${oneOf("orders", "body ->> 'status' = 'completed'")}`,
      [8],
    ],
    [
      "a resource suspended although it is paid",
      `UPDATE resources SET body = json_set(body, '$.state', 'suspended') WHERE ${oneOf("resources", "body ->> 'state' = 'active'")}`,
      [8],
    ],
  ];

  test.each(cases)("%s", async (_, statement, invariants) => {
    const { account } = made;
    const former = await backUp(account);
    await runInDurableObject(account.object, (__, { storage }) => void storage.sql.exec(statement));
    const findings = await verifyAccount(env, account.id);
    await restore(account, former);
    expect(numbersOf(findings)).toEqual(invariants);
    expect(new Set(findings.map(({ subject }) => subject))).toEqual(new Set([account.id]));
    expect(await verifyAccount(env, account.id)).toEqual([]);
  });

  test.each([
    ["a wallet below zero", "UPDATE head SET credit_available = -1"],
    ["held credit below zero", "UPDATE head SET credit_held = -1"],
    ["another amount in the ledger", "UPDATE ledger SET transfers = '[]'"],
    [
      "another row in a row's place in the ledger",
      "INSERT OR REPLACE INTO ledger VALUES (1, 'deposit', 0, 'r', 'd', '[]', NULL, NULL)",
    ],
    ["a row less in the ledger", "DELETE FROM ledger WHERE n = 1"],
    [
      "a second head",
      "INSERT INTO head SELECT 2, account, epoch, seq, transactions, documents, payments, resources, mails, indexed_due_at_ms, 0, 0, 0, '{}', NULL FROM head",
    ],
  ])("no %s, as the tables refuse it", async (_, statement) => {
    const outcome = await runInDurableObject(made.account.object, (__, { storage }) => {
      try {
        storage.sql.exec(statement);
        return "done";
      } catch (error) {
        return String(error);
      }
    });
    expect(outcome).toMatch(/append-only|constraint/i);
    expect(await verifyAccount(env, made.account.id)).toEqual([]);
  });
});

describe("of a coupon's uses, verify finds", () => {
  const use = (coupon: string, account: TestAccount, order: string, spent: 0 | 1) =>
    runInDurableObject(env.COUPONS.getByName(coupon), (_, { storage }) => {
      storage.sql.exec(
        "INSERT INTO reservations VALUES (?, ?, 'pay_x', 0, ?) ON CONFLICT DO UPDATE SET spent = excluded.spent",
        order,
        account.id,
        spent,
      );
    });

  test.each([0, 1] as const)("one of an order that doesn't exist (spent: %d)", async (spent) => {
    const { account, coupon } = await journey();
    await use(coupon, account, "ord_none", spent);
    expect(await verifyCoupon(env, coupon)).toEqual([
      { subject: coupon, invariant: 9, problem: expect.stringContaining("ord_none") },
    ]);
    expect(await verifyAccount(env, account.id)).toEqual([]);
  });

  test("one of an order that was cancelled, or of an account that isn't there", async () => {
    const { account, coupon, unpaid } = await journey();
    bodyOf(await account.cancel(unpaid.id), 200);
    await use(coupon, account, unpaid.id, 1);
    expect(problemsOf(await verifyCoupon(env, coupon))).toEqual([expect.stringContaining(unpaid.id)]);
    await use(coupon, { id: "acc_nobody" } as TestAccount, "ord_none", 1);
    expect(await verifyCoupon(env, coupon)).toHaveLength(2);
  });

  test("one that was spent on an order that isn't delivered yet", async () => {
    const account = await openAccount(SMALL_MONTH);
    const coupon = await putCoupon({ amount: 1_000 });
    const { id } = await account.placeWith(coupon);
    bodyOf(await account.pay(id), 200);
    expect(await verifyCoupon(env, coupon)).toEqual([]);
    await use(coupon, account, id, 1);
    expect(problemsOf(await verifyCoupon(env, coupon))).toEqual([expect.stringContaining(id)]);
  });
});

describe("POST /v1/admin/verify", () => {
  interface Verified {
    readonly checked: number;
    readonly findings: readonly Finding[];
    readonly nextCursor: string | null;
  }
  const verify = async (body: object) => bodyOf(await admin.post<Verified>("/v1/admin/verify", body), 200);

  test("looks at one account", async () => {
    const account = await openAccount(500);
    expect(await verify({ account: account.id })).toEqual({ checked: 1, findings: [], nextCursor: null });
    await env.DB.prepare("DELETE FROM credit_transactions WHERE account = ?").bind(account.id).run();
    expect(await verify({ account: account.id })).toEqual({
      checked: 1,
      findings: [{ subject: account.id, invariant: 7, problem: "credit_transactions 1 is missing" }],
      nextCursor: null,
    });
    await rebuildAccount(env, account.id);
  });

  test("doesn't say that all is well with an account that doesn't exist", async () => {
    const account = freshId<AccountId>("acc");
    const answer = await admin.post("/v1/admin/verify", { account });
    expectProblem(answer, { status: 404, code: "account_not_found" });
  });

  test("goes in pages through all accounts and then all coupons, and names what it finds", {
    timeout: 30_000,
  }, async () => {
    const accounts = await Promise.all(Array.from({ length: MORE_THAN_A_PAGE }, () => openAccount()));
    const coupons = await Promise.all(
      Array.from({ length: MORE_THAN_A_PAGE }, () => putCoupon({ amount: 1_000 })),
    );
    const [, planted] = accounts;
    await env.DB.prepare("UPDATE accounts SET epoch = 9 WHERE id = ?").bind(planted?.id).run();
    const lost = coupons.at(-1) ?? "";
    await runInDurableObject(env.COUPONS.getByName(lost), (_, { storage }) => {
      storage.sql.exec("INSERT INTO reservations VALUES ('ord_none', ?, 'pay_x', 0, 1)", planted?.id);
    });
    const pages: Verified[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Verified = await verify(cursor === null ? {} : { cursor });
      pages.push(page);
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    expect(pages.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...pages.map(({ checked }) => checked))).toBeLessThanOrEqual(50);
    const names = await env.DIRECTORY.getByName("directory").list("account", "", 1_000);
    const codes = await env.DIRECTORY.getByName("directory").list("coupon", "", 1_000);
    expect(pages.reduce((sum, { checked }) => sum + checked, 0)).toBe(names.length + codes.length);
    const found = pages
      .flatMap(({ findings }) => findings)
      .map(({ subject, invariant }) => [subject, invariant]);
    // Other tests of this file have left uses of their coupons that belong to nothing.
    expect(found).toEqual(
      expect.arrayContaining([
        [planted?.id, 7],
        [lost, 9],
      ]),
    );
    expect(found.filter(([subject]) => accounts.some(({ id }) => id === subject))).toEqual([
      [planted?.id, 7],
    ]);
  });
});
