import { addDays } from "../calendar.ts";
import { type Balances, type Book, balanceOf } from "../ledger.ts";
import { add, type Money, subtract } from "../money.ts";

/**
 * Trial money: what was granted in all, up to an end. What is left of it is the book `poc`; after its end that is put
 * aside as `poc_expired`, from where an extension brings it back. (Domain: POC.)
 */
export interface PocWallet {
  readonly granted: Money;
  readonly expiresAtMs: number;
  /** What is left was put aside at the end. */
  readonly hasEnded: boolean;
  /** Every notice up to this instant was given, or is never to be. */
  readonly ranAtMs: number;
}

/** Days from the wallet's end at which its customer is reminded, at the end's local time of day. */
export const POC_NOTICE_DAYS: readonly number[] = [-7, -3, -1];
/** What lived on trial money stays in the trash for so long, whatever its type's policy. */
export const POC_TRASH_DAYS = 7;

/** A wallet that still pays. */
export const isOpen = (wallet: PocWallet | null, nowMs: number): wallet is PocWallet =>
  wallet !== null && !wallet.hasEnded && nowMs < wallet.expiresAtMs;

/** The end of a wallet that still pays. */
export const pocEndMs = (wallet: PocWallet | null, nowMs: number): number | null =>
  isOpen(wallet, nowMs) ? wallet.expiresAtMs : null;

/** What was granted and isn't there any more, refunds counted back. */
export const usedOf = (wallet: PocWallet | null, balances: Balances): Money =>
  subtract(
    wallet?.granted ?? (0 as Money),
    add(balanceOf(balances, "poc"), balanceOf(balances, "poc_expired")),
  );

/** Where refunds of trial money go: what comes back after the wallet's end isn't to be spent. */
export const refundBook = (wallet: PocWallet | null, nowMs: number): Book =>
  isOpen(wallet, nowMs) ? "poc" : "poc_expired";

/** What time does next to a wallet. */
export type PocMilestone = { readonly atMs: number } & (
  | { readonly kind: "notice"; readonly days: number }
  | { readonly kind: "end" }
);

/** When time next does something to a wallet. */
export const pocDueAtMs = (wallet: PocWallet, timeZone: string): number | null =>
  pocMilestonesAhead(wallet, timeZone)[0]?.atMs ?? null;

/** Those that haven't happened yet, in order. */
export function pocMilestonesAhead(
  { expiresAtMs, hasEnded, ranAtMs }: PocWallet,
  timeZone: string,
): PocMilestone[] {
  if (hasEnded) return [];
  const notices = POC_NOTICE_DAYS.map(
    (days): PocMilestone => ({ kind: "notice", days, atMs: addDays(expiresAtMs, days, timeZone) }),
  );
  return [...notices.filter(({ atMs }) => atMs > ranAtMs), { kind: "end", atMs: expiresAtMs }];
}
