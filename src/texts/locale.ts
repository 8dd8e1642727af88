import type { Account } from "../domain/account.ts";
import { CURRENCIES, type Currency } from "../domain/money.ts";

/** The languages that customers are written to in. */
export type Locale = Account["locale"];
export const LOCALES = ["en", "vi"] as const satisfies readonly Locale[];

/** The same texts in every language: a missing one doesn't compile. */
export type Translated<T> = Readonly<Record<Locale, T>>;

export const LANGUAGE = { en: "en-GB", vi: "vi-VN" } as const satisfies Record<Locale, string>;

/** Minor units as people read them: "250,000", "250.000". Exact: no floats but for the digits' grouping. */
export function formatAmount(minor: number, currency: Currency, locale: Locale): string {
  const { minorDigits } = CURRENCIES[currency];
  const format = new Intl.NumberFormat(LANGUAGE[locale], { minimumFractionDigits: minorDigits });
  return format.format(minor / 10 ** minorDigits);
}

/** The same with its currency: "250,000 VND", "250.000 VND". */
export const formatMoney = (minor: number, currency: Currency, locale: Locale): string =>
  `${formatAmount(minor, currency, locale)} ${currency}`;

/** An instant on the clock of a time zone, to the minute. */
export const formatInstant = (atMs: number, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(LANGUAGE[locale], { dateStyle: "long", timeStyle: "short", timeZone }).format(atMs);

/** The day that an instant falls on in a time zone. */
export const formatDate = (atMs: number, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(LANGUAGE[locale], { dateStyle: "long", timeZone }).format(atMs);

/** The month that an instant falls on in a time zone. */
export const formatMonth = (atMs: number, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(LANGUAGE[locale], { month: "long", year: "numeric", timeZone }).format(atMs);

/** A day and minute on the clock of a time zone, as short as lists want it. */
export const formatShortInstant = (atMs: number, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(LANGUAGE[locale], { dateStyle: "short", timeStyle: "short", timeZone }).format(
    atMs,
  );

/** The same without the minute. */
export const formatShortDate = (atMs: number, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(LANGUAGE[locale], { dateStyle: "short", timeZone }).format(atMs);

const NUMERIC_DATE = { day: "2-digit", month: "2-digit", year: "numeric" } as const;

/** The same, equally wide on every day: "01/03/2027". */
export const formatNumericDate = (atMs: number, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(LANGUAGE[locale], { ...NUMERIC_DATE, timeZone }).format(atMs);

/** A day and minute, equally wide whenever it is: "01/03/2027 09:05". */
export const formatNumericInstant = (atMs: number, timeZone: string, locale: Locale): string =>
  `${formatNumericDate(atMs, timeZone, locale)} ${new Intl.DateTimeFormat(LANGUAGE[locale], { timeStyle: "short", timeZone }).format(atMs)}`;
