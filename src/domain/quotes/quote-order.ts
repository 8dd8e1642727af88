import { policyOf } from "../catalogue.ts";
import { couponShares, withDiscount } from "../coupon.ts";
import { type DomainError, refused } from "../errors.ts";
import { lineIdOf } from "../ids.ts";
import { floorToMinute } from "../local-time.ts";
import { MAX_AMOUNT_MINOR, subtract, sum, ZERO } from "../money.ts";
import {
  type Action,
  MAX_RESOURCES_PER_ORDER,
  MAX_SKUS_PER_ORDER,
  type OrderBilling,
  type OrderLine,
  QUOTE_LIFE_MS,
  type Quote,
} from "../order.ts";
import { type Charge, discountOf, grossOf, taxOf } from "../pricing.ts";
import { err, ok, type Result } from "../result.ts";
import { priceCreate } from "./create.ts";
import type { PricedItem, Pricer, PricingInput, QuoteInput } from "./quote-input.ts";
import { priceRecover } from "./recover.ts";
import { priceRenew } from "./renew.ts";
import { priceResize } from "./resize.ts";
import { soldAs } from "./sold-as.ts";
import { priceChangedUse, priceResumedUse, priceUse } from "./use.ts";

const PRICERS: Readonly<Record<OrderBilling, Partial<Record<Action, Pricer>>>> = {
  prepaid: {
    create: priceCreate,
    renew: priceRenew,
    match_end_time: priceRenew,
    resize: priceResize,
    recover: priceRecover,
    convert_poc: priceRecover,
  },
  poc: { create: priceCreate, renew: priceRenew, resize: priceResize, recover: priceRecover },
  postpaid: { create: priceUse, resize: priceChangedUse },
  hold: {
    create: priceUse,
    resize: priceChangedUse,
    recover: priceResumedUse,
    convert_poc: priceResumedUse,
  },
};

/**
 * Prices an order at the product's present prices, the coupon split over all its charges. Refused with the path of
 * the first item's field that breaks a rule. What may be had on trial money has that price, too. (Domain: Price;
 * Checkout; POC.)
 */
export function quoteOrder(input: QuoteInput): Result<Quote, DomainError> {
  const ways = soldAs(input);
  const [way, other] = ways;
  const usual = quoteAs(way, input);
  if (!other) return usual;
  const poc = input.pocEndMs === null ? null : quoteAs(other, { ...input, coupon: null });
  // Up to the wallet's end, time may be shorter than any that is sold.
  if (!usual.ok) return poc?.ok && endsWithWallet(input) ? poc : usual;
  return ok({ ...usual.value, soldAs: ways, pocTotal: poc?.ok ? poc.value.total : null });
}

/** Prices an order as one of the ways it may be sold. */
export function quoteAs(as: OrderBilling, input: QuoteInput): Result<Quote, DomainError> {
  const { action, items, product, account, coupon } = input;
  const price = PRICERS[as][action];
  if (!price) return refused({ code: "action_not_available", path: "action" });
  if (product.currency !== account.currency) return refused({ code: "currency_mismatch", path: "product" });
  if (coupon && (action === "resize" || as === "poc" || as === "hold"))
    return err({ code: "coupon_not_allowed" });
  const tooMany = sizeRefusal(input);
  if (tooMany) return tooMany;
  const lines: PricedLine[] = [];
  for (const [index, item] of items.entries()) {
    const result = price(item, `lines[${index}]`, { ...input, as });
    if (!result.ok) return result;
    for (let n = 1; n <= item.quantity; n += 1) {
      // The resources of one item are told apart by a number from 1 on.
      const name = item.quantity > 1 ? `${result.value.name}-${n}` : result.value.name;
      lines.push({ item: index, priced: { ...result.value, name } });
    }
  }
  return withCoupon(lines, { ...input, as });
}

const endsWithWallet = ({ items, pocEndMs }: QuoteInput): boolean =>
  items.every(({ period }) => period && "endAtMs" in period && floorToMinute(period.endAtMs) === pocEndMs);

function sizeRefusal({ items }: QuoteInput): Result<never, DomainError> | null {
  const count = (sizeOf: (item: QuoteInput["items"][number]) => number) =>
    items.reduce((total, item) => total + item.quantity * sizeOf(item), 0);
  const refuse = (detail: string) => refused({ code: "too_many_resources", path: "lines", detail });
  if (count(() => 1) > MAX_RESOURCES_PER_ORDER)
    return refuse(`One order has at most ${MAX_RESOURCES_PER_ORDER} resources.`);
  if (count(({ configuration }) => configuration.length) > MAX_SKUS_PER_ORDER)
    return refuse(
      `The configurations of one order's resources have at most ${MAX_SKUS_PER_ORDER} SKUs together.`,
    );
  return null;
}

interface PricedLine {
  readonly item: number;
  readonly priced: PricedItem;
}

function withCoupon(lines: readonly PricedLine[], input: PricingInput): Result<Quote, DomainError> {
  const { coupon, product, items, nowMs, as } = input;
  const charges = lines.flatMap(({ priced }) => priced.charges);
  if (grossOf(charges) > MAX_AMOUNT_MINOR) return refused({ code: "amount_too_large", path: "lines" });
  const shares = coupon ? couponShares(coupon, product, charges, nowMs) : ok(charges.map(() => ZERO));
  if (!shares.ok) return err(shares.error);
  const share = shares.value.values();
  const quoted = lines.map(({ item, priced }, index): OrderLine => {
    const discounted = priced.charges.map((charge) => withDiscount(charge, share.next().value ?? ZERO));
    return {
      id: lineIdOf(input.order, index),
      item,
      status: "pending",
      resource: priced.resource?.id ?? null,
      resourceVersion: priced.resource?.version ?? null,
      name: priced.name,
      endAtMs: priced.endAtMs,
      billedMinutes: priced.minutes,
      charges: discounted,
      ...amountsOf(priced, discounted),
      failure: null,
      ...(priced.configured ? { configured: priced.configured } : {}),
      ...(priced.hold === undefined ? {} : { hold: priced.hold }),
    };
  });
  const [subtotal, discount] = [sum(quoted.map(({ gross }) => gross)), sum(shares.value)];
  const total = subtract(subtotal, discount);
  return ok({
    quotedAtMs: nowMs,
    catalogueVersion: product.version,
    policies: Object.fromEntries(
      product.resourceTypes
        .filter(({ id }) => items.some(({ resourceType }) => resourceType === id))
        .map((type) => [type.id, policyOf(type)]),
    ),
    lines: quoted,
    coupon: coupon?.code ?? null,
    subtotal,
    discount,
    total,
    soldAs: [as],
    pocTotal: as === "poc" ? total : null,
    expiresAtMs: lines.some(({ priced }) => priced.dependsOnNow) ? nowMs + QUOTE_LIFE_MS : null,
  });
}

function amountsOf(
  { difference }: PricedItem,
  charges: readonly Charge[],
): Pick<OrderLine, "gross" | "tax" | "discount" | "net" | "refund"> {
  if (difference) {
    const net = subtract(difference.toPay, difference.refund);
    return { gross: net, tax: difference.tax, discount: ZERO, net, refund: difference.refund };
  }
  const [gross, discount] = [grossOf(charges), discountOf(charges)];
  return { gross, tax: taxOf(charges), discount, net: subtract(gross, discount), refund: ZERO };
}
