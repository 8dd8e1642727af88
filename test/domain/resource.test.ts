import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { billingStatus, firstTermTime, type Resource } from "../../src/domain/resource.ts";
import { priceResize } from "../../src/domain/terms.ts";
import { payOrder, placeServer, succeeded } from "./commands.ts";
import { carryOut, MemoryState } from "./memory-state.ts";
import { accountOf, instant, SAIGON, sku } from "./samples.ts";

const NOW = instant("2023-03-06T10:00");

function activeServer(): Resource {
  const state = new MemoryState(accountOf(), 181_000);
  carryOut(state, placeServer(), NOW);
  carryOut(state, payOrder(), NOW);
  return carryOut(state, succeeded(), NOW).answer.resource;
}

describe("the billing status", () => {
  const endingIn = (ms: number): Resource => ({ ...activeServer(), endAtMs: NOW + ms });

  test.each([
    [15 * DAY_MS + 1, "good"],
    [15 * DAY_MS, "warning"],
    [5 * DAY_MS, "warning"],
    [5 * DAY_MS - 1, "alerted"],
    [1, "alerted"],
    [0, "expired"],
    [-DAY_MS, "expired"],
  ])("%d ms before the end is %s", (left, status) => {
    expect(billingStatus(endingIn(left), NOW)).toBe(status);
  });

  test("is none before the first term and after the deletion", () => {
    expect(billingStatus({ ...activeServer(), endAtMs: null }, NOW)).toBeNull();
    expect(billingStatus({ ...endingIn(DAY_MS), state: "deleted" }, NOW)).toBeNull();
  });
});

describe("a term is counted in whole minutes", () => {
  test("from the minute its resource was provisioned in", () => {
    expect(firstTermTime({ months: 1 }, NOW + 59_999, SAIGON)).toEqual({
      startMs: NOW,
      endMs: instant("2023-04-06T10:00"),
      anchorDay: 6,
    });
  });

  test("to the minute of the end instant that was asked for", () => {
    const endAtMs = instant("2023-05-31T10:00:30");
    expect(firstTermTime({ endAtMs }, NOW, SAIGON)).toEqual({
      startMs: NOW,
      endMs: instant("2023-05-31T10:00"),
      anchorDay: 31,
    });
  });

  test("from the minute it was resized in", () => {
    const configuration = [{ sku: sku("general", "181000"), quantity: 1 }];
    const at = { atMs: instant("2023-03-16T10:00:30"), timeZone: SAIGON };
    const { term } = priceResize(activeServer().terms, configuration, at, {
      currency: "VND",
      refundable: true,
    });
    expect(term.startMs).toBe(instant("2023-03-16T10:00"));
  });
});
