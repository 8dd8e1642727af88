import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CALL_RETRY_DELAYS_MS } from "../../src/account/console-calls.ts";
import { admin, bodyOf, openAccount, type Page, type TestAccount, userOf } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { StandingQueue } from "../support/peer/queue.ts";
import { addCalls, alarmOf, CalledProduct, type PaidLine, waitingCalls } from "./product.ts";

const START_MS = Date.UTC(2027, 2, 10, 3, 15);
const DAY_MS = 86_400_000;
const ATTEMPTS = CALL_RETRY_DELAYS_MS.length + 1;

interface DeadCallView {
  readonly account: string;
  readonly resource: string;
  readonly sequence: number;
  readonly type: string;
  readonly attempts: number;
  readonly error: string;
  readonly at: string;
}

interface AlertView {
  readonly account: string;
  readonly key: string;
  readonly kind: string;
  readonly subject: string;
  readonly at: string;
}

let logs: ReturnType<typeof recordLogs>;

beforeEach(() => {
  logs = recordLogs();
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

/** A product whose console refuses everything, and somebody who buys of it. */
const scene = async () => {
  const queue = new StandingQueue();
  const [product, account] = [await new CalledProduct().put(), await openAccount(3 * SMALL_MONTH)];
  await product.peer.answers({ status: 500 });
  /** Lets time pass until the account's calls have been tried as often as they may be. */
  const exhaust = async () => {
    await queue.drain();
    for (const delayMs of CALL_RETRY_DELAYS_MS) {
      pass(delayMs);
      await runDurableObjectAlarm(account.object);
      await queue.drain();
    }
  };
  return { queue, product, account, exhaust };
};

const deadCallsOf = async ({ id }: TestAccount): Promise<readonly DeadCallView[]> => {
  const { data } = bodyOf(await admin.get<Page<DeadCallView>>("/v1/admin/console-calls?limit=200"), 200);
  return data.filter(({ account }) => account === id);
};

const alertsOf = async ({ id }: TestAccount): Promise<readonly AlertView[]> => {
  const { data } = bodyOf(await admin.get<Page<AlertView>>("/v1/admin/alerts?limit=200"), 200);
  return data.filter(({ account, kind }) => account === id && kind === "console_call_dead");
};

const resolve = ({ id }: TestAccount, { resource }: Pick<PaidLine, "resource">, how: "retry" | "skip") =>
  admin.post<{ resolved?: boolean; code?: string }>(`/v1/admin/console-calls/${id}/${resource}/${how}`);

describe("a call that is never taken", () => {
  test("is tried again, later each time, and not before its time", async () => {
    const { queue, product, account } = await scene();
    await product.sell(account);
    await queue.drain();
    for (const [retry, delayMs] of CALL_RETRY_DELAYS_MS.entries()) {
      const [call] = await waitingCalls(account);
      expect([call?.attempts, (call?.nextAttemptAtMs ?? 0) - Date.now()]).toEqual([retry + 1, delayMs]);
      pass(delayMs - 1);
      await runDurableObjectAlarm(account.object);
      expect(queue.waiting).toEqual([]);
      pass(1);
      await runDurableObjectAlarm(account.object);
      expect(queue.waiting).toHaveLength(1);
      await queue.drain();
      expect(await product.peer.requests()).toHaveLength(retry + 2);
    }
    expect(CALL_RETRY_DELAYS_MS).toEqual([...CALL_RETRY_DELAYS_MS].sort((a, b) => a - b));
  });

  test("wakes its account by itself for each attempt", async () => {
    const { queue, product, account } = await scene();
    await product.sell(account);
    await queue.drain();
    for (const delayMs of CALL_RETRY_DELAYS_MS.slice(0, 4)) {
      await runDurableObjectAlarm(account.object);
      const [call] = await waitingCalls(account);
      expect(await alarmOf(account)).toBe(call?.nextAttemptAtMs);
      pass(delayMs);
      await runDurableObjectAlarm(account.object);
      await queue.drain();
    }
  });

  test("dies after its last attempt: it is listed, with an alert and a log line, and rests", async () => {
    const { queue, product, account, exhaust } = await scene();
    const { resource } = await product.sell(account);
    await exhaust();
    const at = new Date().toISOString();
    const [call] = await product.calls();
    const sequence = call?.data.sequence;
    expect(await product.peer.requests()).toHaveLength(ATTEMPTS);
    expect(await deadCallsOf(account)).toEqual([
      {
        account: account.id,
        resource,
        sequence,
        type: "resource.provision",
        attempts: ATTEMPTS,
        error: "answered 500",
        at,
      },
    ]);
    expect(await alertsOf(account)).toEqual([
      {
        account: account.id,
        key: `call:${resource}:${sequence}:${Date.parse(at)}`,
        kind: "console_call_dead",
        subject: resource,
        at,
      },
    ]);
    expect(logs.failures()).toContain("alert");
    pass(DAY_MS / 4);
    await runDurableObjectAlarm(account.object);
    expect(queue.take().filter(({ type }) => type === "call_console")).toEqual([]);
  });

  test("holds up its resource's later calls, and no other resource's", async () => {
    const { queue, product, account, exhaust } = await scene();
    const sold = await product.sell(account);
    await exhaust();
    await product.peer.answers({});
    await addCalls(account, product, sold, "resource.resize");
    const other = await product.sell(account);
    await queue.drain();
    expect((await product.calls()).slice(ATTEMPTS).map(({ data }) => data.resource)).toEqual([
      other.resource,
    ]);
    expect((await waitingCalls(account)).map(({ type }) => type)).toEqual([
      "resource.provision",
      "resource.resize",
    ]);
  });

  test("gets another full round when an admin has it tried again, and what waited behind it follows", async () => {
    const { queue, product, account, exhaust } = await scene();
    const sold = await product.sell(account);
    await exhaust();
    await addCalls(account, product, sold, "resource.resize");
    expect(await resolve(account, sold, "retry")).toMatchObject({ status: 200, body: { resolved: true } });
    expect(await deadCallsOf(account)).toEqual([]);
    await queue.drain();
    expect(await waitingCalls(account)).toMatchObject([{ attempts: 1 }, { type: "resource.resize" }]);
    await product.peer.answers({});
    pass(CALL_RETRY_DELAYS_MS[0] ?? 0);
    await runDurableObjectAlarm(account.object);
    await queue.drain();
    expect((await product.heard()).slice(ATTEMPTS)).toEqual([
      "resource.provision",
      "resource.provision",
      "resource.resize",
    ]);
    const ids = (await product.peer.requests()).map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(2);
    expect(await waitingCalls(account)).toEqual([]);
  });

  test("is given up when an admin skips it: what waited behind it follows at once", async () => {
    const { queue, product, account, exhaust } = await scene();
    const sold = await product.sell(account);
    await exhaust();
    await product.peer.answers({});
    await addCalls(account, product, sold, "resource.resize", "resource.renewed");
    expect(await resolve(account, sold, "skip")).toMatchObject({ status: 200, body: { resolved: true } });
    expect(await deadCallsOf(account)).toEqual([]);
    await queue.drain();
    expect((await product.heard()).slice(ATTEMPTS)).toEqual(["resource.resize", "resource.renewed"]);
  });

  test("is tried again once for a key, and a key is for one call only", async () => {
    const { product, account, exhaust } = await scene();
    const sold = await product.sell(account);
    await exhaust();
    const path = `/v1/admin/console-calls/${account.id}/${sold.resource}`;
    const options = { key: `retry-${sold.resource}` };
    expect(await admin.post(`${path}/retry`, undefined, options)).toMatchObject({
      status: 200,
      replayed: false,
    });
    expect(await admin.post(`${path}/retry`, undefined, options)).toMatchObject({
      status: 200,
      replayed: true,
    });
    expect(await admin.post(`${path}/skip`, undefined, options)).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused" },
    });
    const trail = await admin.get<{ data: { action: string }[] }>(`/v1/admin/audit?account=${account.id}`);
    expect(trail.body.data.filter(({ action }) => action === "retry_console_call")).toHaveLength(1);
  });

  test("that dies once more is listed once more, with an alert of its own", async () => {
    const { product, account, exhaust } = await scene();
    const sold = await product.sell(account);
    bodyOf(await product.says(account, sold, "succeeded"), 200);
    await exhaust();
    await resolve(account, sold, "retry");
    await exhaust();
    const at = new Date().toISOString();
    expect(await deadCallsOf(account)).toMatchObject([{ resource: sold.resource, attempts: ATTEMPTS, at }]);
    expect((await alertsOf(account)).map((alert) => alert.at)).toContain(at);
  });

  test("is listed no longer once it was superseded: what superseded it is made at once", async () => {
    const { queue, product, account, exhaust } = await scene();
    const sold = await product.sell(account);
    await exhaust();
    expect(await deadCallsOf(account)).toHaveLength(1);
    await product.peer.answers({});
    // The line's day is over: it is refunded, and its console told to delete what it may have made.
    pass(DAY_MS);
    await account.object.runDue(Date.now(), false);
    await queue.drain();
    expect((await product.heard()).slice(ATTEMPTS)).toEqual(["resource.delete"]);
    expect(await waitingCalls(account)).toEqual([]);
    expect(await deadCallsOf(account)).toEqual([]);
    expect((await resolve(account, sold, "retry")).status).toBe(404);
  });

  test("is listed again after D1 was lost and the account told it everything anew", async () => {
    const { product, account, exhaust } = await scene();
    await product.sell(account);
    await exhaust();
    const before = await deadCallsOf(account);
    expect(before).toHaveLength(1);
    await env.DB.batch([
      env.DB.prepare("DELETE FROM accounts WHERE id = ?").bind(account.id),
      env.DB.prepare("DELETE FROM dead_calls WHERE account = ?").bind(account.id),
    ]);
    bodyOf(await admin.post("/v1/admin/rebuild", { account: account.id }), 200);
    expect(await deadCallsOf(account)).toEqual(before);
  });
});

describe("an admin's decision about a call", () => {
  test.each(["retry", "skip"] as const)("%s is refused where no call is dead", async (how) => {
    const { queue, product, account, exhaust } = await scene();
    const notFound = { status: 404, body: { code: "not_found" } };
    const sold = await product.sell(account);
    await queue.drain();
    expect(await resolve(account, sold, how)).toMatchObject(notFound);
    expect(await waitingCalls(account)).toMatchObject([{ attempts: 1 }]);
    expect(await resolve(account, { resource: "res_unknown" as never }, how)).toMatchObject(notFound);
    const nobody = await admin.post(`/v1/admin/console-calls/acc_nobody/${sold.resource}/${how}`);
    expect(nobody).toMatchObject(notFound);
    await exhaust();
    expect((await resolve(account, sold, how)).status).toBe(200);
    expect(await resolve(account, sold, how)).toMatchObject(notFound);
  });

  test("is an admin's alone, and leaves a trail", async () => {
    const { product, account, exhaust } = await scene();
    const sold = await product.sell(account);
    await exhaust();
    const path = `/v1/admin/console-calls/${account.id}/${sold.resource}`;
    for (const client of [product.client, userOf(account.id)]) {
      expect((await client.get("/v1/admin/console-calls")).status).toBe(403);
      expect((await client.get("/v1/admin/alerts")).status).toBe(403);
      expect((await client.post(`${path}/skip`)).status).toBe(403);
    }
    expect(await deadCallsOf(account)).toHaveLength(1);
    expect((await admin.post(`${path}/forget`)).status).toBe(400);
    bodyOf(await admin.post(`${path}/retry`), 200);
    const trail = await admin.get<Page<{ action: string; subject: string; actor: string }>>(
      `/v1/admin/audit?account=${account.id}`,
    );
    expect(bodyOf(trail, 200).data[0]).toMatchObject({
      action: "retry_console_call",
      subject: sold.resource,
      actor: expect.stringContaining("admin"),
    });
  });

  test("can be made from a list that shows every dead call, however many died at the same instant", async () => {
    const { queue, product, account } = await scene();
    const other = await openAccount(2 * SMALL_MONTH);
    const sold = [await product.sell(account), await product.sell(account), await product.sell(other)];
    await queue.drain();
    for (const delayMs of CALL_RETRY_DELAYS_MS) {
      pass(delayMs);
      for (const { object } of [account, other]) await runDurableObjectAlarm(object);
      await queue.drain();
    }
    const listed: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { data, nextCursor } = bodyOf(
        await admin.get<Page<DeadCallView>>(`/v1/admin/console-calls?limit=1${query}`),
        200,
      ) as Page<DeadCallView>;
      listed.push(...data.map(({ resource }) => resource));
      cursor = nextCursor;
    }
    const ours = sold.map(({ resource }) => resource as string);
    expect(listed.filter((resource) => ours.includes(resource)).sort()).toEqual(ours.sort());
  });
});
