import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ClientErrorStatusCode, ServerErrorStatusCode } from "hono/utils/http-status";
import {
  type DomainError,
  NOT_FOUND_CODES,
  OWING_CODES,
  PERMISSION_CODES,
  RULE_CODES,
  STATE_CODES,
} from "../domain/errors.ts";
import type { App } from "./context.ts";

/** Failures that arise before a command exists. */
type EdgeCode =
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "product_not_found"
  | "invalid_request"
  | "malformed_json"
  | "unsupported_media_type"
  | "body_too_large"
  | "headers_too_large"
  | "idempotency_key_required"
  | "idempotency_key_invalid"
  | "idempotency_key_reused"
  | "request_in_progress"
  | "portal_action_not_allowed"
  | "export_too_long"
  | "too_many_requests"
  | "not_a_sandbox"
  | "range_not_allowed"
  | "too_many_costs"
  | "internal_error"
  | "unavailable";

export type ProblemCode = DomainError["code"] | EdgeCode;

const everyCode = <C extends string>(codes: readonly C[], status: number) =>
  Object.fromEntries(codes.map((code) => [code, status])) as Record<C, number>;

/** The one table from what went wrong to HTTP. */
const STATUS: Record<ProblemCode, number> = {
  ...everyCode(NOT_FOUND_CODES, 404),
  ...everyCode(PERMISSION_CODES, 403),
  ...everyCode(RULE_CODES, 422),
  ...everyCode(STATE_CODES, 409),
  insufficient_credit: 402,
  ...everyCode(OWING_CODES, 402),
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  product_not_found: 404,
  invalid_request: 400,
  malformed_json: 400,
  unsupported_media_type: 415,
  body_too_large: 413,
  headers_too_large: 431,
  idempotency_key_required: 400,
  idempotency_key_invalid: 400,
  idempotency_key_reused: 422,
  request_in_progress: 409,
  portal_action_not_allowed: 403,
  export_too_long: 422,
  too_many_requests: 429,
  not_a_sandbox: 403,
  range_not_allowed: 422,
  too_many_costs: 422,
  internal_error: 500,
  unavailable: 503,
};

/** What people read, where the code's own words don't say enough. */
const DETAIL: Partial<Record<ProblemCode, string>> = {
  unauthenticated: "Send a valid token as `Authorization: Bearer …`.",
  forbidden: "This token's role or actions don't allow this call.",
  idempotency_key_required: "This call moves money: send an `Idempotency-Key` header.",
  idempotency_key_invalid: "An idempotency key is 1 to 255 printable ASCII characters.",
  idempotency_key_reused: "This idempotency key was used for another request.",
  request_in_progress: "The same request is still being worked on; try again.",
  insufficient_credit: "What is available in the wallet doesn't cover this amount.",
  correction_exceeds_credit: "A correction can't take more than is available.",
  order_already_paid: "This order is paid.",
  order_cancelled: "This order was cancelled.",
  order_expired: "This order has expired; place a new one.",
  order_changed: "The order was changed in the same moment; look at it again.",
  payment_in_progress: "A linked account is just being charged for this; wait a minute for the answer.",
  recipient_exists: "This address gets the account's mails already.",
  confirmation_expired: "This confirmation came too late; ask again.",
  too_many_recipients: "An account has 20 recipients at most.",
  too_many_invoice_addresses: "An account has 20 invoice addresses at most.",
  invoice_address_is_default: "This is the default; make another one the default first.",
  checkout_link_used: "This link was used before.",
  resource_changed: "The resource has changed since this was quoted; ask for a new quote with `PATCH {}`.",
  resource_busy: "Another action on this resource is paid and in progress; wait for its end.",
  resource_deleted: "This resource is deleted.",
  resource_expired: "This resource has no paid time left; renew it first.",
  resource_in_trash: "This resource is in the trash; recover it first.",
  resource_not_in_trash: "Only what is in the trash can be recovered.",
  resource_not_in_service: "This resource isn't in service; renew it first.",
  coupon_not_allowed: "A coupon can't be used for this.",
  auto_renew_off_by_support: "Only support can turn auto-renewal off for this type of resource.",
  quantity_not_allowed: "An action on a resource has no quantity.",
  period_not_allowed: "A resize keeps the resource's time.",
  duplicate_resource: "Each resource once an order.",
  quote_expired: "This quote is too old; ask for a new one with `PATCH {}`.",
  coupon_exhausted: "All uses of this coupon are taken.",
  coupon_used_up_by_account: "This account has used this coupon as often as it may.",
  method_not_available: "This way of paying isn't offered here.",
  action_not_available: "This action isn't offered here.",
  mixed_billing:
    "Order what is paid in advance, what is paid by the month and what runs on trial money separately.",
  overdue: "Bills are overdue: pay them first.",
  postpaid_limit_reached: "What was used and isn't paid has reached the account's limit.",
  callback_url_not_allowed: "Calls go to public https addresses only.",
  return_url_not_allowed: "Customers are sent back only to origins the product registered.",
  share_ended: "This link was taken back, or another was sent since.",
  share_expired: "This link was good for three days.",
  not_paid_at_gateway: "This payment took nothing at a payment gateway: there is nothing to send back.",
  payment_not_captured: "The gateway hasn't taken this payment's money.",
  account_currency_fixed: "An account's currency can't be changed.",
  account_time_zone_fixed: "The time zone can't be changed while the account has resources.",
  resource_on_poc: "This resource runs on trial money; convert it first.",
  resource_not_on_poc: "This resource doesn't run on trial money.",
  poc_wallet_expired: "This account has no POC wallet with time left.",
  poc_wallet_in_use: "Resources run on trial money beyond this end; stop them first.",
  poc_amount_below_used: "More than this amount of trial money is used.",
  linked_account_not_active: "This linked account isn't active.",
  linking_not_available: "Accounts can't be linked at this gateway.",
  monthly_cap_below_amount: "The month's cap is below what is charged at once.",
  too_many_linked_accounts: "An account has 10 linked accounts at most.",
  invoice_already_paid: "This bill is paid.",
  amount_exceeds_open: "This is more than is open.",
  outside_payment_differs: "A payment with this reference was recorded for this bill, with another amount.",
  callback_deposited: "This money was made credit, or settled its payment, before.",
  line_already_active: "This line was provisioned.",
  line_already_refunded: "This line was refunded: undo what was done for it.",
  too_many_costs: "More costs than can be added up at once: ask for less time, or filter.",
  unsupported_media_type: "Send the body as application/json.",
  not_a_sandbox: "This call exists in sandbox installations only.",
};

const fieldError = z.object({ path: z.string(), code: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldError>;

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string(),
    code: z.string(),
    errors: z.array(fieldError).readonly().optional(),
    available: z.int().optional(),
    missing: z.int().optional(),
    requestId: z.string(),
  })
  .openapi("Problem");

export interface Problem {
  readonly code: ProblemCode;
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly available?: number;
  readonly missing?: number;
}

/** The rate limits' own period. */
const RETRY_AFTER_SECONDS = "60";

type ErrorStatus = ClientErrorStatusCode | ServerErrorStatusCode;

export type ProblemResponse = ReturnType<typeof problem>;

/** Answers RFC 9457 problem details; `code` is stable, members beyond the standard's are the problem's own. */
export function problem(c: Context<App>, { code, detail, errors, available, missing }: Problem) {
  const status = STATUS[code];
  const body = {
    type: `urn:edge-billing:problem:${code}`,
    title: sentence(code),
    status,
    detail: detail ?? DETAIL[code],
    instance: new URL(c.req.url).pathname,
    code,
    errors,
    available,
    missing,
    requestId: c.get("requestId"),
  } satisfies z.infer<typeof problemSchema>;
  if (status === 429) c.header("Retry-After", RETRY_AFTER_SECONDS);
  return c.json(body, status as ErrorStatus, { "Content-Type": "application/problem+json" });
}

/** Turns a refused command into its problem; amounts and paths become members. */
export function refusalProblem(c: Context<App>, error: DomainError) {
  if (!("path" in error)) return problem(c, { ...error });
  const { code, path, detail } = error;
  const message = detail ?? DETAIL[code] ?? sentence(code);
  return problem(c, { code, detail: message, errors: [{ path, code, message }] });
}

const sentence = (code: string): string =>
  `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll("_", " ")}`;
