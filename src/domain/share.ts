import { type Attempt, letsGoAtMs } from "./attempts/attempt.ts";
import type { ShareId } from "./ids.ts";
import { DAY_MS } from "./local-time.ts";
import { ORDER_LIFE_MS, type Order } from "./order.ts";

/** A link to pay on somebody's behalf is good for this long. (Domain: Checkout, payment on behalf.) */
export const SHARE_LIFE_MS = 3 * DAY_MS;

/** A link by which somebody else may pay one order. Sharing again ends the one before. */
export interface Share {
  readonly id: ShareId;
  /** Whom it was sent to. */
  readonly email: string;
  readonly untilMs: number;
}

/** Until when an unpaid order lives: as long as its link, and while an attempt holds something for it. */
export const endOfLifeMs = (
  { createdAtMs, share }: Pick<Order, "createdAtMs" | "share">,
  holder: Attempt | null,
): number =>
  Math.max(createdAtMs + ORDER_LIFE_MS, share?.untilMs ?? 0, holder === null ? 0 : letsGoAtMs(holder));
