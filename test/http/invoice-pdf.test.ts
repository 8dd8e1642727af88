import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { type Caller, signToken, userActions } from "../../src/cli/tokens.ts";
import type { AccountId } from "../../src/domain/ids.ts";
import { formatMoney } from "../../src/texts/locale.ts";
import { read } from "../documents/reading.ts";
import { freshId, type InvoiceView, openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { expectProblem } from "./expect-problem.ts";
import { send } from "./send.ts";

const TIMEOUT_MS = 30_000;

const NAME = "Nguyễn Thị Ánh Tuyết";

let account: TestAccount;
let invoice: InvoiceView;
let path: string;

const tokenOf = (caller: Caller) => signToken(caller, env.AUTH_SECRET ?? "");
const ownerWith = (actions: readonly string[]) => tokenOf({ role: "user", account: account.id, actions });

beforeAll(async () => {
  await putCatalogue();
  account = await openAccount(2 * SMALL_MONTH, { settings: { name: NAME } });
  const { id } = await account.placeAndPay({ name: "máy chủ" });
  await account.provisionAll(id, "succeeded");
  const [issued] = await account.invoices();
  if (!issued) throw new Error("no invoice was issued");
  invoice = issued;
  path = `${account.path}/invoices/${invoice.code}.pdf`;
});

async function ask(token: string, at = path) {
  const headers = { Authorization: `Bearer ${token}` };
  const {
    status,
    headers: answered,
    body,
  } = await exports.default.fetch(`http://edge-billing.test${at}`, { headers });
  return { status, headers: answered, file: new Uint8Array(await new Response(body).arrayBuffer()) };
}

describe("GET …/invoices/{code}.pdf", { timeout: TIMEOUT_MS }, () => {
  it.each<[string, () => Promise<string>]>([
    ["the owner", () => ownerWith(["GetBilling"])],
    ["operations", () => tokenOf({ role: "admin" })],
  ])("answers the invoice to %s", async (_, token) => {
    const { status, headers, file } = await ask(await token());
    expect(status).toBe(200);
    expect(headers.get("Content-Type")).toBe("application/pdf");
    expect(headers.get("Content-Disposition")).toBe(`inline; filename="invoice-${invoice.code}.pdf"`);
    expect(headers.get("Cache-Control")).toBe("no-store");
    const { texts } = await read(file);
    const [page = []] = texts;
    for (const text of [`Hóa đơn ${invoice.code}`, NAME, "máy chủ", "edge-billing"])
      expect(page).toContain(text);
    for (const amount of [invoice.total, invoice.tax, 0])
      expect(page).toContain(formatMoney(amount, "VND", "vi"));
  });

  it("is refused without the action", async () => {
    const others = userActions.filter((action) => action !== "GetBilling");
    expectProblem(await send(path, { token: await ownerWith(others) }), { status: 403, code: "forbidden" });
  });

  it("doesn't exist for another tenant, nor under another account", async () => {
    const stranger = freshId<AccountId>("acc");
    const token = await tokenOf({ role: "user", account: stranger, actions: userActions });
    expectProblem(await send(path, { token }), { status: 404, code: "account_not_found" });
    const elsewhere = path.replace(account.id, stranger);
    expectProblem(await send(elsewhere, { token }), { status: 404, code: "invoice_not_found" });
    const other = await openAccount();
    expectProblem(await other.user.get(path.replace(account.id, other.id)), {
      status: 404,
      code: "invoice_not_found",
    });
  });

  it.each([
    ["an unknown code", "202703-none-1.pdf", { status: 404, code: "invoice_not_found" }],
    ["no code", ".pdf", { status: 404, code: "invoice_not_found" }],
    ["what can't be a code", "a%20b.pdf", { status: 400, code: "invalid_request" }],
  ])("knows no invoice of %s", async (_, name, problem) => {
    expectProblem(await account.user.get(`${account.path}/invoices/${name}`), problem);
  });
});
