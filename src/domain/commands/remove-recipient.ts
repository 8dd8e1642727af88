import { type Decided, done } from "../decision.ts";
import type { RecipientId } from "../ids.ts";
import type { Recipient } from "../recipient.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Somebody gets the account's mails no longer. */
export interface RemoveRecipient {
  readonly type: "remove_recipient";
  readonly recipient: RecipientId;
}

export function removeRecipient(
  { account }: AccountState,
  { recipient: id }: RemoveRecipient,
): Decided<readonly Recipient[]> {
  const isKnown = account?.recipients.some((recipient) => recipient.id === id);
  if (!account || !isKnown) return err({ code: "recipient_not_found" });
  const recipients = account.recipients.filter((recipient) => recipient.id !== id);
  return done(recipients, { type: "account_configured", account: { ...account, recipients } });
}
