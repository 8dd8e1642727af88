import { isChargeable } from "../linking/chargeable.ts";
import type { LinkedAccountId } from "../linking/linked-account.ts";
import type { PayMethod } from "../payment.ts";
import type { AccountState } from "../state.ts";
import { ATTEMPT_METHODS, type AttemptMethod } from "./attempt.ts";
import type { GatewayTerms } from "./offers.ts";

/** How somebody wants to pay. */
export interface PayWish {
  readonly method: PayMethod;
  /** The gateway that was chosen, for methods that have one. */
  readonly at?: { readonly terms: GatewayTerms; readonly returnUrl: string };
  /** The linked account that is to be charged, where that is the method. */
  readonly linkedAccount?: LinkedAccountId | null;
}

/** What of a wish this installation, or the account, hasn't got. */
export function unavailablePart(
  state: AccountState,
  { method, at, linkedAccount: id }: PayWish,
): "method" | "gateway" | "linkedAccount" | null {
  if (method === "credit") return null;
  if (!isAttemptMethod(method)) return "method";
  if (method !== "linked") return at ? null : "gateway";
  return at && id && isChargeable(state, id, at.terms) ? null : "linkedAccount";
}

export const isAttemptMethod = (method: PayMethod): method is AttemptMethod =>
  (ATTEMPT_METHODS as readonly PayMethod[]).includes(method);
