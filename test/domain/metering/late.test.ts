import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sku } from "../../../src/domain/catalogue.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/local-time.ts";
import { deleteResource, RESOURCE } from "../commands.ts";
import { Life } from "../life.ts";
import { confirm } from "../postpaid/life.ts";
import { accountOf, instant, productOf, resourceType, SAIGON, sku } from "../samples.ts";
import { readingsOf, type Told } from "./meters.ts";

const CACHE = sku("cache", "7.7", { metering: "gauge_hours", unit: "GB-hour" });
const TRAFFIC = sku("traffic", "1000.3", { metering: "counter", unit: "GB", freeAllowance: "3" });
const DATA = sku("data", "280.5", { metering: "peak_traffic", unit: "GB", freeAllowance: "5", taxRate: "8" });
const PEAKS = sku("peaks", "100", { metering: "peak_connections", unit: "connection" });
const METERS = [CACHE, TRAFFIC, DATA, PEAKS];
const START = instant("2027-01-10T10:00");

const product = productOf([
  resourceType("balancer", [sku("node", "43200"), ...METERS], { billing: ["postpaid", "hold"] }),
]);

/** An event of one of the meters, and how long it was under way. */
interface Sent {
  readonly of: Sku;
  readonly told: Told;
  readonly delayMs: number;
}

/** A balancer that is paid by the month, whose meters know at each time what has arrived by then. */
function served(sent: readonly Sent[], { credit = 0 } = {}): Life {
  const life = new Life({ at: "2027-01-10T10:00", credit, account: accountOf({ billingMode: "postpaid" }) });
  life.product = product;
  life.meters = (_, __, nowMs) =>
    METERS.flatMap((of) => {
      const here = sent.filter(
        ({ told, delayMs, of: meter }) => meter === of && told.atMs + delayMs <= nowMs,
      );
      return readingsOf(of, [here.map(({ told }) => told)], SAIGON);
    });
  confirm(life, "create", {
    ...{ type: "balancer", configuration: { node: 1, cache: 0, traffic: 0, data: 0, peaks: 0 } },
  });
  return life;
}

let ids = 0;
const sentAt = (of: Sku, at: string, quantity: string, delayDays = 0): Sent => {
  ids += 1;
  const told = { id: `e${ids}`, key: null, quantity, atMs: instant(at) };
  return { of, told, delayMs: delayDays * DAY_MS };
};

const billed = ({ state }: Life): number =>
  state.invoices.reduce((total, bill) => total + bill.total, 0) -
  state.creditNotes.reduce((total, note) => total + note.total, 0);
const linesOf = ({ state }: Life) =>
  state.invoices.map(({ lines }) =>
    lines.map(({ period, gross, items }) => [
      new Date((period?.startMs ?? 0) + 7 * HOUR_MS).toISOString().slice(5, 10),
      gross,
      items.map(({ sku: id, metered, amount }) => [id, metered ?? null, amount]),
    ]),
  );
const sound = ({ state }: Life) => expect(violations(state.books())).toEqual([]);

const NODE_FEBRUARY = 28 * 1_440;

describe("what is reported after its month was closed", () => {
  test("is a line of the next bill: the difference that it makes", () => {
    const life = served([
      sentAt(TRAFFIC, "2027-01-20", "5.5"),
      sentAt(TRAFFIC, "2027-01-31T23:59", "1.6", 2),
      sentAt(TRAFFIC, "2027-02-03", "4"),
    ]);
    life.passTo("2027-03-01T02:00");
    expect(linesOf(life)[1]).toEqual([
      [
        "02-01",
        NODE_FEBRUARY + 1_000,
        [
          ["node", null, NODE_FEBRUARY],
          ["traffic", "1", 1_000],
        ],
      ],
      ["01-10", 2_000, [["traffic", "2", 2_000]]],
    ]);
    expect(life.state.invoices[1]).toMatchObject({
      total: NODE_FEBRUARY + 3_000,
      period: { startMs: instant("2027-02-01") },
    });
    sound(life);
  });

  test("is billed once, and what comes even later once more", () => {
    const life = served([
      sentAt(TRAFFIC, "2027-01-31T12:00", "10"),
      sentAt(TRAFFIC, "2027-01-31T12:00", "10", 15),
      sentAt(TRAFFIC, "2027-01-31T12:00", "10", 33),
    ]);
    life.passTo("2027-07-01T02:00");
    expect(linesOf(life).map((lines) => lines.length)).toEqual([1, 2, 2, 1, 1, 1]);
    expect(linesOf(life)[1]?.[1]?.[1]).toBe(10_003);
    expect(linesOf(life)[2]?.[1]?.[1]).toBe(10_003);
    expect(life.resource().closed?.months.length).toBe(2);
    sound(life);
  });

  test("has a bill of its own where nothing else is used any more", () => {
    const life = served([sentAt(TRAFFIC, "2027-01-20", "10", 20)], { credit: 1_000_000 });
    life.passTo("2027-01-25T10:00");
    life.must(deleteResource());
    life.passTo("2027-06-01");
    expect(linesOf(life).map((lines) => lines.map(([from, gross]) => [from, gross]))).toEqual([
      [["01-10", 15 * 1_440]],
      [["01-10", 7_002]],
    ]);
    expect(life.resource(RESOURCE)).toMatchObject({ state: "deleted", closed: null });
    expect(life.ran.filter(([, what]) => what === "closed").map(([atMs]) => atMs)).toEqual(
      ["2027-02-01T02:00", "2027-03-01T02:00", "2027-04-01T02:00"].map(instant),
    );
    sound(life);
  });

  test("makes a bill smaller where a gauge was lower than it was known to be", () => {
    const life = served([sentAt(CACHE, "2027-01-20", "100"), sentAt(CACHE, "2027-01-30", "10", 5)]);
    life.passTo("2027-03-01T02:00");
    const [, february] = linesOf(life);
    expect(february?.map(([from, gross]) => [from, gross])).toEqual([
      ["02-01", NODE_FEBRUARY + 28 * 24 * 10 * 7.7],
      ["01-10", -2 * 24 * 90 * 7.7],
    ]);
    expect(february?.[1]?.[2]).toEqual([["cache", "-4320", -33_264]]);
    sound(life);
  });

  test("is given back by a credit note where the next bill is too small, or there is none", () => {
    const life = served([sentAt(CACHE, "2027-01-20", "100"), sentAt(CACHE, "2027-01-25", "10", 10)], {
      credit: 1_000_000,
    });
    life.passTo("2027-01-31T10:00");
    life.must(deleteResource());
    life.passTo("2027-02-05");
    const before = life.available;
    life.passTo("2027-06-01");
    const back = (6 * 24 + 10) * 90 * 7.7;
    expect(life.state.invoices).toHaveLength(1);
    expect(life.state.creditNotes).toMatchObject([
      { reason: "late_use", total: back, invoice: life.state.invoices[0]?.code },
    ]);
    expect(life.available - before).toBe(back);
    expect(life.state.creditHistory.at(-1)).toMatchObject({ type: "refund", amount: back });
    expect([...life.state.payments.values()].at(-1)).toMatchObject({ kind: "refund", amount: back });
    expect(life.resource(RESOURCE).closed).toBeNull();
    sound(life);
  });
});

describe("however late events come, within the time that they may", () => {
  const LIFE_MINUTES = 75 * 1_440;
  const events = fc.array(
    fc.record({
      of: fc.constantFrom(...METERS),
      minute: fc.nat({ max: LIFE_MINUTES }),
      quantity: fc.tuple(fc.nat({ max: 900 }), fc.nat({ max: 9 })).map(([n, part]) => `${n}.${part}`),
      delayMinutes: fc.oneof(fc.constant(0), fc.nat({ max: 35 * 1_440 })),
    }),
    { maxLength: 25 },
  );

  test("a resource's bills come to the same as if all had been in time, and its books are sound", () => {
    fc.assert(
      fc.property(events, fc.option(fc.integer({ min: 1, max: LIFE_MINUTES })), (drawn, deletedAt) => {
        const lived = deletedAt ?? LIFE_MINUTES;
        const sent = drawn
          .filter(({ minute }) => minute < lived)
          .map(({ of, minute, quantity, delayMinutes }, index): Sent => {
            const told = { id: `e${index}`, key: null, quantity, atMs: START + minute * MINUTE_MS };
            return { of, told, delayMs: delayMinutes * MINUTE_MS };
          });
        const live = (all: readonly Sent[]) => {
          const life = served(all, { credit: 100_000_000_000 });
          if (deletedAt !== null) {
            life.passTo(START + deletedAt * MINUTE_MS);
            life.must(deleteResource());
          }
          return life.passTo("2027-06-01T02:00");
        };
        const [late, prompt] = [
          live(sent),
          live(sent.map((one) => ({ ...one, delayMs: -LIFE_MINUTES * MINUTE_MS }))),
        ];
        expect(billed(late)).toBe(billed(prompt));
        sound(late);
      }),
      { numRuns: 20 },
    );
  });
});
