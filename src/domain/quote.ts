import type { Account } from "./account.ts";
import { addMonths, anchorDayOf, MONTH_MINUTES, minutesBetween } from "./calendar.ts";
import { type Product, policyOf, type ResourceType } from "./catalogue.ts";
import { type Coupon, couponShares, withDiscount } from "./coupon.ts";
import { type DomainError, type Refusal, refused } from "./errors.ts";
import { lineIdOf, type OrderId } from "./ids.ts";
import { MAX_AMOUNT_MINOR, money, subtract, sum, ZERO } from "./money.ts";
import {
  MAX_RESOURCES_PER_ORDER,
  MAX_SKUS_PER_ORDER,
  type OrderItem,
  type OrderLine,
  type Period,
  QUOTE_LIFE_MS,
  type Quote,
} from "./order.ts";
import {
  type Charge,
  type ConfiguredSku,
  discountOf,
  exactTotal,
  grossOf,
  priceConfiguration,
  taxOf,
} from "./pricing.ts";
import { decimal, isLess, ratio } from "./ratio.ts";
import { err, ok, type Result } from "./result.ts";

/** No term may end later than this many months from now. */
export const MAX_PERIOD_MONTHS = 60;

export interface QuoteInput {
  readonly order: OrderId;
  readonly items: readonly OrderItem[];
  readonly product: Product;
  readonly coupon: Coupon | null;
  readonly account: Account;
  readonly nowMs: number;
}

/**
 * Prices the creation of prepaid resources at the product's present prices, the coupon split over all their charges.
 * Refused with the path of the first item's field that breaks a rule. (Domain: Price; Checkout.)
 */
export function quoteCreation(input: QuoteInput): Result<Quote, DomainError> {
  const { items, product, account } = input;
  if (product.currency !== account.currency) return refused({ code: "currency_mismatch", path: "product" });
  const resources = items.reduce((count, item) => count + item.quantity, 0);
  if (resources > MAX_RESOURCES_PER_ORDER) {
    return refused({
      code: "too_many_resources",
      path: "lines",
      detail: `One order creates at most ${MAX_RESOURCES_PER_ORDER} resources.`,
    });
  }
  const skus = items.reduce((count, item) => count + item.quantity * item.configuration.length, 0);
  if (skus > MAX_SKUS_PER_ORDER) {
    return refused({
      code: "too_many_resources",
      path: "lines",
      detail: `The configurations of one order's resources have at most ${MAX_SKUS_PER_ORDER} SKUs together.`,
    });
  }
  const priced: PricedItem[] = [];
  for (const [index, item] of items.entries()) {
    const result = priceItem(item, `lines[${index}]`, input);
    if (!result.ok) return result;
    priced.push(result.value);
  }
  return withCoupon(
    priced.flatMap((item, index) =>
      Array.from({ length: item.quantity }, () => ({ item: index, priced: item })),
    ),
    input,
  );
}

interface PricedItem {
  readonly type: ResourceType;
  readonly name: string;
  readonly quantity: number;
  readonly minutes: number;
  readonly charges: readonly Charge[];
}

function priceItem(
  item: OrderItem,
  path: string,
  { product, account, nowMs }: QuoteInput,
): Result<PricedItem, DomainError> {
  const type = product.resourceTypes.find(({ id }) => id === item.resourceType);
  if (!type) return refused({ code: "unknown_resource_type", path: `${path}.resourceType` });
  if (!type.billing.includes("prepaid"))
    return refused({ code: "billing_not_offered", path: `${path}.resourceType` });
  if (item.autoRenew?.enabled && !type.autoRenewable) {
    return refused({ code: "not_auto_renewable", path: `${path}.autoRenew` });
  }
  const configuration = configure(item, type, `${path}.configuration`);
  if (!configuration.ok) return configuration;
  if (!item.period) return refused({ code: "period_required", path: `${path}.period` });
  const minutes = billedMinutes(item.period, type.minimumMonths, `${path}.period`, { account, nowMs });
  if (!minutes.ok) return minutes;
  const billed = ratio(minutes.value);
  if (isLess(ratio(MAX_AMOUNT_MINOR), exactTotal(configuration.value, billed, product.currency))) {
    return refused({ code: "amount_too_large", path: `${path}.configuration` });
  }
  const charges = priceConfiguration(configuration.value, billed, product.currency);
  return ok({ type, name: item.name, quantity: item.quantity, minutes: minutes.value, charges });
}

/** Resolves a configuration against the type's price list; each SKU once, prepaid, in its least quantity at least. */
function configure(item: OrderItem, type: ResourceType, path: string): Result<ConfiguredSku[], DomainError> {
  const configured: ConfiguredSku[] = [];
  for (const [index, { sku: id, quantity }] of item.configuration.entries()) {
    const refuse = (code: Refusal["code"], field: string, detail?: string) =>
      refused({ code, path: `${path}[${index}].${field}`, detail });
    const sku = type.skus.find((candidate) => candidate.id === id);
    if (!sku) return refuse("unknown_sku", "sku");
    if (configured.some((other) => other.sku === sku)) return refuse("duplicate_sku", "sku");
    if (sku.metering !== "configuration") return refuse("sku_not_prepaid", "sku");
    const minimum = sku.minimum ?? "1";
    if (quantity < 1 || isLess(ratio(quantity), decimal(minimum))) {
      return refuse("quantity_below_minimum", "quantity", `The least quantity of ${sku.name} is ${minimum}.`);
    }
    configured.push({ sku, quantity });
  }
  return ok(configured);
}

function billedMinutes(
  period: Period,
  minimumMonths: number,
  path: string,
  { account: { timeZone }, nowMs }: { account: Account; nowMs: number },
): Result<number, DomainError> {
  const tooLong = {
    code: "period_too_long",
    detail: `A term is ${MAX_PERIOD_MONTHS} months at most.`,
  } as const;
  const tooShort = {
    code: "period_too_short",
    detail: `The shortest term is ${minimumMonths} month(s).`,
  } as const;
  if ("months" in period) {
    const field = `${path}.months`;
    if (period.months > MAX_PERIOD_MONTHS) return refused({ ...tooLong, path: field });
    if (period.months < minimumMonths) return refused({ ...tooShort, path: field });
    return ok(period.months * MONTH_MINUTES);
  }
  const field = `${path}.endAt`;
  if (period.endAtMs <= nowMs) return refused({ code: "period_in_the_past", path: field });
  const latest = addMonths(nowMs, MAX_PERIOD_MONTHS, anchorDayOf(nowMs, timeZone), timeZone);
  if (period.endAtMs > latest) return refused({ ...tooLong, path: field });
  const minutes = minutesBetween(nowMs, period.endAtMs, timeZone);
  return minutes < minimumMonths * MONTH_MINUTES ? refused({ ...tooShort, path: field }) : ok(minutes);
}

interface PricedLine {
  readonly item: number;
  readonly priced: PricedItem;
}

function withCoupon(lines: readonly PricedLine[], input: QuoteInput): Result<Quote, DomainError> {
  const { coupon, product, items, nowMs } = input;
  const charges = lines.flatMap(({ priced }) => priced.charges);
  const subtotal = sum(charges.map((charge) => charge.gross));
  if (subtotal > MAX_AMOUNT_MINOR) return refused({ code: "amount_too_large", path: "lines" });
  const shares = coupon ? couponShares(coupon, product, charges, nowMs) : ok(charges.map(() => ZERO));
  if (!shares.ok) return err(shares.error);
  const share = shares.value.values();
  const quoted = lines.map(({ item, priced }, index): OrderLine => {
    const discounted = priced.charges.map((charge) => withDiscount(charge, share.next().value ?? money(0)));
    const gross = grossOf(discounted);
    const discount = discountOf(discounted);
    return {
      id: lineIdOf(input.order, index),
      item,
      status: "pending",
      resource: null,
      name: priced.quantity > 1 ? `${priced.name}-${indexWithin(lines, index)}` : priced.name,
      billedMinutes: priced.minutes,
      charges: discounted,
      gross,
      tax: taxOf(discounted),
      discount,
      net: subtract(gross, discount),
      failure: null,
    };
  });
  const discount = sum(shares.value);
  const dependsOnNow = items.some(({ period }) => period !== null && "endAtMs" in period);
  return ok({
    catalogueVersion: product.version,
    policies: Object.fromEntries(lines.map(({ priced: { type } }) => [type.id, policyOf(type)])),
    lines: quoted,
    coupon: coupon?.code ?? null,
    subtotal,
    discount,
    total: subtract(subtotal, discount),
    expiresAtMs: dependsOnNow ? nowMs + QUOTE_LIFE_MS : null,
  });
}

/** The resources of one item are told apart by a number from 1 on. */
const indexWithin = (lines: readonly PricedLine[], index: number): number =>
  lines.slice(0, index + 1).filter(({ item }) => item === lines[index]?.item).length;
