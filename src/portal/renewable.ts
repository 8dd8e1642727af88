import { hindrance } from "../domain/action.ts";
import { type PocWallet, pocEndMs } from "../domain/poc/wallet.ts";
import type { Resource } from "../domain/resource.ts";

/** Whether more time can be ordered for a resource; for a trial once its wallet was extended. (Domain: Lifecycle, Renew; POC.) */
export function isRenewable(resource: Resource, pocWallet: PocWallet | null, nowMs: number): boolean {
  const { endAtMs, billing } = resource;
  if (endAtMs === null || hindrance("renew", resource, nowMs) !== null) return false;
  return billing !== "poc" || (pocEndMs(pocWallet, nowMs) ?? 0) > endAtMs;
}
