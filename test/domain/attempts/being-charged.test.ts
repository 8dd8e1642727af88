import { expect, test } from "vitest";
import { CHARGE_ANSWER_MS } from "../../../src/domain/attempts/attempt.ts";
import type { Command } from "../../../src/domain/decide.ts";
import { balanceOf } from "../../../src/domain/ledger.ts";
import { grantCredit, ORDER, payOrder, placeServer } from "../commands.ts";
import { hearLink, linked, payLinked, startLink } from "../linking/links.ts";
import { carryOut, MemoryState, refusalOf } from "../memory-state.ts";
import { instant } from "../samples.ts";
import { attemptId, heard, payAt, refusal, success } from "./attempts.ts";

const NOW = instant("2027-03-10T10:00");

/** An account with credit, an order, and a linked account that is just being charged for it. */
function charging(): MemoryState {
  const state = new MemoryState();
  for (const command of [grantCredit(500_000), startLink(), hearLink(linked()), placeServer(), payLinked()])
    carryOut(state, command as Command, NOW);
  return state;
}

test.each([
  ["by credit", payOrder()],
  ["at a gateway", payAt("gateway", 2)],
  ["from the linked account again", payLinked(1, 2)],
])("while a linked account is being charged, nothing else is paid %s", (_, command) => {
  const state = charging();
  expect(refusalOf(state, command, NOW + CHARGE_ANSWER_MS - 1)).toMatchObject({
    code: "payment_in_progress",
  });
  expect([state.payments.size, state.attempts.size]).toEqual([1, 1]);
  expect(state.attempt(attemptId(1))).toMatchObject({ status: "open", hasLetGo: false });
  expect(balanceOf(state.balances, "credit_available")).toBe(500_000);
});

test("once its answer must be lost, the order is paid otherwise, and what comes after all is credit", () => {
  const state = charging();
  carryOut(state, payOrder(), NOW + CHARGE_ANSWER_MS);
  expect(state.order(ORDER)?.status).toBe("provisioning");
  carryOut(state, heard(success()), NOW + CHARGE_ANSWER_MS + 1);
  expect(balanceOf(state.balances, "credit_available")).toBe(500_000);
  expect(state.payment(attemptId(1))).toMatchObject({
    kind: "deposit",
    status: "succeeded",
    amount: 181_000,
  });
});

test("a charge that was refused keeps nobody waiting", () => {
  const state = charging();
  carryOut(state, heard(refusal), NOW + 1);
  carryOut(state, payOrder(), NOW + 1);
  expect(state.order(ORDER)?.status).toBe("provisioning");
});
