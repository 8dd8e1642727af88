import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { CRASH_RECOVERY_MS, RETRY_FIRST_MS } from "../../src/account/alarm.ts";
import { openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";

const START_MS = Date.UTC(2027, 4, 3, 9);

beforeAll(putCatalogue);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const alarmOf = (account: TestAccount) =>
  runInDurableObject(account.object, (_, { storage }) => storage.getAlarm());

describe("the alarm of an account", () => {
  test("is set once for all the commands until it rings, and not at all for what nobody is told", async () => {
    const account = await openAccount();
    await runDurableObjectAlarm(account.object);
    await account.place();
    expect(await alarmOf(account)).toBeNull();
    await account.grant(500);
    expect(await alarmOf(account)).toBe(START_MS + CRASH_RECOVERY_MS);
    vi.setSystemTime(START_MS + CRASH_RECOVERY_MS - 1);
    await account.grant(500);
    expect(await alarmOf(account)).toBe(START_MS + CRASH_RECOVERY_MS);
  });

  test("rests when it finds everything delivered", async () => {
    const account = await openAccount(SMALL_MONTH);
    expect(await alarmOf(account)).toBe(START_MS + CRASH_RECOVERY_MS);
    vi.setSystemTime(START_MS + CRASH_RECOVERY_MS);
    expect(await runDurableObjectAlarm(account.object)).toBe(true);
    expect(await alarmOf(account)).toBeNull();
  });

  test("comes earlier as soon as a delivery has failed", async () => {
    const account = await openAccount();
    recordLogs();
    vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1 is down"));
    vi.setSystemTime(START_MS + 1);
    await account.grant(500);
    expect(await alarmOf(account)).toBe(START_MS + 1 + RETRY_FIRST_MS);
    expect((await contentsOf(account.object)).outbox).toMatchObject([{ topic: "projection" }]);
  });
});
