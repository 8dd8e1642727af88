import fc from "fast-check";
import type { Command } from "../../src/domain/decide.ts";
import type { CouponCode, LineId, ResourceId } from "../../src/domain/ids.ts";
import {
  cancelOrder,
  changeOrder,
  deleteResource,
  failedFor,
  grantCredit,
  ORDER,
  orderFor,
  payOrder,
  placeOrder,
  RESOURCE,
  runOrderDue,
  runResourceDue,
  setAutoRenew,
  setPocWallet,
  stopPoc,
  succeededFor,
} from "./commands.ts";
import type { MemoryState } from "./memory-state.ts";
import { amountOff, instant, itemOf, orderId, percentOff, vserver } from "./samples.ts";

export const START = instant("2023-03-31T22:00");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

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
  fc.constantFrom(3 * DAY, 10 * DAY, 31 * DAY, -2 * DAY),
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
  const found = asked[pick % asked.length];
  return { line: numberOf(found?.id ?? ("ord_1.1" as LineId)), resource: found?.resource ?? RESOURCE };
};

const anyResource = (state: MemoryState, pick: number): ResourceId =>
  pickFrom([...state.resources.keys()], pick, RESOURCE);

const ACTIONS = ["renew", "resize", "match_end_time", "recover", "convert_poc"] as const;

/** An order about one or two resources, as likely as not to be possible. */
function orderAbout(
  state: MemoryState,
  picks: readonly number[],
  of: { action: (typeof ACTIONS)[number]; quantity: number; autoRenew: boolean },
): Command {
  const [first = RESOURCE, ...others] = [...new Set(picks.map((pick) => anyResource(state, pick)))];
  const found = state.resource(first);
  const type = found?.resourceType ?? "server";
  const sku = { server: "general", package: "gold", quota: "metrics" }[type as "server"] ?? "general";
  const endAtMs = (found?.endAtMs ?? START) + 20 * DAY;
  const action = of.action === "renew" && found?.deletesAtMs != null ? "recover" : of.action;
  return orderFor(action, {
    order: `ord_${state.orders.size + 1}`,
    resources: [first, ...others.filter((id) => state.resource(id)?.resourceType === type)],
    type,
    configuration: action === "resize" ? { [sku]: type === "package" ? 30 * of.quantity : of.quantity } : {},
    period: action === "match_end_time" ? { endAtMs } : { months: type === "package" ? 3 : of.quantity },
    autoRenew: of.autoRenew && type !== "quota" ? { enabled: true, months: 1 } : null,
  });
}

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
    weight: 5,
    arbitrary: commandFor(picks, (pick, state) => payOrder({ order: anyOpenOrder(state, pick) })),
  },
  {
    weight: 8,
    arbitrary: commandFor(fc.tuple(picks, fc.boolean()), ([pick, ok], state) => {
      const { line, resource } = anyLine(state, pick);
      return (ok ? succeededFor : failedFor)(line, resource);
    }),
  },
  {
    weight: 3,
    arbitrary: commandFor(
      fc.record({
        picks: fc.array(picks, { minLength: 1, maxLength: 2 }),
        action: fc.constantFrom(...ACTIONS),
        quantity: fc.integer({ min: 1, max: 3 }),
        autoRenew: fc.boolean(),
      }),
      ({ picks, ...of }, state) => orderAbout(state, picks, of),
    ),
  },
  commandFor(fc.constantFrom(100_000, 2_000_000), (amount) => setPocWallet(amount, START + 60 * DAY)),
  commandFor(picks, (pick, state) => stopPoc(anyResource(state, pick))),
  commandFor(fc.constant(null), () => ({ type: "run_poc_due" })),
  {
    weight: 3,
    arbitrary: commandFor(picks, (pick, state) =>
      payOrder({ order: anyOpenOrder(state, pick), method: "poc", product: vserver }),
    ),
  },
  commandFor(picks, (pick, state) => deleteResource(anyResource(state, pick))),
  commandFor(picks, (pick, state) => setAutoRenew(true, 1, anyResource(state, pick))),
  {
    weight: 3,
    arbitrary: commandFor(picks, (pick, state) => runResourceDue(anyResource(state, pick))),
  },
  commandFor(picks, (pick, state) => cancelOrder(anyOrder(state, pick))),
  commandFor(picks, (pick, state) => runOrderDue(anyOrder(state, pick))),
);
export const moves: fc.Arbitrary<Move> = fc.record({ commandFor: commands, waitMs: waits });
