import { describe, expect, test } from "vitest";
import { violations } from "../../src/domain/invariants.ts";
import { failedFor, payOrder, placeServer } from "../domain/commands.ts";
import { Life } from "../domain/life.ts";
import { accountOf, orderId, productOf, resourceType, sku } from "../domain/samples.ts";

/** What three days of a node cost, at a dong a minute. */
const THREE_DAYS = 3 * 1_440;

const product = productOf([
  resourceType("cluster", [sku("node", "43200")], { billing: ["hold"] }),
  resourceType("server", [sku("general", "181000")], { billing: ["prepaid"] }),
]);

function lived(credit: number): Life {
  const life = new Life({ at: "2027-01-25T00:00", credit, account: accountOf() });
  life.product = product;
  return life;
}

const placed = (life: Life) => {
  const order = life.place("create", { type: "cluster", configuration: { node: 1 }, period: null });
  if (!order.ok) throw new Error(order.error.code);
  return order.value;
};
const wallet = ({ state }: Life) => [state.balances.credit_available ?? 0, state.balances.credit_held ?? 0];
const sound = ({ state }: Life) => expect(violations(state.books())).toEqual([]);

test("19: what is held isn't there to be held again: of six holds as many stand as credit covers", () => {
  const life = lived(5 * THREE_DAYS);
  const answers = Array.from({ length: 6 }, () => placed(life)).map((order) =>
    life.give(payOrder({ order, method: "hold" })),
  );
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true, true, false]);
  expect(answers[5]).toMatchObject({
    error: { code: "insufficient_credit", available: 0, missing: THREE_DAYS },
  });
  expect(wallet(life)).toEqual([0, 5 * THREE_DAYS]);
  // Nor can it pay for anything else.
  life.must({ ...placeServer(), order: orderId("ord_server"), product });
  expect(life.refusal(payOrder({ order: "ord_server" }))).toMatchObject({ code: "insufficient_credit" });
  sound(life);
});

describe("20: a hold that was refused", () => {
  test("captures nothing: not now, not by its console's answer, not at month close", () => {
    const life = lived(THREE_DAYS - 1);
    const order = placed(life);
    expect(life.refusal(payOrder({ order, method: "hold" }))).toMatchObject({
      code: "insufficient_credit",
      missing: 1,
    });
    expect(life.state.resources.size).toBe(0);
    expect(life.give(failedFor("1.1")).ok).toBe(false);
    life.passTo("2027-03-01T03:00");
    expect(life.state.invoices).toEqual([]);
    expect(life.state.payments.size).toBe(0);
    expect(wallet(life)).toEqual([THREE_DAYS - 1, 0]);
    sound(life);
  });

  test("or was let go again, because nothing was provisioned, captures nothing", () => {
    const life = lived(THREE_DAYS);
    const order = placed(life);
    life.must(payOrder({ order, method: "hold" }));
    life.answer(order, "failed");
    expect(wallet(life)).toEqual([THREE_DAYS, 0]);
    life.passTo("2027-03-01T03:00");
    expect(life.state.invoices).toEqual([]);
    expect(wallet(life)).toEqual([THREE_DAYS, 0]);
    sound(life);
  });
});
