import { beforeAll, describe, expect, it } from "vitest";
import { putCatalogue, type TestAccount } from "../support/api.ts";
import type { Entered } from "../support/browser.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { enterPortal, type PortalVisit } from "./portal-visit.ts";
import { openEnglish } from "./visit.ts";

beforeAll(putCatalogue);

const ADDRESSES = "/portal/invoice-addresses";
const HOME = { type: "personal", name: "Nguyễn An", address: "1 Tràng Tiền, Hà Nội", certified: "on" };
const COMPANY = {
  ...{ type: "enterprise", name: "Công ty TNHH Ánh Dương", taxCode: "0101234567-001" },
  ...{ address: "Số 5, Lê Lợi, Huế", email: "ketoan@anhduong.vn", certified: "on" },
};

async function visitor(credit = 0): Promise<{ account: TestAccount; visit: PortalVisit }> {
  const account = await openEnglish(credit);
  const visit = await enterPortal(account);
  await visit.go(ADDRESSES);
  return { account, visit };
}

function add(visit: PortalVisit, entered: Entered) {
  return visit.send("[name=certified]", { certified: null, ...entered });
}

/** Presses the first button that leads there. */
function press(visit: PortalVisit, what: string) {
  const button = `form[action="${ADDRESSES}/${what}"] button`;
  return visit.send(button, { address: visit.page.find(button)?.getAttribute("value") ?? null });
}

const namesOn = ({ page }: PortalVisit) =>
  page.findAll("tbody td.lead").map((cell) => cell.text.replace(/\s+/g, " ").trim());

describe("invoice addresses", () => {
  it("are added, made the default, removed, and stand on the invoices", async () => {
    const { account, visit } = await visitor(SMALL_MONTH);
    expect(visit.page.text).toContain("There is no address yet");
    await add(visit, HOME);
    await add(visit, COMPANY);
    expect(namesOn(visit)).toEqual(["Nguyễn An Default", "Công ty TNHH Ánh Dương Tax code 0101234567-001"]);
    await press(visit, "default");
    await press(visit, "remove");
    expect(namesOn(visit)).toEqual(["Công ty TNHH Ánh Dương DefaultTax code 0101234567-001"]);
    await account.serve();
    const [invoice] = await account.invoices();
    const page = await visit.go(`/portal/billing/${invoice?.code}`);
    for (const line of ["Công ty TNHH Ánh Dương", "Tax code 0101234567-001", "Số 5, Lê Lợi, Huế"])
      expect(page.text).toContain(line);
  });

  it.each([
    ["without its being certified", { ...HOME, certified: null }, "Please certify that this is right."],
    ["without a name", { ...HOME, name: " " }, "Please enter a name"],
    ["without a tax code for an enterprise", { ...COMPANY, taxCode: "" }, "This isn't a tax code."],
    ["with an e-mail address that is none", { ...HOME, email: "an" }, "This isn't an e-mail address."],
  ])("aren't added %s, and what was entered stays there", async (_, entered, told) => {
    const { account, visit } = await visitor();
    const page = await add(visit, entered);
    expect([page.status, page.textOf("[role=alert]")]).toEqual([422, expect.stringContaining(told)]);
    expect(page.form("[name=certified]").fields).toMatchObject({ address: entered.address });
    const { body } = await account.user.get<{ data: object[] }>(`${account.path}/invoice-addresses`);
    expect(body.data).toEqual([]);
  });
});
