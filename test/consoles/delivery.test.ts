import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RETRY_FIRST_MS } from "../../src/account/alarm.ts";
import { CALL_LEASE_MS, CALL_RETRY_DELAYS_MS } from "../../src/account/console-calls.ts";
import { bodyOf, openAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { Peer } from "../support/peer/peer.ts";
import { deliver, StandingQueue } from "../support/peer/queue.ts";
import { addCalls, alarmOf, CalledProduct, isSignedWith, verified, waitingCalls } from "./product.ts";

const START_MS = Date.UTC(2027, 2, 10, 3, 15);
const DAY_MS = 86_400_000;
const FIRST_WAIT_MS = CALL_RETRY_DELAYS_MS[0] ?? 0;

/** A product that is called, and somebody who buys of it; the queue stands until it is moved. */
const scene = async () => {
  const queue = new StandingQueue();
  const [product, account] = [await new CalledProduct().put(), await openAccount(3 * SMALL_MONTH)];
  return { queue, product, account };
};

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

describe("a call to a product console", () => {
  test("says what there is to do, and the standard's own library believes who says it", async () => {
    const { queue, product, account } = await scene();
    const secret = await product.newSecret();
    const { order, line, resource } = await product.sell(account, "máy chủ số 1");
    await queue.deliver();
    const [request, ...more] = await product.peer.requests();
    if (!request) throw new Error("it wasn't called");
    expect(more).toEqual([]);
    expect(verified(request, secret)).toEqual({
      type: "resource.provision",
      timestamp: new Date(START_MS).toISOString(),
      data: {
        account: account.id,
        resource,
        resourceType: "server",
        name: "máy chủ số 1",
        sequence: expect.any(Number),
        order,
        line,
        configuration: [{ sku: "small", quantity: 1 }],
        startAt: null,
        endAt: null,
      },
    });
    expect(request).toMatchObject({
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": expect.stringContaining(resource),
        "webhook-timestamp": String(START_MS / 1_000),
      },
    });
    expect(await waitingCalls(account)).toEqual([]);
  });

  test("can't be altered, renamed or signed by anybody else", async () => {
    const { queue, product, account } = await scene();
    const secret = await product.newSecret();
    await product.sell(account);
    await queue.deliver();
    const [request] = await product.peer.requests();
    if (!request) throw new Error("it wasn't called");
    const { body, headers } = request;
    expect(isSignedWith(request, secret)).toBe(true);
    expect(isSignedWith(request, `whsec_${btoa("somebody else's secret of 32 byte")}`)).toBe(false);
    expect(isSignedWith({ ...request, body: body.replace("web", "wob") }, secret)).toBe(false);
    expect(isSignedWith({ ...request, headers: { ...headers, "webhook-id": "call_1" } }, secret)).toBe(false);
  });

  test("is made again under the same id and with the same bytes, signed anew, until it is taken", async () => {
    const { queue, product, account } = await scene();
    const secret = await product.newSecret();
    await product.peer.answers(
      { status: 500 },
      { close: true },
      { status: 503 },
      { status: 200, body: "ok" },
    );
    await product.sell(account);
    for (const waitMs of [0, ...CALL_RETRY_DELAYS_MS.slice(0, 3)]) {
      pass(waitMs);
      if (waitMs > 0) await runDurableObjectAlarm(account.object);
      await queue.deliver();
      // The standard's library wants a signature of this minute.
      expect(isSignedWith((await product.peer.requests()).at(-1) as never, secret)).toBe(true);
    }
    const requests = await product.peer.requests();
    expect(requests).toHaveLength(4);
    expect(new Set(requests.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    const sentAt = requests.map(({ headers }) => Number(headers["webhook-timestamp"]) * 1_000 - START_MS);
    expect(sentAt).toEqual([0, 5_000, 35_000, 155_000]);
    expect(await waitingCalls(account)).toEqual([]);
  });

  test("has an id that no other call has", async () => {
    const { queue, product, account } = await scene();
    const first = await product.sell(account);
    await addCalls(account, product, first, "resource.resize");
    await product.sell(account);
    const other = await openAccount(SMALL_MONTH);
    await product.sell(other);
    await queue.drain();
    const ids = (await product.peer.requests()).map(({ headers }) => headers["webhook-id"]);
    expect([ids.length, new Set(ids).size]).toEqual([4, 4]);
  });

  test.each([200, 201, 202, 204, 299])("is taken when the console answers %i", async (status) => {
    const { queue, product, account } = await scene();
    await product.peer.answers({ status });
    await product.sell(account);
    await queue.deliver();
    expect(await waitingCalls(account)).toEqual([]);
  });

  const NOT_TAKEN = [400, 401, 404, 409, 410, 429, 500, 502, 503].map((status) => ({ status }));

  test.each(NOT_TAKEN)("is kept when the console answers $status", async ({ status }) => {
    const { queue, product, account } = await scene();
    await product.peer.answers({ status, body: "no" });
    const { resource } = await product.sell(account);
    await queue.deliver();
    expect(await waitingCalls(account)).toEqual([
      {
        resource,
        type: "resource.provision",
        attempts: 1,
        nextAttemptAtMs: START_MS + FIRST_WAIT_MS,
        error: `answered ${status}`,
      },
    ]);
    expect(logs.failures()).toContain("console_call_not_taken");
  });

  test.each([301, 302, 303, 307, 308])(
    "doesn't follow a redirect by %i, and isn't taken by it",
    async (status) => {
      const { queue, product, account } = await scene();
      const elsewhere = new Peer();
      await product.peer.answers({ status, headers: { Location: elsewhere.url } });
      await product.sell(account);
      await queue.deliver();
      expect(await product.peer.requests()).toHaveLength(1);
      expect(await elsewhere.requests()).toEqual([]);
      expect(await waitingCalls(account)).toMatchObject([{ attempts: 1, error: `answered ${status}` }]);
    },
  );

  test("is kept when the console closes the socket, or isn't there at all", async () => {
    const { queue, product, account } = await scene();
    await product.peer.answers({ close: true });
    await product.sell(account);
    await queue.deliver();
    expect(await waitingCalls(account)).toMatchObject([{ attempts: 1, error: expect.stringMatching(/\w/) }]);
    await product.put("http://127.0.0.1:9/");
    pass(FIRST_WAIT_MS);
    await runDurableObjectAlarm(account.object);
    await queue.deliver();
    expect(await waitingCalls(account)).toMatchObject([{ attempts: 2, error: expect.stringMatching(/\w/) }]);
  });

  test("doesn't wait for a console that hangs longer than its lease lasts", async () => {
    const { queue, product, account } = await scene();
    const waits: number[] = [];
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      waits.push(ms);
      return timeout(50);
    });
    await product.peer.answers({ hold: true });
    await product.sell(account);
    await queue.deliver();
    expect(waits).toEqual([15_000]);
    expect(Math.max(...waits)).toBeLessThan(CALL_LEASE_MS);
    expect(await waitingCalls(account)).toMatchObject([
      { attempts: 1, nextAttemptAtMs: START_MS + FIRST_WAIT_MS, error: expect.stringContaining("timeout") },
    ]);
    await vi.waitFor(async () => expect(await product.peer.requests()).toMatchObject([{ isAborted: true }]));
  });

  test("doesn't hold up another product's console by hanging", async () => {
    const { queue, product, account } = await scene();
    const quick = await new CalledProduct().put();
    await product.peer.answers({ hold: true });
    await product.sell(account);
    await quick.sell(account);
    const delivering = queue.deliver();
    await quick.peer.asked(1);
    await product.peer.asked(1);
    await vi.waitFor(async () => expect(await waitingCalls(account)).toHaveLength(1));
    await product.peer.release();
    await delivering;
    expect(await waitingCalls(account)).toEqual([]);
  });

  test("isn't made for a product without an address, and doesn't wait for it to get one", async () => {
    const { queue, product, account } = await scene();
    await product.put(null);
    const sold = await product.sell(account);
    await queue.drain();
    expect(await waitingCalls(account)).toEqual([]);
    expect((await account.order(sold.order)).status).toBe("provisioning");
    await product.put();
    pass(DAY_MS / 2);
    await runDurableObjectAlarm(account.object);
    await queue.drain();
    expect(await product.peer.requests()).toEqual([]);
    bodyOf(await product.says(account, sold, "succeeded"), 200);
  });

  test("goes to the address that the product has by then", async () => {
    const { queue, product, account } = await scene();
    await product.peer.answers({ status: 500 });
    await product.sell(account);
    await queue.deliver();
    const moved = new Peer();
    await product.put(moved.url);
    pass(FIRST_WAIT_MS);
    await runDurableObjectAlarm(account.object);
    await queue.deliver();
    expect([(await product.peer.requests()).length, (await moved.requests()).length]).toEqual([1, 1]);
  });
});

describe("the calls about one resource", () => {
  test("are made in order, each after the one before was taken, while other resources go on", async () => {
    const { queue, product, account } = await scene();
    await product.peer.answers({ status: 500 }, {});
    const first = await product.sell(account);
    await queue.deliver();
    await addCalls(account, product, first, "resource.resize", "resource.renewed");
    const second = await product.sell(account);
    await queue.drain();
    const about = async () => (await product.calls()).map(({ type, data }) => [data.resource, type]);
    expect(await about()).toEqual([
      [first.resource, "resource.provision"],
      [second.resource, "resource.provision"],
    ]);
    pass(FIRST_WAIT_MS);
    await runDurableObjectAlarm(account.object);
    await queue.drain();
    expect((await about()).slice(2)).toEqual([
      [first.resource, "resource.provision"],
      [first.resource, "resource.resize"],
      [first.resource, "resource.renewed"],
    ]);
    const sequences = (await product.calls()).flatMap(({ data }) =>
      data.resource === first.resource ? [data.sequence] : [],
    );
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(await waitingCalls(account)).toEqual([]);
  });

  test("aren't made at the same time, however many messages come at once", async () => {
    const { queue, product, account } = await scene();
    await product.peer.answers({ hold: true });
    const sold = await product.sell(account);
    await addCalls(account, product, sold, "resource.resize");
    queue.take();
    const job = { type: "call_console", account: account.id, resource: sold.resource } as const;
    const delivering = deliver([job, job, job]);
    await product.peer.asked(1);
    await deliver([job]);
    expect(await product.heard()).toEqual(["resource.provision"]);
    await product.peer.release();
    await product.peer.asked(2);
    await deliver([job]);
    await product.peer.release();
    await delivering;
    await queue.drain();
    expect(await product.heard()).toEqual(["resource.provision", "resource.resize"]);
    expect(await waitingCalls(account)).toEqual([]);
  });

  test("are told to the queue once, not once more for each that is taken", async () => {
    const { queue, product, account } = await scene();
    const sold = await product.sell(account);
    await addCalls(account, product, sold, "resource.resize", "resource.renewed", "resource.restrict");
    const sent = queue.take().filter(({ type }) => type === "call_console");
    expect(sent).toHaveLength(1);
    await deliver(sent);
    expect(await product.peer.requests()).toHaveLength(4);
    expect(queue.waiting.filter(({ type }) => type === "call_console")).toEqual([]);
  });

  test("are all made, also when there are more than one job makes", async () => {
    const { queue, product, account } = await scene();
    const sold = await product.sell(account);
    const resizes = Array.from({ length: 30 }, () => "resource.resize" as const);
    await addCalls(account, product, sold, ...resizes);
    await queue.drain();
    expect(await product.heard()).toEqual(["resource.provision", ...resizes]);
  });

  test.each(["resource.suspend", "resource.delete"] as const)(
    "are pointless once there is a %s: what wasn't taken before it is never made",
    async (type) => {
      const { queue, product, account } = await scene();
      await product.peer.answers({ status: 500 }, {});
      const [sold, other] = [await product.sell(account), await product.sell(account)];
      queue.take();
      await deliver([{ type: "call_console", account: account.id, resource: sold.resource }]);
      await addCalls(account, product, sold, "resource.resize", type, "resource.resume");
      expect((await waitingCalls(account)).map((call) => [call.resource, call.type]).sort()).toEqual(
        [
          [sold.resource, type],
          [sold.resource, "resource.resume"],
          [other.resource, "resource.provision"],
        ].sort(),
      );
      await queue.drain();
      expect(await product.heard()).toEqual(["resource.provision", type, "resource.resume"]);
    },
  );

  test.each([{ status: 204 }, { status: 500 }, { close: true } as const])(
    "that were superseded while one was under way don't come back, whatever it is answered (%o)",
    async (answer) => {
      const { queue, product, account } = await scene();
      await product.peer.answers({ ...answer, hold: true }, {});
      const sold = await product.sell(account);
      const delivering = queue.deliver();
      await product.peer.asked(1);
      await addCalls(account, product, sold, "resource.suspend");
      await queue.deliver();
      expect(await product.heard()).toEqual(["resource.provision"]);
      await product.peer.release();
      await delivering;
      await queue.drain();
      expect(await product.heard()).toEqual(["resource.provision", "resource.suspend"]);
      expect(await waitingCalls(account)).toEqual([]);
    },
  );
});

describe("a console that speaks late", () => {
  test("of a line that was refunded is told so, and to delete what it made", async () => {
    const { queue, product, account } = await scene();
    const sold = await product.sell(account);
    await queue.drain();
    bodyOf(await product.says(account, sold, "failed"), 200);
    expect(await account.available()).toBe(3 * SMALL_MONTH);
    expect(await product.says(account, sold, "succeeded")).toMatchObject({
      status: 409,
      body: { code: "line_already_refunded" },
    });
    await queue.drain();
    const [provision, deletion, ...more] = await product.calls();
    expect(more).toEqual([]);
    expect(deletion).toMatchObject({
      type: "resource.delete",
      data: { resource: sold.resource, order: sold.order, line: sold.line, startAt: null, endAt: null },
    });
    expect(deletion?.data.sequence).toBeGreaterThan(provision?.data.sequence ?? 0);
    expect(await account.available()).toBe(3 * SMALL_MONTH);
  });

  test("is told to delete when its day is over, and no longer to provision", async () => {
    const { queue, product, account } = await scene();
    await product.peer.answers({ status: 500 }, {});
    const sold = await product.sell(account);
    await queue.drain();
    vi.setSystemTime(START_MS + DAY_MS);
    expect(await product.says(account, sold, "succeeded")).toMatchObject({
      status: 409,
      body: { code: "line_already_refunded" },
    });
    await runDurableObjectAlarm(account.object);
    await queue.drain();
    expect(await product.heard()).toEqual(["resource.provision", "resource.delete"]);
    expect(await account.available()).toBe(3 * SMALL_MONTH);
  });
});

describe("a call that is lost on the way", () => {
  test("is told to the queue again by the alarm when the queue was down, and the payment stands", async () => {
    const { queue, product, account } = await scene();
    queue.breakDown();
    const sold = await product.sell(account);
    expect(logs.failures()).toContain("console_calls_not_queued");
    expect(await alarmOf(account)).toBe(START_MS + RETRY_FIRST_MS);
    pass(RETRY_FIRST_MS);
    await runDurableObjectAlarm(account.object);
    expect(await alarmOf(account)).toBeGreaterThan(Date.now());
    const mended = new StandingQueue();
    pass(60_000);
    await runDurableObjectAlarm(account.object);
    expect(mended.waiting).toContainEqual({
      type: "call_console",
      account: account.id,
      resource: sold.resource,
    });
    await mended.drain();
    expect(await product.heard()).toEqual(["resource.provision"]);
  });

  test("is told to the queue again when a message never arrives", async () => {
    const { queue, product, account } = await scene();
    await product.sell(account);
    expect(queue.take().filter(({ type }) => type === "call_console")).toHaveLength(1);
    pass(CALL_LEASE_MS - 1);
    await runDurableObjectAlarm(account.object);
    expect(queue.waiting).toEqual([]);
    expect(await alarmOf(account)).toBeLessThanOrEqual(Date.now() + RETRY_FIRST_MS);
    pass(RETRY_FIRST_MS);
    await runDurableObjectAlarm(account.object);
    await queue.deliver();
    expect(await product.heard()).toEqual(["resource.provision"]);
  });

  test("is made again when its object forgot that it was under way, under the same id", async () => {
    const { queue, product, account } = await scene();
    await product.peer.answers({ status: 500, hold: true }, {});
    await product.sell(account);
    const delivering = queue.deliver();
    await product.peer.asked(1);
    await evictDurableObject(account.object);
    pass(RETRY_FIRST_MS);
    await runDurableObjectAlarm(account.object);
    await queue.deliver();
    expect(await waitingCalls(account)).toEqual([]);
    await product.peer.release();
    await delivering;
    expect(await waitingCalls(account)).toEqual([]);
    const ids = (await product.peer.requests()).map(({ headers }) => headers["webhook-id"]);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  test("may be answered after its lease: the later attempt counts, the late answer changes nothing", async () => {
    const { queue, product, account } = await scene();
    await product.peer.answers({ status: 500, hold: true }, {}, { hold: true });
    const sold = await product.sell(account);
    const late = queue.deliver();
    await product.peer.asked(1);
    pass(CALL_LEASE_MS + 1);
    await runDurableObjectAlarm(account.object);
    await queue.deliver();
    await addCalls(account, product, sold, "resource.resize");
    const next = queue.deliver();
    await product.peer.asked(3);
    expect(await product.heard()).toEqual(["resource.provision", "resource.provision", "resource.resize"]);
    await product.peer.release();
    await Promise.all([late, next]);
    expect(await waitingCalls(account)).toEqual([]);
  });

  test("isn't made twice at once because an earlier attempt's late answer comes in between", async () => {
    const { queue, product, account } = await scene();
    const slow = new Peer();
    await slow.answers({ status: 500, hold: true });
    await product.put(slow.url);
    const sold = await product.sell(account);
    const late = queue.deliver();
    await slow.asked(1);
    await product.put();
    pass(CALL_LEASE_MS + 1);
    await runDurableObjectAlarm(account.object);
    await queue.deliver();
    await product.peer.answers({ hold: true });
    await addCalls(account, product, sold, "resource.resize");
    const resizing = queue.deliver();
    await product.peer.asked(2);
    await slow.release();
    await late;
    // A message that comes now must find the resize under way.
    const again = deliver([{ type: "call_console", account: account.id, resource: sold.resource }]);
    await Promise.race([again, product.peer.asked(3)]);
    expect(await product.heard()).toEqual(["resource.provision", "resource.resize"]);
    await product.peer.release();
    await Promise.all([resizing, again]);
  });
});

describe("with the queue as it is", () => {
  test("a payment reaches the console within seconds", { timeout: 20_000 }, async () => {
    vi.useRealTimers();
    const [product, account] = [await new CalledProduct().put(), await openAccount(SMALL_MONTH)];
    const secret = await product.newSecret();
    const sold = await product.sell(account);
    const [request] = await product.peer.asked(1);
    if (!request) throw new Error("it wasn't called");
    expect(verified(request, secret)).toMatchObject({
      type: "resource.provision",
      data: { resource: sold.resource },
    });
    bodyOf(await product.says(account, sold, "succeeded"), 200);
    await vi.waitFor(async () => expect(await waitingCalls(account)).toEqual([]), 5_000);
  });
});
