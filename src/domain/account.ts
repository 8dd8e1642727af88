import type { AccountId, ProductId } from "./ids.ts";
import type { InvoiceAddress } from "./invoice-address.ts";
import type { Currency, Money } from "./money.ts";
import type { Recipient } from "./recipient.ts";

/** A customer's account. `shortId` stands in its document codes; `currency` never changes. */
export interface Account {
  readonly id: AccountId;
  readonly shortId: string;
  readonly email: string;
  readonly name: string;
  readonly billingMode: "prepaid" | "postpaid";
  readonly currency: Currency;
  readonly timeZone: string;
  readonly locale: "en" | "vi";
  readonly postpaidLimit: Money | null;
  readonly suspendOverdueDays: number | null;
  /** Who gets its mails beside the owner, or was asked to. */
  readonly recipients: readonly Recipient[];
  readonly invoiceAddresses: readonly InvoiceAddress[];
  readonly createdAtMs: number;
}

/** What operations set of an account. */
export type AccountSettings = Omit<Account, "createdAtMs" | "recipients" | "invoiceAddresses">;

/** Who gives a command: the account's own people, a product's console, or operations. */
export type Caller =
  | { readonly role: "admin" }
  | { readonly role: "product"; readonly product: ProductId }
  | { readonly role: "user" };

/** A product console sees its own product's orders and resources only. */
export const maySee = (caller: Caller, product: ProductId): boolean =>
  caller.role !== "product" || caller.product === product;
