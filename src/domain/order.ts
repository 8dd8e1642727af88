import type { AttemptId } from "./attempts/attempt.ts";
import type { ResourcePolicy } from "./catalogue.ts";
import type {
  CouponCode,
  InvoiceAddressId,
  LineId,
  OrderId,
  PaymentId,
  ProductId,
  ResourceId,
  ResourceTypeId,
  SkuId,
} from "./ids.ts";
import { HOUR_MS, MINUTE_MS } from "./local-time.ts";
import { type Currency, larger, type Money, sum, ZERO } from "./money.ts";
import type { Charge, ConfiguredSku } from "./pricing.ts";
import type { Share } from "./share.ts";

/** An unpaid order lives this long. (Domain: Checkout.) */
export const ORDER_LIFE_MS = 24 * HOUR_MS;
/** A quote whose minutes depend on the moment it was made lives this long. (Domain: Price, When minutes are fixed.) */
export const QUOTE_LIFE_MS = 30 * MINUTE_MS;
/** A console that hasn't answered for this long is alerted about, and after the second its line is refunded. */
export const PROVISIONING_ALERT_MS = HOUR_MS;
export const PROVISIONING_LIMIT_MS = 24 * HOUR_MS;

export const MAX_ITEMS = 50;
export const MAX_RESOURCES_PER_ORDER = 200;
/** SKUs of all its resources together: an order is one row, and must fit into it. */
export const MAX_SKUS_PER_ORDER = 2_000;

export const ACTIONS = ["create", "resize", "renew", "recover", "match_end_time", "convert_poc"] as const;
export type Action = (typeof ACTIONS)[number];

export type OrderStatus =
  | "awaiting_payment"
  | "paid"
  | "provisioning"
  | "completed"
  | "failed"
  | "cancelled"
  | "expired";
export type LineStatus = "pending" | "provisioning" | "active" | "refunded";

/**
 * Whether its resources are paid for before they are used, or afterwards, or had on trial money up to its end, or credit
 * is held for their use. (Domain: Two kinds of account; POC; Held.)
 */
export type OrderBilling = "prepaid" | "poc" | "postpaid" | "hold";

export type Period = { readonly months: number } | { readonly endAtMs: number };

export interface AutoRenew {
  readonly enabled: boolean;
  readonly months: number;
}

/** One item as it was asked for; an item of quantity n becomes n lines. */
export interface OrderItem {
  /** The resource that this is about; null where it is to be created. */
  readonly resource: ResourceId | null;
  readonly resourceType: ResourceTypeId;
  readonly name: string;
  readonly configuration: readonly { readonly sku: SkuId; readonly quantity: number }[];
  readonly quantity: number;
  readonly period: Period | null;
  readonly autoRenew: AutoRenew | null;
}

/**
 * One resource of an order. `gross` − `discount` = `net`, each the sum over `charges`; but what a resize costs is the
 * difference that its `charges` make to what the resource is worth, and is below zero by its `refund`.
 */
export interface OrderLine {
  readonly id: LineId;
  readonly item: number;
  readonly status: LineStatus;
  readonly resource: ResourceId | null;
  /** The version of the resource that was quoted for; null for one that is to be created. */
  readonly resourceVersion: number | null;
  readonly name: string;
  /** When the resource's time will end by this, where that is known before it is delivered. */
  readonly endAtMs: number | null;
  readonly billedMinutes: number;
  readonly charges: readonly Charge[];
  readonly gross: Money;
  readonly tax: Money;
  readonly discount: Money;
  readonly net: Money;
  /** What a resize pays back when it is delivered. */
  readonly refund: Money;
  readonly failure: string | null;
  /** What is used before it is paid: its configuration at the prices that its bills will have. */
  readonly configured?: readonly ConfiguredSku[];
  /** What will be held for what it will use, as far as that is known at the quote. */
  readonly hold?: Money;
}

/** What an order costs on the catalogue version it names. `expiresAtMs`: null where it lives as long as the order. */
export interface Quote {
  readonly quotedAtMs: number;
  readonly catalogueVersion: number;
  readonly policies: Readonly<Record<ResourceTypeId, ResourcePolicy>>;
  readonly lines: readonly OrderLine[];
  readonly coupon: CouponCode | null;
  readonly subtotal: Money;
  readonly discount: Money;
  readonly total: Money;
  /** What it may be paid as; what it costs is of the first of these. */
  readonly soldAs: readonly OrderBilling[];
  /** What it costs on trial money, as of this quote; null where there is none, or the order isn't sold so. */
  readonly pocTotal: Money | null;
  readonly expiresAtMs: number | null;
}

export interface Order {
  readonly id: OrderId;
  readonly product: ProductId;
  readonly action: Action;
  readonly billing: OrderBilling;
  readonly status: OrderStatus;
  readonly currency: Currency;
  readonly items: readonly OrderItem[];
  readonly quote: Quote;
  /** Whom its invoices are made out to; null for the account's default. */
  readonly invoiceAddress: InvoiceAddressId | null;
  readonly returnUrl: string;
  readonly cancelUrl: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** Attempts at gateways, oldest first. At most one of them holds something: the newest. */
  readonly attempts: readonly AttemptId[];
  /** By which somebody else may pay it. */
  readonly share: Share | null;
  readonly payment: PaymentId | null;
  /** When it was paid or, where that comes after the use, confirmed. */
  readonly paidAtMs: number | null;
  readonly alertedAtMs: number | null;
  /** How many checkout links were used; the next one carries this number. */
  readonly checkoutsOpened: number;
}

/** What paying a line takes: nothing where it gives something back. */
export const toPayFor = ({ net }: OrderLine): Money => larger(net, ZERO);

/** What paying an order takes. What it gives back comes line by line, when each is delivered. */
export const toPayForOrder = ({ quote }: Order): Money => sum(quote.lines.map(toPayFor));

export const isOpen = (line: OrderLine): boolean =>
  line.status === "pending" || line.status === "provisioning";

/** The status at an instant: what expires an unpaid order is the clock alone, which holds nothing and changes nothing. */
export const statusAt = (order: Order, nowMs: number): OrderStatus =>
  order.status === "awaiting_payment" && nowMs >= order.expiresAtMs ? "expired" : order.status;

/** Completed when no line is open and one stands, failed when none does. (README: How it's built.) */
export function statusFromLines(lines: readonly OrderLine[]): OrderStatus {
  if (lines.some(isOpen)) return "provisioning";
  return lines.some((line) => line.status === "active") ? "completed" : "failed";
}

/** The next instant at which time alone has something done about this order, or null. */
export function orderDueAtMs(order: Order): number | null {
  if (order.status !== "provisioning" || order.paidAtMs === null) return null;
  return order.paidAtMs + (order.alertedAtMs === null ? PROVISIONING_ALERT_MS : PROVISIONING_LIMIT_MS);
}
