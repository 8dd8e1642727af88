import { sign } from "hono/jwt";
import type { Action } from "../http/actions.ts";

export const TOKEN_ISSUER = "edge-billing";
export const TOKEN_AUDIENCE = "edge-billing-api";
const TOKEN_LIFETIME_SECONDS = 24 * 60 * 60;

export const userActions = [
  "ListUsages",
  "ExportUsages",
  "GetTrafficUsages",
  "ExportTrafficUsages",
  "ListBillings",
  "GetBilling",
  "GetBillingStatistic",
  "ExportBillings",
  "ListPayments",
  "ExportPayments",
  "ListCredits",
  "ExportCredits",
  "GetUserInfo",
  "GetUserBalance",
  "BuyCredit",
  "PayOrder",
  "PayBilling",
  "RenewResources",
  "DeleteResources",
  "ManageResources",
  "ManageLinkedAccounts",
  "ManageProfile",
] as const satisfies readonly Action[];

export type Caller =
  | { role: "admin" }
  | { role: "product"; product: string }
  | { role: "user"; account: string; actions: readonly string[] };

export function signToken(caller: Caller, secret: string, now = new Date()): Promise<string> {
  const issuedAtSeconds = Math.floor(now.getTime() / 1000);
  return sign(
    {
      ...caller,
      sub: subjectOf(caller),
      iss: TOKEN_ISSUER,
      aud: TOKEN_AUDIENCE,
      iat: issuedAtSeconds,
      exp: issuedAtSeconds + TOKEN_LIFETIME_SECONDS,
    },
    secret,
    "HS256",
  );
}

function subjectOf(caller: Caller): string {
  if (caller.role === "admin") return "admin";
  return caller.role === "product" ? `product:${caller.product}` : `user:${caller.account}`;
}
