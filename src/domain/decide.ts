import { type AnswerProvisioning, answerProvisioning } from "./commands/answer-provisioning.ts";
import { type CancelOrder, cancelOrder } from "./commands/cancel-order.ts";
import { type ChangeOrder, changeOrder } from "./commands/change-order.ts";
import { type ConfigureAccount, configureAccount } from "./commands/configure-account.ts";
import { type GrantCredit, grantCredit } from "./commands/grant-credit.ts";
import { type OpenCheckout, openCheckout } from "./commands/open-checkout.ts";
import { type PayOrder, payOrder } from "./commands/pay-order.ts";
import { type PlaceOrder, placeOrder } from "./commands/place-order.ts";
import { type RunOrderDue, runOrderDue } from "./commands/run-order-due.ts";
import type { Context, Done, NeedsCoupon } from "./decision.ts";
import type { DomainError } from "./errors.ts";
import type { Result } from "./result.ts";
import type { AccountState } from "./state.ts";

export type Command =
  | ConfigureAccount
  | GrantCredit
  | PlaceOrder
  | ChangeOrder
  | OpenCheckout
  | PayOrder
  | CancelOrder
  | AnswerProvisioning
  | RunOrderDue;

const deciders = {
  configure_account: configureAccount,
  grant_credit: grantCredit,
  place_order: placeOrder,
  change_order: changeOrder,
  open_checkout: openCheckout,
  pay_order: payOrder,
  cancel_order: cancelOrder,
  answer_provisioning: answerProvisioning,
  run_order_due: runOrderDue,
} as const;

type Deciders = typeof deciders;
type AnswerIn<D> = D extends Result<infer V, DomainError> ? (V extends Done<infer A> ? A : never) : never;

/** What each command answers when it isn't refused. */
export type AnswerTo<C extends Command> = AnswerIn<ReturnType<Deciders[C["type"]]>>;

/** Decides a command from the account's present state; nothing is changed, read or awaited beside it. */
export function decide<C extends Command>(
  state: AccountState,
  command: C,
  context: Context,
): Result<Done<AnswerTo<C>> | NeedsCoupon, DomainError> {
  const decider = deciders[command.type] as (
    state: AccountState,
    command: C,
    context: Context,
  ) => Result<Done<AnswerTo<C>> | NeedsCoupon, DomainError>;
  return decider(state, command, context);
}
