import { type Context, type Decided, done } from "../decision.ts";
import type { Event } from "../events.ts";
import { balanceOf, transfersOf } from "../ledger.ts";
import { pocMilestonesAhead } from "../poc/wallet.ts";
import type { AccountState } from "../state.ts";

/**
 * Time has passed for the POC wallet: its customer is reminded of its end while something is left, and at the end the
 * rest is put aside. What lives on it ends by itself, as resources do. (Domain: POC.)
 */
export interface RunPocDue {
  readonly type: "run_poc_due";
}

export type PocDueRan = "poc_reminded" | "poc_ended" | "nothing";

export function runPocDue(state: AccountState, _: RunPocDue, { nowMs }: Context): Decided<PocDueRan> {
  const { account, pocWallet: wallet, balances } = state;
  if (!account || !wallet) return done("nothing");
  // Notices that come late are skipped where something later has become due, too.
  const next = pocMilestonesAhead(wallet, account.timeZone).findLast(({ atMs }) => atMs <= nowMs);
  if (!next) return done("nothing");
  const { atMs } = next;
  const { expiresAtMs } = wallet;
  const balance = balanceOf(balances, "poc");
  const isEnd = next.kind === "end";
  const told: Event = {
    type: "notice_given",
    notice: {
      key: isEnd ? `poc_ended:${expiresAtMs}` : `poc_ending:${expiresAtMs}:${next.days}`,
      template: isEnd ? "poc_ended" : "poc_ending",
      ...{ atMs, expiresAtMs, balance },
    },
  };
  const changed: Event = {
    type: "poc_wallet_changed",
    wallet: { ...wallet, hasEnded: isEnd, ranAtMs: atMs },
  };
  if (!isEnd) return done("poc_reminded", changed, ...(balance > 0 ? [told] : []));
  const transfers = transfersOf({ from: "poc", to: "poc_expired", amount: balance });
  const entry = { atMs, reference: `poc:${expiresAtMs}`, description: "Trial money expired" };
  const posted: Event = { type: "money_posted", transaction: { kind: "expiry", ...entry, transfers } };
  return done("poc_ended", changed, ...(transfers.length > 0 ? [posted] : []), told);
}
