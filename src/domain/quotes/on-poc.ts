import type { Account } from "../account.ts";
import type { Product } from "../catalogue.ts";
import type { DomainError } from "../errors.ts";
import type { Order } from "../order.ts";
import { err, ok, type Result } from "../result.ts";
import type { QuoteInput } from "./quote-input.ts";
import { quoteAs } from "./quote-order.ts";

/** What the price of an order on trial money depends on. */
interface OnPoc extends Pick<QuoteInput, "resource"> {
  readonly account: Account;
  /** The wallet's end. */
  readonly pocEndMs: number;
  /** The prices that it was quoted at, where those are known. */
  readonly product: Product | null;
}

/** An order at its price on trial money, as of its quote: its time ends with the wallet. (Domain: POC.) */
export function quotedOnPoc(
  order: Order,
  { account, pocEndMs, product, resource }: OnPoc,
): Result<Order, DomainError> {
  const { id, action, items, billing, quote } = order;
  const outlivesWallet = quote.lines.some(({ endAtMs }) => endAtMs !== null && endAtMs > pocEndMs);
  if (quote.soldAs[0] === "poc") return outlivesWallet ? err({ code: "quote_expired" }) : ok(order);
  if (product?.version !== quote.catalogueVersion) return err({ code: "order_changed" });
  const input = { order: id, action, billing, items, product, coupon: null, account, pocEndMs, resource };
  const priced = quoteAs("poc", { ...input, nowMs: quote.quotedAtMs });
  if (priced.ok) return ok({ ...order, billing: "poc", quote: priced.value });
  const { error } = priced;
  return err("path" in error ? { ...error, path: "method" } : error);
}
