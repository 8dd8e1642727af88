import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import type { AutoTopUp, AutoTopUpSettings } from "../domain/auto-top-up/auto-top-up.ts";
import type { AccountId } from "../domain/ids.ts";
import { gatewaysFor, termsOf } from "./begin-payment.ts";
import { ask, type Requested } from "./commands.ts";
import type { App } from "./context.ts";
import { publicUrl } from "./links.ts";

/** Has an account's credit bought by itself from one of its linked accounts. */
export async function setAutoTopUp(
  c: Context<App>,
  account: AccountId,
  wanted: Omit<AutoTopUpSettings, "returnUrl">,
): Promise<Requested<AutoTopUp | null>> {
  const linked = await accountObject(c.env, account).linkedAccount(wanted.linkedAccount);
  const gateway = linked && gatewaysFor(c).get(linked.gateway);
  return ask(c, account, {
    type: "set_auto_top_up",
    settings: { ...wanted, returnUrl: `${publicUrl(c)}/portal` },
    terms: gateway?.linking ? termsOf(gateway) : null,
  });
}
