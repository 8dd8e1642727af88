import { setTimeout as sleep } from "node:timers/promises";
import { load, type Shot } from "./load.ts";
import { type Market, withBody } from "./market.ts";
import { Scenarios } from "./scenarios.ts";
import type { Counts, Tally } from "./worker/counters.ts";

/** What one step of an order's life is billed for, on the average of the orders that were counted. */
export interface Step {
  readonly name: string;
  readonly tallies: readonly Tally[];
  readonly objectMs: number;
}

/** By then the queue has been emptied, and an object's next alarm has found what the step left. */
const SETTLE_MS = 6_500;

/**
 * Takes one order of every customer from its creation to its invoice, step by step, and counts everything that each
 * step causes. Customers and consoles take their time: between two steps the alarms that a step armed for the next minutes
 * have gone off, so that no step shares another's. Later ones are taken to find nothing to do, and to be armed anew or not.
 */
export async function countOrders(market: Market, run: string): Promise<Step[]> {
  const life = new OrderLife(market, run);
  const orders = market.customers.length;
  // The first order of an installation and of an account does what later ones find done.
  for (const step of life.steps) await step.act();
  await sleep(SETTLE_MS);
  let { armedAlarms } = await counts(market);
  const before = armedAlarms;
  const steps: Step[] = [];
  for (const { name, act } of life.steps) {
    await act();
    await sleep(SETTLE_MS);
    const counted = await counts(market);
    armedAlarms = counted.armedAlarms;
    const tallies = counted.tallies.map((tally) => shared(tally, orders));
    steps.push({ name, tallies, objectMs: counted.objectMs / orders });
  }
  return [...steps, lastAlarm((armedAlarms - before) / orders)];
}

const lastAlarm = (times: number): Step => {
  const none = { rowsRead: 0, rowsWritten: 0 };
  const tallies: Tally[] = [
    { what: "alarm", name: "alarm", times, ...none },
    { what: "alarm_set", name: "setAlarm", times, ...none },
  ];
  return { name: "afterwards", tallies: times > 0 ? tallies : [], objectMs: 0 };
};

const shared = (tally: Tally, orders: number): Tally => ({
  ...tally,
  times: tally.times / orders,
  rowsRead: tally.rowsRead / orders,
  rowsWritten: tally.rowsWritten / orders,
});

async function counts({ baseUrl }: Market): Promise<Counts> {
  const answer = await fetch(`${baseUrl}/bench/counts`);
  return (await answer.json()) as Counts;
}

class OrderLife {
  readonly #market: Market;
  readonly #scenarios: Scenarios;
  #provisioning: Shot[] = [];

  constructor(market: Market, run: string) {
    this.#market = market;
    this.#scenarios = new Scenarios(market, run);
  }

  readonly steps: readonly { readonly name: string; act(): Promise<void> }[] = [
    { name: "order created", act: () => this.#eachCustomer(() => this.#scenarios.create()) },
    { name: "paid by credit", act: () => this.#eachCustomer(() => this.#pay()) },
    { name: "provisioned", act: () => this.#eachCustomer(() => this.#provisioning.shift() ?? null) },
  ];

  #pay(): Shot | null {
    const shot = this.#scenarios.pay();
    return shot && { ...shot, answered: (body) => this.#paid(shot, body) };
  }

  /** The console will answer that it made what was paid. */
  #paid({ path }: Shot, body: string): void {
    const account = path.slice(0, path.indexOf("/orders/"));
    const buyer = this.#market.customers.find((customer) => customer.path === account)?.buyer ?? "";
    for (const { line, resource } of JSON.parse(body).lines as { line: string; resource: string }[]) {
      this.#provisioning.push({
        method: "POST",
        path: `${account}/resources/${resource}/provisioning`,
        status: 200,
        ...withBody({ orderLine: line, status: "succeeded" }, buyer),
      });
    }
  }

  async #eachCustomer(next: () => Shot | null): Promise<void> {
    const { baseUrl, customers } = this.#market;
    let left = customers.length;
    await load({
      baseUrl,
      concurrency: 1,
      durationMs: Number.POSITIVE_INFINITY,
      next: () => {
        left -= 1;
        return left < 0 ? null : next();
      },
    });
  }
}
