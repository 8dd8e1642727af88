import { beforeAll, describe, expect, it } from "vitest";
import { bodyOf, openAccount, type Page, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";

interface Address {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly taxCode: string | null;
  readonly address: string;
  readonly email: string | null;
  readonly default: boolean;
  readonly certifiedAt: string;
}

const HOME = { type: "personal", name: "Nguyễn An", address: "1 Tràng Tiền, Hà Nội", certified: true };
const COMPANY = {
  ...{ type: "enterprise", name: "Công ty TNHH Ánh Dương", taxCode: "0101234567-001" },
  ...{ address: "Số 5, Lê Lợi, Huế", email: "ketoan@anhduong.vn", certified: true },
};

beforeAll(putCatalogue);

const addressesOf = (account: TestAccount) => `${account.path}/invoice-addresses`;

const added = async (account: TestAccount, address: object) =>
  bodyOf(await account.user.post<Address>(addressesOf(account), address), 201);

const listed = async (account: TestAccount) =>
  bodyOf(await account.user.get<Page<Address>>(addressesOf(account)), 200).data;

const billedTo = async (account: TestAccount) => {
  type Invoices = Page<{ billedTo: object | null }>;
  return bodyOf(await account.user.get<Invoices>(`${account.path}/invoices`), 200).data.map(
    (invoice) => invoice.billedTo,
  );
};

describe("invoice addresses over HTTP", () => {
  it("are added, of which the first is the default, until another one is made that", async () => {
    const account = await openAccount();
    const home = await added(account, HOME);
    const { certified: _, ...entered } = HOME;
    expect(home).toEqual({
      ...entered,
      ...{ id: home.id, taxCode: null, email: null, default: true, certifiedAt: expect.any(String) },
    });
    const company = await added(account, COMPANY);
    expect(company).toMatchObject({ taxCode: "0101234567-001", default: false });
    const made = await account.user.put<Page<Address>>(`${addressesOf(account)}/${company.id}/default`, {});
    expect(bodyOf(made, 200).data).toEqual([
      { ...home, default: false },
      { ...company, default: true },
    ]);
    expect(await listed(account)).toEqual(bodyOf(made, 200).data);
  });

  it("are removed, but for the default", async () => {
    const account = await openAccount();
    const [home, company] = [await added(account, HOME), await added(account, COMPANY)];
    const refused = await account.user.delete(`${addressesOf(account)}/${home.id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: "invoice_address_is_default" } });
    const left = await account.user.delete<Page<Address>>(`${addressesOf(account)}/${company.id}`);
    expect(bodyOf(left, 200).data).toEqual([home]);
    for (const path of [company.id, "adr_never"])
      expect(await account.user.delete(`${addressesOf(account)}/${path}`)).toMatchObject({
        ...{ status: 404, body: { code: "invoice_address_not_found" } },
      });
    expect(await listed(account)).toEqual([home]);
  });

  it.each([
    ["not certified", { ...HOME, certified: false }, "certified"],
    ["an enterprise without a tax code", { ...COMPANY, taxCode: undefined }, "taxCode"],
    ["a tax code of nine digits", { ...COMPANY, taxCode: "010123456" }, "taxCode"],
    ["a person's tax code", { ...HOME, taxCode: "0101234567" }, "taxCode"],
    ["no name", { ...HOME, name: " " }, "name"],
    ["no kind", { ...HOME, type: "ghost" }, "type"],
  ])("aren't added when they are wrong: %s", async (_, address, path) => {
    const account = await openAccount();
    const refused = await account.user.post(addressesOf(account), address);
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request", errors: [{ path }] } });
    expect(await listed(account)).toEqual([]);
  });

  it("stand on the invoices that are made out from then on, and stay on them", async () => {
    const account = await openAccount(4 * SMALL_MONTH);
    await account.serve();
    const home = await added(account, HOME);
    const company = await added(account, COMPANY);
    await account.serve();
    const { id } = await account.place();
    const changed = await account.change(id, { invoiceAddress: company.id });
    expect(bodyOf(changed, 200).invoiceAddress).toBe(company.id);
    bodyOf(await account.pay(id), 200);
    await account.provisionAll(id, "succeeded");
    await account.user.put(`${addressesOf(account)}/${company.id}/default`, {});
    await account.user.delete(`${addressesOf(account)}/${home.id}`);
    const { certified: _home, ...person } = HOME;
    const { certified: _company, ...enterprise } = COMPANY;
    expect(await billedTo(account)).toEqual([enterprise, { ...person, taxCode: null, email: null }, null]);
  });

  it("of another account, or of nobody, aren't an order's", async () => {
    const [account, other] = [await openAccount(), await openAccount()];
    const theirs = await added(other, HOME);
    const order = await account.place();
    for (const invoiceAddress of [theirs.id, "home"])
      expect(await account.change(order.id, { invoiceAddress })).toMatchObject({
        status: 422,
        body: { code: "unknown_invoice_address", errors: [{ path: "invoiceAddress" }] },
      });
    expect(await account.order(order.id)).toEqual(order);
  });
});
