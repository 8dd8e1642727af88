import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import type { Action } from "../../src/http/actions.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import { admin, bodyOf, type OrderView, openAccount, productConsole, putCatalogue } from "../support/api.ts";
import { PRODUCTS, SMALL_MONTH, VMONITOR } from "../support/catalogue.ts";
import { enterPortal } from "./portal-visit.ts";
import { openEnglish } from "./visit.ts";
import { rowsOf, visit } from "./visits.ts";

/** Ten in the morning in Hanoi. */
const START = "2027-03-10T03:00:00.000Z";

beforeAll(putCatalogue);
beforeEach(async () => void (await setClock(START)));
afterEach(async () => void (await resetClock()));

async function seeing(actions?: readonly Action[]) {
  const account = await openEnglish(1_000_000);
  const id = await account.serve({ name: "web", autoRenew: { enabled: true, months: 2 } });
  const visit = await enterPortal(account, actions);
  await visit.go(`/portal/resources/${id}`);
  return { account, id, visit };
}

describe("a resource's page", () => {
  it("says what it is, until when it is paid, and what comes", async () => {
    const { visit } = await seeing();
    expect(visit.page.heading).toBe("web");
    expect(visit.page.text).toContain("Configuration small Started 10 March 2027 at 10:00");
    expect(visit.page.text).toContain("10/03/2027 – 10/04/2027 90,000 VND 90,000 VND");
    expect(
      visit.page.findAll(".list li").map(({ textContent }) => textContent.replaceAll(/\s+/g, " ")),
    ).toEqual([
      "03/04/2027, 08:00 in 23 daysAutomatic renewal is tried",
      "03/04/2027, 10:00 in 24 daysA reminder is mailed",
      "06/04/2027, 08:00 in 26 daysAutomatic renewal is tried",
      "09/04/2027, 08:00 in 29 daysAutomatic renewal is tried",
      "10/04/2027, 08:00 in 30 daysAutomatic renewal is tried for the last time",
      "10/04/2027, 10:00 in 31 daysIt is restricted: it still runs",
      "25/04/2027, 10:00 in 46 daysIt is suspended: it doesn't run, its data is kept",
      "10/05/2027, 10:00 in 61 daysIt is deleted, with its data",
    ]);
  });

  it("lists its documents alone: invoices, and the credit notes that correct them", async () => {
    const { account, id } = await seeing();
    await account.serve({ name: "other" });
    await setClock(later(START, 15 * DAY_MS));
    bodyOf(await account.remove(id), 200);
    const [note] = await account.creditNotes();
    const seen = await (await visit(account)).see(`/portal/resources/${id}`);
    expect(rowsOf(seen)).toEqual([
      [`Credit note ${note?.code} corrects ${note?.invoice}`, "25/03/2027", "deleted", "-45,000 VND"],
      [note?.invoice, "10/03/2027", "Paid", "90,000 VND"],
    ]);
    const invoice = await (await visit(account)).see(`/portal/billing/${note?.invoice}`);
    expect(rowsOf(invoice).at(-1)).toEqual([
      note?.code,
      "25 March 2027",
      "deleted",
      "25/03/2027, 10:00 – 10/04/2027, 10:00",
      "-45,000 VND",
    ]);
  });

  it.each([
    [["ListUsages"], []],
    [["RenewResources"], ["Save"]],
    [
      ["RenewResources", "PayOrder"],
      ["Renew", "Save"],
    ],
    [["ManageResources"], ["Save"]],
    [["ListUsages", "ListBillings"], []],
  ] as [Action[], string[]][])("offers to those with %j: %j", async (actions, buttons) => {
    const { visit } = await seeing(actions);
    expect(visit.page.findAll("main button").map(({ textContent }) => textContent)).toEqual(buttons);
    expect(visit.page.text.includes("Documents")).toBe(actions.includes("ListBillings"));
    expect(visit.page.find("a[href$=delete]")).toBeNull();
  });
});

describe("tags", () => {
  const TAGS = "#tags";

  it("are replaced by the lines of the form, and shown as they are searched for", async () => {
    const { account, id, visit } = await seeing();
    await visit.send(TAGS, { tags: " team:core \r\n\r\nurl : a:b c\n" });
    expect((await account.resource(id)).tags).toEqual({ team: "core", url: "a:b c" });
    expect(visit.page.findAll(".tag").map(({ textContent }) => textContent)).toEqual([
      "team:core",
      "url:a:b c",
    ]);
    await visit.send(TAGS, { tags: "" });
    expect((await account.resource(id)).tags).toEqual({});
  });

  it.each(["team", "a b:c", "team:", ":core", "a:1\na:2", `k:${"x".repeat(257)}`])(
    "that aren't right change nothing, and are kept to be put right: %j",
    async (tags) => {
      const { account, id, visit } = await seeing();
      const page = await visit.send(TAGS, { tags });
      expect([page.status, page.errorAt("tags")]).toEqual([
        422,
        expect.stringContaining("One key:value a line"),
      ]);
      expect(page.find(TAGS)?.textContent.trim()).toBe(tags);
      expect((await account.resource(id)).tags).toEqual({});
    },
  );
});

describe("auto-renewal", () => {
  const MONTHS = "#months";

  it("is turned off and on, with its months", async () => {
    const { account, id, visit } = await seeing();
    expect(visit.page.form(MONTHS).fields).toEqual({ enabled: "on", months: "2" });
    await visit.send(MONTHS, { enabled: null });
    expect((await account.resource(id)).autoRenew).toEqual({ enabled: false, months: 2 });
    await visit.send(MONTHS, { enabled: "on", months: "6" });
    expect((await account.resource(id)).autoRenew).toEqual({ enabled: true, months: 6 });
    const page = await visit.send(MONTHS, { months: "61" });
    expect([page.status, page.errorAt("months")]).toEqual([422, "Please choose a period."]);
  });

  it("says so where only support turns it off; its months can be changed, and a form of one's own is refused", async () => {
    const [, vmonitor] = PRODUCTS;
    if (!vmonitor) throw new Error("no product");
    const { id: product, version: _, ...body } = vmonitor;
    const resourceTypes = body.resourceTypes.map((type) => ({
      ...type,
      ...{ autoRenewable: true, autoRenewOffBy: "support" },
    }));
    bodyOf(await admin.put(`/v1/catalog/products/${product}`, { ...body, resourceTypes }), 200);
    const account = await openEnglish(10 * SMALL_MONTH);
    const monitor = productConsole(VMONITOR);
    const line = {
      ...{ resourceType: "quota", name: "q", configuration: [{ sku: "metrics", quantity: 1 }] },
      ...{ period: { months: 1 }, autoRenew: { enabled: true, months: 1 } },
    };
    const request = { action: "create", returnUrl: "https://monitor.example/", lines: [line] };
    const order = bodyOf(await monitor.post<OrderView>(`${account.path}/orders`, request), 201);
    const id = bodyOf(await account.pay(order.id), 200).lines[0]?.resource ?? "";
    const answer = { orderLine: `${order.id}.1`, status: "succeeded" };
    bodyOf(await monitor.post(`${account.path}/resources/${id}/provisioning`, answer), 200);
    const visit = await enterPortal(account);
    await visit.go(`/portal/resources/${id}`);
    expect(visit.page.text).toContain("Only our support can turn this off.");
    await visit.send(MONTHS, { months: "3" });
    expect((await account.resource(id)).autoRenew).toEqual({ enabled: true, months: 3 });
    const page = await visit.send(MONTHS, { enabled: null });
    expect([page.status, page.textOf(".notice")]).toEqual([
      409,
      "Only our support can turn off automatic renewal for this type of resource.",
    ]);
    expect((await account.resource(id)).autoRenew.enabled).toBe(true);
  });
});

it("of another account, or of none, is nothing", async () => {
  const id = await (await openAccount(SMALL_MONTH)).serve({ name: "not-yours" });
  const stranger = await visit(await openEnglish());
  for (const wrong of [id, "none", "%00", "x".repeat(300)]) {
    const seen = await stranger.see(`/portal/resources/${wrong}`);
    expect([seen.status, seen.text]).toEqual([404, expect.stringContaining("There is nothing here")]);
    expect(seen.text).not.toContain("not-yours");
  }
});
