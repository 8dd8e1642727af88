import type { Command } from "../../src/domain/decide.ts";
import type { AccountId, CouponCode } from "../../src/domain/ids.ts";
import { HOUR_MS } from "../../src/domain/local-time.ts";
import type { UsageEvent } from "../../src/domain/metering/usage-event.ts";

/** The instant at which commands are given unless a step says otherwise: far from any that the real clock shows. */
export const NOON_MS = Date.UTC(2040, 0, 10, 12);

/** Whose account it is. Requests that are sent again name what they create anew, as the worker does: by `attempt`. */
export interface Subject {
  readonly account: AccountId;
  readonly coupon: CouponCode;
  readonly attempt: number;
}

/** A command and when it is given. Time gives a command by running what is due. */
export interface Step<C extends Command = Command> {
  readonly command: (of: Subject) => C;
  readonly atMs: number;
  readonly by: "caller" | "time";
}

/** What a console reports of an account's meters. It isn't a command: the account's usage object counts it. */
export interface Report {
  readonly events: readonly UsageEvent[];
  readonly atMs: number;
  readonly by: "console";
}

export type Given = Step | Report;

export interface Scenario<R extends Given = Given> {
  readonly title: string;
  /** What was done before; an account that was never opened has none of it. */
  readonly before: readonly Given[];
  readonly request: R;
  /** Requests that set what they name carry no idempotency key. */
  readonly isKeyed: boolean;
  /** Done again, it has its effect again: it carries no key, or its answer isn't kept. */
  readonly repeats: boolean;
  /** How often the coupon may be used, where there is one. */
  readonly couponLimit: number | null;
}

export const given = <C extends Command>(command: (of: Subject) => C): Step<C> => ({
  command,
  atMs: NOON_MS,
  by: "caller",
});

/** So many hours later. */
export const later = <C extends Command>(hours: number, step: Step<C>): Step<C> => ({
  ...step,
  atMs: NOON_MS + hours * HOUR_MS,
});

export const scenario = <R extends Given>(
  title: string,
  before: readonly Given[],
  request: R,
  more: Partial<Pick<Scenario, "isKeyed" | "repeats" | "couponLimit">> = {},
): Scenario<R> => ({ title, before, request, isKeyed: true, repeats: false, couponLimit: null, ...more });

export const SET = { isKeyed: false, repeats: true };
/** What works once is refused from then on, without a key. */
export const ONCE = { isKeyed: false };
/** What a refusal of the present state is: asked for again, it is decided again. */
export const NOT_KEPT = { repeats: true };
