import type { Account } from "../../domain/account.ts";
import type { Locale } from "../../texts/locale.ts";

/** What a list is as a file: how it is named, what its columns are, and what heads it where there is room for that. */
export interface ListFile<R> {
  readonly title: string;
  /** The file's name, without its ending. */
  readonly name: string;
  readonly facts: readonly Fact[];
  readonly columns: readonly ListColumn<R>[];
  /** What the rows come to, where that says something. */
  readonly totals?: (rows: readonly R[]) => readonly Fact[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** For whom: amounts are in the account's currency and times on its clock. */
export interface ListReader {
  readonly account: Pick<Account, "name" | "currency" | "timeZone">;
  readonly locale: Locale;
}

/** `width` is in letters. In PDFs, which are narrow, only columns with `points` are shown. */
export type ListColumn<R> = {
  readonly title: string;
  readonly width: number;
  readonly points?: number;
} & (
  | { readonly kind: "text"; readonly of: (row: R) => string | null }
  /** Minor units. */
  | { readonly kind: "amount"; readonly of: (row: R) => number }
  /** An exact decimal. */
  | { readonly kind: "decimal"; readonly of: (row: R) => string }
  | { readonly kind: "day" | "instant"; readonly of: (row: R) => number }
);
