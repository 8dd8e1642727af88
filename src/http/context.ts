import type { KeyedRequest } from "../account/idempotency.ts";
import type { AccountId, ProductId } from "../domain/ids.ts";
import type { Action } from "./actions.ts";

/** Who calls, as their token says. */
export type Principal = { readonly subject: string } & (
  | { readonly role: "admin" }
  | { readonly role: "product"; readonly product: ProductId }
  | { readonly role: "user"; readonly account: AccountId; readonly actions: readonly Action[] }
);

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
