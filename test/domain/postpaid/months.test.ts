import fc from "fast-check";
import { expect, test } from "vitest";
import type { PayBills } from "../../../src/domain/commands/pay-bills.ts";
import type { PaymentId } from "../../../src/domain/ids.ts";
import { violations } from "../../../src/domain/invariants.ts";
import type { Invoice } from "../../../src/domain/invoice.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/local-time.ts";
import { monthOf } from "../../../src/domain/month.ts";
import { usedMonths } from "../../../src/domain/usage.ts";
import { deleteResource, grantCredit } from "../commands.ts";
import type { Life } from "../life.ts";
import { confirm, postpaidLife } from "./life.ts";

const PRICES = { small: 90_000, general: 181_000, big: 520_000 } as const;
type Size = keyof typeof PRICES;

/** What happens to a server after so many minutes. Paying is for all bills: what was suspended for them runs again. */
interface Step {
  readonly afterMinutes: number;
  readonly what: "resize" | "failing resize" | "slow resize" | "pay" | "nothing";
  readonly size: Size;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    afterMinutes: fc.integer({ min: 0, max: 25 * 1_440 }),
    what: fc.constantFrom("resize", "failing resize", "slow resize", "pay", "nothing"),
    size: fc.constantFrom<Size>("small", "general", "big"),
  }),
  { minLength: 1, maxLength: 8 },
);

const zones = fc.constantFrom(
  ...["Asia/Ho_Chi_Minh", "UTC", "Europe/Berlin", "America/New_York"],
  ...["Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns"],
);

/** How much of a server ran from when on; null: it was suspended, or is deleted. */
type Ran = readonly [fromMinute: number, size: Size | null];

const minuteOf = (life: Life) => Math.floor(life.nowMs / MINUTE_MS);

function payAll(life: Life): void {
  const bills = life.state.unpaidBills().map(({ code }) => code);
  if (bills.length === 0) return;
  life.must(grantCredit(50_000_000));
  const payment = `pay_${life.nowMs}_${bills.length}` as PaymentId;
  life.must({ type: "pay_bills", bills, amount: null, method: "credit", payment } satisfies PayBills);
}

/** Lives it, and says what ran when. */
function live(life: Life, plan: readonly Step[]): Ran[] {
  const ran: Ran[] = [[minuteOf(life), "general"]];
  let size: Size = "general";
  confirm(life, "create");
  for (const step of plan) {
    const wasSuspended = pass(life, life.nowMs + step.afterMinutes * MINUTE_MS, ran);
    if (step.what === "pay") payAll(life);
    if (step.what === "pay" && wasSuspended) ran.push([minuteOf(life), size]);
    if (!step.what.endsWith("resize") || life.resource().state === "suspended") continue;
    const fails = step.what === "failing resize";
    const confirmedAt = minuteOf(life);
    const placed = life.place("resize", { configuration: { [step.size]: 1 }, period: null });
    if (!placed.ok) continue;
    if (step.what === "slow resize") pass(life, life.nowMs + 20 * HOUR_MS, ran);
    life.answer(placed.value, fails ? "failed" : "succeeded");
    if (fails) continue;
    size = step.size;
    ran.push([confirmedAt, size]);
  }
  pass(life, life.nowMs, ran);
  return ran;
}

/** Lets time pass; whether the server is suspended by then. */
function pass(life: Life, toMs: number, ran: Ran[]): boolean {
  const known = life.ran.length;
  life.passTo(toMs);
  for (const [atMs, what] of life.ran.slice(known))
    if (what === "suspended") ran.push([Math.floor(atMs / MINUTE_MS), null]);
  return life.resource().state === "suspended";
}

const isSameMonth = (timeZone: string) => {
  const format = new Intl.DateTimeFormat("en", { timeZone, year: "numeric", month: "2-digit" });
  return (aMs: number, bMs: number) => format.format(aMs) === format.format(bMs);
};

/** Half up, by its own arithmetic. */
const priceOf = (size: Size, minutes: number): number =>
  Number((2n * BigInt(PRICES[size]) * BigInt(minutes) + 43_200n) / 86_400n);

/** What ran from one minute to another; what follows as the same is one with it. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly size: Size;
}

function together(runs: readonly Run[]): Run[] {
  const whole: Run[] = [];
  for (const run of runs) {
    const last = whole.at(-1);
    if (last?.to === run.from && last.size === run.size) whole.splice(-1, 1, { ...last, to: run.to });
    else if (run.to > run.from) whole.push(run);
  }
  return whole;
}

const runsOf = (ran: readonly Ran[]): Run[] =>
  together(
    ran.flatMap(([from, size], index) => (size ? { from, to: ran[index + 1]?.[0] ?? from, size } : [])),
  );

interface Line extends Run {
  readonly gross: number;
}

const linesOf = (invoices: readonly Invoice[]): Line[] =>
  invoices.flatMap(({ lines }) =>
    lines.map(({ period, gross, items: [item] }) => {
      if (!period || !item) throw new Error("a line without its time");
      const size = item.sku as string as Size;
      return { from: period.startMs / MINUTE_MS, to: period.endMs / MINUTE_MS, gross, size };
    }),
  );

test("every minute of a server's life is billed once, in its own month, as what it then was", () => {
  fc.assert(
    fc.property(zones, fc.nat(400 * 1_440), fc.nat(59_999), steps, (timeZone, minute, offMs, plan) => {
      const life = postpaidLife({ at: "2026-01-01", account: { timeZone, suspendOverdueDays: 0 } });
      life.nowMs += minute * MINUTE_MS + offMs;
      const ran = live(life, plan);
      life.must(deleteResource());
      ran.push([minuteOf(life), null]);
      life.passTo(life.nowMs + 62 * DAY_MS);
      const isOneMonth = isSameMonth(timeZone);
      const lines = linesOf(life.state.invoices);
      for (const { from, to, gross, size } of lines) {
        expect(isOneMonth(from * MINUTE_MS, (to - 1) * MINUTE_MS)).toBe(true);
        expect(gross).toBe(priceOf(size, to - from));
      }
      expect(together(lines.map(({ from, to, size }) => ({ from, to, size })))).toEqual(
        runsOf(ran.toSorted(([a], [b]) => a - b)),
      );
      expect(violations(life.state.books())).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("what a month shows once it is over is what its bill says, line by line", () => {
  fc.assert(
    fc.property(zones, fc.nat(400 * 1_440), steps, fc.nat(119), (timeZone, minute, plan, waited) => {
      const life = postpaidLife({ at: "2026-01-01", credit: 50_000_000, account: { timeZone } });
      life.nowMs += minute * MINUTE_MS;
      live(life, plan);
      const { startMs, closesAtMs, endMs } = monthOf(life.nowMs, timeZone);
      life.passTo(endMs + waited * MINUTE_MS);
      const [shown] = usedMonths(life.resource().segments, life.nowMs, { timeZone, currency: "VND" });
      life.passTo(closesAtMs);
      expect(life.state.invoices.find(({ period }) => period.startMs >= startMs)).toMatchObject({
        ...{ total: shown?.total, tax: shown?.tax, lines: shown?.charges },
      });
      expect(shown?.total).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});
