import type { Child, PropsWithChildren } from "hono/jsx";
import type { Currency } from "../../domain/money.ts";
import { formatMoney, formatShortInstant, type Locale } from "../../texts/locale.ts";

export type Tone = "good" | "warn" | "bad" | "accent" | "neutral";

/** How the reader of a page reads amounts and times. */
export interface Reader {
  readonly locale: Locale;
  readonly timeZone: string;
  readonly currency: Currency;
}

export const Money = ({ minor, reader }: { readonly minor: number; readonly reader: Reader }) => (
  <span class="money">{formatMoney(minor, reader.currency, reader.locale)}</span>
);

/** An instant as short as lists want it. */
export const Moment = ({ atMs, reader }: { readonly atMs: number; readonly reader: Reader }) => (
  <time class="whole" datetime={new Date(atMs).toISOString()}>
    {formatShortInstant(atMs, reader.timeZone, reader.locale)}
  </time>
);

/** An amount that came (with its sign) or went. */
export const Change = ({ minor, reader }: { readonly minor: number; readonly reader: Reader }) => (
  <span class={minor > 0 ? "money gain" : "money"}>
    {minor > 0 ? "+" : ""}
    {formatMoney(minor, reader.currency, reader.locale)}
  </span>
);

export const Badge = ({ tone, children }: PropsWithChildren<{ readonly tone: Tone }>) => (
  <span class={`badge ${tone}`}>{children}</span>
);

/** Something the reader should know. Bad news is an alert to screen readers; the script says `data-news` aloud. */
export const Notice = ({ tone, children }: PropsWithChildren<{ readonly tone: Tone }>) => (
  <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : undefined} data-news="">
    {children}
  </div>
);

export const Card = ({ title, children }: PropsWithChildren<{ readonly title?: Child }>) => (
  <section class="card">
    {title === undefined ? null : <h2>{title}</h2>}
    {children}
  </section>
);

/** One thing that is said of something, in a list of such. */
export const Fact = ({
  label,
  main,
  more,
}: {
  readonly label: string;
  readonly main: Child;
  readonly more?: Child;
}) => (
  <div>
    <dt>{label}</dt>
    <dd>{main}</dd>
    {more === undefined ? null : <dd class="quiet small">{more}</dd>}
  </div>
);

export interface Column<R> {
  readonly title: string;
  readonly cell: (row: R) => Child;
  readonly align?: "end";
  /** Heads the row's card on a phone. */
  readonly isLead?: true;
}

/** A list: a table where there is room, one card a row on a phone. */
export function Rows<R>({
  caption,
  columns,
  rows,
  idOf,
}: {
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  /** What an address names a row by, after its `#`. */
  readonly idOf?: ((row: R) => string) | undefined;
}) {
  return (
    <div class="card flush">
      <table class="rows">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, align }) => (
              <th scope="col" class={align}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr id={idOf?.(row)}>
              {columns.map(({ title, cell, align, isLead }) => (
                <td class={isLead ? "lead" : align} data-label={title}>
                  <div>{cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: Child;
  readonly error?: Child;
  readonly class?: string;
}

/** A labelled control. Give the control the same id, and `describedBy(id)` where there is a hint or an error. */
export const Field = ({
  id,
  label,
  hint,
  error,
  class: more = "",
  children,
}: PropsWithChildren<FieldProps>) => (
  <div class={`field ${more}`}>
    <label for={id}>{label}</label>
    {children}
    {hint === undefined ? null : (
      <span class="hint" id={`${id}-hint`}>
        {hint}
      </span>
    )}
    <FieldError id={id}>{error}</FieldError>
  </div>
);

/** What is wrong with the control of this id, if anything. */
export const FieldError = ({ id, children }: PropsWithChildren<{ readonly id: string }>) =>
  children === undefined ? null : (
    <span class="error" id={`${id}-error`} role="alert" data-news="">
      {children}
    </span>
  );
