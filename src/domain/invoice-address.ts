import type { Account } from "./account.ts";
import type { InvoiceAddressId } from "./ids.ts";

export const MAX_INVOICE_ADDRESSES = 20;

/** Whom an invoice is made out to. `taxCode`: an enterprise's, null for a person. */
export interface InvoiceParty {
  readonly kind: "personal" | "enterprise";
  readonly name: string;
  readonly taxCode: string | null;
  readonly address: string;
  readonly email: string | null;
}

/** An address of the account; exactly one is the default, from the first on. (Domain: Portal.) */
export interface InvoiceAddress extends InvoiceParty {
  readonly id: InvoiceAddressId;
  readonly isDefault: boolean;
  /** When the customer certified that it is right. */
  readonly certifiedAtMs: number;
}

/** Whom to make an invoice out to: the address chosen, or the default where none was or it is gone; null without any. */
export function invoicePartyOf(
  { invoiceAddresses }: Account,
  chosen: InvoiceAddressId | null,
): InvoiceParty | null {
  const address =
    invoiceAddresses.find(({ id }) => id === chosen) ?? invoiceAddresses.find(({ isDefault }) => isDefault);
  if (!address) return null;
  const { kind, name, taxCode, address: where, email } = address;
  return { kind, name, taxCode, address: where, email };
}
