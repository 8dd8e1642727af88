import { parseArgs } from "node:util";

const USAGE = `Usage: npm run bench -- [--quick] [--target URL] [--product ID]
  --quick    shorter measurements, on fewer accounts and at one concurrency
  --target   loads a server that runs already instead of a worker of our own; rows aren't counted there
  --product  what is bought there (vserver)
TOKEN holds the target's tokens, separated by blanks: at least one user's, and an admin's and a product's if there are
any. Without TOKEN the secret of this directory's own installation signs them.`;

/** How long and how broad a run is. */
export interface Extent {
  readonly durationMs: number;
  readonly accounts: number;
  readonly concurrencies: readonly number[];
  /** Accounts in which one order each is counted. */
  readonly countedAccounts: number;
  /** Counting, which waits most of the time, goes on beside the measurements. */
  readonly isOverlapping: boolean;
}

const FULL: Extent = {
  durationMs: 1_200,
  accounts: 1_000,
  concurrencies: [1, 16, 64],
  countedAccounts: 10,
  isOverlapping: false,
};
const QUICK: Extent = {
  durationMs: 500,
  accounts: 100,
  concurrencies: [16],
  countedAccounts: 3,
  isOverlapping: true,
};

export interface BenchOptions {
  readonly extent: Extent;
  readonly target: string | null;
  readonly product: string;
}

/** What the command line asks for; null where it can't be understood, with its usage printed. */
export function readOptions(): BenchOptions | null {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        target: { type: "string" },
        product: { type: "string", default: "vserver" },
      },
    });
    const target = values.target === undefined ? null : new URL(values.target).origin;
    return { extent: values.quick ? QUICK : FULL, target, product: values.product };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return null;
  }
}
