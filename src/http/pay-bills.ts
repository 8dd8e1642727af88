import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import type { PayBills } from "../domain/commands/pay-bills.ts";
import type { AccountId, InvoiceCode, PaymentId } from "../domain/ids.ts";
import type { Money } from "../domain/money.ts";
import type { PayMethod } from "../domain/payment.ts";
import { askAbout } from "../jobs/attempts.ts";
import { atGateway, type BegunPayment, chosen, isReplayed, newAttemptId, termsOf } from "./begin-payment.ts";
import { ask, newId, type Requested } from "./commands.ts";
import type { App } from "./context.ts";
import { billPaymentPath, publicUrl } from "./links.ts";

/** One payment is of so many bills at most. */
export const MAX_BILLS = 100;

/** How somebody wants to pay bills; without an amount, all that is open. */
export interface BillWish {
  readonly method: PayMethod;
  readonly gateway?: string | undefined;
  readonly linkedAccount?: string | undefined;
  readonly amount?: Money | undefined;
  readonly returnUrl?: string | undefined;
}

/** Pays bills, or begins to at a gateway, having asked what open attempts for them have come to. (Domain: Postpaid, Bills.) */
export async function payBills(
  c: Context<App>,
  account: AccountId,
  bills: readonly InvoiceCode[],
  { method, amount, returnUrl, ...named }: BillWish,
): Promise<Requested<BegunPayment>> {
  const { gateway, linked } = await chosen(c, account, { ...named, isLinked: method === "linked" });
  if (!(await isReplayed(c, account))) {
    const open = await accountObject(c.env, account).openBillAttempts(bills);
    await Promise.all(open.map((attempt) => askAbout(c.env, account, attempt, c.get("simulatedNowMs"))));
  }
  const payment = gateway && method !== "credit" ? newAttemptId(c, account) : newId<PaymentId>("pay");
  const back = returnUrl ?? `${publicUrl(c)}${billPaymentPath(payment)}`;
  const command: PayBills = {
    type: "pay_bills",
    ...{ bills, method, amount: amount ?? null },
    payment,
    ...(gateway ? { at: { terms: termsOf(gateway), returnUrl: back } } : {}),
    linkedAccount: linked?.id ?? null,
  };
  const outcome = await ask(c, account, command);
  if (outcome.kind !== "answered") return outcome;
  const { attempt } = outcome.answer;
  if (!attempt) return { ...outcome, answer: { payment: outcome.answer.payment, redirectUrl: null } };
  return { ...outcome, answer: await atGateway(c, account, attempt) };
}
