import type { Account } from "../account.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import type { RecipientId } from "../ids.ts";
import { CONFIRMATION_LIFE_MS, isSameAddress, MAX_RECIPIENTS, type Recipient } from "../recipient.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Asks somebody whether they want the account's mails; `confirmationUrl` is where they say yes. */
export interface AddRecipient {
  readonly type: "add_recipient";
  readonly recipient: RecipientId;
  readonly email: string;
  readonly confirmationUrl: string;
}

/** An address that hasn't said yes yet is asked again, under its new id: the link before it is void. (Domain: Portal.) */
export function addRecipient(
  { account }: AccountState,
  { recipient: id, email, confirmationUrl }: AddRecipient,
  { nowMs }: Context,
): Decided<Recipient> {
  if (!account) return err({ code: "account_not_found" });
  const known = account.recipients.find((recipient) => isSameAddress(recipient.email, email));
  if (known?.confirmedAtMs != null || isSameAddress(account.email, email))
    return err({ code: "recipient_exists" });
  const others = account.recipients.filter((recipient) => recipient !== known);
  if (others.length >= MAX_RECIPIENTS) return refused({ code: "too_many_recipients", path: "email" });
  const recipient: Recipient = { id, email, askedAtMs: nowMs, confirmedAtMs: null };
  const changed: Account = { ...account, recipients: [...others, recipient] };
  return done(
    recipient,
    { type: "account_configured", account: changed },
    {
      type: "notice_given",
      notice: {
        key: `recipient_asked:${id}`,
        template: "recipient_asked",
        atMs: nowMs,
        to: email,
        confirmationUrl,
        untilMs: nowMs + CONFIRMATION_LIFE_MS,
      },
    },
  );
}
