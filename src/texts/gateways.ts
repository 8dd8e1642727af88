import type { GatewayName } from "../domain/gateway.ts";

/** Gateways as people know them, in every language. */
export const GATEWAY_TITLES: Readonly<Record<GatewayName, string>> = {
  momo: "MoMo",
  zalopay: "ZaloPay",
  vnpay: "VNPay",
  stripe: "Stripe",
};
