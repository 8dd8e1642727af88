import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../../account/client.ts";
import type { InvoiceAddressId } from "../../domain/ids.ts";
import type { InvoiceAddress, InvoiceParty } from "../../domain/invoice-address.ts";
import { access } from "../auth.ts";
import { newId, run } from "../commands.ts";
import { idempotent, keyParameter } from "../idempotency.ts";
import { body, json, problems, routes, security } from "../openapi.ts";
import { problem } from "../problems.ts";
import { accountParams, id, iso, text } from "../schemas.ts";

/** Ten digits, and three more for a dependent unit. */
const TAX_CODE = /^\d{10}(-\d{3})?$/;

const details = {
  name: text(200),
  address: text(500),
  email: z.email().max(254).optional(),
  /** The customer says that it is right. */
  certified: z.literal(true),
};

/** Somebody invoices can be made out to, as a customer enters it. */
export const invoiceAddressBody = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("personal"), ...details }),
    z.strictObject({ type: z.literal("enterprise"), taxCode: z.string().regex(TAX_CODE), ...details }),
  ])
  .openapi("NewInvoiceAddress");

export const partyOf = (entered: z.output<typeof invoiceAddressBody>): InvoiceParty => ({
  kind: entered.type,
  name: entered.name,
  taxCode: entered.type === "enterprise" ? entered.taxCode : null,
  address: entered.address,
  email: entered.email ?? null,
});

const party = {
  type: z.enum(["personal", "enterprise"]),
  name: z.string(),
  taxCode: z.string().nullable(),
  address: z.string(),
  email: z.string().nullable(),
};

/** Whom an invoice is made out to. */
export const partySchema = z.object(party).openapi("InvoiceParty");

export const partyView = ({ kind, name, taxCode, address, email }: InvoiceParty) => ({
  type: kind,
  ...{ name, taxCode, address, email },
});

const schema = z
  .object({ id: z.string(), ...party, default: z.boolean(), certifiedAt: z.string() })
  .openapi("InvoiceAddress");

const all = z.object({ data: z.array(schema), nextCursor: z.null() });

const addresses = { tags: ["Invoice addresses"], security };
const oneParams = accountParams.extend({ address: id<InvoiceAddressId>() });

const get = createRoute({
  method: "get",
  path: "/v1/accounts/{account}/invoice-addresses",
  ...addresses,
  summary: "Whom invoices can be made out to",
  middleware: [access({ admin: true, user: ["ManageProfile", "PayOrder"] })],
  request: { params: accountParams },
  responses: { 200: json(all, "All of them."), ...problems },
});

const post = createRoute({
  method: "post",
  path: "/v1/accounts/{account}/invoice-addresses",
  ...addresses,
  summary: "Add a person or an enterprise that invoices can be made out to; the first is the default",
  middleware: [access({ user: ["ManageProfile", "PayOrder"] }), idempotent("honoured")],
  ...keyParameter("honoured"),
  request: { params: accountParams, body: body(invoiceAddressBody) },
  responses: { 201: json(schema, "It was added."), ...problems },
});

const makeDefault = createRoute({
  method: "put",
  path: "/v1/accounts/{account}/invoice-addresses/{address}/default",
  ...addresses,
  summary: "Make invoices out to this address, unless an order names another",
  middleware: [access({ user: "ManageProfile" })],
  request: { params: oneParams },
  responses: { 200: json(all, "All of them."), ...problems },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/accounts/{account}/invoice-addresses/{address}",
  ...addresses,
  summary: "Remove an address; the default can't be removed",
  middleware: [access({ user: "ManageProfile" })],
  request: { params: oneParams },
  responses: { 200: json(all, "Those that are left."), ...problems },
});

export const invoiceAddressRoutes = routes()
  .openapi(get, async (c) => {
    const found = await accountObject(c.env, c.req.valid("param").account).account();
    return found ? c.json(listed(found.invoiceAddresses), 200) : problem(c, { code: "account_not_found" });
  })
  .openapi(post, async (c) => {
    const { answer, response } = await run(c, c.req.valid("param").account, {
      type: "add_invoice_address",
      address: newId<InvoiceAddressId>("adr"),
      party: partyOf(c.req.valid("json")),
    });
    return response ?? c.json(view(answer), 201);
  })
  .openapi(makeDefault, async (c) => {
    const { account, address } = c.req.valid("param");
    const { answer, response } = await run(c, account, { type: "set_default_invoice_address", address });
    return response ?? c.json(listed(answer), 200);
  })
  .openapi(remove, async (c) => {
    const { account, address } = c.req.valid("param");
    const { answer, response } = await run(c, account, { type: "remove_invoice_address", address });
    return response ?? c.json(listed(answer), 200);
  });

const listed = (found: readonly InvoiceAddress[]) => ({ data: found.map(view), nextCursor: null });

const view = ({ id, isDefault, certifiedAtMs, ...entered }: InvoiceAddress): z.infer<typeof schema> => ({
  id,
  ...partyView(entered),
  default: isDefault,
  certifiedAt: iso(certifiedAtMs),
});
