import { eq } from "drizzle-orm";
import type { GatewayName } from "../../domain/gateway.ts";
import { databaseOf } from "../../store/database.ts";
import { sandboxGatewaySwitches } from "../../store/schema.ts";

export const CALLBACKS = [
  "normal",
  "late",
  "twice",
  "out_of_order",
  "never",
  "bad_signature",
  "wrong_amount",
] as const;
export type CallbackMode = (typeof CALLBACKS)[number];

export const CREATIONS = ["normal", "times_out_after_success", "refuses"] as const;
type CreationMode = (typeof CREATIONS)[number];

/** How a simulated gateway behaves. */
export interface Switches {
  readonly callback: CallbackMode;
  readonly create: CreationMode;
  /** How many queries of each payment are answered as pending, whatever became of it. */
  readonly pendingQueries: number;
}

export const NORMAL: Switches = { callback: "normal", create: "normal", pendingQueries: 0 };

export async function switchesOf(env: Env, gateway: GatewayName): Promise<Switches> {
  const [row] = await databaseOf(env, null)
    .select()
    .from(sandboxGatewaySwitches)
    .where(eq(sandboxGatewaySwitches.gateway, gateway));
  if (!row) return NORMAL;
  // Only `setSwitches` writes here.
  const { callback, creation, pendingQueries } = row;
  return { callback: callback as CallbackMode, create: creation as CreationMode, pendingQueries };
}

export async function setSwitches(env: Env, gateway: GatewayName, switches: Switches): Promise<void> {
  const { callback, create: creation, pendingQueries } = switches;
  const set = { callback, creation, pendingQueries };
  await databaseOf(env, null)
    .insert(sandboxGatewaySwitches)
    .values({ gateway, ...set })
    .onConflictDoUpdate({ target: sandboxGatewaySwitches.gateway, set });
}
