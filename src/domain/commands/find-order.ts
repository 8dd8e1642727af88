import { maySee } from "../account.ts";
import type { Context } from "../decision.ts";
import type { DomainError } from "../errors.ts";
import type { OrderId } from "../ids.ts";
import { type Order, statusAt } from "../order.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";

/** The order, if the caller may see it. */
export function findOrder(state: AccountState, id: OrderId, { caller }: Context): Result<Order, DomainError> {
  if (!state.account) return err({ code: "account_not_found" });
  const order = state.order(id);
  return order && maySee(caller, order.product) ? ok(order) : err({ code: "order_not_found" });
}

/** The order, if the caller may see it and it still waits for its payment. */
export function findUnpaidOrder(
  state: AccountState,
  id: OrderId,
  context: Context,
): Result<Order, DomainError> {
  const found = findOrder(state, id, context);
  if (!found.ok) return found;
  switch (statusAt(found.value, context.nowMs)) {
    case "awaiting_payment":
      return found;
    case "cancelled":
      return err({ code: "order_cancelled" });
    case "expired":
      return err({ code: "order_expired" });
    default:
      return err({ code: "order_already_paid" });
  }
}
