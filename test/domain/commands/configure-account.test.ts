import { describe, expect, test } from "vitest";
import type { ConfigureAccount } from "../../../src/domain/commands/configure-account.ts";
import { payOrder, placeServer, succeeded } from "../commands.ts";
import { carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import { accountOf } from "../samples.ts";

const configure = (more: Partial<ConfigureAccount["account"]> = {}): ConfigureAccount => {
  const { createdAtMs: _, ...account } = accountOf(more);
  return { type: "configure_account", account };
};

describe("configuring an account", () => {
  test("opens it at the instant of the command", () => {
    const state = new MemoryState(null);
    const { answer, events } = carryOut(state, configure({ email: "binh@example.com" }), 5_000);
    expect(answer).toEqual(accountOf({ email: "binh@example.com", createdAtMs: 5_000 }));
    expect(events).toEqual([{ type: "account_configured", account: answer }]);
  });

  test("changes what it names and keeps the instant it was opened at", () => {
    const state = new MemoryState(accountOf({ createdAtMs: 5_000 }));
    const { answer } = carryOut(state, configure({ name: "Bình", locale: "en", timeZone: "UTC" }), 9_000);
    expect(answer).toEqual(accountOf({ name: "Bình", locale: "en", timeZone: "UTC", createdAtMs: 5_000 }));
  });

  test("is refused for a time zone nobody knows", () => {
    expect(refusalOf(new MemoryState(null), configure({ timeZone: "Hanoi" }), 0)).toEqual({
      code: "unknown_time_zone",
      path: "timeZone",
    });
  });

  test("is refused where it would change the currency, even of an account that never bought anything", () => {
    expect(refusalOf(new MemoryState(), configure({ currency: "USD" }), 0)).toEqual({
      code: "account_currency_fixed",
    });
  });
});

describe("the time zone", () => {
  const inUtc = configure({ timeZone: "UTC" });
  const paidState = () => {
    const state = new MemoryState(accountOf(), 181_000);
    carryOut(state, placeServer(), 0);
    carryOut(state, payOrder(), 1);
    return state;
  };

  test("is fixed from the payment of a resource on, provisioned or not", () => {
    const state = paidState();
    expect(refusalOf(state, inUtc, 2)).toEqual({ code: "account_time_zone_fixed" });
    carryOut(state, succeeded(), 2);
    expect(refusalOf(state, inUtc, 3)).toEqual({ code: "account_time_zone_fixed" });
  });

  test("may be repeated while resources live, and anything else changed", () => {
    const { answer } = carryOut(paidState(), configure({ name: "Chi" }), 2);
    expect(answer.name).toBe("Chi");
  });

  test("may change once no resource lives", () => {
    const state = paidState();
    for (const [id, resource] of state.resources) state.resources.set(id, { ...resource, state: "deleted" });
    expect(carryOut(state, inUtc, 2).answer.timeZone).toBe("UTC");
  });
});
