import type { MailJob } from "../domain/notice.ts";
import { describeError, log } from "../observability/log.ts";
import { d1Of } from "../store/database.ts";
import { project } from "../store/projection.ts";
import type { ConsoleCalls } from "./console-calls.ts";
import type { CouponUse } from "./coupon-use.ts";
import { type DrainDeps, drain } from "./drain.ts";
import { batchesOf, type GatewayJob } from "./jobs.ts";
import type { CouponSettlement, Outbox } from "./outbox.ts";
import type { AccountTables } from "./tables.ts";
import { within } from "./within.ts";

/** A command's answer waits this long for the read side to have it too. */
export const READ_YOUR_WRITES_MS = 1_000;

/** What takes longer than this to arrive has failed: what hangs must not keep the next run from trying. */
const ARRIVAL_LIMIT_MS = 30_000;

export interface DeliveryDeps {
  readonly tables: AccountTables;
  readonly outbox: Outbox;
  readonly calls: ConsoleCalls;
  readonly coupons: CouponUse;
  /** Called when a run has failed: it is to be tried again. */
  failed(): Promise<void>;
}

/** Brings what commands left in the outbox to where it belongs: after the commit, and again from the alarm. */
export class Delivery {
  readonly #env: Env;
  readonly #deps: DeliveryDeps;
  #failures = 0;
  #running: Promise<boolean> | null = null;

  constructor(env: Env, deps: DeliveryDeps) {
    this.#env = env;
    this.#deps = deps;
  }

  /** Deliveries in a row that failed. */
  get failures(): number {
    return this.#failures;
  }

  /** Waits until what commands have left so far is delivered, or long enough; the alarm goes on with what is left. */
  async settled(): Promise<void> {
    if (!this.#waits()) return;
    await within(READ_YOUR_WRITES_MS, this.#through(this.#deps.tables.head().seq), undefined);
  }

  /** Whether nothing waits, not even for a console's answer; calls that wait for another attempt don't count. */
  isQuiet(): boolean {
    return !this.#deps.outbox.waits() && !this.#deps.calls.areUnderWay(Date.now());
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
    return this.#deps.outbox.waits(seq) || this.#deps.calls.due(Date.now()).length > 0;
  }

  async #deliver(): Promise<boolean> {
    // A mail takes calls along; without one nothing else that is slow holds them up.
    const hasMail = this.#deps.outbox.read("mail", 0, 1).length > 0;
    const outcomes = await Promise.all([drain(this.#drainDeps()), hasMail || this.#queueCalls()]);
    const isDone = (await this.#queueCalls()) && outcomes.every(Boolean);
    this.#failures = isDone ? 0 : this.#failures + 1;
    if (!isDone) await this.#deps.failed();
    return isDone;
  }

  /** Sends what consoles are to be called about and no mail took along. */
  async #queueCalls(): Promise<boolean> {
    try {
      await this.#send([]);
      return true;
    } catch (error) {
      const account = this.#deps.tables.head().account?.id;
      log("error", "console_calls_not_queued", { account, error: describeError(error) });
      return false;
    }
  }

  #drainDeps(): DrainDeps {
    const { tables, outbox } = this.#deps;
    const id = tables.head().account?.id ?? "";
    return {
      read: (topic, after, limit) => outbox.read(topic, after, limit),
      weigh: (_topic, message) => ("rows" in message ? message.rows.length + 1 : message.length),
      remove: (delivered) => outbox.remove(delivered),
      deliver: {
        // The epoch of this moment: a rebuild may have come since the run began.
        projection: (commands) =>
          inTime(project(d1Of(this.#env, id), { account: id, epoch: tables.head().epoch }, commands)),
        coupons: async (settlements) => {
          for (const settlement of settlements.flat()) await inTime(this.#settle(settlement));
        },
        mail: (jobs) => this.#send(jobs.flat()),
        queries: (jobs) => this.#send(jobs.flat()),
      },
      failed: (topic, seq, error) =>
        log("error", "outbox_delivery_failed", { account: id, topic, seq, error: describeError(error) }),
    };
  }

  /** A use that was given back may be wanted again by now. */
  async #settle(settlement: CouponSettlement): Promise<void> {
    const { tables, coupons } = this.#deps;
    const { order, spent } = settlement;
    if (spent || coupons.standing(order, tables.order(order), tables.isHeldFor(order)) === "gone")
      await coupons.settle(settlement);
  }

  /**
   * Sends mails and queries, and with them what consoles are to be called about. A message says only that a resource has a call:
   * which one is decided when it is delivered.
   */
  async #send(own: readonly (MailJob | GatewayJob)[]): Promise<void> {
    const { tables, calls } = this.#deps;
    const account = tables.head().account?.id;
    if (!account) return;
    const resources = calls.due(Date.now());
    const jobs = [
      ...own,
      ...resources.map((resource) => ({ type: "call_console", account, resource }) as const),
    ];
    for (const batch of batchesOf(account, jobs))
      await inTime(this.#env.JOBS.sendBatch(batch.map((body) => ({ body }))));
    calls.queued(resources, Date.now());
  }
}

async function inTime(arrival: Promise<unknown>): Promise<void> {
  const hasArrived = arrival.then(() => true);
  if (!(await within(ARRIVAL_LIMIT_MS, hasArrived, false))) throw new Error("it took too long");
}
