import type { KeyedRequest } from "../account/idempotency.ts";
import type { AccountId, ProductId } from "../domain/ids.ts";
import type { Action } from "./actions.ts";

/** Who calls, as their token says. */
export type Principal = { readonly subject: string } & (
  | { readonly role: "admin" }
  | { readonly role: "product"; readonly product: ProductId }
  | { readonly role: "user"; readonly account: AccountId; readonly actions: readonly Action[] }
);

/** Tells callers apart: in idempotency keys, and in the audit trail. */
export function principalName(principal: Principal): string {
  switch (principal.role) {
    case "admin":
      return `admin:${principal.subject}`;
    case "product":
      return `product:${principal.product}:${principal.subject}`;
    case "user":
      return `user:${principal.subject}`;
  }
}

export interface App {
  Bindings: Env;
  Variables: {
    requestId: string;
    principal: Principal;
    /** Where a sandbox's clock stands; null in real time. */
    simulatedNowMs: number | null;
    keyed: KeyedRequest | null;
  };
}
