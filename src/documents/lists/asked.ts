import type { Invoice } from "../../domain/invoice.ts";
import { exportTexts } from "../../texts/exports.ts";
import { formatInstant } from "../../texts/locale.ts";
import { statuses } from "../../texts/statuses.ts";
import type { Fact, ListReader } from "./list-file.ts";

/** What a list was narrowed to; `toMs` is the first instant that doesn't count. */
export interface Asked {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly product?: string | undefined;
  readonly status?: Invoice["status"] | undefined;
  readonly q?: string | undefined;
}

/** Whose list it is, and what of it. */
export function factsOf(asked: Asked, { account, locale }: ListReader): Fact[] {
  const words = exportTexts[locale];
  const { fromMs, toMs, product, status, q } = asked;
  const instant = (atMs: number) => formatInstant(atMs, account.timeZone, locale);
  const facts: readonly (Fact | null)[] = [
    { label: words.account, value: account.name },
    { label: words.timeZone, value: account.timeZone },
    { label: words.currency, value: account.currency },
    fromMs === undefined ? null : { label: words.from, value: instant(fromMs) },
    toMs === undefined ? null : { label: words.until, value: instant(toMs) },
    product === undefined ? null : { label: words.product, value: product },
    status === undefined ? null : { label: words.status, value: statuses[locale].invoice[status] },
    q === undefined ? null : { label: words.filter, value: q },
  ];
  return facts.filter((fact) => fact !== null);
}
