import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { AccountObject } from "../../src/account/account-object.ts";
import { type Job, jobsIn, type Parcel } from "../../src/account/jobs.ts";
import type { CouponObject } from "../../src/coupon/coupon-object.ts";
import type { AccountId } from "../../src/domain/ids.ts";
import type { UsageObject } from "../../src/usage/usage-object.ts";

/**
 * What becomes of an effect that trips. `fails`: it doesn't happen and throws. `loses its answer`: it happens and
 * throws. `dies before` and `dies after`: the object is aborted there, with whatever was under way in it.
 */
export type Trip = "fails" | "loses its answer" | "dies before" | "dies after";

/** Which effects trip, counted from 1 in the order in which they come about. */
export interface Plan {
  readonly trip: Trip;
  readonly nth: number;
  /** Every effect from the nth on trips, and not the nth alone. */
  readonly lasts: boolean;
  /** Only these effects count. */
  readonly only?: RegExp;
}

/** The effects that counted, in order, and whether any tripped. */
export interface Course {
  readonly effects: readonly string[];
  readonly tripped: boolean;
}

/**
 * A write inside an open transaction has no answer to lose; where the object dies there, or goes on failing, it is all
 * the same as before the commit.
 */
type Place = "inside" | "here" | "elsewhere";

interface Life {
  /** Ends the object where it is. */
  die(): void;
  /** Waits until what it has committed is on disk. */
  flush(): Promise<void>;
}

/** Words that keep an error, which workerd would print, out of the test runner's report. */
const QUIETLY = "disconnected: operation canceled";

/**
 * Counts what an account does to its storage and to the world outside, and trips one of these effects, or all from
 * one on. Queue messages are written down instead of sent, for the test to deliver.
 */
export class Faults {
  readonly #effects: string[] = [];
  readonly #jobs: Job[] = [];
  #gathered: D1PreparedStatement[] | null = null;
  #names: readonly string[] = [];
  #plan: Plan | null = null;
  #tripped = false;
  /** Of the objects whose effects count; the account's comes first. */
  #lives: Life[] = [];
  readonly #underWay = new Set<symbol>();

  /** Stands between every object and D1, queue, coupons and meters. Undone by `vi.restoreAllMocks`. */
  install(): void {
    const { DB, JOBS } = env;
    const batch = DB.batch.bind(DB);
    vi.spyOn(DB, "batch").mockImplementation(async (statements) => {
      if (this.#gathered === null) {
        return this.#elsewhere("D1 batch", statements, () => batch(statements));
      }
      this.#gathered.push(...statements);
      return [];
    });
    vi.spyOn(JOBS, "sendBatch").mockImplementation((messages) => {
      const jobs = [...messages].flatMap(({ body }) => jobsIn(body as Parcel));
      return this.#elsewhere("queue send", jobs, async () => {
        this.#jobs.push(...jobs);
        return {} as Awaited<ReturnType<typeof JOBS.sendBatch>>;
      });
    });
    this.#standBefore(env.COUPONS, "coupon");
    this.#standBefore(env.USAGE, "usage");
  }

  /**
   * From here on the effects of an account, its coupon and its meters are counted and trip as planned. What they do elsewhere is
   * known by the names that they alone use.
   */
  async start(
    {
      object,
      couponObject,
      usageObject,
      names,
    }: {
      object: DurableObjectStub<AccountObject>;
      couponObject?: DurableObjectStub<CouponObject> | null;
      usageObject?: DurableObjectStub<UsageObject> | null;
      names: readonly string[];
    },
    plan: Plan,
  ): Promise<void> {
    this.#lives = [];
    await runInDurableObject(object, (_, state) => this.#watch(state, ""));
    if (couponObject) await runInDurableObject(couponObject, (_, state) => this.#watch(state, "coupon's "));
    if (usageObject) await runInDurableObject(usageObject, (_, state) => this.#watch(state, "usage's "));
    this.#names = names;
    this.#effects.length = 0;
    this.#tripped = false;
    this.#plan = plan;
  }

  async stop(): Promise<Course> {
    await this.quiet();
    this.#plan = null;
    return { effects: [...this.#effects], tripped: this.#tripped };
  }

  /** Does something whose writes to D1 are made in one go at its end: many at once cost little more than one. */
  async gathering<T>(work: () => Promise<T>): Promise<T> {
    this.#gathered = [];
    try {
      return await work();
    } finally {
      const statements = this.#gathered;
      this.#gathered = null;
      if (statements.length > 0) await env.DB.batch(statements);
    }
  }

  /** Waits for what nobody else waits for, such as giving a coupon's use back. */
  async quiet(): Promise<void> {
    await vi.waitUntil(() => this.#underWay.size === 0, { interval: 1 });
  }

  /** The messages that an account has sent. */
  jobsOf(account: AccountId): readonly Job[] {
    return this.#jobs.filter((job) => job.account === account);
  }

  forgetJobs(): void {
    this.#jobs.length = 0;
  }

  /** Calls of the objects of a namespace are effects. */
  #standBefore(namespace: typeof env.COUPONS | typeof env.USAGE, label: string): void {
    const getByName = namespace.getByName.bind(namespace);
    vi.spyOn(namespace as typeof env.COUPONS, "getByName").mockImplementation((name) => {
      const stub = getByName(name) as DurableObjectStub<CouponObject>;
      const methods = stub as unknown as Record<string, (...of: unknown[]) => Promise<unknown>>;
      return new Proxy(stub, {
        get:
          (_, method: string) =>
          (...of: unknown[]) =>
            this.#elsewhere(`${label} ${method}`, name, async () => methods[method]?.(...of)),
      });
    });
  }

  /** Lasts as long as the object's present life, or until another account is watched. */
  #watch(state: DurableObjectState, owner: "" | "coupon's " | "usage's "): void {
    const { storage } = state;
    const { sql } = storage;
    const life: Life = { die: () => state.abort(QUIETLY), flush: () => storage.sync() };
    this.#lives.push(life);
    const isWatched = () => this.#lives.includes(life);
    const exec = sql.exec.bind(sql);
    const setAlarm = storage.setAlarm.bind(storage);
    const transactionSync = storage.transactionSync.bind(storage);
    let place: Place = "here";
    sql.exec = <T extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]) => {
      const [, verb, table] = /^\s*(INSERT|UPDATE|DELETE)(?: INTO| FROM)?\s+(\w+)/.exec(query) ?? [];
      const act = () => exec<T>(query, ...bindings);
      return verb && isWatched() ? this.#here(`${owner}${verb} ${table}`, { place, life }, act) : act();
    };
    storage.setAlarm = (at) =>
      isWatched() ? this.#here(`${owner}set alarm`, { place, life }, () => setAlarm(at)) : setAlarm(at);
    storage.transactionSync = (work) => {
      if (!isWatched()) return transactionSync(work);
      let trip: Trip | null = null;
      place = "inside";
      try {
        const result = transactionSync(() => {
          const written = work();
          trip = this.#count(`${owner}commit`, "here");
          this.#strikeBefore(trip, life);
          return written;
        });
        this.#strikeAfter(trip, life);
        return result;
      } finally {
        place = "here";
      }
    };
  }

  #here<T>(label: string, { place, life }: { place: Place; life: Life }, act: () => T): T {
    const trip = this.#count(label, place);
    this.#strikeBefore(trip, life);
    const result = act();
    this.#strikeAfter(trip, life);
    return result;
  }

  async #elsewhere<T>(label: string, what: unknown, act: () => Promise<T>): Promise<T> {
    const text = JSON.stringify(what);
    const isCounted = this.#plan !== null && this.#names.some((name) => text.includes(name));
    const trip = isCounted ? this.#count(label, "elsewhere") : null;
    const life = isCounted ? this.#lives[0] : undefined;
    const call = Symbol(label);
    this.#underWay.add(call);
    try {
      // Nothing leaves an object before what it has written stands.
      await life?.flush();
      this.#strikeBefore(trip, life);
      const result = await act();
      this.#strikeAfter(trip, life);
      return result;
    } finally {
      this.#underWay.delete(call);
    }
  }

  #count(label: string, place: Place): Trip | null {
    if (!this.#plan) return null;
    const { trip, nth, lasts, only } = this.#plan;
    if (place === "inside" && (trip !== "fails" || lasts)) return null;
    if (only && !only.test(label)) return null;
    const n = this.#effects.push(label);
    if (n !== nth && !(lasts && n > nth)) return null;
    this.#tripped = true;
    return trip;
  }

  #strikeBefore(trip: Trip | null, life: Life | undefined): void {
    if (trip === "fails" || trip === "dies before") this.#strike(trip, life);
  }

  #strikeAfter(trip: Trip | null, life: Life | undefined): void {
    if (trip === "loses its answer" || trip === "dies after") this.#strike(trip, life);
  }

  #strike(trip: Trip, life: Life | undefined): never {
    if (trip.startsWith("dies")) {
      // Nothing that was under way in an account comes back to say so.
      if (life === this.#lives[0]) this.#underWay.clear();
      this.#lives = this.#lives.filter((other) => other !== life);
      life?.die();
    }
    throw new Error(`tripped: it ${trip} (${QUIETLY})`);
  }
}
