import type { Account } from "../account.ts";
import { refusedForOwing } from "../bills/owing.ts";
import { mayReturnTo, type Product } from "../catalogue.ts";
import { type Context, type Done, done, type NeedsReadings } from "../decision.ts";
import { type DomainError, refused } from "../errors.ts";
import { startLines } from "../fulfilment/start.ts";
import type { Readings } from "../hold/readings.ts";
import type { OrderId } from "../ids.ts";
import { type Action, ORDER_LIFE_MS, type Order, type OrderBilling, type OrderItem } from "../order.ts";
import { pocEndMs } from "../poc/wallet.ts";
import { quoteOrder } from "../quotes/quote-order.ts";
import { err, ok, type Result } from "../result.ts";
import type { AccountState } from "../state.ts";

/** A product console, or the owner, asks for resources or for something to be done to them: the answer is an order with its quote, to be paid; or, where use is paid afterwards, confirmed at once. */
export interface PlaceOrder {
  readonly type: "place_order";
  readonly order: OrderId;
  readonly product: Product;
  readonly action: Action;
  readonly items: readonly OrderItem[];
  readonly returnUrl: string;
  readonly cancelUrl: string | null;
  /** True where this installation is a sandbox: consoles on the customer's own machine may then be returned to. */
  readonly localReturnAllowed: boolean;
  /** The origin of our own pages, for an order that was begun there. */
  readonly ownOrigin?: string;
  /** What meters say of what was used and isn't paid yet. */
  readonly readings?: Readings;
}

/** What an account that owes too much can't have. */
const SPENDING: readonly Action[] = ["create", "resize"];

export function placeOrder(
  state: AccountState,
  command: PlaceOrder,
  { nowMs }: Context,
): Result<Done<Order> | NeedsReadings, DomainError> {
  const { account } = state;
  if (!account) return err({ code: "account_not_found" });
  for (const field of ["returnUrl", "cancelUrl"] as const) {
    const url = command[field];
    if (
      url !== null &&
      new URL(url).origin !== command.ownOrigin &&
      !mayReturnTo(url, command.product, command.localReturnAllowed)
    )
      return refused({ code: "return_url_not_allowed", path: field });
  }
  const billing = billingOf(state, account, command);
  const quote = quoteOrder({
    ...command,
    billing,
    coupon: null,
    account,
    pocEndMs: pocEndMs(state.pocWallet, nowMs),
    nowMs,
    resource: (id) => state.resource(id),
  });
  if (!quote.ok) return quote;
  const owing = SPENDING.includes(command.action)
    ? refusedForOwing(state, account, command.readings ?? {}, nowMs)
    : null;
  if (owing) return typeof owing === "string" ? err({ code: owing }) : ok(owing);
  const order: Order = {
    id: command.order,
    product: command.product.id,
    action: command.action,
    billing: quote.value.soldAs[0] ?? billing,
    status: "awaiting_payment",
    currency: account.currency,
    items: command.items,
    quote: quote.value,
    invoiceAddress: null,
    returnUrl: command.returnUrl,
    cancelUrl: command.cancelUrl,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + ORDER_LIFE_MS,
    share: null,
    attempts: [],
    payment: null,
    paidAtMs: null,
    alertedAtMs: null,
    checkoutsOpened: 0,
  };
  if (billing !== "postpaid") return done(order, { type: "order_changed", order });
  const confirmed = startLines(state, order, nowMs);
  return done(confirmed.order, { type: "order_changed", order: confirmed.order }, ...confirmed.events);
}

/** New resources are paid as the account is; what is done to a resource, as that is. (Domain: Two kinds of account.) */
function billingOf(
  state: AccountState,
  account: Account,
  { action, items, product }: PlaceOrder,
): OrderBilling {
  const begins = action === "create" || action === "recover" || action === "convert_poc";
  const isPrepaid = account.billingMode === "prepaid";
  if (begins && isPrepaid && items.every((item) => isHeldFor(item, product))) return "hold";
  if (action === "create") return account.billingMode;
  const [first] = items;
  const resource = action === "resize" && first?.resource ? state.resource(first.resource) : null;
  return resource?.billing === "postpaid" || resource?.billing === "hold" ? resource.billing : "prepaid";
}

/** Without a period there is nothing to pay in advance. */
const isHeldFor = ({ period, resourceType }: OrderItem, { resourceTypes }: Product): boolean =>
  period === null && resourceTypes.some(({ id, billing }) => id === resourceType && billing.includes("hold"));
