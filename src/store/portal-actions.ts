import { eq, sql } from "drizzle-orm";
import type { ProductId } from "../domain/ids.ts";
import { databaseOf } from "./database.ts";
import { portalActions } from "./schema.ts";

/** What a product's portal sessions may allow at most; nothing until operations say so. */
export async function portalActionsOf(env: Env, product: ProductId): Promise<readonly string[]> {
  const [row] = await databaseOf(env, null)
    .select()
    .from(portalActions)
    .where(eq(portalActions.product, product));
  return row?.actions ?? [];
}

export async function putPortalActions(
  env: Env,
  product: ProductId,
  actions: readonly string[],
): Promise<void> {
  await databaseOf(env, null)
    .insert(portalActions)
    .values({ product, actions })
    .onConflictDoUpdate({ target: portalActions.product, set: { actions: sql`excluded.actions` } });
}
