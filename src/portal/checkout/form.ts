import { ATTEMPT_METHODS, type AttemptMethod } from "../../domain/attempts/attempt.ts";
import type { DomainError } from "../../domain/errors.ts";
import type { GatewayName } from "../../domain/gateway.ts";
import type { CouponCode } from "../../domain/ids.ts";
import { ID_PATTERN } from "../../domain/ids.ts";
import type { LinkedAccountId } from "../../domain/linking/linked-account.ts";
import { type Money, money } from "../../domain/money.ts";
import { type AutoRenew, MAX_RESOURCES_PER_ORDER, type OrderItem, type Period } from "../../domain/order.ts";
import { MAX_PERIOD_MONTHS } from "../../domain/quotes/period.ts";
import type { Wish } from "../../http/begin-payment.ts";
import type { OrderChange } from "../../http/change-order.ts";
import type { checkoutTexts } from "../../texts/checkout.ts";
import { type Entered, type FieldErrors, readLocalInstant } from "../form.ts";
import type { Checkout } from "./session.tsx";

export const UNTIL_A_DATE = "until";
/** The field of the one end that all resources of an order are renewed up to. */
export const END_OF_ALL = "until-all";

/** The choice to pay from credit. */
export const BY_CREDIT = "credit";

/** The choice to have credit held, for what is billed after its use. */
export const BY_HOLD = "hold";

/** The choice to pay from trial credit. */
export const BY_TRIAL = "poc";

/** The choice to pay a part, as much as there was credit when it was offered. */
export const partOf = (amount: Money): string => `${BY_CREDIT}:${amount}`;

const PART = new RegExp(`^${BY_CREDIT}:([1-9]\\d{0,14})$`);

/** The part that somebody chose to pay from credit; null for other choices. */
export function readPart(text = ""): Money | null {
  const [, amount] = PART.exec(text) ?? [];
  return amount === undefined ? null : money(Number(amount));
}

/** What a way to pay is called in the form: by its method, and by where it takes the money. */
export const choiceOf = (
  method: AttemptMethod,
  gateway: GatewayName,
  linkedAccount: LinkedAccountId | null,
): string => `${method}:${linkedAccount ?? gateway}`;

/** Reads how somebody wants to pay; null for what no form of ours says. */
export function readChoice(text = ""): Wish | null {
  if (text === BY_CREDIT) return { method: "credit" };
  const [name, where] = text.split(":");
  const method = ATTEMPT_METHODS.find((known) => known === name);
  if (!method || where === undefined) return null;
  return method === "linked" ? { method, linkedAccount: where } : { method, gateway: where };
}

/** Reads where credit is to be bought, and how much, as the form offered it; null for what no form of ours says. */
export function readPurchase(text = ""): { readonly gateway: string; readonly amount: Money } | null {
  const [, gateway, amount] = /^(\w+):([1-9]\d{0,14})$/.exec(text) ?? [];
  return gateway === undefined ? null : { gateway, amount: money(Number(amount)) };
}

type Words = (typeof checkoutTexts)["en"];
type Read<T> = { readonly value: T } | { readonly error: string };

/** The names of an item's fields; each is its control's id as well. */
export const fieldsOf = (item: number) => ({
  quantity: `quantity-${item}`,
  period: `period-${item}`,
  until: `until-${item}`,
  autoRenew: `renew-${item}`,
  renewMonths: `renew-months-${item}`,
});

/** Reads the form of an order's items. Every field that isn't right is named; then nothing is to be changed. */
export function readItems(
  entered: Entered,
  { account: { timeZone }, order, resources }: Checkout,
  words: Words,
): { readonly change: OrderChange; readonly errors: FieldErrors } {
  const errors: Record<string, string> = {};
  const take = <T>(field: string, read: Read<T>): T | undefined => {
    if ("value" in read) return read.value;
    errors[field] = read.error;
    return undefined;
  };
  const changes = order.items.map((ordered, item) => {
    const names = fieldsOf(item);
    const isDated = entered[names.period] === UNTIL_A_DATE;
    const period = isDated
      ? take(names.until, readUntil(entered[names.until], timeZone, words))
      : take(names.period, readMonths(entered[names.period], words));
    return {
      item,
      quantity: take(names.quantity, readQuantity(entered[names.quantity], words)),
      period,
      autoRenew: take(
        names.autoRenew,
        readAutoRenew(entered, names, presentRenewal(ordered, resources), words),
      ),
    };
  });
  const end = entered[END_OF_ALL];
  const period = end === undefined ? undefined : take(END_OF_ALL, readUntil(end, timeZone, words));
  return { change: { period, changes }, errors };
}

/** What the order says of an item's renewal; where it says nothing, what its resource has. */
export const presentRenewal = (
  { autoRenew, resource }: OrderItem,
  resources: Checkout["resources"],
): AutoRenew | null => autoRenew ?? (resource === null ? null : (resources.get(resource)?.autoRenew ?? null));

/** Reads what stands in the coupon's field; nothing means no coupon. */
export function readCoupon(text: string, words: Words): Read<CouponCode | null> {
  const code = text.trim();
  if (code === "") return { value: null };
  return ID_PATTERN.test(code) ? { value: code as CouponCode } : { error: words.couponInvalid };
}

/** Where a refusal belongs on the page: a field's name, or null where it is about the order as a whole. */
export function fieldOfRefusal(error: DomainError): string | null {
  if (!("path" in error)) return error.code.startsWith("coupon_") ? "coupon" : null;
  if (error.path === "coupon" || error.path === "invoiceAddress") return error.path;
  if (error.path.startsWith("period")) return END_OF_ALL;
  const [, item, field] = /^lines\[(\d+)\]\.(quantity|period|autoRenew)/.exec(error.path) ?? [];
  if (item === undefined) return null;
  const names = fieldsOf(Number(item));
  if (field !== "period") return field === "quantity" ? names.quantity : names.autoRenew;
  return error.path.endsWith("endAt") ? names.until : names.period;
}

function readQuantity(text: string | undefined, words: Words): Read<number | undefined> {
  if (text === undefined) return { value: undefined };
  const quantity = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  return quantity >= 1 && quantity <= MAX_RESOURCES_PER_ORDER
    ? { value: quantity }
    : { error: words.quantityInvalid };
}

function readMonths(text: string | undefined, words: Words): Read<Period | undefined> {
  if (text === undefined) return { value: undefined };
  return /^[1-9]\d{0,2}$/.test(text) ? { value: { months: Number(text) } } : { error: words.periodInvalid };
}

function readUntil(text = "", timeZone: string, words: Words): Read<Period> {
  const endAtMs = readLocalInstant(text, timeZone);
  return endAtMs === null ? { error: words.untilInvalid } : { value: { endAtMs } };
}

/**
 * A box that isn't ticked isn't sent; one that wasn't there isn't either, so its months tell the two apart. What is as
 * it was isn't set: the order then leaves its resource's renewal alone.
 */
function readAutoRenew(
  entered: Entered,
  names: ReturnType<typeof fieldsOf>,
  present: AutoRenew | null,
  words: Words,
): Read<AutoRenew | undefined> {
  const text = entered[names.renewMonths];
  if (text === undefined) return { value: undefined };
  const months = /^[1-9]\d?$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  if (months > MAX_PERIOD_MONTHS) return { error: words.periodInvalid };
  const enabled = entered[names.autoRenew] === "on";
  const isAsItWas = present?.enabled === enabled && present.months === months;
  return { value: isAsItWas ? undefined : { enabled, months } };
}
