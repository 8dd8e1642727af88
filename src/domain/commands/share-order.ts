import { holderOf } from "../attempts/let-go.ts";
import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import type { OrderId, ShareId } from "../ids.ts";
import { type Order, toPayForOrder } from "../order.ts";
import { endOfLifeMs, SHARE_LIFE_MS, type Share } from "../share.ts";
import type { AccountState } from "../state.ts";
import { findUnpaidOrder } from "./find-order.ts";

/** A customer asks somebody else to pay an order, by a link. A link that was sent before ends. */
export interface ShareOrder {
  readonly type: "share_order";
  readonly order: OrderId;
  readonly share: ShareId;
  readonly email: string;
  readonly url: string;
}

export function shareOrder(
  state: AccountState,
  { order: of, share: id, email, url }: ShareOrder,
  context: Context,
): Decided<Share> {
  const found = findUnpaidOrder(state, of, context);
  if (!found.ok) return found;
  const toPay = toPayForOrder(found.value);
  if (toPay === 0)
    return refused({ code: "method_not_available", path: "order", detail: "There is nothing to pay." });
  const share: Share = { id, email, untilMs: context.nowMs + SHARE_LIFE_MS };
  const shared: Order = { ...found.value, share };
  const order: Order = { ...shared, expiresAtMs: endOfLifeMs(shared, holderOf(state, shared)) };
  return done(
    share,
    { type: "order_changed", order },
    {
      type: "notice_given",
      notice: {
        key: `order_shared:${id}`,
        template: "order_shared",
        atMs: context.nowMs,
        ...{
          to: email,
          from: state.account?.name ?? "",
          order: of,
          total: toPay,
          url,
          untilMs: share.untilMs,
        },
      },
    },
  );
}
