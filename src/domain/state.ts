import type { Account } from "./account.ts";
import type { OrderId, PaymentId, ResourceId } from "./ids.ts";
import type { Balances } from "./ledger.ts";
import type { Order } from "./order.ts";
import type { Payment } from "./payment.ts";
import type { Resource } from "./resource.ts";

/** The account as one decision sees it: a snapshot that is read row by row. `account` is null until it is opened. */
export interface AccountState {
  readonly account: Account | null;
  readonly balances: Balances;
  /** How many documents the account has issued. */
  readonly documentCount: number;
  order(id: OrderId): Order | null;
  resource(id: ResourceId): Resource | null;
  payment(id: PaymentId): Payment | null;
  hasLiveResources(): boolean;
}
