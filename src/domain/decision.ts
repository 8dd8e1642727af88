import type { Caller } from "./account.ts";
import type { Span } from "./calendar.ts";
import type { DomainError } from "./errors.ts";
import type { Event } from "./events.ts";
import type { CouponCode, OrderId, ProductId, ResourceId } from "./ids.ts";
import { ok, type Result } from "./result.ts";

/** When a command is given, and by whom. */
export interface Context {
  readonly nowMs: number;
  readonly caller: Caller;
}

/** What a command does: the facts to record in one transaction, and the answer to give (and to replay). */
export interface Done<A> {
  readonly kind: "done";
  readonly events: readonly Event[];
  readonly answer: A;
  /** Set where the same request may be answered otherwise later: the answer isn't kept for replays. */
  readonly isProvisional?: true;
}

/**
 * The command would succeed, but for a coupon whose uses are counted elsewhere. Reserve it, then decide again from
 * the state as it is by then.
 */
export interface NeedsCoupon {
  readonly kind: "needs_coupon";
  readonly coupon: CouponCode;
  readonly order: OrderId;
}

/** The command depends on a product's present prices. Find the version in force, then decide again. */
export interface NeedsProduct {
  readonly kind: "needs_product";
  readonly product: ProductId;
}

/** The command depends on what a resource's meters say of some time. Ask for their readings, then decide again. */
export interface NeedsReadings {
  readonly kind: "needs_readings";
  readonly resource: ResourceId;
  readonly span: Span;
}

/** The command depends on everything that was used and isn't invoiced at an instant. Find it out, then decide again. */
export interface NeedsUse {
  readonly kind: "needs_use";
  readonly toMs: number;
}

export type Decided<A> = Result<Done<A>, DomainError>;

export const done = <A>(answer: A, ...events: readonly Event[]): Result<Done<A>, never> =>
  ok({ kind: "done", events, answer });
