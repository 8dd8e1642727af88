import type { Money } from "./money.ts";
import { err, type Result } from "./result.ts";

/** Something asked for that this account (or this caller's view of it) doesn't have. */
export const NOT_FOUND_CODES = [
  "account_not_found",
  "order_not_found",
  "order_line_not_found",
  "resource_not_found",
  "payment_not_found",
  "invoice_not_found",
  "credit_note_not_found",
  "recipient_not_found",
  "invoice_address_not_found",
  "callback_not_found",
  "linked_account_not_found",
] as const;
export type NotFoundCode = (typeof NOT_FOUND_CODES)[number];

/** Input that is well-formed and breaks a rule. `path` names the field as the request spells it. */
export const RULE_CODES = [
  "unknown_product",
  "unknown_resource_type",
  "unknown_sku",
  "duplicate_sku",
  "sku_not_prepaid",
  "quantity_below_minimum",
  "action_not_available",
  "billing_not_offered",
  "mixed_billing",
  "currency_mismatch",
  "period_required",
  "period_not_allowed",
  "period_too_short",
  "period_too_long",
  "period_in_the_past",
  "too_many_resources",
  "unknown_item",
  "amount_too_large",
  "too_many_recipients",
  "too_many_invoice_addresses",
  "linking_not_available",
  "too_many_linked_accounts",
  "monthly_cap_below_amount",
  "amount_zero",
  "not_auto_renewable",
  "quantity_not_allowed",
  "duplicate_resource",
  "return_url_not_allowed",
  "callback_url_not_allowed",
  "unknown_invoice_address",
  "unknown_time_zone",
  "method_not_available",
  "not_paid_at_gateway",
  "refund_too_large",
  "coupon_not_found",
  "coupon_not_yet_valid",
  "coupon_expired",
  "coupon_not_for_product",
  "coupon_minimum_order",
] as const;
export type RuleCode = (typeof RULE_CODES)[number];

/** A command that the present state doesn't allow. */
export const STATE_CODES = [
  "account_currency_fixed",
  "account_time_zone_fixed",
  "order_already_paid",
  "order_cancelled",
  "order_expired",
  "quote_expired",
  "line_already_active",
  "line_already_refunded",
  "order_changed",
  "payment_in_progress",
  "checkout_link_used",
  "recipient_exists",
  "confirmation_expired",
  "invoice_address_is_default",
  "resource_changed",
  "resource_busy",
  "resource_deleted",
  "resource_expired",
  "resource_in_trash",
  "resource_not_in_trash",
  "resource_not_in_service",
  "coupon_not_allowed",
  "coupon_exhausted",
  "coupon_used_up_by_account",
  "correction_exceeds_credit",
  "callback_deposited",
  "resource_on_poc",
  "resource_not_on_poc",
  "poc_wallet_expired",
  "poc_wallet_in_use",
  "poc_amount_below_used",
  "share_ended",
  "share_expired",
  "payment_not_captured",
  "refund_exceeds_payment",
  "linked_account_not_active",
  "invoice_already_paid",
  "amount_exceeds_open",
  "outside_payment_differs",
] as const;
export type StateCode = (typeof STATE_CODES)[number];

/** What an account that owes for its use may not do until it pays. (Domain: Postpaid, Overdue.) */
export const OWING_CODES = ["overdue", "postpaid_limit_reached"] as const;
export type OwingCode = (typeof OWING_CODES)[number];

/** Something that is there and isn't this caller's to do. */
export const PERMISSION_CODES = ["auto_renew_off_by_support"] as const;
export type PermissionCode = (typeof PERMISSION_CODES)[number];

export type Refusal = {
  readonly code: RuleCode;
  readonly path: string;
  readonly detail?: string | undefined;
};

/** Every expected failure of a command. Each code has one HTTP status, in the table of http/problems.ts. */
export type DomainError =
  | { readonly code: NotFoundCode }
  | { readonly code: PermissionCode }
  | { readonly code: OwingCode }
  | Refusal
  | { readonly code: StateCode; readonly detail?: string | undefined }
  | { readonly code: "insufficient_credit"; readonly available: Money; readonly missing: Money };

const CHANGES_WITH_TIME: readonly string[] = [...STATE_CODES, ...OWING_CODES];

/** Whether the same request would be refused again: such answers are stored and replayed. (README: How it's built.) */
export const isFinal = (error: DomainError): boolean => !CHANGES_WITH_TIME.includes(error.code);

export const refused = (refusal: Refusal): Result<never, DomainError> => err(refusal);
