import type { Context } from "hono";
import type { AccountId, RecipientId } from "../domain/ids.ts";
import { CONFIRMATION_LIFE_MS, type Recipient } from "../domain/recipient.ts";
import { ask, newId, type Requested } from "./commands.ts";
import type { App } from "./context.ts";
import { publicUrl, secondsOf, signPass } from "./links.ts";

/** Asks somebody to confirm that they want an account's mails; an account may ask only so many people a minute. */
export async function askRecipient(
  c: Context<App>,
  account: AccountId,
  email: string,
): Promise<Requested<Recipient>> {
  const { success } = await c.env.RECIPIENT_MAILS.limit({ key: account });
  if (!success) return { kind: "too_many_requests" };
  const recipient = newId<RecipientId>("rcp");
  const untilSeconds = secondsOf(Date.now() + CONFIRMATION_LIFE_MS);
  const code = await signPass(c.env, "recipient_link", { account, recipient }, untilSeconds);
  const confirmationUrl = `${publicUrl(c)}/recipients/confirm?code=${code}`;
  return ask(c, account, { type: "add_recipient", recipient, email, confirmationUrl });
}
