import { abortAllDurableObjects, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Job } from "../../src/account/jobs.ts";
import type { AccountId } from "../../src/domain/ids.ts";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import worker from "../../src/index.ts";
import { verifyRecords } from "../../src/jobs/integrity.ts";
import { bodyOf, type OrderView, putCatalogue, type TestAccount } from "../support/api.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { balancer, postpaidAccount, serveBalancer } from "../usage/metered.ts";

/** 30 March, 12:00, and the end of that month, in the accounts' zone. */
const START_MS = Date.UTC(2027, 2, 30, 5);
const MONTH_END_MS = Date.UTC(2027, 2, 31, 17);
const CLOSE_MS = MONTH_END_MS + 120 * MINUTE_MS;
/** A node costs a dong a minute. */
const BILL = (MONTH_END_MS - START_MS) / MINUTE_MS;

/** The queue is a real one. */
const WAIT = { timeout: 60_000, interval: 50 };

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await env.DB.prepare("UPDATE accounts SET due_at_ms = NULL").run();
  vi.useRealTimers();
});

const tick = (atMs: number) => {
  vi.setSystemTime(atMs);
  return worker.scheduled(createScheduledController({ scheduledTime: atMs }), env);
};

/** Sets up as many balancers more. */
async function serveBalancers(account: TestAccount, quantity: number): Promise<void> {
  const line = { resourceType: "balancer", name: "lb", configuration: balancer(), quantity };
  const ordered = await account.console.post<OrderView>(`${account.path}/orders`, {
    ...{ action: "create", lines: [line], returnUrl: "https://console.example/done" },
  });
  await account.provisionAll(bodyOf(ordered, 201).id, "succeeded");
}

const bills = async (accounts: readonly { readonly id: AccountId }[]): Promise<number> => {
  const ids = JSON.stringify(accounts.map(({ id }) => id));
  const query = "SELECT count(*) AS n FROM invoices WHERE account IN (SELECT value FROM json_each(?))";
  return (await env.DB.prepare(query).bind(ids).first<{ n: number }>())?.n ?? 0;
};

/** Its every balancer has one bill, of all its minutes. */
async function expectBilledOnce(account: TestAccount): Promise<void> {
  const { invoices, resources } = await contentsOf(account.object);
  expect(new Set(invoices.map(({ resource }) => resource))).toEqual(new Set(resources.map(({ id }) => id)));
  expect(invoices.map(({ total }) => total)).toEqual(resources.map(() => BILL));
  expect(await account.object.audit()).toEqual([]);
  expect(await verifyRecords(env, account.id)).toEqual([]);
}

describe("the close of a month", () => {
  test("is spread over the queue, an account a message, and bills each of many once", {
    timeout: 120_000,
  }, async () => {
    const accounts = await Promise.all(Array.from({ length: 105 }, postpaidAccount));
    await Promise.all(accounts.map((account) => serveBalancer(account)));
    const sent = vi.spyOn(env.JOBS, "sendBatch");
    await tick(CLOSE_MS);
    const jobs = sent.mock.calls.flatMap(([messages]) => [...messages].map(({ body }) => body as Job));
    const due = jobs.flatMap(({ type, account }) => (type === "run_due" ? [account] : []));
    await vi.waitUntil(async () => (await bills(accounts)) === accounts.length, WAIT);
    expect(due.sort()).toEqual(accounts.map(({ id }) => id).sort());
    await tick(CLOSE_MS + 10 * MINUTE_MS);
    for (const account of accounts) await expectBilledOnce(account);
  });

  test("of an account with more than one turn does goes on after a crash where it was", {
    timeout: 120_000,
  }, async () => {
    const account = await postpaidAccount();
    await serveBalancers(account, 70);
    await serveBalancers(account, 70);
    vi.setSystemTime(CLOSE_MS);
    const { ran, more } = await account.object.runDue(CLOSE_MS, false);
    expect([ran.length, more]).toEqual([100, true]);
    await abortAllDurableObjects();
    await tick(CLOSE_MS + MINUTE_MS);
    await vi.waitUntil(async () => (await bills([account])) === 140, WAIT);
    await expectBilledOnce(account);
  });
});
