import type { Context } from "hono";
import { attemptOf, type GatewayReference, gatewayReferenceOf } from "../domain/gateway-reference.ts";
import type { AccountId } from "../domain/ids.ts";
import type { App } from "./context.ts";

/** What something is called, by us and by its gateway: it leads back to this account without anybody's help. */
export function newReference(c: Context<App>, account: AccountId): GatewayReference {
  const objectId = c.env.ACCOUNTS.idFromName(account).toString();
  return gatewayReferenceOf({ objectId, attempt: attemptOf(crypto.getRandomValues(new Uint8Array(16))) });
}

/** Where somebody who is sent to a gateway comes from. */
export const ipOf = (c: Context<App>): string => c.req.header("CF-Connecting-IP") ?? "127.0.0.1";
