import type { Context } from "hono";
import type { AccountId, RecipientId } from "../domain/ids.ts";
import { CONFIRMATION_LIFE_MS, type Recipient } from "../domain/recipient.ts";
import { ask, newId, type Requested } from "./commands.ts";
import type { App } from "./context.ts";
import { publicUrl, secondsOf, signPass } from "./links.ts";

/** Asks somebody to confirm that they want an account's mails. */
export async function askRecipient(
  c: Context<App>,
  account: AccountId,
  email: string,
): Promise<Requested<Recipient>> {
  if (!(await mayAskAnother(c, account))) return { kind: "too_many_requests" };
  return ask(c, account, { type: "add_recipient", email, ...(await questionFor(c, account)) });
}

/** An account may ask only so many people a minute. */
export const mayAskAnother = async (c: Context<App>, account: AccountId): Promise<boolean> =>
  (await c.env.RECIPIENT_MAILS.limit({ key: account })).success;

/** The name of somebody who is asked, and where they say yes. */
export async function questionFor(
  c: Context<App>,
  account: AccountId,
): Promise<{ recipient: RecipientId; confirmationUrl: string }> {
  const recipient = newId<RecipientId>("rcp");
  const untilSeconds = secondsOf(Date.now() + CONFIRMATION_LIFE_MS);
  const code = await signPass(c.env, "recipient_link", { account, recipient }, untilSeconds);
  return { recipient, confirmationUrl: `${publicUrl(c)}/recipients/confirm?code=${code}` };
}
