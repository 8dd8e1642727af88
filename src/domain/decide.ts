import { budgetEvents } from "./budget/counting.ts";
import { type AddInvoiceAddress, addInvoiceAddress } from "./commands/add-invoice-address.ts";
import { type AddRecipient, addRecipient } from "./commands/add-recipient.ts";
import { type AnswerProvisioning, answerProvisioning } from "./commands/answer-provisioning.ts";
import { type BeginAutoTopUp, beginAutoTopUp } from "./commands/begin-auto-top-up.ts";
import { type CancelOrder, cancelOrder } from "./commands/cancel-order.ts";
import {
  type RemoveInvoiceAddress,
  removeInvoiceAddress,
  type SetDefaultInvoiceAddress,
  setDefaultInvoiceAddress,
} from "./commands/change-invoice-addresses.ts";
import { type ChangeOrder, changeOrder } from "./commands/change-order.ts";
import { type ChooseLink, chooseLink } from "./commands/choose-link.ts";
import { type ConfigureAccount, configureAccount } from "./commands/configure-account.ts";
import { type ConfirmRecipient, confirmRecipient } from "./commands/confirm-recipient.ts";
import { type DeleteResource, deleteResource } from "./commands/delete-resource.ts";
import { type DepositCallback, depositCallback } from "./commands/deposit-callback.ts";
import { type GrantCredit, grantCredit } from "./commands/grant-credit.ts";
import { type HearGateway, hearGateway } from "./commands/hear-gateway.ts";
import { type HearLink, hearLink } from "./commands/hear-link.ts";
import { type HearRefund, hearRefund } from "./commands/hear-refund.ts";
import { type HearUnlink, hearUnlink } from "./commands/hear-unlink.ts";
import { type OpenCheckout, openCheckout } from "./commands/open-checkout.ts";
import { type PayBills, payBills } from "./commands/pay-bills.ts";
import { type PayOrder, payOrder } from "./commands/pay-order.ts";
import { type PlaceOrder, placeOrder } from "./commands/place-order.ts";
import { type RecordCreation, recordCreation } from "./commands/record-creation.ts";
import { type RecordOutsidePayment, recordOutsidePayment } from "./commands/record-outside-payment.ts";
import { type RemoveRecipient, removeRecipient } from "./commands/remove-recipient.ts";
import { type ResealLink, resealLink } from "./commands/reseal-link.ts";
import { type RunAttemptDue, runAttemptDue } from "./commands/run-attempt-due.ts";
import { type RunAutoTopUp, runAutoTopUp } from "./commands/run-auto-top-up.ts";
import { type RunBillsDue, runBillsDue } from "./commands/run-bills-due.ts";
import { type RunBudgetDue, runBudgetDue } from "./commands/run-budget-due.ts";
import { type RunLinkDue, runLinkDue } from "./commands/run-link-due.ts";
import { type RunOrderDue, runOrderDue } from "./commands/run-order-due.ts";
import { type RunPocDue, runPocDue } from "./commands/run-poc-due.ts";
import { type RunRefundDue, runRefundDue } from "./commands/run-refund-due.ts";
import { type RunResourceDue, runResourceDue } from "./commands/run-resource-due.ts";
import { type SetAutoRenew, setAutoRenew } from "./commands/set-auto-renew.ts";
import { type SetAutoTopUp, setAutoTopUp } from "./commands/set-auto-top-up.ts";
import { type SetBudget, setBudget } from "./commands/set-budget.ts";
import { type SetPocWallet, setPocWallet } from "./commands/set-poc-wallet.ts";
import { type SetPower, setPower } from "./commands/set-power.ts";
import { type SetTags, setTags } from "./commands/set-tags.ts";
import { type ShareOrder, shareOrder } from "./commands/share-order.ts";
import { type StartLink, startLink } from "./commands/start-link.ts";
import { type StartRefund, startRefund } from "./commands/start-refund.ts";
import { type StartTopUp, startTopUp } from "./commands/start-top-up.ts";
import { type StopPoc, stopPoc } from "./commands/stop-poc.ts";
import { type Unlink, unlink } from "./commands/unlink.ts";
import { type UnshareOrder, unshareOrder } from "./commands/unshare-order.ts";
import type { Context, Done, NeedsCoupon, NeedsProduct, NeedsReadings, NeedsUse } from "./decision.ts";
import type { DomainError } from "./errors.ts";
import { resumptions } from "./hold/run.ts";
import { ok, type Result } from "./result.ts";
import type { AccountState } from "./state.ts";

export type Command =
  | ConfigureAccount
  | AddRecipient
  | ConfirmRecipient
  | RemoveRecipient
  | AddInvoiceAddress
  | SetDefaultInvoiceAddress
  | RemoveInvoiceAddress
  | GrantCredit
  | SetPocWallet
  | StopPoc
  | RunPocDue
  | PlaceOrder
  | ChangeOrder
  | OpenCheckout
  | PayOrder
  | CancelOrder
  | AnswerProvisioning
  | RunOrderDue
  | DeleteResource
  | SetPower
  | SetAutoRenew
  | SetTags
  | RunResourceDue
  | StartTopUp
  | RecordCreation
  | HearGateway
  | RunAttemptDue
  | PayBills
  | RecordOutsidePayment
  | RunBillsDue
  | DepositCallback
  | StartLink
  | HearLink
  | ChooseLink
  | Unlink
  | HearUnlink
  | RunLinkDue
  | ShareOrder
  | UnshareOrder
  | ResealLink
  | SetAutoTopUp
  | RunAutoTopUp
  | BeginAutoTopUp
  | SetBudget
  | RunBudgetDue
  | StartRefund
  | HearRefund
  | RunRefundDue;

const deciders = {
  configure_account: configureAccount,
  add_recipient: addRecipient,
  confirm_recipient: confirmRecipient,
  remove_recipient: removeRecipient,
  add_invoice_address: addInvoiceAddress,
  set_default_invoice_address: setDefaultInvoiceAddress,
  remove_invoice_address: removeInvoiceAddress,
  grant_credit: grantCredit,
  set_poc_wallet: setPocWallet,
  stop_poc: stopPoc,
  run_poc_due: runPocDue,
  place_order: placeOrder,
  change_order: changeOrder,
  open_checkout: openCheckout,
  pay_order: payOrder,
  cancel_order: cancelOrder,
  answer_provisioning: answerProvisioning,
  run_order_due: runOrderDue,
  delete_resource: deleteResource,
  set_power: setPower,
  set_auto_renew: setAutoRenew,
  set_tags: setTags,
  run_resource_due: runResourceDue,
  start_top_up: startTopUp,
  record_creation: recordCreation,
  hear_gateway: hearGateway,
  run_attempt_due: runAttemptDue,
  pay_bills: payBills,
  record_outside_payment: recordOutsidePayment,
  run_bills_due: runBillsDue,
  deposit_callback: depositCallback,
  start_link: startLink,
  hear_link: hearLink,
  choose_link: chooseLink,
  unlink,
  hear_unlink: hearUnlink,
  run_link_due: runLinkDue,
  share_order: shareOrder,
  unshare_order: unshareOrder,
  reseal_link: resealLink,
  set_auto_top_up: setAutoTopUp,
  run_auto_top_up: runAutoTopUp,
  begin_auto_top_up: beginAutoTopUp,
  set_budget: setBudget,
  run_budget_due: runBudgetDue,
  start_refund: startRefund,
  hear_refund: hearRefund,
  run_refund_due: runRefundDue,
} as const;

type Needs = NeedsCoupon | NeedsProduct | NeedsReadings | NeedsUse;
type Deciders = typeof deciders;
type AnswerIn<D> = D extends Result<infer V, DomainError> ? (V extends Done<infer A> ? A : never) : never;

/** What each command answers when it isn't refused. */
export type AnswerTo<C extends Command> = AnswerIn<ReturnType<Deciders[C["type"]]>>;

/** Decides a command from the account's present state; nothing is changed, read or awaited beside it. */
export function decide<C extends Command>(
  state: AccountState,
  command: C,
  context: Context,
): Result<Done<AnswerTo<C>> | Needs, DomainError> {
  const decider = deciders[command.type] as (
    state: AccountState,
    command: C,
    context: Context,
  ) => Result<Done<AnswerTo<C>> | Needs, DomainError>;
  const decided = decider(state, command, context);
  if (!decided.ok || decided.value.kind !== "done") return decided;
  const { value } = decided;
  // Whatever it is that brings credit in, what is suspended for want of it runs again.
  const events = [...value.events, ...resumptions(state, value.events, context.nowMs)];
  return ok({ ...value, events: [...events, ...budgetEvents(state, events, context.nowMs)] });
}
