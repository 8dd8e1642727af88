import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { putCatalogue } from "../support/api.ts";
import { recordLogs } from "../support/logs.ts";
import { AVERAGE_STEPS, GENERATORS, sequences } from "./generators.ts";
import { Sequence } from "./sequence.ts";

/**
 * How much, and which: `VITE_FUZZ_STEPS=100000 VITE_FUZZ_SEED=7 npx vitest run test/invariants`. (Variables with
 * this prefix are the ones that reach tests in workerd.) A failure prints its seed and the least sequence that fails.
 */
const STEPS = Number(process.env.VITE_FUZZ_STEPS ?? 3_000);
const SEED = Number(process.env.VITE_FUZZ_SEED ?? 20_270_101);
const STEPS_A_SECOND_AT_LEAST = 20;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("whatever is asked of accounts in whatever order, every invariant holds after every step", {
  timeout: 60_000 + (STEPS / STEPS_A_SECOND_AT_LEAST) * 1_000,
}, async () => {
  await putCatalogue();
  recordLogs();
  vi.useFakeTimers({ toFake: ["Date"] });
  // Mails and calls to consoles are no part of an account's books.
  vi.spyOn(env.JOBS, "sendBatch").mockResolvedValue({
    metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
  });
  const ran = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(sequences, async (steps) => {
      const sequence = new Sequence();
      await sequence.open();
      for (const step of steps) {
        ran.set(step.kind, (ran.get(step.kind) ?? 0) + 1);
        if (step.kind === "command") ran.set(step.plan.type, (ran.get(step.plan.type) ?? 0) + 1);
        await sequence.run(step);
      }
      await sequence.close();
    }),
    { seed: SEED, numRuns: Math.ceil(STEPS / AVERAGE_STEPS) },
  );
  const unheardOf = Object.keys(GENERATORS).filter((type) => !ran.has(type));
  expect(unheardOf).toEqual([]);
});
