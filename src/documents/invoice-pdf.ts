import type { Account } from "../domain/account.ts";
import type { Invoice } from "../domain/invoice.ts";
import type { Locale } from "../texts/locale.ts";
import { invoiceContent } from "./invoice-content.ts";
import { DEFAULT_SELLER } from "./seller.ts";

/**
 * An invoice as the PDF that people keep, in a language. The same invoice is always the same file, byte by byte;
 * letters that its font lacks are shown as replaced.
 */
export async function invoicePdf(
  invoice: Invoice,
  account: Account,
  locale: Locale,
  seller = DEFAULT_SELLER,
): Promise<Uint8Array<ArrayBuffer>> {
  // The worker starts without what only documents need.
  const { writeInvoice } = await import("./invoice-layout.ts");
  return writeInvoice(invoiceContent(invoice, account, seller, locale), {
    author: seller,
    language: locale,
    atMs: invoice.issuedAtMs,
  });
}
