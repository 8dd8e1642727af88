import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import { balanceOf, type LedgerTransaction, transfersOf } from "../ledger.ts";
import { add, type Currency, type Money, negate } from "../money.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Operations give credit, or take back what was given too much: never more than is available. */
export interface GrantCredit {
  readonly type: "grant_credit";
  readonly amount: Money;
  readonly reason: string;
  readonly reference: string;
}

export interface CreditGranted {
  readonly amount: Money;
  readonly currency: Currency;
  readonly available: Money;
}

export function grantCredit(
  state: AccountState,
  command: GrantCredit,
  { nowMs }: Context,
): Decided<CreditGranted> {
  const { amount, reason, reference } = command;
  if (!state.account) return err({ code: "account_not_found" });
  if (amount === 0) return refused({ code: "amount_zero", path: "amount" });
  const available = add(balanceOf(state.balances, "credit_available"), amount);
  if (available < 0) return err({ code: "correction_exceeds_credit" });
  if (available > MAX_CREDIT_MINOR) return refused({ code: "amount_too_large", path: "amount" });
  const transaction: LedgerTransaction = {
    kind: "adjustment",
    atMs: nowMs,
    reference,
    description: reason,
    transfers:
      amount > 0
        ? transfersOf({ from: "adjustments", to: "credit_available", amount })
        : transfersOf({ from: "credit_available", to: "adjustments", amount: negate(amount) }),
  };
  return done({ amount, currency: state.account.currency, available }, { type: "money_posted", transaction });
}

/** A wallet beyond this is a slip of somebody's finger; it also keeps sums far inside safe integers. */
const MAX_CREDIT_MINOR = 1_000_000_000_000_000;
