import { describe, expect, it } from "vitest";
import type { Account } from "../../../src/domain/account.ts";
import type { SetBudget } from "../../../src/domain/commands/set-budget.ts";
import { type AnswerTo, decide } from "../../../src/domain/decide.ts";
import type { RecipientId } from "../../../src/domain/ids.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { money } from "../../../src/domain/money.ts";
import { mailsFor, type NoticeOf } from "../../../src/domain/notice.ts";
import { usedMonths } from "../../../src/domain/usage.ts";
import { Life, livingServer } from "../life.ts";
import { ADMIN } from "../memory-state.ts";
import { confirm, postpaidLife } from "../postpaid/life.ts";
import { accountOf, instant } from "../samples.ts";

let asked = 0;

/** A server of the samples' costs 90 000 a month when it is small, 181 000 otherwise. */
function budget(monthlyLimit: number, alertEmail: string | null = null): SetBudget {
  asked += 1;
  const recipient = `rcp_${asked}` as RecipientId;
  const asking = { recipient, confirmationUrl: "https://billing.example/confirm" };
  return { type: "set_budget", settings: { monthlyLimit: money(monthlyLimit), alertEmail, asking } };
}
const noBudget: SetBudget = { type: "set_budget", settings: null };

const alertsIn = ({ state }: Life) =>
  state.notices.filter(
    (notice): notice is NoticeOf<"budget_reached"> => notice.template === "budget_reached",
  );
const percentsIn = (life: Life) => alertsIn(life).map(({ percent }) => percent);
const sound = (life: Life) =>
  expect(violations(life.state.books()).filter(({ invariant }) => invariant === 12)).toEqual([]);

/** Looks at what was used, as time does it: at each local midnight up to an instant, or late. */
function look(life: Life, at: string): string {
  life.passTo(at);
  const { account } = life.state;
  const decided = decide(
    life.state,
    { type: "run_budget_due", used: null },
    { nowMs: life.nowMs, caller: ADMIN },
  );
  if (!decided.ok) throw new Error("refused");
  if (decided.value.kind === "done") return decided.value.answer;
  if (decided.value.kind !== "needs_use" || !account) throw new Error(decided.value.kind);
  const { toMs } = decided.value;
  const used = life.state.usedResources().flatMap(({ segments }) => usedMonths(segments, toMs, account));
  const answer = life.must({ type: "run_budget_due", used }, ADMIN);
  sound(life);
  return answer;
}

const buy = (life: Life, configuration: Record<string, number> = { small: 1 }) => {
  const bought = life.order("create", { configuration });
  if (!bought.ok) throw new Error(bought.error.code);
  sound(life);
};

describe("what is bought", () => {
  it("is told at 80 and at 100 percent, with the command that reaches it, once each", () => {
    const life = new Life();
    life.must(budget(360_000));
    const told = [0, 0, 0, 0, 0].map(() => {
      buy(life);
      return percentsIn(life);
    });
    // 90 000 each: 25, 50, 75, 100 and 125 percent.
    expect(told).toEqual([[], [], [], [100], [100]]);
    const steps = new Life();
    steps.must(budget(450_000));
    for (let n = 0; n < 6; n += 1) buy(steps);
    expect(percentsIn(steps)).toEqual([80, 100]);
    expect(alertsIn(steps).map(({ spent, monthlyLimit }) => [spent, monthlyLimit])).toEqual([
      [360_000, 450_000],
      [450_000, 450_000],
    ]);
  });

  it("counts when it was bought before the budget was set", () => {
    const life = new Life();
    buy(life);
    life.must(budget(100_000));
    expect(alertsIn(life)).toMatchObject([{ percent: 80, spent: 90_000 }]);
    sound(life);
  });

  it("counts less what was given back: a resize isn't counted twice, a deletion takes its rest off", () => {
    const life = livingServer();
    life.must(budget(1_000_000));
    expect(life.state.budget).toMatchObject({ invoiced: 181_000 });
    life.passTo("2023-03-16T10:00");
    const resized = life.order("resize", { resources: ["res_1.1"], configuration: { big: 1 }, period: null });
    if (!resized.ok) throw new Error(resized.error.code);
    const [issued, again] = life.state.invoices;
    const [note] = life.state.creditNotes;
    expect(life.state.budget?.invoiced).toBe(181_000 + (again?.total ?? 0) - (note?.total ?? 0));
    expect(issued?.total).toBe(181_000);
    sound(life);
  });

  it("counts anew in the next month of the account's own clock, and is told anew", () => {
    const life = new Life({ at: "2023-03-31T23:00" });
    life.must(budget(100_000));
    buy(life);
    expect(percentsIn(life)).toEqual([80]);
    life.passTo("2023-04-01T00:00");
    buy(life);
    expect(alertsIn(life).map(({ percent, monthStartMs }) => [percent, monthStartMs])).toEqual([
      [80, instant("2023-03-01")],
      [80, instant("2023-04-01")],
    ]);
    expect(new Set(alertsIn(life).map(({ key }) => key)).size).toBe(2);
    sound(life);
  });

  it("is counted right when a clock goes back to another month", () => {
    const life = new Life({ at: "2023-04-10T10:00" });
    life.must(budget(1_000_000));
    buy(life);
    life.nowMs = instant("2023-03-10T10:00");
    buy(life);
    expect(life.state.budget?.invoiced).toBe(90_000);
    life.nowMs = instant("2023-04-11T10:00");
    buy(life);
    expect(life.state.budget?.invoiced).toBe(180_000);
  });
});

describe("a budget", () => {
  it("of another limit is told again only where that wasn't reached before", () => {
    const life = new Life();
    life.must(budget(100_000));
    buy(life);
    life.must(budget(90_000));
    life.must(budget(80_000));
    expect(percentsIn(life)).toEqual([80, 100]);
    life.must(budget(200_000));
    buy(life);
    expect(alertsIn(life).map(({ percent, monthlyLimit }) => [percent, monthlyLimit])).toEqual([
      [80, 100_000],
      [100, 90_000],
      [80, 200_000],
    ]);
  });

  it("that is set again, or turned off and on, tells nothing twice", () => {
    const life = new Life();
    life.must(budget(90_000));
    buy(life);
    life.must(budget(90_000));
    life.must(noBudget);
    buy(life);
    life.must(budget(90_000));
    expect(percentsIn(life)).toEqual([100]);
    expect(life.state.budget?.invoiced).toBe(180_000);
    sound(life);
  });

  it("that is off counts and tells nothing", () => {
    const life = new Life();
    life.must(budget(90_000));
    life.must(noBudget);
    buy(life);
    expect(alertsIn(life)).toEqual([]);
    expect(look(life, "2023-03-20T10:00")).toBe("nothing");
    expect(life.must(noBudget)).toBeNull();
  });

  it("needs an account", () => {
    const life = new Life({ credit: 0 });
    life.state.account = null;
    expect(life.refusal(budget(1))).toEqual({ code: "account_not_found" });
  });
});

describe("what is used", () => {
  it("is looked at as each local day begins, up to that instant", () => {
    const life = postpaidLife({ at: "2027-04-01T00:00" });
    life.must(budget(100_000));
    confirm(life, "create", { configuration: { small: 1 } });
    // 3 000 a day: 80 000 are reached on the 27th day, 100 000 on no day of April's thirty.
    expect(life.state.budget?.nextLookAtMs).toBe(instant("2027-04-02"));
    const days = Array.from({ length: 30 }, (_, day) => `${instantText(day)}T00:00`);
    const told = days.filter((day) => look(life, day) === "told");
    expect(told).toEqual(["2027-04-28T00:00"]);
    expect(alertsIn(life)).toMatchObject([{ percent: 80, spent: 81_000, atMs: instant("2027-04-28") }]);
  });

  it("of a month's last day counts, before the month is closed", () => {
    const life = postpaidLife({ at: "2027-04-01T00:00" });
    confirm(life, "create", { configuration: { small: 1 } });
    life.must(budget(90_000));
    look(life, "2027-04-30T00:00");
    expect(look(life, "2027-05-01T00:00")).toBe("told");
    expect(alertsIn(life)).toMatchObject([
      { percent: 80 },
      { percent: 100, spent: 90_000, monthStartMs: instant("2027-04-01") },
    ]);
    // Its bill, issued in May, costs May nothing.
    look(life, "2027-05-02T00:00");
    expect(life.state.invoices).toHaveLength(1);
    expect(life.state.budget).toMatchObject({ invoiced: 0, used: 3_000, told: 0 });
  });

  it("is looked at once for days that were missed, a month at a time", () => {
    const life = postpaidLife({ at: "2027-04-01T00:00" });
    confirm(life, "create", { configuration: { small: 1 } });
    life.must(budget(10_000));
    // Nothing ran until the 20th.
    expect(look(life, "2027-04-20T15:00")).toBe("told");
    expect(alertsIn(life)).toMatchObject([{ percent: 100, spent: 57_000, atMs: instant("2027-04-20") }]);
    expect(look(life, "2027-04-20T16:00")).toBe("nothing");
    // All is told: nothing is looked for in the rest of the month, unless the limit becomes another.
    expect(life.state.budget?.nextLookAtMs).toBe(instant("2027-05-02"));
    life.must(budget(1_000_000));
    expect(life.state.budget?.nextLookAtMs).toBe(instant("2027-04-21"));
  });

  it("has nobody look where there is none, and from its beginning on where there is", () => {
    const life = new Life();
    life.must(budget(1_000_000));
    buy(life);
    expect(life.state.budget?.nextLookAtMs).toBeNull();
    const used = postpaidLife({ at: "2027-04-10T12:00" });
    used.must(budget(1_000_000));
    expect(used.state.budget?.nextLookAtMs).toBeNull();
    confirm(used, "create");
    expect(used.state.budget?.nextLookAtMs).toBe(instant("2027-04-11"));
  });
});

const instantText = (day: number): string =>
  new Date(Date.UTC(2027, 3, 2 + day)).toISOString().slice(0, "2027-04-02".length);

describe("who is told", () => {
  const told = (account: Account, life: Life) =>
    alertsIn(life).flatMap((notice) => mailsFor(account, notice).map(({ to }) => to));

  it("is the account's own people, and an address that has said yes", () => {
    const life = new Life();
    const answer: AnswerTo<SetBudget> = life.must(budget(90_000, "Chi@example.com"));
    expect(answer?.alert).toMatchObject({ email: "Chi@example.com", confirmedAtMs: null });
    expect(life.state.notices).toMatchObject([{ template: "recipient_asked", to: "Chi@example.com" }]);
    const { account } = life.state;
    if (!account) throw new Error("no account");
    life.must({ type: "confirm_recipient", recipient: answer?.alert?.id as RecipientId });
    expect(life.state.account?.recipients).toEqual([]);
    buy(life);
    expect(told(account, life)).toEqual(["an@example.com", "Chi@example.com"]);
  });

  it("isn't an address that hasn't", () => {
    const life = new Life();
    life.must(budget(90_000, "chi@example.com"));
    buy(life);
    expect(told(accountOf(), life)).toEqual(["an@example.com"]);
  });

  it.each(["an@example.com", "AN@example.com", "binh@example.com"])(
    "is written to once, and not asked, who gets the account's mails anyway: %s",
    (email) => {
      const binh = { id: "rcp_b" as RecipientId, email: "binh@example.com", askedAtMs: 0, confirmedAtMs: 0 };
      const account = accountOf({ recipients: [binh] });
      const life = new Life({ account });
      life.must(budget(90_000, email));
      expect(life.state.notices).toEqual([]);
      buy(life);
      expect(told(account, life)).toEqual(["an@example.com", "binh@example.com"]);
    },
  );

  it("is asked once while the answer is out, and anew three days later", () => {
    const life = new Life({ at: "2023-03-06T10:00" });
    const ids = ["2023-03-06T10:00", "2023-03-09T09:59", "2023-03-09T10:00"].map((at) => {
      life.passTo(at);
      return life.must(budget(90_000, "chi@example.com"))?.alert?.id;
    });
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(life.state.notices).toHaveLength(2);
    expect(life.refusal({ type: "confirm_recipient", recipient: ids[0] as RecipientId })).toEqual({
      code: "recipient_not_found",
    });
  });

  it("may say yes no later than three days after being asked, and not to a budget that is off", () => {
    const life = new Life({ at: "2023-03-06T10:00" });
    const id = life.must(budget(90_000, "chi@example.com"))?.alert?.id as RecipientId;
    life.must(noBudget);
    expect(life.refusal({ type: "confirm_recipient", recipient: id })).toEqual({
      code: "recipient_not_found",
    });
    life.must(budget(90_000, "chi@example.com"));
    life.passTo("2023-03-09T10:00");
    expect(life.refusal({ type: "confirm_recipient", recipient: id })).toEqual({
      code: "confirmation_expired",
    });
  });
});

it("keeps local days in zones whose clocks change", () => {
  const account = accountOf({ timeZone: "America/New_York", billingMode: "postpaid" });
  const life = new Life({ account, credit: 0, at: "2027-03-13T12:00:00-05:00" });
  confirm(life, "create", { configuration: { small: 1 } });
  life.must(budget(1_000_000));
  const looks = [1, 2, 3].map(() => {
    const next = life.state.budget?.nextLookAtMs ?? 0;
    look(life, new Date(next).toISOString());
    return new Date(next).toISOString();
  });
  // Clocks were set forward on the 14th.
  expect(looks).toEqual(["2027-03-14T05:00:00.000Z", "2027-03-15T04:00:00.000Z", "2027-03-16T04:00:00.000Z"]);
});
