import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { MAX_EVENTS } from "../../src/domain/metering/usage-event.ts";
import { usageObject } from "../../src/usage/usage-object.ts";
import { admin, bodyOf, productConsole, putCatalogue, type TestAccount } from "../support/api.ts";
import { VMONITOR } from "../support/catalogue.ts";
import { eventOf, postpaidAccount, report, serveBalancer } from "../usage/metered.ts";

beforeAll(putCatalogue);

async function served(): Promise<{ account: TestAccount; resource: string }> {
  const account = await postpaidAccount();
  return { account, resource: await serveBalancer(account) };
}

const readingsOf = (account: TestAccount) =>
  runInDurableObject(usageObject(env, account.id), (_, { storage }) =>
    storage.sql
      .exec<{ body: string }>("SELECT body FROM readings ORDER BY sku, day")
      .toArray()
      .map(({ body }) => JSON.parse(body)),
  );

describe("a report of usage", () => {
  test("is answered event by event, in their order, without an idempotency key", async () => {
    const { account, resource } = await served();
    const [first, again] = [eventOf(resource, { key: "203.0.113.7" }), eventOf(resource, { id: "evt-1" })];
    const events = [
      first,
      again,
      { ...again, quantity: "9" },
      eventOf(resource, { id: "evt-2", sku: "connections" }),
      eventOf("res_none", { id: "evt-3" }),
      eventOf(resource, { id: "evt-4", sku: "node" }),
    ];
    expect(bodyOf(await report(account, events), 200).results).toEqual([
      { id: first.id, status: "accepted" },
      { id: "evt-1", status: "accepted" },
      { id: "evt-1", status: "duplicate" },
      { id: "evt-2", status: "refused", code: "unknown_sku" },
      { id: "evt-3", status: "refused", code: "resource_not_found" },
      { id: "evt-4", status: "refused", code: "sku_not_metered" },
    ]);
    expect(await readingsOf(account)).toEqual([
      {
        metering: "counter",
        totals: [
          [null, "1500000000"],
          ["203.0.113.7", "1500000000"],
        ],
      },
    ]);
  });

  test("may be empty, and may have a thousand events and not one more", async () => {
    const { account, resource } = await served();
    expect(bodyOf(await report(account, []), 200)).toEqual({ results: [] });
    const longest = () =>
      eventOf(resource, {
        id: crypto.randomUUID().padEnd(64, "x"),
        key: "k".repeat(64),
        quantity: "999999999999.999999999",
      });
    const events = Array.from({ length: MAX_EVENTS }, longest);
    const { results } = bodyOf(await report(account, events), 200);
    // Each would cost more than an amount may be.
    expect(new Set(results.map(({ code }) => code))).toEqual(new Set(["quantity_too_large"]));
    const short = events.map((event) => ({ ...event, quantity: "0.000000001" }));
    const counted = bodyOf(await report(account, short), 200).results;
    expect(new Set(counted.map(({ status }) => status))).toEqual(new Set(["accepted"]));
    expect((await report(account, [...events, longest()])).status).toBe(400);
  });

  test.each([
    ["a quantity that is a number", { quantity: 1.5 }],
    ["a quantity below zero", { quantity: "-1" }],
    ["a quantity with ten decimals", { quantity: "0.0000000001" }],
    ["a quantity with an exponent", { quantity: "1e3" }],
    ["an instant without offset", { at: "2026-01-01T00:00:00" }],
    ["an id with a space", { id: "a b" }],
    ["a key with a space", { key: "a b" }],
    ["an unknown field", { extra: 1 }],
  ])("is refused as a whole for %s", async (_, flaw) => {
    const { account, resource } = await served();
    const answer = await report(account, [eventOf(resource), eventOf(resource, flaw)]);
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect(await readingsOf(account)).toEqual([]);
  });

  test("is the resource's own product's to make: of others there is nothing to see", async () => {
    const { account, resource } = await served();
    const theirs = bodyOf(await report(account, [eventOf(resource)], productConsole(VMONITOR)), 200);
    expect(theirs.results[0]?.code).toBe("resource_not_found");
    expect((await report(account, [], admin)).status).toBe(403);
    expect((await report(account, [], account.user)).status).toBe(403);
    const nobody = await account.console.post("/v1/accounts/acc_nobody/usage-events", { events: [] });
    expect(nobody).toMatchObject({ status: 404, body: { code: "account_not_found" } });
    expect(await readingsOf(account)).toEqual([]);
  });

  test("of a longer body than a thousand events need is refused unread", async () => {
    const { account } = await served();
    const answer = await account.console.post(`${account.path}/usage-events`, " ".repeat(1_024 * 1_024 + 1), {
      key: null,
    });
    expect(answer).toMatchObject({ status: 413, body: { code: "body_too_large" } });
  });
});
