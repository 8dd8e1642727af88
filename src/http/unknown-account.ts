import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import type { AccountId } from "../domain/ids.ts";
import type { App } from "./context.ts";

/** Whether a list is empty because there is no such account. The account is only asked where a list is empty. */
export const isUnknown = async (
  c: Context<App>,
  account: AccountId,
  found: readonly unknown[],
): Promise<boolean> => found.length === 0 && (await accountObject(c.env, account).account()) === null;
