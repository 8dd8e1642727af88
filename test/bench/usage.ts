import { load, type Measured, type Shot } from "./load.ts";
import { type Customer, type Market, sendAll, withBody } from "./market.ts";
import { measureFloor, type TimedDeps } from "./timed.ts";

/** Reports of one size, from so many accounts at once. */
export interface UsageCell {
  readonly accounts: number;
  readonly eventsEach: number;
  readonly reports: Measured;
  /** Requests a second of the floor, directly before and after. */
  readonly floorPerSecond: number | null;
}

export interface UsageDeps extends Pick<TimedDeps, "market" | "floorUrl" | "extent" | "run"> {
  /** Waits until what was caused so far is done. */
  calm(): Promise<void>;
}

/** What is metered: a counter of the demo's catalogue, that credit is held for. */
const METERED = { resourceType: "bandwidth", sku: "traffic-out" };
const EVENTS_EACH = [1, 100, 1_000];
const CONCURRENCY = 8;
/** As many addresses as a busy server talks from. */
const KEYS = 4;

/** Measures how many events a second are counted, by the size of the reports they come in. */
export async function measureUsage(deps: UsageDeps): Promise<UsageCell[]> {
  const { market, extent, run } = deps;
  const { baseUrl, customers } = market;
  const { durationMs } = extent;
  const cells: UsageCell[] = [];
  for (const some of [customers.slice(0, 1), customers.slice(0, CONCURRENCY)]) {
    const accounts = some.length;
    const reporters = await meter({ ...market, customers: some }, `${run}-${accounts}`);
    await deps.calm();
    for (const eventsEach of EVENTS_EACH) {
      const next = reportsOf(reporters, eventsEach, `${run}-${accounts}-${eventsEach}`);
      // Once to have the objects in memory and the runtime compile.
      await load({ baseUrl, concurrency: CONCURRENCY, durationMs: durationMs / 2, next });
      const before = await measureFloor(deps, CONCURRENCY);
      const reports = await load({ baseUrl, concurrency: CONCURRENCY, durationMs, next });
      const after = await measureFloor(deps, CONCURRENCY);
      const floorPerSecond = before && after && (before.perSecond + after.perSecond) / 2;
      cells.push({ accounts, eventsEach, reports, floorPerSecond });
    }
  }
  return cells;
}

/** Somebody's resource, in service, and the console that reports about it. */
interface Reporter {
  readonly customer: Customer;
  readonly resource: string;
}

/** Orders a metered resource for each customer, and has it in service. */
async function meter({ baseUrl, customers, order }: Market, run: string): Promise<Reporter[]> {
  const { product, returnUrl } = order;
  const { resourceType, sku } = METERED;
  const lines = [{ resourceType, name: "bench", configuration: [{ sku, quantity: 0 }] }];
  const create = { action: "create", product, lines, returnUrl };
  const reporters: Reporter[] = [];
  const orders: Shot[] = [];
  const payments: Shot[] = [];
  const answers: Shot[] = [];
  const post = (path: string, body: object, authorization: string, status: number): Shot => ({
    ...{ method: "POST", path, status },
    ...withBody(body, authorization, `bench-${run}-${path}`),
  });
  for (const customer of customers) {
    const { path, buyer, user } = customer;
    const paid = (body: string) => {
      const [line] = (JSON.parse(body) as { lines: { line: string; resource: string }[] }).lines;
      if (!line) throw new Error("a payment without a line");
      reporters.push({ customer, resource: line.resource });
      const answer = { orderLine: line.line, status: "succeeded" };
      answers.push(post(`${path}/resources/${line.resource}/provisioning`, answer, buyer, 200));
    };
    const placed = (body: string) => {
      const id: string = JSON.parse(body).id;
      const pay = post(`${path}/orders/${id}/pay`, { method: "hold" }, user, 200);
      payments.push({ ...pay, answered: paid });
    };
    orders.push({ ...post(`${path}/orders`, create, buyer, 201), answered: placed });
  }
  for (const shots of [orders, payments, answers]) await sendAll(baseUrl, shots);
  return reporters;
}

/** Reports of new events, each reporter in turn. */
function reportsOf(reporters: readonly Reporter[], eventsEach: number, run: string): () => Shot {
  let turns = 0;
  let events = 0;
  return () => {
    const reporter = reporters[turns % reporters.length];
    turns += 1;
    if (!reporter) throw new Error("nobody reports");
    const { customer, resource } = reporter;
    const report = Array.from({ length: eventsEach }, () => {
      events += 1;
      return {
        id: `${run}-${events}`,
        resource,
        sku: METERED.sku,
        key: `203.0.113.${events % KEYS}`,
        quantity: "0.001",
        at: new Date().toISOString(),
      };
    });
    return {
      ...{ method: "POST", path: `${customer.path}/usage-events`, status: 200 },
      ...withBody({ events: report }, customer.buyer),
      answered: expectAccepted,
    };
  };
}

function expectAccepted(body: string): void {
  const { results } = JSON.parse(body) as { results: { status: string; code?: string }[] };
  const other = results.find(({ status }) => status !== "accepted");
  if (other) throw new Error(`an event was ${other.status}: ${other.code}`);
}
