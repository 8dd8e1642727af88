import type { Context } from "hono";
import type { OverdueBills } from "../../account/answers.ts";
import type { App } from "../../http/context.ts";
import { billsTexts } from "../../texts/bills.ts";
import { fill } from "../../texts/fill.ts";
import { formatDate, formatMoney } from "../../texts/locale.ts";
import { billsPath } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";
import { Notice } from "./parts.tsx";

/** That bills are overdue, what that means by now, and a way to pay them. */
export function Overdue({ c, overdue }: { readonly c: Context<App>; readonly overdue: OverdueBills }) {
  const { locale, currency, timeZone } = readerOf(c);
  const texts = billsTexts[locale];
  const amount = formatMoney(overdue.open, currency, locale);
  return (
    <Notice tone={overdue.isRefused ? "bad" : "warn"}>
      <div class="stack tight">
        <p>
          {fill(texts.overdueSince, { amount, since: formatDate(overdue.sinceMs, timeZone, locale) })}
          {overdue.isRefused ? ` ${texts.overdueRefused}` : ""}
          {overdue.isSuspended ? ` ${texts.overdueSuspended}` : ""}
        </p>
        {mayEnter(c, "bills") ? (
          <p class="row">
            <a class="button" id="pay-overdue" href={billsPath(overdue.codes)}>
              {texts.title}
            </a>
          </p>
        ) : null}
      </div>
    </Notice>
  );
}
