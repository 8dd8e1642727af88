import { beforeAll, describe, expect, it } from "vitest";
import { invoicePdf } from "../../src/documents/invoice-pdf.ts";
import type { InvoiceCode } from "../../src/domain/ids.ts";
import { read } from "../documents/reading.ts";
import { admin, bodyOf, type Page, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { openEnglish, stateOf, type Visit, visitNew } from "./visit.ts";

const TIMEOUT_MS = 30_000;

const HOME = { type: "personal", name: "Nguyễn An", address: "1 Tràng Tiền, Hà Nội", certified: true };
const COMPANY = {
  ...{ type: "enterprise", name: "Công ty TNHH Ánh Dương", taxCode: "0101234567-001" },
  ...{ address: "Số 5, Lê Lợi, Huế", email: "ketoan@anhduong.vn" },
};

interface Address {
  readonly id: string;
  readonly name: string;
  readonly default: boolean;
}

beforeAll(putCatalogue);

const add = async (account: TestAccount, address: object) =>
  bodyOf(await account.user.post<Address>(`${account.path}/invoice-addresses`, address), 201);

const addressesOf = async (account: TestAccount) =>
  bodyOf(await account.user.get<Page<Address>>(`${account.path}/invoice-addresses`), 200).data;

const orderedTo = async (open: Visit) =>
  ((await open.order()) as unknown as { invoiceAddress: string | null }).invoiceAddress;

const shownOn = ({ page }: Visit) => page.textOf("address");

async function toNewAddress(open: Visit) {
  const href = open.page.find("#new-address")?.getAttribute("href") ?? "";
  open.page = await open.browser.open(new URL(href, open.url).href);
}

const enter = async (open: Visit, entered: Readonly<Record<string, string | null>>) => {
  open.page = await open.browser.send(open.page.form("[name=certified]"), entered);
};

describe("the invoice address at the checkout", { timeout: TIMEOUT_MS }, () => {
  it("is the account's owner where there is none", async () => {
    const account = await openEnglish();
    const open = await visitNew(account, {});
    const { name, email } = bodyOf(await admin.get<{ name: string; email: string }>(account.path), 200);
    expect(shownOn(open)).toBe(`${name} ${email}`);
    expect(open.page.find("#invoiceAddress")).toBeNull();
  });

  it("is the default, until another is chosen; the order, the invoice and its PDF name that one", async () => {
    const account = await openEnglish(SMALL_MONTH);
    const home = await add(account, HOME);
    const company = await add(account, { ...COMPANY, certified: true });
    const open = await visitNew(account, {});
    expect(open.formFor("address").fields.invoiceAddress).toBe(home.id);
    expect(shownOn(open)).toContain("Nguyễn An 1 Tràng Tiền, Hà Nội");
    await open.send("address", { invoiceAddress: company.id });
    expect([open.page.status, open.page.find(".notice")]).toEqual([200, null]);
    expect(open.formFor("address").fields.invoiceAddress).toBe(company.id);
    const lines = "Công ty TNHH Ánh Dương Tax code 0101234567-001 Số 5, Lê Lợi, Huế ketoan@anhduong.vn";
    expect(shownOn(open)).toBe(lines);
    expect(await orderedTo(open)).toBe(company.id);
    await open.send("pay");
    expect(shownOn(open)).toBe(lines);
    await account.provisionAll(open.id, "succeeded");
    const [invoice] = await account.invoices();
    expect(invoice).toMatchObject({ billedTo: COMPANY });
    const file = await account.object.invoice(invoice?.code as InvoiceCode);
    const known = await account.object.account();
    if (!file || !known) throw new Error("no invoice was issued");
    const { texts } = await read(new Uint8Array(await invoicePdf(file, known, "en", "edge-billing")));
    for (const text of [COMPANY.name, "Tax code 0101234567-001", COMPANY.address])
      expect(texts[0]).toContain(text);
  });

  it("is entered on a page of its own, which leads back with the order made out to it", async () => {
    const account = await openEnglish();
    await add(account, HOME);
    const open = await visitNew(account, {});
    await toNewAddress(open);
    expect(open.page.heading).toBe("A new invoice address");
    await enter(open, { ...COMPANY, certified: "on" });
    expect(open.page.url).toBe(open.url);
    expect(shownOn(open)).toContain(COMPANY.name);
    const [home, company] = await addressesOf(account);
    expect([home?.default, company?.default, company?.name]).toEqual([true, false, COMPANY.name]);
    expect(await orderedTo(open)).toBe(company?.id);
  });

  it("is added once however often the button is pressed", async () => {
    const account = await openEnglish();
    const open = await visitNew(account, {});
    await toNewAddress(open);
    const form = open.page.form("[name=certified]");
    const entered = { ...COMPANY, certified: "on" };
    await Promise.all([open.browser.send(form, entered), open.browser.send(form, entered)]);
    expect(await addressesOf(account)).toHaveLength(1);
  });

  it.each([
    ["without its being certified", { ...COMPANY, certified: null }, "certified"],
    ["without an enterprise's tax code", { ...COMPANY, taxCode: "", certified: "on" }, "taxCode"],
    ["without a name", { ...COMPANY, name: " ", certified: "on" }, "name"],
  ])("isn't added %s, and nothing changes", async (_, entered, field) => {
    const account = await openEnglish();
    const open = await visitNew(account, {});
    const before = await stateOf(account);
    await toNewAddress(open);
    await enter(open, entered);
    expect([open.page.status, open.page.wrongFields]).toEqual([422, [field]]);
    expect(await stateOf(account)).toEqual(before);
  });

  it.each(["adr_nobodys", "x"])("isn't one that the account doesn't have: %s", async (wrong) => {
    const account = await openEnglish();
    await add(account, HOME);
    await add(account, { ...COMPANY, certified: true });
    const open = await visitNew(account, {});
    const before = await stateOf(account);
    await open.send("address", { invoiceAddress: wrong });
    expect([open.page.status, open.page.wrongFields]).toEqual([422, ["invoiceAddress"]]);
    expect(await stateOf(account)).toEqual(before);
  });

  it("isn't entered any more once the order is paid, nor by somebody without its link", async () => {
    const account = await openEnglish(SMALL_MONTH);
    const open = await visitNew(account, {});
    const path = `${open.url}/invoice-address`;
    await open.send("pay");
    expect((await open.browser.open(path)).url).toBe(open.url);
    const stranger = await visitNew(account, {});
    expect((await stranger.browser.open(path)).status).toBe(403);
  });
});
