import type { Account, AccountSettings } from "../account.ts";
import { areSuspending } from "../bills/bill.ts";
import { resumeUse } from "../bills/suspension.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import { runAfterAll } from "../hold/run.ts";
import { isTimeZone } from "../local-time.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Opens an account, or changes what may change about it: the currency never, the zone not while a resource lives. */
export interface ConfigureAccount {
  readonly type: "configure_account";
  readonly account: AccountSettings;
}

export function configureAccount(
  state: AccountState,
  { account: wanted }: ConfigureAccount,
  { nowMs }: Context,
): Decided<Account> {
  const existing = state.account;
  if (!isTimeZone(wanted.timeZone)) return refused({ code: "unknown_time_zone", path: "timeZone" });
  if (existing && existing.currency !== wanted.currency) return err({ code: "account_currency_fixed" });
  if (existing && existing.timeZone !== wanted.timeZone && state.hasLiveResources()) {
    return err({ code: "account_time_zone_fixed" });
  }
  const account = {
    ...wanted,
    recipients: existing?.recipients ?? [],
    invoiceAddresses: existing?.invoiceAddresses ?? [],
    createdAtMs: existing?.createdAtMs ?? nowMs,
  };
  const isFree = !areSuspending(state.unpaidBills(), account, nowMs);
  return done(
    account,
    { type: "account_configured", account },
    ...(isFree ? resumeUse(state, nowMs) : []),
    ...(account.billingMode === "postpaid" ? runAfterAll(state, nowMs) : []),
  );
}
