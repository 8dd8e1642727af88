import { expect, test } from "vitest";
import { type GatewayLimits, offerOf } from "../../src/domain/gateway.ts";
import { money } from "../../src/domain/money.ts";

const LIMITS: GatewayLimits = {
  currency: "VND",
  minMinor: money(1_000),
  maxMinor: money(50_000_000),
  maxRefundMinor: money(50_000_000),
};

test.each([1_000, 1_001, 50_000_000])("%i dong can be paid at a gateway that takes as much", (amount) => {
  expect(offerOf(LIMITS, money(amount), "VND")).toEqual({ kind: "offered" });
});

test("a gateway whose caps exclude the amount isn't offered, and says why", () => {
  expect(offerOf(LIMITS, money(999), "VND")).toEqual({
    kind: "not_offered",
    why: "below_minimum",
    minMinor: 1_000,
  });
  expect(offerOf(LIMITS, money(50_000_001), "VND")).toEqual({
    kind: "not_offered",
    why: "above_maximum",
    maxMinor: 50_000_000,
  });
});

test("a gateway takes no other currency than its own, however suitable the amount", () => {
  expect(offerOf(LIMITS, money(5_000), "USD")).toEqual({ kind: "not_offered", why: "other_currency" });
});
