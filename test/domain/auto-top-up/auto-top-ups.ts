import type { BeginAutoTopUp } from "../../../src/domain/commands/begin-auto-top-up.ts";
import type { SetAutoTopUp } from "../../../src/domain/commands/set-auto-top-up.ts";
import { money } from "../../../src/domain/money.ts";
import { attemptId, MOMO } from "../attempts/attempts.ts";
import { linkId } from "../linking/links.ts";

/** Below 50,000 it charges 100,000, and 250,000 a month at most. */
export const autoTopUp = (
  of: { threshold?: number; amount?: number; monthlyCap?: number; link?: number } = {},
): SetAutoTopUp => ({
  type: "set_auto_top_up",
  terms: MOMO,
  settings: {
    threshold: money(of.threshold ?? 50_000),
    amount: money(of.amount ?? 100_000),
    monthlyCap: money(of.monthlyCap ?? 250_000),
    linkedAccount: linkId(of.link ?? 1),
    returnUrl: "https://billing.example/portal",
  },
});

export const noAutoTopUp: SetAutoTopUp = { type: "set_auto_top_up", settings: null, terms: null };

export const beginAutoTopUp = (n = 1): BeginAutoTopUp => ({
  type: "begin_auto_top_up",
  payment: attemptId(n),
  terms: MOMO,
});
