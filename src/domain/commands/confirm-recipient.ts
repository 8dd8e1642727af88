import { type Context, type Decided, done } from "../decision.ts";
import type { RecipientId } from "../ids.ts";
import { CONFIRMATION_LIFE_MS, type Recipient } from "../recipient.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Somebody says yes to the account's mails, or to its budget's alerts alone. Saying it again changes nothing. */
export interface ConfirmRecipient {
  readonly type: "confirm_recipient";
  readonly recipient: RecipientId;
}

export function confirmRecipient(
  { account, budget }: AccountState,
  { recipient: id }: ConfirmRecipient,
  { nowMs }: Context,
): Decided<Recipient> {
  const alert = budget?.isOn && budget.alert?.id === id ? budget.alert : null;
  const found = alert ?? account?.recipients.find((recipient) => recipient.id === id);
  if (!account || !found) return err({ code: "recipient_not_found" });
  if (found.confirmedAtMs !== null) return done(found);
  if (nowMs >= found.askedAtMs + CONFIRMATION_LIFE_MS) return err({ code: "confirmation_expired" });
  const confirmed: Recipient = { ...found, confirmedAtMs: nowMs };
  if (budget && alert)
    return done(confirmed, { type: "budget_changed", budget: { ...budget, alert: confirmed } });
  const recipients = account.recipients.map((recipient) => (recipient === found ? confirmed : recipient));
  return done(confirmed, { type: "account_configured", account: { ...account, recipients } });
}
