import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ACCOUNT_MIGRATIONS } from "../../src/account/migrations.ts";
import { demoCatalogue } from "../../src/cli/demo-catalogue.ts";
import type { AccountId } from "../../src/domain/ids.ts";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { admin, bodyOf, freshId, type OrderView, type Page, TestAccount } from "../support/api.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf, projectionOf, readSideOf } from "../support/tables.ts";

type Row = Readonly<Record<string, string | number | null>>;

/** What an earlier version left of an account, after as many of the steps as there were then. */
interface OldAccount {
  readonly steps: number;
  readonly tables: Readonly<Record<string, readonly Row[]>>;
}

/** Dumped from installations of those versions, by the number of their steps. */
const OLD_ACCOUNTS = Object.entries(
  import.meta.glob<string>("../fixtures/old-accounts/*.json", {
    ...{ eager: true, query: "?raw", import: "default" },
  }),
).map(([path, text]) => ({ name: path.slice(path.lastIndexOf("/") + 1, -".json".length), text }));

/** What they bought of. */
const PRODUCTS = ["vserver", "vserver-of-the-demo"];
const AFTER_ALL_MS = 400 * DAY_MS;
const MAX_RUNS = 20;

beforeAll(async () => {
  for (const id of PRODUCTS)
    bodyOf(
      await admin.put(`/v1/catalog/products/${id}`, { ...demoCatalogue.vserver, callbackUrl: undefined }),
      200,
    );
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** An old account under a name of its own, in an object that hasn't run since, right after its last transaction. */
async function wake(text: string): Promise<{ account: TestAccount; old: OldAccount }> {
  const [, name = ""] = /"account": "\{\\"id\\":\\"(acc_[^\\]+)\\"/.exec(text) ?? [];
  const account = new TestAccount(freshId<AccountId>("acc"));
  const old = JSON.parse(text.replaceAll(name, account.id)) as OldAccount;
  const now = Math.max(...(old.tables.ledger ?? []).map(({ at_ms }) => Number(at_ms)));
  vi.useFakeTimers({ toFake: ["Date"], now });
  // Mails and questions to gateways are no part of an account's books.
  vi.spyOn(env.JOBS, "sendBatch").mockResolvedValue({
    metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
  });
  await runInDurableObject(account.object, async (_, { storage }) => {
    await storage.deleteAll();
    const { sql } = storage;
    sql.exec("CREATE TABLE migrations (n INTEGER PRIMARY KEY, step TEXT NOT NULL) STRICT");
    for (const [n, step] of ACCOUNT_MIGRATIONS.slice(0, old.steps).entries()) {
      sql.exec(step);
      sql.exec("INSERT INTO migrations VALUES (?, ?)", n, step);
    }
    sql.exec("DELETE FROM head");
    for (const [table, rows] of Object.entries(old.tables)) {
      for (const row of rows) {
        const columns = Object.keys(row);
        const values = columns.map(() => "?").join(", ");
        sql.exec(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values})`, ...Object.values(row));
      }
    }
  });
  await abortAllDurableObjects();
  return { account, old };
}

/** The account breaks no rule, and its read side, told anew, has what its own tables say. */
async function expectSound({ id, object }: TestAccount): Promise<void> {
  expect(await object.audit()).toEqual([]);
  const { epoch } = await contentsOf(object);
  await object.rebuild(epoch + 1, 0);
  const { cursor: _, ...rows } = await readSideOf(id);
  expect(rows).toEqual(projectionOf(await contentsOf(object)));
}

describe.each(OLD_ACCOUNTS)("an account of an earlier version, $name", ({ text }) => {
  it("has all its money and records, and is read as any other", async () => {
    const { account, old } = await wake(text);
    await expectSound(account);
    const now = await contentsOf(account.object);
    for (const table of ["ledger", "orders", "resources", "payments", "invoices", "attempts"] as const)
      expect(now[table], table).toHaveLength(old.tables[table]?.length ?? 0);

    const { user, path } = account;
    const [head] = old.tables.head ?? [];
    const { credit } = await account.balance();
    expect(credit).toMatchObject({ available: head?.credit_available, held: head?.credit_held });
    for (const list of ["invoices", "resources", "payments"] as const) {
      const { data } = bodyOf(await user.get<Page<object>>(`${path}/${list}?limit=200`), 200);
      expect(data, list).toHaveLength(now[list].length);
    }
    for (const { id } of now.orders) bodyOf(await user.get(`${path}/orders/${id}`), 200);
    for (const { id } of now.resources) bodyOf(await user.get(`${path}/resources/${id}`), 200);
    for (const { code } of now.invoices) bodyOf(await user.get(`${path}/invoices/${code}`), 200);
    for (const list of [
      "credit-notes",
      "credit-transactions",
      "linked-accounts",
      "usage",
      "poc-transactions",
    ])
      bodyOf(await user.get(`${path}/${list}`), 200);
  });

  it("goes on: what runs is renewed and deleted, and time does its work", async () => {
    const { account } = await wake(text);
    const { failures } = recordLogs();
    const { user, path } = account;
    await account.grant(20_000_000);
    const { resources } = await contentsOf(account.object);
    const running = resources.filter(({ state, billing }) => state === "active" && billing === "prepaid");
    for (const { id, product, resourceType } of running) {
      const renewal = {
        ...{ action: "renew", product, returnUrl: "http://localhost/done" },
        lines: [{ resourceType, resourceId: id, period: { months: 1 } }],
      };
      const order = bodyOf(await user.post<OrderView>(`${path}/orders`, renewal), 201);
      bodyOf(await account.pay(order.id), 200);
    }
    const [first] = running;
    if (first) bodyOf(await account.remove(first.id), 200);
    await expectSound(account);

    for (let run = 0; (await account.object.runDue(Date.now() + AFTER_ALL_MS, true)).more; run += 1)
      expect(run).toBeLessThan(MAX_RUNS);
    // What a gateway never said anything about is alerted after a week.
    expect(failures().filter((event) => event !== "alert")).toEqual([]);
    await expectSound(account);
    const { resources: left, timers } = await contentsOf(account.object);
    expect(left.filter(({ state }) => state !== "deleted")).toEqual([]);
    expect(timers.filter(({ kind }) => kind === "resource")).toEqual([]);
  });
});
