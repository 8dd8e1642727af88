import { type Context, type Decided, done } from "../decision.ts";
import { refused } from "../errors.ts";
import type { InvoiceAddressId } from "../ids.ts";
import { type InvoiceAddress, type InvoiceParty, MAX_INVOICE_ADDRESSES } from "../invoice-address.ts";
import { err } from "../result.ts";
import type { AccountState } from "../state.ts";

/** The customer certifies whom invoices may be made out to. */
export interface AddInvoiceAddress {
  readonly type: "add_invoice_address";
  readonly address: InvoiceAddressId;
  readonly party: InvoiceParty;
}

/** The first one is the default. (Domain: Portal.) */
export function addInvoiceAddress(
  { account }: AccountState,
  { address: id, party }: AddInvoiceAddress,
  { nowMs }: Context,
): Decided<InvoiceAddress> {
  if (!account) return err({ code: "account_not_found" });
  const { invoiceAddresses: others } = account;
  if (others.length >= MAX_INVOICE_ADDRESSES)
    return refused({ code: "too_many_invoice_addresses", path: "address" });
  const added: InvoiceAddress = { id, ...party, isDefault: others.length === 0, certifiedAtMs: nowMs };
  return done(added, {
    type: "account_configured",
    account: { ...account, invoiceAddresses: [...others, added] },
  });
}
