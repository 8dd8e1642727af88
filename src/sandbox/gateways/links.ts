import { and, desc, eq } from "drizzle-orm";
import type { GatewayName } from "../../domain/gateway.ts";
import { databaseOf } from "../../store/database.ts";
import { sandboxGatewayLinks } from "../../store/schema.ts";

/** How far back a gateway lists. */
const MAX_LISTED = 1_000;

export type SimulatedLink = typeof sandboxGatewayLinks.$inferSelect;

/** Records that a customer was asked to link an account; null where the reference is known. Its token is made up. */
export async function openLink(
  env: Env,
  link: Omit<SimulatedLink, "n" | "state" | "token">,
): Promise<SimulatedLink | null> {
  const token = crypto.randomUUID().replaceAll("-", "");
  const [row] = await databaseOf(env, null)
    .insert(sandboxGatewayLinks)
    .values({ ...link, token, state: "open" })
    .onConflictDoNothing()
    .returning();
  return row ?? null;
}

/** Finds a link by the merchant's reference, or by the token that the merchant was given. */
export async function linkBy(
  env: Env,
  gateway: GatewayName,
  by: "reference" | "token",
  value: string,
): Promise<SimulatedLink | null> {
  const [row] = await databaseOf(env, null)
    .select()
    .from(sandboxGatewayLinks)
    .where(and(eq(sandboxGatewayLinks.gateway, gateway), eq(sandboxGatewayLinks[by], value)));
  return row ?? null;
}

/** Changes a link that is as it was read; null where it was changed meanwhile. */
export async function changeLink(
  env: Env,
  { n, state: before }: SimulatedLink,
  state: SimulatedLink["state"],
): Promise<SimulatedLink | null> {
  const [row] = await databaseOf(env, null)
    .update(sandboxGatewayLinks)
    .set({ state })
    .where(and(eq(sandboxGatewayLinks.n, n), eq(sandboxGatewayLinks.state, before)))
    .returning();
  return row ?? null;
}

/** Keeps something else that was said of a link. */
export async function amendLink(
  env: Env,
  { n, request }: SimulatedLink,
  more: SimulatedLink["request"],
): Promise<SimulatedLink | null> {
  const [row] = await databaseOf(env, null)
    .update(sandboxGatewayLinks)
    .set({ request: { ...request, ...more } })
    .where(eq(sandboxGatewayLinks.n, n))
    .returning();
  return row ?? null;
}

/** The newest links of a gateway. */
export const linksOf = (env: Env, gateway: GatewayName): Promise<SimulatedLink[]> =>
  databaseOf(env, null)
    .select()
    .from(sandboxGatewayLinks)
    .where(eq(sandboxGatewayLinks.gateway, gateway))
    .orderBy(desc(sandboxGatewayLinks.n))
    .limit(MAX_LISTED);
