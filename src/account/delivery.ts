import { describeError, log } from "../observability/log.ts";
import { d1Of } from "../store/database.ts";
import { project } from "../store/projection.ts";
import type { ConsoleCalls } from "./console-calls.ts";
import type { CouponUse } from "./coupon-use.ts";
import { type DrainDeps, drain } from "./drain.ts";
import { batchesOf, type Job } from "./jobs.ts";
import type { Outbox } from "./outbox.ts";
import type { AccountTables } from "./tables.ts";
import { within } from "./within.ts";

/** A command's answer waits this long for the read side to have it too. */
export const READ_YOUR_WRITES_MS = 1_000;

/** A run that takes longer than this has failed: what hangs must not keep the next one from trying. */
const RUN_LIMIT_MS = 30_000;

/** Brings what commands left in the outbox to where it belongs: after the commit, and again from the alarm. */
export class Delivery {
  readonly #env: Env;
  readonly #tables: AccountTables;
  readonly #outbox: Outbox;
  readonly #calls: ConsoleCalls;
  readonly #coupons: CouponUse;
  #failures = 0;
  #running: Promise<boolean> | null = null;

  constructor(
    env: Env,
    of: { tables: AccountTables; outbox: Outbox; calls: ConsoleCalls; coupons: CouponUse },
  ) {
    this.#env = env;
    this.#tables = of.tables;
    this.#outbox = of.outbox;
    this.#calls = of.calls;
    this.#coupons = of.coupons;
  }

  /** Deliveries in a row that failed. */
  get failures(): number {
    return this.#failures;
  }

  /** Waits until what commands have left so far is delivered, or long enough; the alarm goes on with what is left. */
  async settled(): Promise<void> {
    if (!this.#waits()) return;
    await within(READ_YOUR_WRITES_MS, this.#through(this.#tables.head().seq), undefined);
  }

  /** Whether nothing waits, not even for a console's answer; calls that wait for another attempt don't count. */
  isQuiet(): boolean {
    return !this.#outbox.waits() && !this.#calls.areUnderWay(Date.now());
  }

  /** Delivers what waits; one run at a time. Returns whether all of it arrived. */
  run(): Promise<boolean> {
    this.#running ??= this.#deliver().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #through(seq: number): Promise<void> {
    while (this.#waits(seq)) {
      if (!(await this.run())) return;
    }
  }

  #waits(seq?: number): boolean {
    return this.#outbox.waits(seq) || this.#calls.due(Date.now()).length > 0;
  }

  async #deliver(): Promise<boolean> {
    const outcomes = Promise.all([drain(this.#drainDeps()), this.#queueCalls()]);
    const isDone = (await within(RUN_LIMIT_MS, outcomes, [false])).every(Boolean);
    this.#failures = isDone ? 0 : this.#failures + 1;
    return isDone;
  }

  /** A message says only that a resource has a call: which one is decided when it is delivered. */
  async #queueCalls(): Promise<boolean> {
    const account = this.#tables.head().account?.id;
    const resources = this.#calls.due(Date.now());
    if (!account || resources.length === 0) return true;
    try {
      await this.#send(resources.map((resource) => ({ type: "call_console", account, resource })));
    } catch (error) {
      log("error", "console_calls_not_queued", { account, error: describeError(error) });
      return false;
    }
    this.#calls.queued(resources, Date.now());
    return true;
  }

  #drainDeps(): DrainDeps {
    const id = this.#tables.head().account?.id ?? "";
    return {
      read: (topic, limit) => this.#outbox.read(topic, limit),
      weigh: (_topic, message) => ("rows" in message ? message.rows.length + 1 : message.length),
      remove: (topic, seq) => this.#outbox.remove(topic, seq),
      deliver: {
        // The epoch of this moment: a rebuild may have come since the run began.
        projection: (commands) => {
          const { epoch } = this.#tables.head();
          return project(d1Of(this.#env, id), { account: id, epoch }, commands);
        },
        coupons: async (settlements) => {
          for (const settlement of settlements.flat()) await this.#coupons.settle(settlement);
        },
        mail: (jobs) => this.#send(jobs.flat()),
      },
      failed: (topic, seq, error) =>
        log("error", "outbox_delivery_failed", { account: id, topic, seq, error: describeError(error) }),
    };
  }

  async #send(jobs: readonly Job[]): Promise<void> {
    for (const batch of batchesOf(jobs)) await this.#env.JOBS.sendBatch(batch.map((body) => ({ body })));
  }
}
