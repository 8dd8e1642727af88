import type { GatewayTerms } from "../attempts/offers.ts";
import type { AccountState } from "../state.ts";
import type { LinkedAccountId } from "./linked-account.ts";

/** Whether a linked account can be charged at a gateway. */
export function isChargeable(
  state: AccountState,
  id: LinkedAccountId,
  { name }: Pick<GatewayTerms, "name">,
): boolean {
  const linked = state.linkedAccount(id);
  return linked?.status === "active" && linked.gateway === name;
}
