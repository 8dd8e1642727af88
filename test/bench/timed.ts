import { setTimeout as sleep } from "node:timers/promises";
import { load, type Measured, type Shot } from "./load.ts";
import { type Market, sendAll } from "./market.ts";
import type { Extent } from "./options.ts";
import { Scenarios } from "./scenarios.ts";

/** `pay` is the customer's request alone; `pay_all` goes on beside the console calls and mails of the ones before. */
export const OPERATIONS = ["balance", "create", "pay", "pay_all"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What was measured side by side: the floor directly before and after the product. */
export interface Cell {
  readonly accounts: number;
  readonly concurrency: number;
  readonly floor: Measured | null;
  readonly product: Readonly<Record<Exclude<Operation, "pay_all">, Measured>> & { pay_all?: Measured };
}

/** The machine that what payments cause goes to. */
export interface Consequences {
  hold(): void;
  release(): void;
  /** Waits until all of it is done, so that it doesn't slow down what is measured next. */
  calm(): Promise<void>;
}

export interface TimedDeps {
  readonly market: Market;
  readonly floorUrl: string | null;
  readonly extent: Extent;
  readonly run: string;
  /** Null where they aren't ours to hold. */
  readonly consequences: Consequences | null;
  done(cell: Cell): void;
}

/** About as long as an order. */
const FLOOR_BODY = "x".repeat(300);
const NO_CONTENT = 204;
const WARM_UP_CONCURRENCY = 16;
const UNKNOWN_CALM_MS = 2_000;
/** By then the alarms of accounts that have just been opened go off, all at once. */
const OPENED_CALM_MS = 6_000;

/** Measures one hot account and then all of them, at every concurrency. */
export async function measure(deps: TimedDeps): Promise<Cell[]> {
  const { market, extent, done } = deps;
  const { customers } = market;
  await warmUp(deps);
  const cells: Cell[] = [];
  for (const some of customers.length > 1 ? [customers.slice(0, 1), customers] : [customers]) {
    for (const concurrency of extent.concurrencies) {
      const cell = await measureCell({ ...deps, market: { ...market, customers: some } }, concurrency);
      done(cell);
      cells.push(cell);
    }
  }
  return cells;
}

async function measureCell(deps: TimedDeps, concurrency: number): Promise<Cell> {
  const { market, extent, run, consequences } = deps;
  const { baseUrl, customers } = market;
  const accounts = customers.length;
  const scenarios = new Scenarios(market, `${run}-${accounts}-${concurrency}`);
  const timed = (next: () => Shot | null): Promise<Measured> =>
    load({ baseUrl, concurrency, durationMs: extent.durationMs, next });

  const before = await measureFloor(deps, concurrency);
  // Every account's object is in memory before it is measured; the floor's are, too.
  await sendAll(baseUrl, customers.map(scenarios.balance));
  const balance = await timed(scenarios.balance);
  const create = await timed(scenarios.create);
  // Payments may go faster, and are measured twice.
  await sendAll(baseUrl, Array.from({ length: create.requests }, scenarios.create));
  consequences?.hold();
  const pay = await timed(scenarios.pay);
  consequences?.release();
  await calm(deps);
  const all = consequences ? { pay_all: await timed(scenarios.pay) } : {};
  await calm(deps);
  const after = await measureFloor(deps, concurrency);
  const floor = before && after && average(before, after);
  return { accounts, concurrency, floor, product: { balance, create, pay, ...all } };
}

/** Null where there is no floor. */
export async function measureFloor(
  { floorUrl, market, extent }: Pick<TimedDeps, "floorUrl" | "market" | "extent">,
  concurrency: number,
): Promise<Measured | null> {
  if (floorUrl === null) return null;
  const accounts = market.customers.length;
  let n = 0;
  const next = (): Shot => {
    n += 1;
    return { method: "POST", path: `/${accounts}-${n % accounts}`, status: NO_CONTENT, body: FLOOR_BODY };
  };
  await sendAll(floorUrl, Array.from({ length: accounts }, next));
  return load({ baseUrl: floorUrl, concurrency, durationMs: extent.durationMs / 2, next });
}

/** Lets the runtimes compile what is going to be measured. */
async function warmUp(deps: TimedDeps): Promise<void> {
  const { market, extent, run } = deps;
  const scenarios = new Scenarios(market, `${run}-warm-up`);
  await sleep(OPENED_CALM_MS);
  // Whoever asks now waits until the alarms have been seen to.
  await sendAll(market.baseUrl, market.customers.map(scenarios.balance));
  await measureFloor(deps, WARM_UP_CONCURRENCY);
  for (const next of [scenarios.balance, scenarios.create, scenarios.pay]) {
    const { durationMs } = extent;
    await load({ baseUrl: market.baseUrl, concurrency: WARM_UP_CONCURRENCY, durationMs, next });
  }
  await calm(deps);
}

const calm = ({ consequences }: TimedDeps): Promise<void> =>
  consequences ? consequences.calm() : sleep(UNKNOWN_CALM_MS);

function average(a: Measured, b: Measured): Measured {
  const mean = (of: keyof Measured): number => (a[of] + b[of]) / 2;
  return {
    requests: a.requests + b.requests,
    perSecond: mean("perSecond"),
    p50Ms: mean("p50Ms"),
    p99Ms: mean("p99Ms"),
  };
}
