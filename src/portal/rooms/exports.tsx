import type { Context } from "hono";
import type { Asked } from "../../documents/lists/asked.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import {
  answerFile,
  billingHistory,
  creditHistory,
  type Export,
  type FileFormat,
  MAX_DOCUMENTS,
  paymentHistory,
  usageReport,
} from "../../http/exports.ts";
import { askedUsage } from "../../http/routes/usage-report.ts";
import { exportTexts } from "../../texts/exports.ts";
import { fill } from "../../texts/fill.ts";
import { LANGUAGE } from "../../texts/locale.ts";
import { listFields, listFilter, type Query, readQuery } from "../query.ts";
import { ROOMS, type RoomName } from "../rooms.ts";
import { portalPage } from "../ui/portal-page.tsx";
import { readerOf } from "../visitor.ts";
import { billingFields, billingFilter } from "./billing.tsx";
import { usageReportFields } from "./usage-report.tsx";

type Fields = Parameters<typeof readQuery>[1];

interface Page<R, F extends Fields> {
  readonly list: Export<R>;
  /** The list's page, whose filters the file has. */
  readonly room: RoomName;
  readonly fields: F;
  readonly asked: (asked: Query<F>["asked"], timeZone: string, nowMs: number) => Asked;
}

/** A list as a file, in the language of its page. */
const fileOf =
  <R, F extends Fields>({ list, room, fields, asked }: Page<R, F>) =>
  (format: FileFormat) =>
  async (c: Context<App>): Promise<Response> => {
    const { path } = ROOMS[room];
    const query = readQuery(c, fields);
    // The page says what it couldn't read; a file would only be longer than it was meant to be.
    if (query.ignored.length > 0) return c.redirect(`${path}${new URL(c.req.url).search}`, 303);
    const { account } = c.var;
    const { locale } = readerOf(c);
    const reader = { account, locale };
    const exported = await list(c.env, asked(query.asked, account.timeZone, now(c)), reader);
    const answer = await answerFile(c, exported, format, reader);
    if (answer) return answer;
    const texts = exportTexts[locale];
    const figure = (count: number) => count.toLocaleString(LANGUAGE[locale]);
    const [, search = ""] = query.href({}).split("?");
    const content = (
      <section class="card empty">
        <h1>{texts.tooLong}</h1>
        <p>
          {fill(texts.tooLongHint, { count: figure(exported.count), max: figure(MAX_DOCUMENTS[format]) })}
        </p>
        <p>
          <a href={`${path}?${search}`}>{texts.backToList}</a>
        </p>
      </section>
    );
    return portalPage(c, texts.tooLong, content, { status: 422 });
  };

const daysOf = (asked: Query<typeof listFields>["asked"], timeZone: string) => {
  const { fromMs, toMs } = listFilter(asked, timeZone);
  return { fromMs, toMs };
};

const usage = fileOf({
  list: usageReport,
  room: "usageReport",
  fields: usageReportFields,
  asked: ({ month, product, status, q, ...days }, timeZone) => {
    const { fromMs: from, toMs: to } = daysOf(days, timeZone);
    return askedUsage({ month, from, to, product, status, q }, timeZone);
  },
});
const invoices = fileOf({
  list: billingHistory,
  room: "billing",
  fields: billingFields,
  asked: (asked, timeZone, nowMs) => {
    const { fromMs, toMs, product, status, q } = billingFilter(asked, nowMs, timeZone);
    return { fromMs, toMs, product, status, q };
  },
});
const payments = fileOf({ list: paymentHistory, room: "payments", fields: listFields, asked: daysOf });
const credits = fileOf({ list: creditHistory, room: "credits", fields: listFields, asked: daysOf });

export const usageReportXlsx = usage("xlsx");
export const usageReportCsv = usage("csv");
export const billingXlsx = invoices("xlsx");
export const billingPdf = invoices("pdf");
export const paymentsXlsx = payments("xlsx");
export const paymentsPdf = payments("pdf");
export const creditsXlsx = credits("xlsx");
export const creditsPdf = credits("pdf");
