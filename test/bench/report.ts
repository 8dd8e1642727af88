import { sum, type Usage, usageOf, usdPerMillion } from "./cost.ts";
import type { Step } from "./counted.ts";
import type { Measured } from "./load.ts";
import { type Billed, LIST_PRICES, REMOTE_CALL_MS } from "./prices.ts";
import { fixed, table } from "./table.ts";
import { type Cell, OPERATIONS, type Operation } from "./timed.ts";
import type { UsageCell } from "./usage.ts";

const WORDS: Record<Operation, string> = {
  balance: "balance read",
  create: "order create",
  pay: "pay by credit",
  pay_all: "… with all it causes",
};

/** Requests a second, how long they took, and what that is of the floor. */
export function timedTable(cells: readonly Cell[]): string {
  const heads = ["accounts", "at once", "operation", "requests/s", "p50 ms", "p99 ms", "of the floor"];
  const rows = cells.flatMap(({ accounts, concurrency, floor, product }) => {
    const row = (name: string, of: Measured): string[] => [
      fixed(accounts, 0),
      String(concurrency),
      name,
      fixed(of.perSecond, 0),
      fixed(of.p50Ms, 1),
      fixed(of.p99Ms, 1),
      floor ? `${fixed((of.perSecond / floor.perSecond) * 100, 0)} %` : "",
    ];
    return [
      ...(floor ? [row("floor", floor)] : []),
      ...OPERATIONS.flatMap((operation) => {
        const measured = product[operation];
        return measured ? [row(WORDS[operation], measured)] : [];
      }),
    ];
  });
  return table(heads, rows, 3);
}

/** Events a second by the size of their reports, and how many are counted in the time of one request to the floor. */
export function usageTable(cells: readonly UsageCell[]): string {
  const heads = [
    "accounts",
    "events a report",
    "reports/s",
    "p50 ms",
    "p99 ms",
    "events/s",
    "a floor request",
  ];
  const rows = cells.map(({ accounts, eventsEach, reports, floorPerSecond }) => [
    fixed(accounts, 0),
    fixed(eventsEach, 0),
    fixed(reports.perSecond, 0),
    fixed(reports.p50Ms, 1),
    fixed(reports.p99Ms, 1),
    fixed(reports.perSecond * eventsEach, 0),
    floorPerSecond === null ? "" : fixed((reports.perSecond * eventsEach) / floorPerSecond, 1),
  ]);
  return table(heads, rows, 2);
}

const COLUMNS: readonly [keyof Usage, string][] = [
  ["workerRequests", "worker requests"],
  ["objectRequests", "object requests"],
  ["objectRowsRead", "object rows read"],
  ["objectRowsWritten", "written"],
  ["databaseRowsRead", "D1 rows read"],
  ["databaseRowsWritten", "written"],
  ["queueOperations", "queue operations"],
];

/** What each step of one order is billed for. */
export function countedTable(steps: readonly Step[]): string {
  const usages = steps.map((step) => ({ name: step.name, usage: usageOf(step) }));
  const row = (name: string, quantity: (column: keyof Usage) => number): string[] => [
    name,
    ...COLUMNS.map(([column]) => fixed(quantity(column), 1)),
  ];
  return table(
    ["one order", ...COLUMNS.map(([, head]) => head)],
    [
      ...usages.map(({ name, usage }) => row(name, (column) => usage[column])),
      row("sum", (column) => sum(usages.map(({ usage }) => usage[column]))),
    ],
  );
}

/** Where the rows that are written come from, and what is called and sent. */
export function statementTable(steps: readonly Step[]): string {
  const KINDS = {
    object_sql: "object",
    alarm_set: "object",
    d1_sql: "D1",
    object: "call",
    alarm: "call",
    queued: "queue",
  };
  const rows = steps.flatMap(({ name: step, tallies }) =>
    tallies.flatMap(({ what, name, times, rowsWritten }) => {
      const kind = KINDS[what as keyof typeof KINDS];
      if (kind === undefined || (what.endsWith("sql") && rowsWritten === 0)) return [];
      const written = what.endsWith("sql") ? rowsWritten : what === "alarm_set" ? times : 0;
      return [[step, kind, name, fixed(times, 1), written === 0 ? "" : fixed(written, 1)]];
    }),
  );
  return table(["step", "where", "what", "times", "rows written"], rows, 3);
}

const ITEMS: Record<Billed, string> = {
  workerRequests: "Worker requests",
  workerCpuMs: "Worker CPU, ms (at most)",
  objectRequests: "Object requests",
  objectGbSeconds: "Object duration, GB-s",
  objectRowsRead: "Object rows read",
  objectRowsWritten: "Object rows written",
  databaseRowsRead: "D1 rows read",
  databaseRowsWritten: "D1 rows written",
  queueOperations: "Queue operations",
};

/** What a million paid orders cost with everything they cause. */
export function costTable(steps: readonly Step[], workerCpuMs: number): string {
  const usages = steps.map(usageOf);
  const quantityOf = (billed: Billed): number =>
    billed === "workerCpuMs" ? workerCpuMs : sum(usages.map((usage) => usage[billed]));
  const billed = Object.keys(ITEMS) as Billed[];
  const usd = (item: Billed): number => usdPerMillion(item, quantityOf(item));
  const decimals = (item: Billed): number => (item === "objectGbSeconds" ? 3 : 1);
  return table(
    ["a million paid orders", "each", "USD a million", "USD"],
    [
      ...billed.map((item) => [
        ITEMS[item],
        fixed(quantityOf(item), decimals(item)),
        String(LIST_PRICES.usdPerMillion[item]),
        fixed(usd(item), 2),
      ]),
      ["sum", "", "", fixed(sum(billed.map(usd)), 2)],
    ],
  );
}

export const TIMED_NOTE = `The floor updates a row and adds one, in an object of its own; it is the mean of before and after. Load, worker, objects,
D1 and queue share this machine: one thread of workerd, one disk. "Pay by credit" keeps the queue's consumer waiting;
"with all it causes" has it call consoles and send mails meanwhile.`;

export const COST_NOTE = `Cloudflare's list prices as of ${LIST_PRICES.readOn}, nothing included in the plan taken off. Setting an alarm is a row
written. Each message is taken for a batch of its own. Object duration as measured here, plus ${REMOTE_CALL_MS} ms for each call of D1 or a
queue, which are farther away there (assumed). CPU: the time that create, pay and another pay take of this machine's one
workerd thread, D1 and queue included. Not included: storage, and the mail service.`;
