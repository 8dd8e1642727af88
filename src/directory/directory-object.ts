import { DurableObject } from "cloudflare:workers";
import { migrate } from "../store/migrate.ts";
import { DIRECTORY_MIGRATIONS } from "./migrations.ts";

export type NameKind = "account" | "coupon";

/**
 * The names of all accounts and coupons, so that each can be found again when the read side is lost; and of each
 * account the epoch, which must outlive a restore of the account itself. Written when one is opened, never when one
 * is used.
 */
export class DirectoryObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, DIRECTORY_MIGRATIONS);
    this.#sql = ctx.storage.sql;
  }

  async register(kind: NameKind, name: string): Promise<void> {
    this.#sql.exec("INSERT INTO names VALUES (?, ?, 1) ON CONFLICT DO NOTHING", kind, name);
  }

  /** Names in their order, after a given one. */
  async list(kind: NameKind, after: string, limit: number): Promise<string[]> {
    return this.#sql
      .exec<{ name: string }>(
        "SELECT name FROM names WHERE kind = ? AND name > ? ORDER BY name LIMIT ?",
        kind,
        after,
        limit,
      )
      .toArray()
      .map(({ name }) => name);
  }

  /** An epoch that no former self of this account has spoken in. */
  async nextEpoch(account: string, atLeast: number): Promise<number> {
    return this.#sql
      .exec<{ epoch: number }>(
        `INSERT INTO names VALUES ('account', ?, ?)
           ON CONFLICT (kind, name) DO UPDATE SET epoch = max(epoch + 1, excluded.epoch) RETURNING epoch`,
        account,
        atLeast,
      )
      .one().epoch;
  }
}

/** There is one directory. */
export const directory = (env: Env) => env.DIRECTORY.getByName("directory");
