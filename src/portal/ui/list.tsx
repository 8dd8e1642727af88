import type { Child, PropsWithChildren } from "hono/jsx";
import { listTexts } from "../../texts/lists.ts";
import type { Locale } from "../../texts/locale.ts";
import type { ListPage, listFields, pageFields, Query } from "../query.ts";
import { type Column, Field, Notice, Rows } from "./parts.tsx";

type ListQuery = Query<typeof pageFields>;

const PERIOD = ["from", "to"] as const;

/** What narrows a list. Works as an ordinary form. */
export const Filters = ({
  query: { asked },
  locale,
  children,
}: PropsWithChildren<{ readonly query: ListQuery; readonly locale: Locale }>) => {
  const texts = listTexts[locale];
  const { older: _, newer: __, ...filters } = asked;
  return (
    <search class="unprinted">
      <form class="filters" method="get">
        {children}
        <button type="submit">{texts.apply}</button>
        {Object.keys(filters).length > 0 ? (
          <a class="button plain" href="?">
            {texts.clear}
          </a>
        ) : null}
      </form>
    </search>
  );
};

/** The days that a list begins and ends with. */
export const Days = ({
  asked,
  locale,
}: {
  readonly asked: Query<typeof listFields>["asked"];
  readonly locale: Locale;
}) => (
  <>
    {PERIOD.map((name) => (
      <Field id={name} label={listTexts[locale][name]}>
        <input id={name} name={name} type="date" value={asked[name]} />
      </Field>
    ))}
  </>
);

export interface ListProps<R> {
  readonly query: ListQuery;
  readonly locale: Locale;
  readonly title: string;
  readonly page: ListPage<R>;
  readonly columns: readonly Column<R>[];
  /** Names the filters that this list has besides days. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Stands in the place of a list that would be empty whatever is asked for. */
  readonly empty: Child;
  readonly idOf?: (row: R) => string;
}

/** One page of a list, with the way to its neighbours. */
export function List<R>({ query, locale, title, page, columns, labels, empty, idOf }: ListProps<R>) {
  const texts = listTexts[locale];
  const names: Readonly<Record<string, string>> = {
    ...texts,
    older: texts.place,
    newer: texts.place,
    ...labels,
  };
  const isAsked = Object.keys(query.asked).length > 0;
  return (
    <>
      {query.ignored.length > 0 ? (
        <Notice tone="warn">
          {texts.unreadable} {[...new Set(query.ignored.map((name) => names[name]))].join(", ")}
        </Notice>
      ) : null}
      {page.rows.length > 0 ? (
        <Rows caption={title} columns={columns} rows={page.rows} idOf={idOf} />
      ) : (
        <div class="card empty">
          {isAsked ? (
            <>
              <p>{texts.noMatch}</p>
              <p>
                <a href="?">{texts.newest}</a>
              </p>
            </>
          ) : (
            empty
          )}
        </div>
      )}
      {page.newer || page.older ? (
        <nav class="pager unprinted" aria-label={texts.pages}>
          <Turn to={page.newer} rel="prev" query={query}>
            ← {texts.newer}
          </Turn>
          <Turn to={page.older} rel="next" query={query}>
            {texts.older} →
          </Turn>
        </nav>
      ) : null}
    </>
  );
}

const Turn = ({
  to,
  rel,
  query,
  children,
}: PropsWithChildren<{
  readonly to: ListPage<unknown>["older"];
  readonly rel: "prev" | "next";
  readonly query: ListQuery;
}>) =>
  to === null ? (
    <span />
  ) : (
    <a class="button" rel={rel} href={query.href(to)}>
      {children}
    </a>
  );
