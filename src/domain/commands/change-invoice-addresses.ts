import { type Decided, done } from "../decision.ts";
import type { InvoiceAddressId } from "../ids.ts";
import type { InvoiceAddress } from "../invoice-address.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** Invoices are made out to this address from now on, unless their order names another. */
export interface SetDefaultInvoiceAddress {
  readonly type: "set_default_invoice_address";
  readonly address: InvoiceAddressId;
}

/** An address is used no longer; invoices that were made out to it stay as they are. */
export interface RemoveInvoiceAddress {
  readonly type: "remove_invoice_address";
  readonly address: InvoiceAddressId;
}

export function setDefaultInvoiceAddress(
  { account }: AccountState,
  { address: id }: SetDefaultInvoiceAddress,
): Decided<readonly InvoiceAddress[]> {
  const isKnown = account?.invoiceAddresses.some((address) => address.id === id);
  if (!account || !isKnown) return err({ code: "invoice_address_not_found" });
  const invoiceAddresses = account.invoiceAddresses.map((address) => ({
    ...address,
    isDefault: address.id === id,
  }));
  return done(invoiceAddresses, { type: "account_configured", account: { ...account, invoiceAddresses } });
}

/** The default can't be deleted. (Domain: Portal.) */
export function removeInvoiceAddress(
  { account }: AccountState,
  { address: id }: RemoveInvoiceAddress,
): Decided<readonly InvoiceAddress[]> {
  const found = account?.invoiceAddresses.find((address) => address.id === id);
  if (!account || !found) return err({ code: "invoice_address_not_found" });
  if (found.isDefault) return err({ code: "invoice_address_is_default" });
  const invoiceAddresses = account.invoiceAddresses.filter((address) => address !== found);
  return done(invoiceAddresses, { type: "account_configured", account: { ...account, invoiceAddresses } });
}
