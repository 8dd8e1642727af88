import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { Faults } from "../crash/faults.ts";
import { resetClock, setClock } from "../http/clock.ts";
import { openAccount, putCatalogue } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";

beforeAll(putCatalogue);

let faults: Faults;
beforeEach(() => {
  recordLogs();
  faults = new Faults();
  faults.install();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await resetClock();
});

describe("18: overdue is judged before the payment just made is seen", () => {
  test("a renewal that is paid in the moment its resource is to be restricted keeps it in service", async () => {
    await setClock("2025-01-06T03:15:00Z");
    const account = await openAccount(3 * SMALL_MONTH);
    const server = await account.serve();
    const endMs = Date.parse((await account.resource(server)).endAt ?? "");
    await setClock(new Date(endMs).toISOString());
    const { body: order } = await account.placeFor("renew", server, { period: { months: 1 } });
    await Promise.all([account.pay(order.id), account.object.runDue(endMs, true)]);
    expect(await account.resource(server)).toMatchObject({ state: "active" });
    expect(await account.object.audit()).toEqual([]);
  });

  test("at one instant renewals come before changes of state, so that what is paid isn't restricted", async () => {
    const account = await openAccount(2 * SMALL_MONTH);
    const server = await account.serve({ autoRenew: { enabled: true, months: 1 } });
    const endMs = Date.parse((await account.resource(server)).endAt ?? "");
    const { ran } = await account.object.runDue(endMs, true);
    expect(ran.map(({ ran }) => ran)).toEqual(["renewed"]);
    expect(await account.resource(server)).toMatchObject({ state: "active" });
  });
});

describe("21: one reminder is sent four times", () => {
  test("whoever runs what is due, however often and at once, a customer is told once of each milestone", async () => {
    const account = await openAccount(SMALL_MONTH);
    const server = await account.serve();
    const endMs = Date.parse((await account.resource(server)).endAt ?? "");
    for (const days of [-7, -5, -3, -1, 0, 1]) {
      const atMs = endMs + days * DAY_MS;
      await Promise.all(Array.from({ length: 4 }, () => account.object.runDue(atMs, true)));
      await account.object.runDue(atMs, true);
    }
    const keys = faults
      .jobsOf(account.id)
      .flatMap((job) => (job.type === "send_mail" ? job.notice : []))
      .filter(({ template }) => template === "expiry_reminder" || template === "resource_restricted")
      .map(({ key }) => key);
    expect(keys).toHaveLength(6);
    expect(new Set(keys).size).toBe(6);
  });
});
