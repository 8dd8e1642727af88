import { deliverTwice } from "./deliver.ts";
import type { Faults, Plan } from "./faults.ts";
import type { Scenario } from "./scenario.ts";
import { type Baseline, readSidesOf, Trial } from "./trial.ts";

/** Far more effects than any command has. */
const MAX_EFFECTS = 100;

/** A scenario's request once for each of its effects, which goes wrong, until no effect is left to go wrong. */
export async function forEachEffect(
  of: { scenario: Scenario; baseline: Baseline; faults: Faults },
  plan: Omit<Plan, "nth">,
  follow: (trial: Trial) => Promise<void> = async () => {},
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (let nth = 1; nth <= MAX_EFFECTS; nth += 1) {
    const trial = await Trial.begin(of.scenario, of.baseline, of.faults, { ...plan, nth });
    await follow(trial);
    trials.push(trial);
    if (!trial.tripped) return trials;
  }
  throw new Error("there is always one more effect");
}

/** A caller who tries again while the object is as the fault left it. */
export async function retryAtOnce(trial: Trial): Promise<void> {
  await trial.findWholeOrAbsent();
  await trial.retry();
}

/** All is well again; nobody comes back at first, and then somebody does. */
export async function recoverAndRetry(trials: readonly Trial[]): Promise<void> {
  for (const trial of trials) {
    await trial.findWholeOrAbsent();
    await trial.recover();
  }
  const d1 = await readSidesOf(trials);
  for (const trial of trials) {
    await trial.expectToldWorld(d1);
    await trial.retry();
  }
}

export async function expectDoneOnce(trials: readonly Trial[], faults: Faults): Promise<void> {
  for (const trial of trials) await trial.recover();
  const d1 = await readSidesOf(trials);
  for (const trial of trials) await trial.expectDoneOnce(d1);
  await deliverTwice(
    trials.map(({ account }) => account),
    faults,
  );
}
