import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { putCatalogue } from "../support/api.ts";
import { recordLogs } from "../support/logs.ts";
import { expectDoneOnce, forEachEffect, retryAtOnce } from "./checks.ts";
import { Faults } from "./faults.ts";
import { scenarios } from "./scenarios.ts";
import { type Baseline, undisturbed } from "./trial.ts";

const faults = new Faults();
beforeAll(async () => {
  recordLogs();
  await putCatalogue();
  faults.install();
});
afterEach(() => faults.forgetJobs());
afterAll(() => {
  vi.restoreAllMocks();
});

const MANNERS = [
  { title: "fails", trip: "fails", lasts: false },
  { title: "happens and its answer is lost", trip: "loses its answer", lasts: false },
  { title: "is what the object dies before", trip: "dies before", lasts: false },
  { title: "is what the object dies after", trip: "dies after", lasts: false },
] as const;

describe.each(scenarios)("$title", (scenario) => {
  let baseline: Baseline;
  beforeAll(async () => {
    baseline = await undisturbed(scenario, faults);
  });

  test.each(MANNERS)(
    "happens once, tried again, whichever effect $title",
    { timeout: 60_000 },
    async (plan) => {
      const trials = await forEachEffect({ scenario, baseline, faults }, plan, retryAtOnce);
      expect(trials.length).toBeGreaterThan(1);
      await expectDoneOnce(trials, faults);
    },
  );
});
