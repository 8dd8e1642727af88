/** Cloudflare's list prices of the paid plan, without what the plan includes, in US dollars. */
export const LIST_PRICES = {
  readOn: "2026-11-23",
  usdPerMillion: {
    workerRequests: 0.3,
    workerCpuMs: 0.02,
    objectRequests: 0.15,
    objectGbSeconds: 12.5,
    objectRowsRead: 0.001,
    objectRowsWritten: 1,
    databaseRowsRead: 0.001,
    databaseRowsWritten: 1,
    queueOperations: 0.4,
  },
} as const;

export type Billed = keyof typeof LIST_PRICES.usdPerMillion;

/** A message is written, read and deleted. */
export const OPERATIONS_PER_MESSAGE = 3;

/** An object is billed for this much memory, however little it uses. */
export const OBJECT_GB = 0.128;

/**
 * What D1 and queues, which are on the same machine here, take longer from an object at Cloudflare. An assumption: it
 * is the only number of the cost that isn't counted, measured or listed.
 */
export const REMOTE_CALL_MS = 25;
