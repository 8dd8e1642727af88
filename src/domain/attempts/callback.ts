import type { GatewayName } from "../gateway.ts";
import type { CallbackId } from "../ids.ts";
import type { Currency, Money } from "../money.ts";

/**
 * Money that a gateway says it took, and that fits nothing we know: somebody looks, and may make it a deposit. An
 * `unmatched` one names no attempt of ours, a `quarantined` one says something else than the attempt's record.
 */
export interface FiledCallback {
  readonly id: CallbackId;
  readonly status: "unmatched" | "quarantined" | "deposited";
  readonly gateway: GatewayName;
  /** Our reference, as the gateway spells it. */
  readonly reference: string;
  readonly merchant: string;
  readonly amount: Money;
  readonly currency: Currency;
  readonly theirId: string;
  readonly atMs: number;
}
