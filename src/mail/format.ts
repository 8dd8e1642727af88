import { CURRENCIES, type Currency } from "../domain/money.ts";

/** How an account reads amounts and times. */
export interface Reader {
  readonly locale: "en" | "vi";
  readonly timeZone: string;
  readonly currency: Currency;
}

const LANGUAGE = { en: "en-GB", vi: "vi-VN" } as const;

/** Minor units as people read them: "250,000 VND", "250.000 VND". Exact: no floats but for the digits' grouping. */
export function amount(minor: number, { locale, currency }: Reader): string {
  const { minorDigits } = CURRENCIES[currency];
  const format = new Intl.NumberFormat(LANGUAGE[locale], { minimumFractionDigits: minorDigits });
  return `${format.format(minor / 10 ** minorDigits)} ${currency}`;
}

/** An instant on the account's own clock, to the minute. */
export const dateTime = (atMs: number, { locale, timeZone }: Reader): string =>
  new Intl.DateTimeFormat(LANGUAGE[locale], { dateStyle: "long", timeStyle: "short", timeZone }).format(atMs);
