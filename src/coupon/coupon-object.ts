import { DurableObject } from "cloudflare:workers";
import { type Coupon, checkValidity } from "../domain/coupon.ts";
import type { Refusal } from "../domain/errors.ts";
import type { AccountId, CouponCode, OrderId, PaymentId } from "../domain/ids.ts";
import { MINUTE_MS } from "../domain/local-time.ts";
import { describeError, log } from "../observability/log.ts";
import { migrate } from "../store/migrate.ts";
import { COUPON_MIGRATIONS } from "./migrations.ts";

/** A reservation that is neither spent nor released for this long is asked about. */
export const ORPHAN_AFTER_MS = 10 * MINUTE_MS;
/** How many reservations one look for orphans asks about. */
const ORPHANS_PER_LOOK = 100;

/** One use of a coupon, wanted by a payment (`token`) of an order. */
export interface Reservation {
  readonly coupon: CouponCode;
  readonly order: OrderId;
  readonly account: AccountId;
  readonly token: PaymentId;
  readonly atMs: number;
}

export type Refused = Refusal | { readonly code: "coupon_exhausted" | "coupon_used_up_by_account" };

/** A coupon's rules, and how often it is used or reserved. */
export interface CouponReport {
  readonly coupon: Coupon;
  readonly used: number;
}

/** A coupon's rules, and why it can't be used, if so. */
export interface CouponOffer {
  readonly coupon: Coupon;
  readonly refusal: Refused | null;
}

/** One coupon code: its rules, and the only count of its uses, so that it is never over-redeemed. (Domain: Coupon.) */
export class CouponObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, COUPON_MIGRATIONS);
    this.#sql = ctx.storage.sql;
  }

  /** Sets the rules. Uses that were made stay made, even beyond a lower limit. */
  async define(coupon: Coupon): Promise<void> {
    this.#sql.exec(
      "INSERT INTO coupon VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
      JSON.stringify(coupon),
    );
  }

  /** What there is to know of the coupon; null where there is no such coupon. */
  async report(): Promise<CouponReport | null> {
    const coupon = this.#coupon();
    return coupon && { coupon, used: this.#uses(null) };
  }

  /** The rules, and whether `account` could use them for an order now, which the order's own use doesn't hinder. */
  async offer(account: AccountId, order: OrderId): Promise<CouponOffer | null> {
    const coupon = this.#coupon();
    return coupon && { coupon, refusal: this.#has(order) ? null : this.#refusal(coupon, account) };
  }

  /** Reserves one use for an order; doing so again for the same order takes no further use. */
  async reserve({ order, account, token, atMs }: Reservation): Promise<Refused | null> {
    const isWatched = (await this.ctx.storage.getAlarm()) !== null;
    const coupon = this.#coupon();
    if (!coupon) return { code: "coupon_not_found", path: "coupon" };
    const refusal = checkValidity(coupon, atMs) ?? (this.#has(order) ? null : this.#refusal(coupon, account));
    if (refusal) return refusal;
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec(
        `INSERT INTO reservations VALUES (?, ?, ?, ?, 0) ON CONFLICT (order_id) DO UPDATE SET token = excluded.token`,
        order,
        account,
        token,
        Date.now(),
      );
      // With the reservation or not at all: nobody else would ever ask about it.
      if (!isWatched) this.ctx.storage.setAlarm(Date.now() + ORPHAN_AFTER_MS);
    });
    return null;
  }

  /** The order stands: its use is spent for good. */
  async commit(order: OrderId): Promise<void> {
    this.#sql.exec("UPDATE reservations SET spent = 1 WHERE order_id = ?", order);
  }

  /** Gives a use back; with a token only if that payment was the last to reserve it. */
  async release(order: OrderId, token: PaymentId | null): Promise<void> {
    this.#sql.exec(
      "DELETE FROM reservations WHERE order_id = ? AND token = coalesce(?, token)",
      order,
      token,
    );
  }

  /** The uses that were made or are reserved, for an audit. */
  async redemptions(): Promise<{ order: OrderId; account: AccountId; spent: boolean }[]> {
    return this.#sql
      .exec<{ order_id: OrderId; account: AccountId; spent: number }>(
        "SELECT order_id, account, spent FROM reservations ORDER BY order_id",
      )
      .toArray()
      .map((row) => ({ order: row.order_id, account: row.account, spent: row.spent === 1 }));
  }

  /** Asks the accounts what became of old reservations: a crash may have left one that nobody will give back. */
  override async alarm(): Promise<void> {
    this.ctx.storage.setAlarm(Date.now() + ORPHAN_AFTER_MS);
    const old = this.#sql
      .exec<{ order_id: OrderId; account: AccountId; token: PaymentId }>(
        `SELECT order_id, account, token FROM reservations WHERE spent = 0 AND reserved_at_ms <= ?
           ORDER BY reserved_at_ms LIMIT ?`,
        Date.now() - ORPHAN_AFTER_MS,
        ORPHANS_PER_LOOK,
      )
      .toArray();
    for (const { order_id: order, account, token } of old) await this.#resolve(order, account, token);
    const { open } = this.#sql
      .exec<{ open: number }>("SELECT count(*) AS open FROM reservations WHERE spent = 0")
      .one();
    if (open === 0) this.ctx.storage.deleteAlarm();
  }

  async #resolve(order: OrderId, account: AccountId, token: PaymentId): Promise<void> {
    try {
      const standing = await this.env.ACCOUNTS.getByName(account).couponStanding(order);
      if (standing === "spent") await this.commit(order);
      if (standing === "gone") await this.release(order, token);
      // Still wanted: asked about again once the others have had their turn.
      if (standing === "open") {
        this.#sql.exec("UPDATE reservations SET reserved_at_ms = ? WHERE order_id = ?", Date.now(), order);
      }
    } catch (error) {
      log("error", "coupon_orphan_unresolved", { order, account, error: describeError(error) });
    }
  }

  #coupon(): Coupon | null {
    const [row] = this.#sql.exec<{ body: string }>("SELECT body FROM coupon").toArray();
    return row ? (JSON.parse(row.body) as Coupon) : null;
  }

  #refusal(coupon: Coupon, account: AccountId | null): Refused | null {
    if (coupon.limit !== null && this.#uses(null) >= coupon.limit) return { code: "coupon_exhausted" };
    if (
      account !== null &&
      coupon.limitPerAccount !== null &&
      this.#uses(account) >= coupon.limitPerAccount
    ) {
      return { code: "coupon_used_up_by_account" };
    }
    return null;
  }

  #uses(account: AccountId | null): number {
    const query = "SELECT count(*) AS uses FROM reservations WHERE account = coalesce(?, account)";
    return this.#sql.exec<{ uses: number }>(query, account).one().uses;
  }

  #has(order: OrderId): boolean {
    return this.#sql.exec("SELECT 1 FROM reservations WHERE order_id = ?", order).toArray().length > 0;
  }
}
