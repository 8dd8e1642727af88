import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { AccountObject } from "../../src/account/account-object.ts";
import { RETRY_LAST_MS } from "../../src/account/alarm.ts";
import { ORPHAN_AFTER_MS } from "../../src/coupon/coupon-object.ts";
import type { AccountId, CouponCode } from "../../src/domain/ids.ts";
import { verifyCoupon } from "../../src/jobs/integrity.ts";
import { amountOff } from "../domain/samples.ts";
import { freshId, redemptionsOf } from "../support/api.ts";
import { VSERVER } from "../support/catalogue.ts";
import { readTables, type Tables, tablesOf, without } from "../support/tables.ts";
import type { Faults } from "./faults.ts";
import type { ReadSides } from "./read-sides.ts";
import type { Given, Report, Scenario } from "./scenario.ts";

/** What whoever gave a command was told. */
export interface Told {
  readonly said: unknown;
  readonly replayed: boolean;
}

/** How often an alarm may ring before everything is delivered. */
const MAX_RINGS = 5;
const REAL_TIME_COLUMNS = ["created_at_ms", "next_attempt_at_ms"];

/** One account of its own, to which a scenario happens. */
export class SubjectAccount {
  readonly id = freshId<AccountId>("acc");
  readonly coupon = freshId<CouponCode>("CPN");
  /** What nobody else's effects mention. */
  readonly names = [this.id, this.coupon];
  readonly #scenario: Scenario;
  readonly #faults: Faults;

  private constructor(scenario: Scenario, faults: Faults) {
    this.#scenario = scenario;
    this.#faults = faults;
  }

  /** One with everything behind it that the scenario says was there before. */
  static async prepare(scenario: Scenario, faults: Faults): Promise<SubjectAccount> {
    const account = new SubjectAccount(scenario, faults);
    const { couponLimit } = scenario;
    if (couponLimit !== null) {
      const rules = amountOff(10_000, { code: account.coupon, limit: couponLimit });
      await env.COUPONS.getByName(account.coupon).define(rules);
    }
    // From inside the object, where nothing waits for the disk between two commands.
    await faults.gathering(() =>
      runInDurableObject(account.object, async (instance) => {
        for (const step of scenario.before) await account.#give(instance, step, 0, null);
      }),
    );
    return account;
  }

  /** The account's object; a new stub each time, because a stub doesn't survive its object's abort. */
  get object() {
    return env.ACCOUNTS.getByName(this.id);
  }

  /** Its coupon's, where it has one. */
  get couponObject() {
    const { couponLimit } = this.#scenario;
    return couponLimit === null ? null : env.COUPONS.get(env.COUPONS.idFromName(this.coupon));
  }

  /** Its meters', where anything of them is reported. */
  get usageObject() {
    const { before, request } = this.#scenario;
    const isReported = [...before, request].some(({ by }) => by === "console");
    return isReported ? env.USAGE.get(env.USAGE.idFromName(this.id)) : null;
  }

  get isGivenByTime(): boolean {
    return this.#scenario.request.by === "time";
  }

  /** Gives the scenario's request, the first time or again. Null: an error, or time that found nothing to do. */
  async request(attempt: number): Promise<Told | null> {
    const { request, isKeyed } = this.#scenario;
    try {
      return await this.#give(this.object, request, attempt, isKeyed ? "the key" : null);
    } catch {
      return null;
    }
  }

  /** Has the alarm do its work, if it is set; false where it failed. */
  async ring(): Promise<boolean> {
    try {
      await runDurableObjectAlarm(this.object);
      return true;
    } catch {
      return false;
    }
  }

  /** What the platform does about an alarm that failed, and its test double doesn't: it calls again. */
  async wakeAgain(): Promise<void> {
    await runInDurableObject(this.object, (_, { storage }) => storage.setAlarm(Date.now() + RETRY_LAST_MS));
  }

  /** Has everything delivered by the alarm, which must be set as long as anything waits. */
  async recover(label: string): Promise<void> {
    await this.#faults.quiet();
    for (let rings = 0; await this.#waits(); rings += 1) {
      expect(rings, `${label}: something is never delivered`).toBeLessThan(MAX_RINGS);
      expect(await runDurableObjectAlarm(this.object), `${label}: nothing wakes the object`).toBe(true);
    }
  }

  /** Every invariant of the account and its coupon that is broken. */
  async findings(): Promise<unknown[]> {
    const own = await this.object.audit();
    return this.#scenario.couponLimit === null ? own : [...own, ...(await verifyCoupon(env, this.coupon))];
  }

  /** Has the coupon ask about reservations as if they had grown old. */
  async resolveOrphans(): Promise<void> {
    const { couponObject } = this;
    if (!couponObject) return;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ORPHAN_AFTER_MS + 1 });
    await runDurableObjectAlarm(couponObject);
    vi.useRealTimers();
  }

  /** The account's own tables and its meters', told as every account of the scenario would tell them; deliveries aside. */
  async tables(): Promise<Tables> {
    const tables = without(await tablesOf(this.object), "outbox");
    const timeless = Object.entries(tables).map(([name, rows]) => {
      const unread = name === "audit_trail" ? ["at_ms"] : REAL_TIME_COLUMNS;
      const kept = rows.map((row) => Object.entries(row).filter(([column]) => !unread.includes(column)));
      return [name, kept.map((entries) => Object.fromEntries(entries))];
    });
    return this.#anonymous(Object.fromEntries([...timeless, ...(await this.#metered())]) as Tables);
  }

  async #metered(): Promise<[name: string, rows: unknown][]> {
    const { usageObject } = this;
    if (!usageObject) return [];
    const tables = await runInDurableObject(usageObject, (_, { storage }) => readTables(storage.sql));
    return Object.entries(tables).map(([name, rows]) => [`usage's ${name}`, rows.map(readable)]);
  }

  /** What the rest of the world has of the account: D1's rows, the coupon's uses, and messages that may come twice. */
  async outside(d1: ReadSides) {
    const redemptions = this.#scenario.couponLimit === null ? [] : await redemptionsOf(this.coupon);
    const sent = new Set(this.#faults.jobsOf(this.id).map((job) => this.#anonymous(JSON.stringify(job))));
    return this.#anonymous({ d1: d1.of(this.id), redemptions, sent: [...sent].sort() });
  }

  anonymous = (told: Told | null): Told | null => this.#anonymous(told);

  async #give(
    object: Pick<AccountObject, "execute" | "runDue" | "metered">,
    step: Given,
    attempt: number,
    key: string | null,
  ): Promise<Told | null> {
    if (step.by === "console") return this.#report(object, step);
    const { command, atMs, by } = step;
    if (by === "time") {
      const { ran } = await object.runDue(atMs, true);
      return ran.length === 0 ? null : { said: ran, replayed: false };
    }
    const outcome = await object.execute({
      command: command({ account: this.id, coupon: this.coupon, attempt }),
      caller: { role: "admin" },
      keyed: key === null ? null : { caller: "admin", key, hash: "the request" },
      actor: { name: "admin", requestId: "req_1" },
      simulatedNowMs: atMs,
    });
    const { replayed, ...said } = { replayed: false, ...outcome };
    return { said, replayed };
  }

  /** As the worker does it: the account says what it knows of the resources, and the meters count. */
  async #report(object: Pick<AccountObject, "metered">, { events, atMs: nowMs }: Report): Promise<Told> {
    const named = [...new Set(events.map(({ resource }) => resource))];
    const service = await object.metered(named, { role: "product", product: VSERVER });
    if (!service || !this.usageObject) throw new Error("there is no account");
    const said = await this.usageObject.count({ product: VSERVER, events, ...service, nowMs });
    return { said, replayed: false };
  }

  /** Whether anything hasn't left yet. Console calls stay on their list until a console took them. */
  async #waits(): Promise<boolean> {
    const { outbox = [], console_calls = [] } = await tablesOf(this.object);
    const called = this.#faults
      .jobsOf(this.id)
      .flatMap((job) => (job.type === "call_console" ? job.resource : []));
    return outbox.length > 0 || console_calls.some(({ resource }) => !called.includes(resource as never));
  }

  /** Without the names that this account has alone, and those that a repeated request made anew. */
  #anonymous<T>(value: T): T {
    const text = JSON.stringify(value)
      .replaceAll(this.id, "ACCOUNT")
      .replaceAll(this.coupon, "COUPON")
      .replaceAll(/\b(ord|pay|res|grant|attempt|link|refund|share)_\d+/g, "$1");
    return JSON.parse(text) as T;
  }
}

/** A row whose bytes are numbers. */
const readable = (row: Readonly<Record<string, SqlStorageValue>>) =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value,
    ]),
  );
