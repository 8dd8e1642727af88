import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { verifyRecords } from "../../src/jobs/integrity.ts";
import type { Tables } from "../support/tables.ts";
import type { Faults, Plan } from "./faults.ts";
import { ReadSides } from "./read-sides.ts";
import type { Scenario } from "./scenario.ts";
import { SubjectAccount, type Told } from "./subject-account.ts";

/** What stands in the account, and what the rest of the world has of it. */
interface Standing {
  readonly tables: Tables;
  readonly outside: unknown;
}

/** How a scenario goes when nothing goes wrong: done once, and asked for once more. */
export interface Baseline {
  readonly before: Standing;
  readonly told: Told | null;
  readonly after: Standing;
  readonly toldAgain: Told | null;
  readonly afterRetry: Standing;
}

export async function undisturbed(scenario: Scenario, faults: Faults): Promise<Baseline> {
  const account = await SubjectAccount.prepare(scenario, faults);
  const look = async (): Promise<Standing> => {
    await account.recover("undisturbed");
    expect(await verifyRecords(env, account.id)).toEqual([]);
    expect(await account.findings()).toEqual([]);
    const outside = await account.outside(await ReadSides.read([account.id]));
    return { tables: await account.tables(), outside };
  };
  const before = await look();
  const told = account.anonymous(await account.request(1));
  const after = await look();
  const toldAgain = account.anonymous(await account.request(2));
  const afterRetry = await look();
  if (!scenario.repeats) expect(afterRetry, "what is done again has an effect again").toEqual(after);
  return { before, told, after, toldAgain, afterRetry };
}

/** One run of a scenario in which effects go wrong as planned. */
export class Trial {
  readonly account: SubjectAccount;
  readonly label: string;
  /** Whether anything went wrong. */
  readonly tripped: boolean;
  readonly #baseline: Baseline;
  readonly #told: Told | null;
  readonly #hasAlarmFailed: boolean;
  #isWhole = false;

  private constructor(
    account: SubjectAccount,
    baseline: Baseline,
    of: { label: string; tripped: boolean; told: Told | null; hasAlarmFailed: boolean },
  ) {
    this.account = account;
    this.label = of.label;
    this.tripped = of.tripped;
    this.#baseline = baseline;
    this.#told = of.told;
    this.#hasAlarmFailed = of.hasAlarmFailed;
  }

  /** The request is made, and effects go wrong: where that lasts, those of the alarm that follows too. */
  static async begin(scenario: Scenario, baseline: Baseline, faults: Faults, plan: Plan): Promise<Trial> {
    const account = await SubjectAccount.prepare(scenario, faults);
    await faults.start(account, plan);
    const told = await account.request(1);
    const hasAlarmFailed = plan.lasts && !(await account.ring());
    const { effects, tripped } = await faults.stop();
    const label = `${scenario.title}: effect ${plan.nth} of ${effects.join(", ")} ${plan.trip}`;
    if (!tripped) expect(account.anonymous(told), label).toEqual(baseline.told);
    return new Trial(account, baseline, { label, tripped, told, hasAlarmFailed });
  }

  /** All is well again: what stands is whole or absent, and whole where somebody was told of it. */
  async findWholeOrAbsent(): Promise<void> {
    const { account, label } = this;
    const { before, after, told } = this.#baseline;
    if (this.#hasAlarmFailed) await account.wakeAgain();
    const now = commanded(await account.tables());
    this.#isWhole = isSame(now, commanded(after.tables));
    if (!this.#isWhole) expect(now, `${label}: neither whole nor absent`).toEqual(commanded(before.tables));
    if (this.#told) {
      expect(this.#isWhole, `${label}: somebody was told of what isn't there`).toBe(true);
      expect(account.anonymous(this.#told), label).toEqual(told);
    }
  }

  /** Trying again gives the same answer, or does it now. What works once is refused, and never does it twice. */
  async retry(): Promise<void> {
    const { account, label } = this;
    const { told, toldAgain } = this.#baseline;
    const again = await account.request(2);
    expect(account.anonymous(again), `${label}: tried again`).toEqual(this.#isWhole ? toldAgain : told);
    const worksOnce = !isSame(told?.said, toldAgain?.said);
    if (this.#told && again && !worksOnce)
      expect(again.said, `${label}: tried again`).toEqual(this.#told.said);
  }

  /** The alarm delivers what is left, and the coupon asks about what is left there. */
  async recover(): Promise<void> {
    await this.account.recover(this.label);
    await this.account.resolveOrphans();
    expect(await this.account.findings(), this.label).toEqual([]);
  }

  /** Whether or not anybody tries again, the world has what stands. */
  async expectToldWorld(d1: ReadSides): Promise<void> {
    const { account, label } = this;
    // Time that was interrupted brings the index of what is due up to date when it comes again.
    if (account.isGivenByTime && !this.#told) return;
    const { before, after } = this.#baseline;
    expect(await account.outside(d1), label).toEqual((this.#isWhole ? after : before).outside);
  }

  /** In the end everything is there once. */
  async expectDoneOnce(d1: ReadSides): Promise<void> {
    const { account, label } = this;
    const { tables, outside } = this.#isWhole ? this.#baseline.afterRetry : this.#baseline.after;
    expect(await account.tables(), label).toEqual(tables);
    expect(await account.outside(d1), label).toEqual(outside);
  }
}

export const readSidesOf = (trials: readonly Trial[]): Promise<ReadSides> =>
  ReadSides.read(trials.map(({ account }) => account.id));

/** What a command alone writes: the counters of what was told of it aside. */
function commanded(tables: Tables): Tables {
  const { head = [] } = tables;
  return { ...tables, head: head.map(({ seq: _, indexed_due_at_ms: __, ...row }) => row) };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
