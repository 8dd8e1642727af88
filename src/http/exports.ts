import type { Context } from "hono";
import { accountObject } from "../account/client.ts";
import type { Asked } from "../documents/lists/asked.ts";
import { billingHistoryFile } from "../documents/lists/billing-history.ts";
import { type CreditRow, creditHistoryFile } from "../documents/lists/credit-history.ts";
import { writeCsv } from "../documents/lists/csv.ts";
import type { ListFile, ListReader } from "../documents/lists/list-file.ts";
import { namesOf } from "../documents/lists/names.ts";
import { type PaymentRow, paymentHistoryFile } from "../documents/lists/payment-history.ts";
import { writePdf } from "../documents/lists/pdf.ts";
import { usageReportFile } from "../documents/lists/usage-report.ts";
import { writeXlsx } from "../documents/lists/xlsx.ts";
import type { Account } from "../domain/account.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { UsageRow } from "../domain/usage-report.ts";
import { currentProducts } from "../store/catalogue.ts";
import {
  countCreditTransactions,
  countInvoices,
  countPayments,
  type ListFilter,
  listCreditTransactions,
  listInvoices,
  listInvoicesOf,
  listPayments,
} from "../store/documents.ts";
import { everyPage, everyRow } from "../store/every-row.ts";
import { countUsageInvoices, everyUsageRow } from "../store/usage-report.ts";
import { now } from "./clock.ts";
import type { App } from "./context.ts";
import { problem } from "./problems.ts";

/** A list that can be had as a file. `count` is how many documents are to be read for it. */
export interface Exported<R> {
  readonly file: ListFile<R>;
  readonly count: number;
  readonly rows: AsyncIterable<R>;
}

/** For whom a list is a file. */
export interface ExportReader extends ListReader {
  readonly account: Account;
}

export type Export<R> = (env: Env, asked: Asked, reader: ExportReader) => Promise<Exported<R>>;

/** Invoices by month and item. */
export const usageReport: Export<UsageRow> = async (env, asked, reader) => {
  const [count, products] = await Promise.all([
    countUsageInvoices(env, reader.account, asked),
    currentProducts(env),
  ]);
  const file = usageReportFile(namesOf(products), asked, reader);
  return { file, count, rows: everyUsageRow(env, reader.account, asked) };
};

export const billingHistory: Export<Invoice> = async (env, asked, reader) => {
  const { id } = reader.account;
  const [count, products] = await Promise.all([countInvoices(env, id, asked), currentProducts(env)]);
  const read = (page: Page) => listInvoices(env, id, { ...asked, ...page });
  return { file: billingHistoryFile(namesOf(products), asked, reader), count, rows: everyRow(read) };
};

export const creditHistory: Export<CreditRow> = async (env, asked, reader) => {
  const { id } = reader.account;
  const read = (page: Page) => listCreditTransactions(env, id, { ...asked, ...page });
  const count = await countCreditTransactions(env, id, asked);
  return { file: creditHistoryFile(asked, reader), count, rows: everyRow(read) };
};

export const paymentHistory: Export<PaymentRow> = async (env, asked, reader) => {
  const { id } = reader.account;
  const [count, resources] = await Promise.all([
    countPayments(env, id, asked),
    accountObject(env, id).resources({ role: "user" }),
  ]);
  const names = new Map<string, string>(resources.map((resource) => [resource.id, resource.name]));
  return { file: paymentHistoryFile(asked, reader), count, rows: everyPayment(env, asked, reader, names) };
};

type Page = Pick<ListFilter, "before" | "after" | "limit">;

async function* everyPayment(
  env: Env,
  asked: Asked,
  { account: { id } }: ExportReader,
  names: ReadonlyMap<string, string>,
): AsyncGenerator<PaymentRow> {
  const read = (page: Page) => listPayments(env, id, { ...asked, ...page });
  for await (const page of everyPage(read)) {
    const invoiceOf = await listInvoicesOf(env, id, page);
    for (const payment of page) {
      const invoices = payment.lines.map(
        ({ resource, invoice }) => invoice ?? invoiceOf(payment.id, resource),
      );
      const resources = payment.lines.map(({ resource }) => names.get(resource) ?? resource);
      yield {
        payment,
        resources: [...new Set(resources)],
        invoices: [...new Set(invoices.filter((code) => code !== null))],
      };
    }
  }
}

/**
 * How many documents a file is made of at most. Spreadsheets are written as they are read, for as long as a request may
 * compute; a PDF is in memory as a whole. (README: Lists as files.)
 */
export const MAX_DOCUMENTS = { xlsx: 100_000, csv: 100_000, pdf: 2_000 } as const;
export type FileFormat = keyof typeof MAX_DOCUMENTS;

const TYPES: Readonly<Record<FileFormat, string>> = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  csv: "text/csv; charset=utf-8",
  pdf: "application/pdf",
};

/** The type of a file, as its description names it. */
export const mediaTypeOf = (format: FileFormat): string => TYPES[format].split(";")[0] ?? "";

/** A list as a file to keep; null where it is too long for one. */
export async function answerFile<R>(
  c: Context<App>,
  { file, count, rows }: Exported<R>,
  format: FileFormat,
  reader: ListReader,
): Promise<Response | null> {
  if (count > MAX_DOCUMENTS[format]) return null;
  const headers = {
    "Content-Type": TYPES[format],
    "Content-Disposition": `attachment; filename="${file.name}.${format}"`,
  };
  switch (format) {
    case "xlsx":
      return c.body(await writeXlsx(file, rows, reader), 200, headers);
    case "csv":
      return c.body(await writeCsv(file, rows, reader), 200, headers);
    case "pdf": {
      const about = { seller: c.env.SELLER_NAME, atMs: now(c) };
      return c.body(await writePdf(file, rows, reader, about), 200, headers);
    }
  }
}

/** The same over HTTP, in the account's language. */
export async function answerExport<R>(
  c: Context<App>,
  { account: id }: { readonly account: AccountId },
  list: Export<R>,
  format: FileFormat,
  asked: (account: Account) => Asked,
): Promise<Response> {
  const account = await accountObject(c.env, id).account();
  if (!account) return problem(c, { code: "account_not_found" });
  const reader = { account, locale: account.locale };
  const exported = await list(c.env, asked(account), reader);
  const answer = await answerFile(c, exported, format, reader);
  const detail = `These are ${exported.count} documents; a file of this kind is made of ${MAX_DOCUMENTS[format]} at most. Ask for a shorter time.`;
  return answer ?? problem(c, { code: "export_too_long", detail });
}
