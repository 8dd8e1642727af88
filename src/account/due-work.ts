import type { AttemptId } from "../domain/attempts/attempt.ts";
import { attemptDueAtMs } from "../domain/attempts/attempt.ts";
import type { Product } from "../domain/catalogue.ts";
import type { AttemptDueRan } from "../domain/commands/run-attempt-due.ts";
import type { AutoTopUpRan } from "../domain/commands/run-auto-top-up.ts";
import type { BillsDueRan } from "../domain/commands/run-bills-due.ts";
import type { BudgetDueRan } from "../domain/commands/run-budget-due.ts";
import type { LinkDueRan } from "../domain/commands/run-link-due.ts";
import type { OrderDueRan } from "../domain/commands/run-order-due.ts";
import type { PocDueRan } from "../domain/commands/run-poc-due.ts";
import type { RefundDueRan } from "../domain/commands/run-refund-due.ts";
import type { ResourceDueRan } from "../domain/commands/run-resource-due.ts";
import { decide } from "../domain/decide.ts";
import type { NeedsProduct, NeedsReadings, NeedsUse } from "../domain/decision.ts";
import type { OrderId, ProductId, ResourceId } from "../domain/ids.ts";
import { resourceDue } from "../domain/lifecycle/schedule.ts";
import type { LinkedAccountId } from "../domain/linking/linked-account.ts";
import type { DayReading } from "../domain/metering/reading.ts";
import { pocDueAtMs } from "../domain/poc/wallet.ts";
import type { RefundId } from "../domain/refunds/source-refund.ts";
import type { UsedMonth } from "../domain/usage.ts";
import { describeError, log } from "../observability/log.ts";
import type { Alarm } from "./alarm.ts";
import type { Recorder } from "./recorder.ts";
import type { AccountTables } from "./tables.ts";
import type { Timer, Timers } from "./timers.ts";

/** One run does at most so many due things; the caller asks again for the rest. */
const DUE_LIMIT = 100;

/** What one timer's run did. */
type DueRan =
  | OrderDueRan
  | ResourceDueRan
  | AttemptDueRan
  | LinkDueRan
  | RefundDueRan
  | PocDueRan
  | AutoTopUpRan
  | BillsDueRan
  | BudgetDueRan;

/** One thing that time did. */
export interface DueRun extends Timer {
  readonly ran: DueRan;
}

export interface DueWorkDeps {
  readonly tables: AccountTables;
  readonly recorder: Recorder;
  readonly timers: Timers;
  readonly alarm: Alarm;
  /** The catalogue as it is; throws where it has no such product. */
  prices(product: ProductId): Promise<Product>;
  /** What the meters of a resource say of some time. */
  readings(needed: NeedsReadings): Promise<readonly DayReading[]>;
  /** What was used up to an instant and isn't invoiced. */
  used(needed: NeedsUse): Promise<readonly UsedMonth[]>;
}

type Needed = NeedsProduct | NeedsReadings | NeedsUse;

/** What had to be found out before something could be decided. */
interface Known {
  readonly product: Product | null;
  readonly readings: readonly DayReading[] | null;
  readonly used: readonly UsedMonth[] | null;
}

/** What time does in an account: one due thing after another, each decided and recorded as of its own instant. */
export class DueWork {
  readonly #deps: DueWorkDeps;

  constructor(deps: DueWorkDeps) {
    this.#deps = deps;
  }

  /** Does what is due at or before `nowMs`. One due thing that fails doesn't keep the others from happening; it stays due. */
  async run(nowMs: number): Promise<{ ran: DueRun[]; more: boolean }> {
    const ran: DueRun[] = [];
    const failed = new Set<string>();
    let runs = 0;
    for (; runs < DUE_LIMIT; runs += 1) {
      const due = this.#deps.timers.due(nowMs, failed.size + 1);
      const timer = due.find((candidate) => !failed.has(nameOf(candidate)));
      if (!timer) break;
      const run = await this.#tryTimer(timer, nowMs);
      if (run) ran.push(run);
      else failed.add(nameOf(timer));
    }
    return { ran, more: runs === DUE_LIMIT };
  }

  async #tryTimer(timer: Timer, nowMs: number): Promise<DueRun | null> {
    try {
      const known: Known = { product: null, readings: null, used: null };
      let ran = this.#runTimer(timer, nowMs, known);
      // What was decided on may be another by the time that is found out: it is decided anew.
      if (typeof ran === "object")
        ran = this.#runTimer(timer, nowMs, { ...known, ...(await this.#findOut(ran)) });
      if (typeof ran === "object") throw new Error(`${ran.kind} twice`);
      return { ...timer, ran };
    } catch (error) {
      log("error", "due_work_failed", { kind: timer.kind, key: timer.key, error: describeError(error) });
      return null;
    }
  }

  async #findOut(needed: Needed): Promise<Partial<Known>> {
    switch (needed.kind) {
      case "needs_product":
        return { product: await this.#deps.prices(needed.product) };
      case "needs_readings":
        return { readings: await this.#deps.readings(needed) };
      case "needs_use":
        return { used: await this.#deps.used(needed) };
    }
  }

  /**
   * Does what a timer says is due, or says what must be known for it. A timer that turns out to be needless is set
   * right.
   */
  #runTimer(timer: Timer, nowMs: number, known: Known): DueRan | Needed {
    const { tables, recorder, alarm } = this.#deps;
    const decided = decide(tables.state(), commandOf(timer, known), { caller: { role: "admin" }, nowMs });
    if (!decided.ok || decided.value.kind === "needs_coupon")
      throw new Error(`${timer.kind} ${timer.key} can't be run`);
    if (decided.value.kind !== "done") return decided.value;
    const { events, answer } = decided.value;
    alarm.transaction(() => {
      if (events.length > 0) recorder.record(events);
      else this.#setRight(timer);
    });
    return answer;
  }

  #setRight({ kind, key }: Timer): void {
    const { tables, timers } = this.#deps;
    const { account } = tables.head();
    if (kind === "bills") {
      if (account) this.#deps.recorder.setBillsTimer(account);
      return;
    }
    if (kind === "attempt") {
      const attempt = tables.attempt(key as AttemptId);
      timers.set(kind, key, attempt && attemptDueAtMs(attempt));
      return;
    }
    if (kind === "auto_top_up") {
      timers.set(kind, key, null);
      return;
    }
    if (kind === "budget") {
      timers.set(kind, key, tables.budget()?.nextLookAtMs ?? null);
      return;
    }
    if (kind === "refund") {
      timers.set(kind, key, tables.refund(key as RefundId)?.nextQueryAtMs ?? null);
      return;
    }
    if (kind === "poc") {
      const { pocWallet } = tables.head();
      timers.set(kind, key, account && pocWallet && pocDueAtMs(pocWallet, account.timeZone));
      return;
    }
    if (kind === "link") {
      timers.set(kind, key, tables.linkedAccount(key as LinkedAccountId)?.nextQueryAtMs ?? null);
      return;
    }
    const resource = kind === "resource" ? tables.resource(key as ResourceId) : null;
    const due = account && resource && resourceDue(resource, account);
    timers.set(kind, key, due?.atMs ?? null, due?.turn);
  }
}

function commandOf({ kind, key }: Timer, known: Known) {
  switch (kind) {
    case "order":
      return { type: "run_order_due", order: key as OrderId } as const;
    case "resource":
      return {
        type: "run_resource_due",
        resource: key as ResourceId,
        ...{ product: known.product, readings: known.readings },
      } as const;
    case "attempt":
      return { type: "run_attempt_due", attempt: key as AttemptId } as const;
    case "link":
      return { type: "run_link_due", link: key as LinkedAccountId } as const;
    case "auto_top_up":
      return { type: "run_auto_top_up" } as const;
    case "budget":
      return { type: "run_budget_due", used: known.used } as const;
    case "refund":
      return { type: "run_refund_due", refund: key as RefundId } as const;
    case "poc":
      return { type: "run_poc_due" } as const;
    case "bills":
      return { type: "run_bills_due" } as const;
  }
}

const nameOf = ({ kind, key }: Timer): string => `${kind} ${key}`;
