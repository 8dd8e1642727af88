import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { instantOf } from "../domain/local-time.ts";
import { CURRENCIES, type Currency, MAX_AMOUNT_MINOR, type Money, money } from "../domain/money.ts";
import type { Tone } from "./ui/parts.tsx";

/** What somebody entered, as it came. */
export type Entered = Readonly<Record<string, string>>;
/** What is wrong with it, by the field's name. */
export type FieldErrors = Readonly<Record<string, string>>;

/** What came of a form, told on the page that answers it. */
export interface Told {
  readonly status: ContentfulStatusCode;
  readonly notice?: { readonly tone: Tone; readonly text: string };
  readonly entered?: Entered;
  readonly errors?: FieldErrors;
}

export const noticeOf = (status: Told["status"], text: string): Told => ({
  status,
  notice: { tone: "warn", text },
});

/** What a form says; of fields that come twice the last one counts, and files are nothing here. What isn't a form says nothing. */
export async function enteredIn(c: Context): Promise<Entered> {
  const body = await c.req.parseBody().catch(() => ({}));
  return Object.fromEntries(
    Object.entries(body).filter((field): field is [string, string] => typeof field[1] === "string"),
  );
}

/** A day and time on a zone's clock, as browsers write them: `2026-12-31T09:30`, some with seconds. Null for anything else. */
export function readLocalInstant(text: string, timeZone: string): number | null {
  const [, minute] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::\d\d(?:\.\d+)?)?$/.exec(text) ?? [];
  const at = new Date(`${minute}Z`);
  // A day that its month doesn't have would become one of the next month.
  if (minute === undefined || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(minute)) return null;
  const local = {
    year: at.getUTCFullYear(),
    month0: at.getUTCMonth(),
    day: at.getUTCDate(),
    minuteOfDay: at.getUTCHours() * 60 + at.getUTCMinutes(),
  };
  return instantOf(local, timeZone);
}

/**
 * An amount of a currency as people write it, `250,000` or `250.000`: digits in groups, and as many decimals as it has.
 * Null for anything else.
 */
export function readAmount(text: string, currency: Currency): Money | null {
  const { minorDigits } = CURRENCIES[currency];
  const format = new RegExp(
    `^(\\d{1,3}(?:[., ]?\\d{3})*)${minorDigits > 0 ? `(?:[.,](\\d{${minorDigits}}))?` : ""}$`,
  );
  const [, whole, decimals = ""] = format.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  const minor = Number(`${whole.replaceAll(/\D/g, "")}${decimals.padEnd(minorDigits, "0")}`);
  return minor <= MAX_AMOUNT_MINOR ? money(minor) : null;
}

/** What makes a control say that something is wrong with it. */
export const invalid = (field: string, errors: FieldErrors) =>
  errors[field] === undefined
    ? {}
    : { "aria-invalid": "true" as const, "aria-describedby": `${field}-error` };
