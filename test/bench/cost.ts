import type { Step } from "./counted.ts";
import { type Billed, LIST_PRICES, OBJECT_GB, OPERATIONS_PER_MESSAGE, REMOTE_CALL_MS } from "./prices.ts";
import type { Tally } from "./worker/counters.ts";

const MS_PER_SECOND = 1_000;

/** How much of what is billed one step takes, an order. */
export type Usage = Readonly<Record<Exclude<Billed, "workerCpuMs">, number>>;

const rows = (tallies: readonly Tally[], of: "rowsRead" | "rowsWritten", what: Tally["what"]): number =>
  sum(tallies.filter((tally) => tally.what === what).map((tally) => tally[of]));

const times = (tallies: readonly Tally[], ...what: Tally["what"][]): number =>
  sum(tallies.filter((tally) => what.includes(tally.what)).map((tally) => tally.times));

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Puts what was counted into the terms of a bill. */
export function usageOf({ tallies, objectMs }: Step): Usage {
  const remoteCalls = times(tallies, "d1_call", "queue_call");
  return {
    // A consumed message is taken for a request of its own; batches of several make it fewer.
    workerRequests: times(tallies, "worker", "consumed"),
    objectRequests: times(tallies, "object", "alarm"),
    objectGbSeconds: ((objectMs + remoteCalls * REMOTE_CALL_MS) / MS_PER_SECOND) * OBJECT_GB,
    objectRowsRead: rows(tallies, "rowsRead", "object_sql"),
    // Setting an alarm is billed as a row written.
    objectRowsWritten: rows(tallies, "rowsWritten", "object_sql") + times(tallies, "alarm_set"),
    databaseRowsRead: rows(tallies, "rowsRead", "d1_sql"),
    databaseRowsWritten: rows(tallies, "rowsWritten", "d1_sql"),
    queueOperations: times(tallies, "queued") * OPERATIONS_PER_MESSAGE,
  };
}

/** What a million of these cost, in US dollars. */
export const usdPerMillion = (billed: Billed, quantity: number): number =>
  quantity * LIST_PRICES.usdPerMillion[billed];
