import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Action } from "../../src/http/actions.ts";
import { resetClock, setClock } from "../http/clock.ts";
import { bodyOf, openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { counting } from "../support/counted.ts";
import { billed, usingServers } from "./billed.ts";
import { enterPortal } from "./portal-visit.ts";
import { ORIGIN, visit } from "./visits.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const COSTS = "/portal/costs";
const SEEING: readonly Action[] = ["GetBillingStatistic", "ExportBillings", "ListBillings"];

/** Two servers of 90 000 a month since 16 January, in Vietnam; now it is 20 March. */
async function twoServers(): Promise<TestAccount> {
  await setClock("2027-01-15T17:00:00.000Z");
  const account = await openAccount(5_000_000, { settings: { locale: "en" } });
  await account.serve({ name: "web", period: { months: 2 } });
  await account.serve({ name: "db", period: { months: 2 } });
  await setClock("2027-03-19T17:00:00.000Z");
  return account;
}

const inMonths = `${COSTS}?from=2027-01-01&to=2027-03-31&granularity=monthly`;
const cells = (page: Awaited<ReturnType<Awaited<ReturnType<typeof enterPortal>>["go"]>>, rows: string) =>
  page.findAll(rows).map((row) => row.querySelectorAll("th, td").map(({ text }) => text.trim()));

describe("the cost explorer", () => {
  it("draws costs, says the same in numbers, and who costs how much", async () => {
    const portal = await enterPortal(await twoServers(), SEEING);
    const page = await portal.go(`${inMonths}&groupBy=resource`);
    expect(page.heading).toBe("Cost explorer");
    expect(cells(page, ".numbers tr")).toEqual([
      ["Time", "web", "db", "Total (VND)"],
      ["January 2027", "45,000", "45,000", "90,000"],
      ["February 2027", "90,000", "90,000", "180,000"],
      ["March 2027", "45,000", "45,000", "90,000"],
    ]);
    expect(cells(page, ".rows tbody tr").slice(0, 2)).toEqual([
      ["web", "180,000 VND", "50%", "–"],
      ["db", "180,000 VND", "50%", "–"],
    ]);
    // A bar of two parts in each of three months, drawn once for wide windows and once for phones.
    expect(page.findAll(".chart rect title").map(({ text }) => text)).toContain("February 2027, web: 90,000");
    expect(page.findAll(".chart > svg")).toHaveLength(2);
    expect(page.text).toContain("360,000 VND");
  });

  it("leads from a product to its types, to their resources, and from a month to its days and hours", async () => {
    const portal = await enterPortal(await twoServers(), SEEING);
    let page = await portal.go(inMonths);
    const follow = async (name: string) => {
      const link = page.findAll("main table a").find(({ text }) => text.trim() === name);
      page = await portal.go(link?.getAttribute("href")?.replaceAll("&amp;", "&") ?? "");
    };
    await follow("vServer");
    expect(page.text).toContain("Resource type");
    await follow("server");
    expect(
      cells(page, ".rows tbody tr")
        .map(([name]) => name)
        .slice(0, 2),
    ).toEqual(["web", "db"]);
    await follow("February 2027");
    expect(page.findAll(".numbers tbody tr")).toHaveLength(28);
    await follow("03/02/2027");
    expect(page.findAll(".numbers tbody tr")).toHaveLength(24);
    const filters = page.findAll("nav.chips a[aria-label]").map((link) => link.getAttribute("aria-label"));
    expect(filters).toEqual(["vServer: Show all again", "server: Show all again"]);
  });

  it("leaves out what it can't read, and tells more roughly what is too much", async () => {
    const portal = await enterPortal(await twoServers(), SEEING);
    expect((await portal.go(`${COSTS}?time=tomorrow&granularity=yearly`)).text).toContain(
      "time, granularity",
    );
    const page = await portal.go(`${COSTS}?time=last_12_months&granularity=hourly`);
    expect(page.text).toContain("told more roughly");
    expect(page.findAll(".numbers tbody tr").length).toBeLessThan(370);
    expect((await portal.go(`${COSTS}?groupBy=tag`)).status).toBe(200);
  });

  it("gives the same as a file, to whoever may have it", async () => {
    const account = await twoServers();
    const owner = await visit(account, SEEING);
    const file = await owner.see(`/portal/costs.csv?from=2027-02-01&to=2027-02-28&granularity=monthly`);
    expect(file.html).toContain("2027-02-01 00:00,2027-03-01 00:00,vserver,vserver,180000");
    const colleague = await visit(account, ["GetBillingStatistic"]);
    expect((await colleague.see("/portal/costs.csv")).status).toBe(403);
    expect((await colleague.see(COSTS)).text).not.toContain("Download CSV");
  });

  it("is useful where nothing was spent", async () => {
    const account = await openAccount(0, { settings: { locale: "en" } });
    const page = await (await enterPortal(account, SEEING)).go(COSTS);
    expect([page.status, page.text.includes("Nothing was spent in this time")]).toEqual([200, true]);
  });
});

describe("the billing history's charts", () => {
  it("say what was invoiced by product and by month, what of it is paid, and lead to it", async () => {
    const { account, codes } = await billed(2);
    await account.grant(1_000_000);
    const paid = { method: "credit" };
    bodyOf(await account.user.post(`${account.path}/invoices/${codes[0]}/pay`, paid), 200);
    const portal = await enterPortal(account);
    const page = await portal.go("/portal/billing");
    expect(page.findAll(".parts li").map(({ text }) => text.replaceAll(/\s+/g, " ").trim())).toEqual([
      expect.stringMatching(/^vServer ?129,500 VND · 100%$/),
    ]);
    expect(cells(page, ".numbers tbody tr").at(-1)).toEqual(["February 2027", "64,750", "64,750", "129,500"]);
    const byProduct = page.findAll(".parts a")[0]?.getAttribute("href") ?? "";
    const chosen = await portal.go(byProduct.replaceAll("&amp;", "&"));
    expect(chosen.findAll(".parts [aria-current]")).toHaveLength(1);
    expect(chosen.text).toContain("Show all products");
    const january = await portal.go("/portal/billing?month=2027-01");
    expect(january.text).toContain("Nothing matches these filters");
    for (const time of ["last_7_days", "this_month", "last_12_months"])
      expect((await portal.go(`/portal/billing?time=${time}`)).text).toContain(codes[0]);
    expect((await portal.go("/portal/billing?time=last_month")).text).not.toContain(codes[0]);
  });

  it("aren't there for somebody who may only see the list", async () => {
    const { account } = await billed(1);
    const page = await (await enterPortal(account, ["ListBillings"])).go("/portal/billing");
    expect(page.findAll(".chart, .pie, .parts")).toHaveLength(0);
    expect(page.findAll("table.rows tbody tr")).toHaveLength(1);
  });
});

describe.each([COSTS, `${COSTS}?groupBy=resource`, "/portal/billing"])("%s", (path) => {
  it("asks D1 as often for many resources as for one", async () => {
    const ask = async (account: TestAccount) => {
      const { cookie } = await visit(account);
      const request = new Request(`${ORIGIN}${path}`, { headers: { Cookie: `${cookie}; lang=en` } });
      const { response, queries } = await counting(request);
      expect(response.status).toBe(200);
      return queries.length;
    };
    const one = await ask((await billed(1)).account);
    const many = await ask((await billed(12)).account);
    expect(many).toBe(one);
    expect(many).toBeLessThanOrEqual(6);
    expect(await ask(await usingServers(3))).toBeLessThanOrEqual(6);
  });
});
