import { letGo } from "../attempts/let-go.ts";
import { type Done, done } from "../decision.ts";
import type { DomainError } from "../errors.ts";
import { outdatedBy } from "../fulfilment/outdated.ts";
import { settleOrder } from "../fulfilment/settle.ts";
import { balanceOf } from "../ledger.ts";
import { subtract, sum } from "../money.ts";
import { type Order, type OrderBilling, QUOTE_LIFE_MS, toPayForOrder } from "../order.ts";
import { isOpen } from "../poc/wallet.ts";
import { quotedOnPoc } from "../quotes/on-poc.ts";
import { err, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";
import type { OrderPaid, PayOrder } from "./pay-order.ts";

/** Why an order can't be paid like that, whatever its state; null where it can. */
export function whyNotSoldAs(
  way: OrderBilling,
  { quote }: Order,
  { pocWallet }: AccountState,
): string | null {
  if (way === "poc" && pocWallet === null) return "This account has no trial money.";
  // What is used before it is paid was never to be paid like this: its order's state says so.
  if (quote.soldAs.includes(way) || (way !== "hold" && quote.soldAs.includes("postpaid"))) return null;
  if (way === "poc") return "This isn't to be had on trial money.";
  if (way === "hold") return "Credit is held for what is paid after its use; this isn't.";
  return quote.soldAs[0] === "hold"
    ? "This is paid after its use: credit is held for it."
    : "What runs on trial money is paid from the POC wallet; convert it to pay otherwise.";
}

/**
 * Pays a whole order from the POC wallet, at the price that its time up to the wallet's end had at the quote. It leads to
 * no invoice, and takes no coupon. (Domain: POC.)
 */
export function payOnPoc(
  state: AccountState,
  unpaid: Order,
  command: PayOrder,
  nowMs: number,
): Result<Done<OrderPaid>, DomainError> {
  const { pocWallet: wallet } = state;
  const { quote } = unpaid;
  if (quote.coupon !== null) return err({ code: "coupon_not_allowed" });
  if (!isOpen(wallet, nowMs)) return err({ code: "poc_wallet_expired" });
  const isOld = nowMs >= (quote.expiresAtMs ?? quote.quotedAtMs + QUOTE_LIFE_MS);
  if (isOld) return err({ code: "quote_expired" });
  const outdated = outdatedBy(state, unpaid, nowMs);
  if (outdated) return err({ code: outdated });
  const { account } = state;
  if (!account) throw new Error("an order without an account");
  const at = { account, pocEndMs: wallet.expiresAtMs, product: command.product ?? null };
  const priced = quotedOnPoc(unpaid, { ...at, resource: (id) => state.resource(id) });
  if (!priced.ok) return priced;
  const { agreedTotal } = command;
  if (agreedTotal !== undefined && agreedTotal !== priced.value.quote.total)
    return err({ code: "order_changed" });
  const [available, toPay] = [balanceOf(state.balances, "poc"), toPayForOrder(priced.value)];
  if (available < toPay)
    return err({ code: "insufficient_credit", available, missing: subtract(toPay, available) });
  const free = letGo(state, priced.value, nowMs);
  const paying = { id: command.payment, method: "poc", from: "poc", pending: null } as const;
  const { order, payment, events } = settleOrder(state, free.order, paying, nowMs);
  const refund = sum(order.quote.lines.map((line) => line.refund));
  return done({ payment, refund, attempt: null }, ...free.events, ...events);
}
