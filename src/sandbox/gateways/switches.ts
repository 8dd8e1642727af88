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

/** What becomes of a refund: `processing` ends well, after as many queries as payments are pending for. */
export const REFUNDS = [
  "normal",
  "processing",
  "processing_then_refuses",
  "refuses",
  "times_out_after_success",
] as const;
export type RefundMode = (typeof REFUNDS)[number];

/** What becomes of a charge to a linked account: `asks`, the customer is to confirm it; `gone`, there is no such account any more. */
export const CHARGES = ["normal", "refuses", "gone", "asks", "pending", "times_out_after_success"] as const;
export type ChargeMode = (typeof CHARGES)[number];

/** How a simulated gateway behaves. */
export interface Switches {
  readonly callback: CallbackMode;
  readonly create: CreationMode;
  readonly refund: RefundMode;
  readonly charge: ChargeMode;
  /** How many queries of each payment are answered as pending, whatever became of it. */
  readonly pendingQueries: number;
}

export const NORMAL: Switches = {
  ...{ callback: "normal", create: "normal", refund: "normal", charge: "normal" },
  pendingQueries: 0,
};

export async function switchesOf(env: Env, gateway: GatewayName): Promise<Switches> {
  const [row] = await databaseOf(env, null)
    .select()
    .from(sandboxGatewaySwitches)
    .where(eq(sandboxGatewaySwitches.gateway, gateway));
  if (!row) return NORMAL;
  // Only `setSwitches` writes here.
  const { callback, creation, refund, charge, pendingQueries } = row;
  return {
    callback: callback as CallbackMode,
    create: creation as CreationMode,
    refund: refund as RefundMode,
    charge: charge as ChargeMode,
    pendingQueries,
  };
}

export async function setSwitches(env: Env, gateway: GatewayName, switches: Switches): Promise<void> {
  const { create: creation, ...same } = switches;
  const set = { creation, ...same };
  await databaseOf(env, null)
    .insert(sandboxGatewaySwitches)
    .values({ gateway, ...set })
    .onConflictDoUpdate({ target: sandboxGatewaySwitches.gateway, set });
}
