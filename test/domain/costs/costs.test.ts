import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Span } from "../../../src/domain/calendar.ts";
import { type Cost, costsOf, costsToBe } from "../../../src/domain/costs/cost.ts";
import { type CostQuestion, reportOf } from "../../../src/domain/costs/report.ts";
import type { Basis } from "../../../src/domain/costs/spread.ts";
import { type Granularity, periodsOf } from "../../../src/domain/costs/time.ts";
import { deletionOf } from "../../../src/domain/deletion.ts";
import type { Invoice } from "../../../src/domain/invoice.ts";
import { DAY_MS } from "../../../src/domain/local-time.ts";
import { money } from "../../../src/domain/money.ts";
import { monthOf } from "../../../src/domain/month.ts";
import type { Resource } from "../../../src/domain/resource.ts";
import { usedMonths } from "../../../src/domain/usage.ts";
import { deleteResource } from "../commands.ts";
import { Life } from "../life.ts";
import { confirm, postpaidLife } from "../postpaid/life.ts";
import { accountOf, couponOf, instant, SAIGON } from "../samples.ts";

/** What an account's documents and use say of its costs. */
function costsIn({ state, nowMs }: Life): Cost[] {
  const notes = new Map(state.creditNotes.map((note) => [note.invoice, note]));
  const invoiced = state.invoices.flatMap((invoice) => costsOf(invoice, notes.get(invoice.code) ?? null));
  const toBe = [...state.resources.values()].flatMap((resource) =>
    usedMonths(resource.segments, nowMs, accountOf()).flatMap((used) => costsToBe(resource, used)),
  );
  return [...invoiced, ...toBe];
}

function ask(
  life: Life,
  span: Span,
  {
    basis = "used",
    granularity = "monthly",
    ...more
  }: Partial<CostQuestion> & { granularity?: Granularity } = {},
) {
  const periods = periodsOf(span, granularity, SAIGON);
  if (!periods) throw new Error("too many periods");
  return reportOf(costsIn(life), {
    ...{ span, periods, basis, groupBy: "resource", nowMs: life.nowMs, timeZone: SAIGON },
    ...more,
  });
}

const between = (from: string, to: string): Span => ({ startMs: instant(from), endMs: instant(to) });
const totals = (life: Life, span: Span, granularity: Granularity, basis: Basis = "used") =>
  ask(life, span, { granularity, basis }).periods.map(({ total }) => total);

const START = "2027-01-01T00:00";
const END = "2027-07-01T00:00";
const ALL = between(START, END);
const MONTHS = periodsOf(ALL, "monthly", SAIGON) ?? [];

type Move =
  | { readonly kind: "buy"; readonly months: number; readonly sku: string; readonly coupon: number }
  | { readonly kind: "renew" | "resize" | "delete"; readonly which: number; readonly sku: string };
type Step = Move & { readonly afterMinutes: number };

const skus = fc.constantFrom("small", "general", "licence", "big");
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      ...{ kind: fc.constant("buy" as const), months: fc.integer({ min: 1, max: 4 }), sku: skus },
      ...{ coupon: fc.constantFrom(0, 12_345), afterMinutes: fc.integer({ min: 0, max: 30_000 }) },
    }),
    fc.record({
      kind: fc.constantFrom("renew" as const, "resize" as const, "delete" as const),
      ...{ which: fc.nat(5), sku: skus, afterMinutes: fc.integer({ min: 0, max: 30_000 }) },
    }),
  ),
  { minLength: 1, maxLength: 12 },
);

/** What can't be done is left out. */
function take(life: Life, step: Step): void {
  const isPostpaid = life.state.account?.billingMode === "postpaid";
  const configuration = { [step.sku]: 1, disk: 1 };
  const period = isPostpaid ? null : undefined;
  if (step.kind === "buy") {
    const coupon =
      step.coupon > 0 && !isPostpaid ? couponOf({ kind: "amount", amount: money(step.coupon) }) : undefined;
    const wanted = {
      configuration,
      period: period ?? { months: step.months },
      ...(coupon ? { coupon } : {}),
    };
    if (isPostpaid) confirm(life, "create", { configuration });
    else life.order("create", wanted);
    return;
  }
  const resource = [...life.state.resources.values()][step.which]?.id;
  if (!resource) return;
  if (step.kind === "delete") life.give(deleteResource(resource));
  else if (!isPostpaid) life.order(step.kind, { resources: [resource], configuration });
  else if (step.kind === "resize") {
    const placed = life.place("resize", { resources: [resource], configuration, period: null });
    if (placed.ok) life.answer(placed.value, "succeeded");
  }
}

const newLife = (isPostpaid: boolean): Life =>
  isPostpaid ? postpaidLife({ at: START, credit: 50_000_000 }) : new Life({ at: START, credit: 50_000_000 });

const sumOf = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);
const isIn =
  ({ startMs, endMs }: Span) =>
  (atMs: number) =>
    startMs <= atMs && atMs < endMs;

describe("the costs of whatever an account did", () => {
  test("sum to its documents to the dong, however time is cut, and closed months never change", () => {
    fc.assert(
      fc.property(fc.boolean(), steps, (isPostpaid, moves) => {
        const life = newLife(isPostpaid);
        const closed = new Map<number, number>();
        for (const step of moves) {
          const nextMs = Math.min(life.nowMs + step.afterMinutes * 60_000, instant(END) - DAY_MS);
          for (const month of MONTHS.filter(({ endMs }) => endMs + DAY_MS <= nextMs && !closed.has(endMs))) {
            life.passTo(Math.max(life.nowMs, monthOf(month.startMs, SAIGON).closesAtMs));
            closed.set(month.endMs, sumOf(totals(life, month, "monthly")));
          }
          life.passTo(nextMs);
          take(life, step);
        }
        life.passTo(instant(END) + DAY_MS);
        const { invoices, creditNotes } = life.state;
        const credited = (amount: "total" | "tax") => sumOf(creditNotes.map((note) => note[amount]));
        const documents = (amount: "total" | "tax") =>
          sumOf(invoices.map((invoice) => invoice[amount])) - credited(amount);
        // What was paid in advance goes on for years.
        const whole = isPostpaid
          ? ask(life, ALL)
          : ask(life, between(START, "2037-01-01"), { nowMs: instant("2037-01-01") });
        expect([whole.total, whole.tax]).toEqual([documents("total"), documents("tax")]);

        for (const month of MONTHS) {
          const used = sumOf(totals(life, month, "monthly"));
          const isOfMonth = isIn(month);
          if (isPostpaid)
            expect(used).toBe(
              sumOf(invoices.filter(({ period }) => isOfMonth(period.startMs)).map(({ total }) => total)),
            );
          expect(sumOf(totals(life, month, "daily"))).toBe(used);
          expect(sumOf(totals(life, month, "hourly"))).toBe(used);
          expect(sumOf(totals(life, month, "weekly"))).toBe(used);
          if (closed.has(month.endMs)) expect(used).toBe(closed.get(month.endMs));
          const issued = (issuedDocuments: readonly { issuedAtMs: number; total: number }[]) =>
            sumOf(
              issuedDocuments.filter(({ issuedAtMs }) => isOfMonth(issuedAtMs)).map(({ total }) => total),
            );
          expect(sumOf(totals(life, month, "monthly", "invoiced"))).toBe(
            issued(invoices) - issued(creditNotes),
          );
        }

        for (const groupBy of ["product", "resource_type", "resource", "tag"] as const) {
          const report = ask(life, ALL, { groupBy, tagKey: "team", granularity: "weekly" });
          expect(sumOf(report.groups.map(({ total }) => total))).toBe(report.total);
          for (const [index, { total }] of report.periods.entries())
            expect(sumOf(report.groups.map(({ amounts }) => amounts[index] ?? 0))).toBe(total);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test("of a prepaid resource are, at any time, what was paid less what deleting it would give back", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 200_000 }), (moves, laterMinutes) => {
        const life = newLife(false);
        for (const step of moves.filter(({ kind }) => kind !== "delete")) {
          life.passTo(life.nowMs + step.afterMinutes * 60_000);
          take(life, step);
        }
        life.passTo(life.nowMs + laterMinutes * 60_000);
        const paid = sumOf(life.state.invoices.map(({ total }) => total));
        const credited = sumOf(life.state.creditNotes.map(({ total }) => total));
        const worth = (resource: Resource) => deletionOf(resource, life.nowMs, SAIGON).refund;
        const left = sumOf([...life.state.resources.values()].map(worth));
        const soFar = ask(life, { startMs: instant(START), endMs: life.nowMs + DAY_MS }).total;
        expect(soFar).toBe(paid - credited - left);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

/** A general server, 181 000 a month, since 16 January. */
function server(months: number): Life {
  const life = new Life({ at: "2027-01-16T00:00" });
  life.order("create", { configuration: { general: 1 }, period: { months } });
  return life;
}

describe("a term that was paid for", () => {
  test("costs the same each month, on the calendar that it was sold by", () => {
    const life = server(2).passTo("2027-03-20T00:00");
    expect(totals(life, between("2027-01-01", "2027-04-01"), "monthly")).toEqual([90_500, 181_000, 90_500]);
  });

  test("costs nothing yet for the time to come", () => {
    const life = server(2).passTo("2027-02-01T00:00");
    expect(totals(life, between("2027-01-01", "2027-04-01"), "monthly")).toEqual([90_500, 0, 0]);
    expect(ask(life, between("2027-01-01", "2027-04-01"), { basis: "invoiced" }).periods[0]?.total).toBe(
      362_000,
    );
  });

  test("costs nothing any more once it was taken back, and what it had cost stays", () => {
    const life = server(2).passTo("2027-02-10T12:00");
    life.must(deleteResource());
    life.passTo("2027-03-20T00:00");
    const [note] = life.state.creditNotes;
    const days = totals(life, between("2027-02-10", "2027-03-10"), "daily");
    expect(days[0]).toBe(3_017);
    expect(days.slice(1).every((day) => day === 0)).toBe(true);
    expect(totals(life, between("2027-01-01", "2027-03-01"), "monthly")).toEqual([
      90_500,
      362_000 - (note?.total ?? 0) - 90_500,
    ]);
    expect(totals(life, between("2027-02-01", "2027-03-01"), "monthly", "invoiced")).toEqual([
      -(note?.total ?? 0),
    ]);
  });
});

describe("a term that was paid for late", () => {
  test("costs from its invoice on, with the days before it: a month that is over stays as it is", () => {
    const life = server(1).passTo("2027-02-25T00:00");
    const february = totals(life, between("2027-02-01", "2027-02-25"), "daily");
    expect(life.order("renew").ok).toBe(true);
    life.passTo("2027-03-20T00:00");
    const days = totals(life, between("2027-02-01", "2027-03-03"), "daily");
    expect(days.slice(0, 24)).toEqual(february);
    // Nine days that were run through before, and the day itself.
    expect(days.slice(24, 26)).toEqual([60_333, 6_034]);
  });
});

describe("a report", () => {
  const bill = (life: Life): Invoice => {
    const [first] = life.state.invoices;
    if (!first) throw new Error("there is no bill");
    return first;
  };

  test("says what isn't invoiced yet, until it is", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    confirm(life, "create");
    life.passTo("2027-02-01T01:00");
    const january = between("2027-01-01", "2027-02-01");
    const before = ask(life, january);
    expect(before).toMatchObject({ total: before.unbilled });
    life.passTo("2027-02-01T03:00");
    expect(ask(life, january)).toMatchObject({ total: before.total, unbilled: 0 });
    expect(bill(life).total).toBe(before.total);
  });

  test("compares with the time before that is as long as what is over by now", () => {
    const life = server(3).passTo("2027-02-11T00:00");
    const { previous, total } = ask(life, between("2027-02-01", "2027-03-01"));
    expect(previous).toMatchObject(between("2027-01-22", "2027-02-01"));
    // Ten days to ten: of those the last is a 31st, which isn't counted.
    expect([total, previous.total]).toEqual([60_333, 54_300]);
  });

  test("expects of the days left what the last seven cost, and forgets no end of February", () => {
    const life = server(3).passTo("2027-02-20T00:00");
    expect(ask(life, between("2027-02-01", "2027-03-01")).forecast).toEqual({
      method: "run_rate_7_days",
      month: between("2027-02-01", "2027-03-01"),
      ...{ soFar: 114_633, total: 180_999 },
    });
  });

  test("expects what is new to go on from its first minute", () => {
    const life = postpaidLife({ at: "2027-03-30T00:00" });
    confirm(life, "create");
    life.passTo("2027-03-31T00:00");
    const { forecast } = ask(life, between("2027-03-01", "2027-04-01"));
    expect([forecast?.soFar, forecast?.total]).toEqual([6_033, 12_066]);
  });

  test("expects nothing where nothing was bought", () => {
    expect(ask(new Life({ at: START }), ALL).forecast).toBeNull();
  });
});

describe("periods", () => {
  test("begin with the zone's hours, Mondays and months, and end with the span", () => {
    const span = between("2027-01-30T10:30", "2027-02-09T00:00");
    const starts = (granularity: Granularity) =>
      periodsOf(span, granularity, SAIGON)?.map(({ startMs }) => startMs);
    expect(starts("weekly")).toEqual(["2027-01-30T10:30", "2027-02-01", "2027-02-08"].map(instant));
    expect(starts("monthly")).toEqual(["2027-01-30T10:30", "2027-02-01"].map(instant));
    expect(starts("daily")?.slice(0, 2)).toEqual(["2027-01-30T10:30", "2027-01-31"].map(instant));
    expect(starts("hourly")?.slice(0, 2)).toEqual(["2027-01-30T10:30", "2027-01-30T11:00"].map(instant));
  });

  test("know days of 23 and 25 hours, and midnights that come twice", () => {
    const count = (from: string, to: string, zone: string) =>
      periodsOf({ startMs: Date.parse(from), endMs: Date.parse(to) }, "hourly", zone)?.length;
    expect(count("2027-03-14T05:00Z", "2027-03-15T04:00Z", "America/New_York")).toBe(23);
    const zone = "America/Havana";
    const days = periodsOf(
      { startMs: Date.parse("2025-10-31T04:00Z"), endMs: Date.parse("2025-11-05T05:00Z") },
      "daily",
      zone,
    );
    expect(days?.length).toBe(5);
  });

  test("aren't told where they are too many", () => {
    expect(periodsOf(between("2027-01-01", "2027-03-01"), "hourly", SAIGON)).toBeNull();
  });
});
