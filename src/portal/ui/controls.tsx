import { localTime } from "../../domain/local-time.ts";
import type { Locale } from "../../texts/locale.ts";
import { formatMonths } from "../../texts/units.ts";
import { Field } from "./parts.tsx";

const OFFERED_MONTHS = [1, 2, 3, 6, 12, 24, 36, 60];

/** The months that can be chosen: the usual ones, and the present choice. */
export const MonthOptions = ({
  present,
  chosen,
  locale,
}: {
  readonly present: number | null;
  readonly chosen: string;
  readonly locale: Locale;
}) => (
  <>
    {[...new Set(OFFERED_MONTHS.concat(present ?? []))]
      .sort((a, b) => a - b)
      .map((count) => (
        <option value={String(count)} selected={chosen === String(count)}>
          {formatMonths(count, locale)}
        </option>
      ))}
  </>
);

/** An instant as browsers' inputs write it, on the account's clock. */
export function asInput(atMs: number, timeZone: string): string {
  const { year, month0, day, minuteOfDay } = localTime(atMs, timeZone);
  const local = Date.UTC(year, month0, day, 0, minuteOfDay);
  return new Date(local).toISOString().slice(0, "2026-12-31T09:30".length);
}

/** One of a few, or all of them. */
export const Choice = ({
  id,
  label,
  all,
  chosen,
  options,
}: {
  readonly id: string;
  readonly label: string;
  readonly all: string;
  readonly chosen: string | undefined;
  readonly options: readonly (readonly [value: string, name: string])[];
}) => (
  <Field id={id} label={label}>
    <select id={id} name={id}>
      <option value="">{all}</option>
      {options.map(([value, name]) => (
        <option value={value} selected={value === chosen}>
          {name}
        </option>
      ))}
    </select>
  </Field>
);
