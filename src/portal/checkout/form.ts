import type { DomainError } from "../../domain/errors.ts";
import type { CouponCode } from "../../domain/ids.ts";
import { ID_PATTERN } from "../../domain/ids.ts";
import { instantOf } from "../../domain/local-time.ts";
import { type AutoRenew, MAX_RESOURCES_PER_ORDER, type Order, type Period } from "../../domain/order.ts";
import { MAX_PERIOD_MONTHS } from "../../domain/quotes/period.ts";
import type { OrderChange } from "../../http/change-order.ts";
import type { checkoutTexts } from "../../texts/checkout.ts";

/** What somebody entered, as it came. */
export type Entered = Readonly<Record<string, string>>;
/** What is wrong with it, by the field's name. */
export type FieldErrors = Readonly<Record<string, string>>;

export const UNTIL_A_DATE = "until";

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
  { items }: Order,
  timeZone: string,
  words: Words,
): { readonly change: OrderChange; readonly errors: FieldErrors } {
  const errors: Record<string, string> = {};
  const take = <T>(field: string, read: Read<T>): T | undefined => {
    if ("value" in read) return read.value;
    errors[field] = read.error;
    return undefined;
  };
  const changes = items.map((_, item) => {
    const names = fieldsOf(item);
    const isDated = entered[names.period] === UNTIL_A_DATE;
    const period = isDated
      ? take(names.until, readUntil(entered[names.until], timeZone, words))
      : take(names.period, readMonths(entered[names.period], words));
    return {
      item,
      quantity: take(names.quantity, readQuantity(entered[names.quantity], words)),
      period,
      autoRenew: take(names.autoRenew, readAutoRenew(entered, names, words)),
    };
  });
  return { change: { changes }, errors };
}

/** Reads what stands in the coupon's field; nothing means no coupon. */
export function readCoupon(text: string, words: Words): Read<CouponCode | null> {
  const code = text.trim();
  if (code === "") return { value: null };
  return ID_PATTERN.test(code) ? { value: code as CouponCode } : { error: words.couponInvalid };
}

/** Where a refusal belongs on the page: a field's name, or null where it is about the order as a whole. */
export function fieldOfRefusal(error: DomainError): string | null {
  if (!("path" in error)) return error.code.startsWith("coupon_") ? "coupon" : null;
  if (error.path === "coupon") return "coupon";
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

/** A day and time on the account's clock, as browsers write them: `2026-12-31T09:30`, some with seconds. */
function readUntil(text = "", timeZone: string, words: Words): Read<Period> {
  const [, minute] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::\d\d(?:\.\d+)?)?$/.exec(text) ?? [];
  const at = new Date(`${minute}Z`);
  // A day that its month doesn't have would become one of the next month.
  if (minute === undefined || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(minute))
    return { error: words.untilInvalid };
  const local = {
    year: at.getUTCFullYear(),
    month0: at.getUTCMonth(),
    day: at.getUTCDate(),
    minuteOfDay: at.getUTCHours() * 60 + at.getUTCMinutes(),
  };
  return { value: { endAtMs: instantOf(local, timeZone) } };
}

/** A box that isn't ticked isn't sent; one that wasn't there isn't either, so its months tell the two apart. */
function readAutoRenew(
  entered: Entered,
  names: ReturnType<typeof fieldsOf>,
  words: Words,
): Read<AutoRenew | undefined> {
  const text = entered[names.renewMonths];
  if (text === undefined) return { value: undefined };
  const months = /^[1-9]\d?$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  return months <= MAX_PERIOD_MONTHS
    ? { value: { enabled: entered[names.autoRenew] === "on", months } }
    : { error: words.periodInvalid };
}
