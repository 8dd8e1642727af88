import type { FailureReason } from "../gateway.ts";

/** Why money that came for an order is credit. */
export const ORDER_NEEDED_NO_MONEY = "The money came when its order no longer needed it: it is credit now.";
export const DEPOSITED_BY_OPERATIONS = "Operations have made a gateway's money credit.";

/** Why a payment failed at its gateway, as the payment history says it. */
export const FAILURE_TEXTS: Readonly<Record<FailureReason, string>> = {
  cancelled: "The payment was cancelled.",
  expired: "The payment wasn't made in time.",
  declined: "The gateway declined the payment.",
  insufficient_funds: "There wasn't enough money at the gateway.",
  limit_exceeded: "The payment exceeds a limit at the gateway.",
  authentication_failed: "The payer couldn't be identified.",
  amount_not_allowed: "The gateway doesn't take this amount.",
  not_refundable: "The gateway can't give this back.",
  gateway_unavailable: "The gateway isn't available.",
  link_gone: "The linked account is linked no more.",
  misconfigured: "The gateway can't be used at the moment.",
};
