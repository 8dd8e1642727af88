import { abortAllDurableObjects, evictDurableObject } from "cloudflare:test";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { putCatalogue } from "../support/api.ts";
import { recordLogs } from "../support/logs.ts";
import { expectDoneOnce, forEachEffect, recoverAndRetry } from "./checks.ts";
import { Faults } from "./faults.ts";
import { scenarios } from "./scenarios.ts";
import { type Baseline, Trial, undisturbed } from "./trial.ts";

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

const OUTAGES = [
  { trip: "fails", only: /^D1/ },
  { trip: "fails", only: /^queue/ },
  { trip: "fails", only: /^coupon/ },
  { trip: "fails", only: /^usage/ },
  { trip: "fails", only: /^(D1|queue|coupon|usage)/ },
  { trip: "loses its answer", only: /^(D1|queue|coupon|usage)/ },
] as const;

describe.each(scenarios)("$title", (scenario) => {
  let baseline: Baseline;
  beforeAll(async () => {
    baseline = await undisturbed(scenario, faults);
  });

  test("happens once when an effect and all after it fail until every object is aborted", {
    timeout: 60_000,
  }, async () => {
    const trials = await forEachEffect({ scenario, baseline, faults }, { trip: "fails", lasts: true });
    expect(trials.length).toBeGreaterThan(1);
    await abortAllDurableObjects();
    await recoverAndRetry(trials);
    await expectDoneOnce(trials, faults);
  });

  test("happens once when an effect and all after it happen and lose their answers", {
    timeout: 60_000,
  }, async () => {
    const trials = await forEachEffect(
      { scenario, baseline, faults },
      { trip: "loses its answer", lasts: true },
    );
    expect(trials.length).toBeGreaterThan(1);
    await recoverAndRetry(trials);
    await expectDoneOnce(trials, faults);
  });

  test("happens once when the object dies before an effect and nobody comes back for long", {
    timeout: 60_000,
  }, async () => {
    const trials = await forEachEffect({ scenario, baseline, faults }, { trip: "dies before", lasts: false });
    await recoverAndRetry(trials);
    await expectDoneOnce(trials, faults);
  });

  test("happens once when D1, the queue, coupons, meters or all of them are down all the while", {
    timeout: 60_000,
  }, async () => {
    const trials: Trial[] = [];
    for (const outage of OUTAGES) {
      trials.push(await Trial.begin(scenario, baseline, faults, { ...outage, nth: 1, lasts: true }));
    }
    await recoverAndRetry(trials);
    await expectDoneOnce(trials, faults);
  });
});

test("every command happens once when memory is evicted before anything of it was delivered", {
  timeout: 60_000 + scenarios.length * 1_000,
}, async () => {
  const trials: Trial[] = [];
  const evictions: Promise<void>[] = [];
  for (const scenario of scenarios) {
    const baseline = await undisturbed(scenario, faults);
    const nothingLeaves = { trip: "fails", only: /^(D1|queue|coupon)/, nth: 1, lasts: true } as const;
    const trial = await Trial.begin(scenario, baseline, faults, nothingLeaves);
    evictions.push(evictDurableObject(trial.account.object));
    trials.push(trial);
  }
  await Promise.all(evictions);
  await recoverAndRetry(trials);
  await expectDoneOnce(trials, faults);
});
