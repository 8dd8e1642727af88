import fc from "fast-check";
import type { Command } from "../../src/domain/decide.ts";
import type { CouponCode, LineId } from "../../src/domain/ids.ts";
import {
  cancelOrder,
  changeOrder,
  failed,
  grantCredit,
  ORDER,
  payOrder,
  placeOrder,
  runOrderDue,
  succeeded,
} from "./commands.ts";
import type { MemoryState } from "./memory-state.ts";
import { amountOff, instant, itemOf, orderId, percentOff } from "./samples.ts";

export const START = instant("2023-03-31T22:00");
const HOUR = 3_600_000;

type CommandFor = (state: MemoryState) => Command;

/** A command for the state there is by then, given some time after the one before. */
export interface Move {
  readonly commandFor: CommandFor;
  readonly waitMs: number;
}

const items = fc.constantFrom(
  itemOf("server", { general: 1 }),
  itemOf("server", { small: 1, disk: 2, licence: 1 }, { quantity: 2 }),
  itemOf("quota", { metrics: 3 }, { period: { months: 2 } }),
  itemOf("package", { gold: 31 }, { period: { endAtMs: instant("2023-08-31T12:00") } }),
);
const coupons = fc.constantFrom(
  null,
  amountOff(10_000),
  amountOff(10_000_000),
  percentOff("33.3", 50_000, { code: "PERCENT" as CouponCode, validUntilMs: START + 20 * HOUR }),
);
// Clocks may be set back, too.
const waits = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 60_000) },
  fc.constantFrom(HOUR / 2, HOUR, 22 * HOUR, 24 * HOUR, -HOUR),
);
const picks = fc.nat({ max: 99 });

/** One of those there are, or else one that isn't. */
const pickFrom = <T>(found: readonly T[], pick: number, otherwise: T): T =>
  found[pick % found.length] ?? otherwise;

const anyOrder = (state: MemoryState, pick: number) => pickFrom([...state.orders.keys()], pick, ORDER);

const anyOpenOrder = (state: MemoryState, pick: number) => {
  const open = [...state.orders.values()].filter(({ status }) => status === "awaiting_payment");
  return pickFrom(
    open.map(({ id }) => id),
    pick,
    anyOrder(state, pick),
  );
};

const numberOf = (line: LineId) => line.slice("ord_".length);

const anyLine = (state: MemoryState, pick: number) => {
  const lines = [...state.orders.values()].flatMap((order) => order.quote.lines);
  // Every fifth time any line, answered or not paid for yet.
  const asked = pick % 5 === 0 ? lines : lines.filter(({ status }) => status === "provisioning");
  return numberOf(
    pickFrom(
      asked.map(({ id }) => id),
      pick,
      "ord_1.1" as LineId,
    ),
  );
};

const commandFor = <T>(drawn: fc.Arbitrary<T>, make: (drawn: T, state: MemoryState) => Command) =>
  drawn.map(
    (values): CommandFor =>
      (state) =>
        make(values, state),
  );

const commands: fc.Arbitrary<CommandFor> = fc.oneof(
  commandFor(fc.integer({ min: -200_000, max: 900_000 }), (amount) => grantCredit(amount)),
  commandFor(fc.array(items, { minLength: 1, maxLength: 2 }), (wanted, { orders }) =>
    placeOrder(wanted, { order: orderId(`ord_${orders.size + 1}`) }),
  ),
  commandFor(fc.tuple(picks, coupons, fc.integer({ min: 1, max: 3 })), ([pick, coupon, quantity], state) =>
    changeOrder({ order: anyOpenOrder(state, pick), coupon, changes: [{ item: 0, quantity }] }),
  ),
  {
    weight: 2,
    arbitrary: commandFor(picks, (pick, state) => payOrder({ order: anyOpenOrder(state, pick) })),
  },
  {
    weight: 3,
    arbitrary: commandFor(fc.tuple(picks, fc.boolean()), ([pick, ok], state) =>
      (ok ? succeeded : failed)(anyLine(state, pick)),
    ),
  },
  commandFor(picks, (pick, state) => cancelOrder(anyOrder(state, pick))),
  commandFor(picks, (pick, state) => runOrderDue(anyOrder(state, pick))),
);
export const moves: fc.Arbitrary<Move> = fc.record({ commandFor: commands, waitMs: waits });
