import type { Attempt } from "../attempts/attempt.ts";
import type { FiledCallback } from "../attempts/callback.ts";
import { depositAll } from "../attempts/outcome.ts";
import { DEPOSITED_BY_OPERATIONS } from "../attempts/reasons.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import type { Event } from "../events.ts";
import type { PaymentId } from "../ids.ts";
import type { Payment } from "../payment.ts";
import { deposit } from "../postings.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Operations have found out whose money a filed callback is about: it becomes credit, once. */
export interface DepositCallback {
  readonly type: "deposit_callback";
  /** As it was filed; the account's own copy goes before it. */
  readonly callback: FiledCallback;
}

export function depositCallback(
  state: AccountState,
  { callback: given }: DepositCallback,
  { nowMs }: Context,
): Decided<FiledCallback> {
  const { account } = state;
  if (!account) return err({ code: "account_not_found" });
  const callback = state.callback(given.id) ?? given;
  if (callback.status === "deposited") return err({ code: "callback_deposited" });
  if (callback.currency !== account.currency) return refused({ code: "currency_mismatch", path: "account" });
  const attempt = state.attempt(callback.reference as Attempt["id"]);
  if (attempt?.theirId === callback.theirId) return err({ code: "callback_deposited" });
  const deposited: FiledCallback = { ...callback, status: "deposited" };
  // It is what its attempt brought: what else is heard of this transaction is heard again.
  const isEnd = attempt !== null && attempt.status !== "succeeded";
  const events = isEnd ? endOf(state, attempt, callback, nowMs) : paymentOfItsOwn(state, callback, nowMs);
  return done(deposited, { type: "callback_filed", callback: deposited }, ...events);
}

const endOf = (
  state: AccountState,
  attempt: Attempt,
  { theirId, amount }: FiledCallback,
  atMs: number,
): Event[] => depositAll(state, attempt, { theirId, amount, atMs, reason: DEPOSITED_BY_OPERATIONS });

function paymentOfItsOwn(
  { counts }: AccountState,
  { id, gateway, amount, currency }: FiledCallback,
  atMs: number,
): Event[] {
  const payment: Payment = {
    id: id as string as PaymentId,
    n: counts.payments + 1,
    ...{ kind: "deposit", method: "gateway", gateway, status: "succeeded", amount, currency },
    ...{ order: null, refundOf: null, lines: [], documents: counts.documents },
    reason: DEPOSITED_BY_OPERATIONS,
    createdAtMs: atMs,
  };
  return [
    ...deposit(amount, gateway, { atMs, reference: id, description: DEPOSITED_BY_OPERATIONS }),
    { type: "payment_recorded", payment },
    {
      type: "notice_given",
      notice: {
        key: `deposit_received:${id}`,
        template: "deposit_received",
        ...{ atMs, order: null, gateway, amount },
      },
    },
  ];
}
