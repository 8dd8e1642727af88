import { describe, expect, test } from "vitest";
import { violations } from "../../../src/domain/invariants.ts";
import { money } from "../../../src/domain/money.ts";
import { deleteResource, grantCredit, payOrder, RESOURCE } from "../commands.ts";
import { Life } from "../life.ts";
import { ADMIN } from "../memory-state.ts";
import { confirm } from "../postpaid/life.ts";
import { accountOf, instant, productOf, resourceType, sku } from "../samples.ts";

/** What a node costs: a dong a minute. */
const DAY = 1_440;
const HELD = { type: "cluster", configuration: { node: 1 }, period: null };

const product = productOf([
  resourceType("cluster", [sku("node", "43200")], { billing: ["hold", "postpaid"] }),
  resourceType("server", [sku("small", "90000"), sku("general", "181000")], {
    billing: ["prepaid", "postpaid"],
  }),
]);

/** An account's life from a local time on, with so much credit. */
function lived(billingMode: "prepaid" | "postpaid", credit: number, at = "2027-01-25T00:00"): Life {
  const life = new Life({ at, credit, account: accountOf({ billingMode }) });
  life.product = product;
  return life;
}

/** A cluster in service that credit is held for. */
function held(credit: number, at?: string): Life {
  const life = lived("prepaid", credit, at);
  const placed = life.place("create", HELD);
  if (!placed.ok) throw new Error(placed.error.code);
  life.must(payOrder({ order: placed.value, method: "hold" }));
  life.answer(placed.value, "succeeded");
  return life;
}

const switchTo = (life: Life, billingMode: "prepaid" | "postpaid") => {
  const { account } = life.state;
  if (!account) throw new Error("there is no account");
  life.must({ type: "configure_account", account: { ...account, billingMode } }, ADMIN);
};

const wallet = ({ state }: Life) => [state.balances.credit_available ?? 0, state.balances.credit_held ?? 0];
const billsOf = ({ state }: Life) => state.invoices.map(({ total, paid, status }) => [total, paid, status]);
const templates = ({ state }: Life) => state.notices.map(({ template }) => template);
const sound = ({ state }: Life) => expect(violations(state.books())).toEqual([]);

describe("an account that becomes postpaid", () => {
  test("has what is held captured at month close, the rest let go, and its resource paid by the month", () => {
    const life = held(100_000);
    life.passTo("2027-01-27T12:00");
    switchTo(life, "postpaid");
    life.passTo("2027-01-31T12:00");
    expect(wallet(life)).toEqual([100_000 - 9 * DAY, 9 * DAY]);
    life.passTo("2027-02-01T02:00");
    expect(wallet(life)).toEqual([100_000 - 7 * DAY, 0]);
    expect(billsOf(life)).toEqual([[7 * DAY, 7 * DAY, "paid"]]);
    expect(life.resource()).toMatchObject({
      ...{ billing: "postpaid", state: "active" },
    });
    expect(life.resource().hold).toBeUndefined();
    life.passTo("2027-03-01T02:00");
    expect(billsOf(life)[1]).toEqual([28 * DAY, 0, "unpaid"]);
    expect(wallet(life)).toEqual([100_000 - 7 * DAY, 0]);
    sound(life);
  });

  test("suspends nothing for want of credit until then", () => {
    const life = held(3 * DAY);
    switchTo(life, "postpaid");
    life.passTo("2027-01-31T12:00");
    expect(life.resource()).toMatchObject({ state: "active", hold: { missing: 6 * DAY } });
    life.passTo("2027-02-01T02:00");
    expect(billsOf(life)).toEqual([[7 * DAY, 3 * DAY, "partially_paid"]]);
    sound(life);
  });

  test("has what was suspended for want of credit run again, paid by the month", () => {
    const life = held(3 * DAY);
    life.passTo("2027-01-29T12:00");
    expect(life.resource().state).toBe("suspended");
    switchTo(life, "postpaid");
    expect(life.resource()).toMatchObject({
      state: "active",
      billing: "postpaid",
      hold: { missing: 0, resumesAs: null },
    });
    expect(life.state.calls.at(-1)?.type).toBe("resource.resume");
    sound(life);
    life.passTo("2027-02-01T02:00");
    // From the 25th to the 28th, and from the noon of the 29th on.
    expect(billsOf(life)).toEqual([[3 * DAY + 2.5 * DAY, 3 * DAY, "partially_paid"]]);
    expect(wallet(life)).toEqual([0, 0]);
    sound(life);
  });

  test("gives back what is held for what is deleted before, once its use is billed", () => {
    const life = held(3 * DAY);
    life.passTo("2027-01-29T12:00");
    switchTo(life, "postpaid");
    life.must(grantCredit(DAY));
    life.must(deleteResource());
    expect(wallet(life)).toEqual([DAY, 3 * DAY]);
    life.passTo("2027-02-01T02:00");
    expect(billsOf(life)).toEqual([[3 * DAY, 3 * DAY, "paid"]]);
    expect(wallet(life)).toEqual([DAY, 0]);
    sound(life);
  });
});

describe("an account that becomes prepaid again", () => {
  /** A cluster and a server that are paid by the month. */
  function both(credit: number): Life {
    const life = lived("postpaid", credit);
    confirm(life, "create", HELD);
    confirm(life, "create", { configuration: { small: 1 } });
    switchTo(life, "prepaid");
    return life;
  }

  test("has what can be held for held from the next month on, and the rest restricted, to be renewed", () => {
    const life = both(1_000_000);
    life.passTo("2027-02-01T02:00");
    expect(life.resource()).toMatchObject({
      billing: "hold",
      state: "active",
      hold: { held: 3 * DAY + 120 },
    });
    expect(life.resource("res_2.1")).toMatchObject({
      ...{ billing: "prepaid", state: "restricted", endAtMs: instant("2027-02-01") },
    });
    expect(wallet(life)).toEqual([1_000_000 - 3 * DAY - 120, 3 * DAY + 120]);
    expect(billsOf(life).map(([total, , status]) => [total, status])).toEqual([
      [7 * DAY, "unpaid"],
      [21_000, "unpaid"],
    ]);
    sound(life);
    const renewed = life.order("renew", { resources: ["res_2.1"], period: { months: 1 } });
    expect(renewed.ok).toBe(true);
    expect(life.resource("res_2.1")).toMatchObject({ state: "active", endAtMs: instant("2027-03-01") });
    life.passTo("2027-03-01T02:00");
    expect(life.ran.filter(([atMs]) => atMs === instant("2027-02-02")).map(([, what]) => what)).toEqual([
      "held",
    ]);
    expect(billsOf(life).at(-1)).toEqual([28 * DAY, 28 * DAY, "paid"]);
    sound(life);
  });

  test("without enough credit is short as at any run: told, and suspended at the third", () => {
    const life = both(DAY);
    life.state.notices.length = 0;
    life.passTo("2027-02-01T02:00");
    expect(life.resource()).toMatchObject({
      ...{ billing: "hold", state: "active" },
      hold: { held: DAY, missing: 2 * DAY + 120, shortRuns: 1 },
    });
    expect(templates(life)).toContain("hold_short");
    sound(life);
    life.passTo("2027-02-03T00:00");
    expect(life.resource()).toMatchObject({ state: "suspended", hold: { shortRuns: 3 } });
    life.must(grantCredit(5 * DAY));
    expect(life.resource().state).toBe("active");
    sound(life);
  });

  test("leaves what is suspended for its bills to them, and holds for it at the close after they are paid", () => {
    const life = lived("postpaid", 0);
    life.must(
      { type: "configure_account", account: accountOf({ billingMode: "postpaid", suspendOverdueDays: 1 }) },
      ADMIN,
    );
    confirm(life, "create", HELD);
    life.passTo("2027-02-20T00:00");
    expect(life.resource().state).toBe("suspended");
    switchTo(life, "prepaid");
    life.passTo("2027-03-02T00:00");
    expect(life.resource()).toMatchObject({ state: "suspended", billing: "postpaid" });
    life.must(grantCredit(100_000));
    life.passTo("2027-03-02T09:00");
    expect(life.resource()).toMatchObject({ state: "active", billing: "postpaid" });
    sound(life);
    life.passTo("2027-04-01T02:00");
    expect(life.resource()).toMatchObject({ state: "active", billing: "hold", hold: { missing: 0 } });
    sound(life);
  });

  test("and postpaid, and prepaid once more changes nothing before the month is over", () => {
    const life = both(1_000_000);
    life.passTo("2027-01-28T00:00");
    switchTo(life, "postpaid");
    switchTo(life, "prepaid");
    switchTo(life, "postpaid");
    life.passTo("2027-02-01T02:00");
    expect(life.resource()).toMatchObject({ billing: "postpaid", state: "active" });
    expect(life.resource("res_2.1")).toMatchObject({ billing: "postpaid", state: "active" });
    expect(wallet(life)).toEqual([1_000_000, 0]);
    sound(life);
  });
});

test("resources of all kinds live in one account, each paid in its own way", () => {
  const life = held(2_000_000);
  expect(life.order("create", { configuration: { general: 1 } }).ok).toBe(true);
  switchTo(life, "postpaid");
  confirm(life, "create", { configuration: { small: 1 } });
  expect(["res_1.1", "res_2.1", "res_3.1"].map((id) => life.resource(id).billing)).toEqual([
    ...["hold", "prepaid", "postpaid"],
  ]);
  expect(life.order("resize", { resources: ["res_2.1"], configuration: { small: 1 } }).ok).toBe(true);
  sound(life);
  life.passTo("2027-03-01T03:00");
  expect(["res_1.1", "res_2.1", "res_3.1"].map((id) => life.resource(id).billing)).toEqual([
    ...["postpaid", "postpaid", "postpaid"],
  ]);
  switchTo(life, "prepaid");
  life.passTo("2027-04-01T03:00");
  expect(
    ["res_1.1", "res_2.1", "res_3.1"].map((id) => [life.resource(id).billing, life.resource(id).state]),
  ).toEqual([
    ["hold", "active"],
    ["prepaid", "restricted"],
    ["prepaid", "restricted"],
  ]);
  expect(life.resource(RESOURCE).hold?.held).toBe(money(3 * DAY + 120));
  sound(life);
});
