import type { Account } from "../../domain/account.ts";
import type { Product } from "../../domain/catalogue.ts";
import { type Balances, balanceOf } from "../../domain/ledger.ts";
import type { Money } from "../../domain/money.ts";
import type { Order } from "../../domain/order.ts";
import { isOpen, type PocWallet } from "../../domain/poc/wallet.ts";
import { quotedOnPoc } from "../../domain/quotes/on-poc.ts";
import type { QuoteInput } from "../../domain/quotes/quote-input.ts";
import { err, type Result } from "../../domain/result.ts";
import type { trialTexts } from "../../texts/trials.ts";

/** Why an order isn't to be had on trial money. */
export type WhyNotTried = keyof (typeof trialTexts)["en"]["notOffered"];

/** Trial money, and an order as it is had on it. (Domain: POC.) */
export interface TrialOffer {
  readonly endsAtMs: number;
  readonly balance: Money;
  /** At its price up to the wallet's end. */
  readonly order: Result<Order, WhyNotTried>;
}

/** What an offer depends on. */
interface Offering extends Pick<QuoteInput, "resource"> {
  readonly account: Account;
  readonly pocWallet: PocWallet | null;
  readonly balances: Balances;
  /** The prices that the order was quoted at. */
  readonly product: Product | null;
  readonly nowMs: number;
}

/** Null where the account has no trial money, or had some that has to do with this order no more. */
export function trialOffer(order: Order, of: Offering): TrialOffer | null {
  const { pocWallet, balances, nowMs } = of;
  const isSoldSo = order.quote.soldAs.includes("poc");
  if (!pocWallet || (!isSoldSo && !isOpen(pocWallet, nowMs))) return null;
  const offer = { endsAtMs: pocWallet.expiresAtMs, balance: balanceOf(balances, "poc") };
  if (!isSoldSo) return { ...offer, order: err("not_sold") };
  if (!isOpen(pocWallet, nowMs)) return { ...offer, order: err("ended") };
  const priced = quotedOnPoc(order, { ...of, pocEndMs: pocWallet.expiresAtMs });
  if (priced.ok) return { ...offer, order: priced };
  return { ...offer, order: err(priced.error.code === "period_too_short" ? "too_short" : "not_sold") };
}
