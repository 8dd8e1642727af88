import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Action } from "../../src/http/actions.ts";
import { LinkingCustomer } from "../gateways/linking.ts";
import { behave } from "../gateways/paying.ts";
import { bodyOf, freshId, openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { enterPortal, type PortalVisit } from "./portal-visit.ts";
import { openEnglish, stateOf } from "./visit.ts";

beforeAll(putCatalogue);
beforeEach(() => void recordLogs());
afterEach(async () => {
  vi.restoreAllMocks();
  await behave("momo");
});

const AUTO = "/portal/auto-top-up";
const BUDGET = "/portal/budget";

/** Somebody in the portal, at a page. */
async function visitor(path: string, of: { credit?: number; actions?: readonly Action[] } = {}) {
  const account = await openEnglish(of.credit ?? 0);
  const visit = await enterPortal(account, of.actions);
  await visit.go(path);
  return { account, visit };
}

const linksIn = ({ page }: PortalVisit, nav: string) =>
  page.findAll(`nav[aria-label=${nav}] a`).map((link) => link.getAttribute("href"));

/** What the page says of something, by its name. */
const factsOf = ({ page }: PortalVisit): Readonly<Record<string, string>> =>
  Object.fromEntries(
    page.findAll("dl.details > div").map((fact) => [
      fact.querySelector("dt")?.textContent,
      fact
        .querySelectorAll("dd")
        .map((text) => text.textContent.replaceAll(/\s+/g, " ").trim())
        .join(" | "),
    ]),
  );

describe("the settings", () => {
  it("are one area with one entry in the menu", async () => {
    const { visit } = await visitor("/portal/settings");
    expect(linksIn(visit, "Portal").at(-1)).toBe("/portal/settings");
    const area = [
      ...["/portal/settings", "/portal/linked-accounts", AUTO],
      ...["/portal/invoice-addresses", "/portal/recipients", BUDGET],
    ];
    for (const path of area) {
      await visit.go(path);
      expect(linksIn(visit, "Settings")).toEqual(area);
      const here = visit.page.findAll("[aria-current]").map((link) => link.getAttribute("href"));
      expect(here).toEqual(expect.arrayContaining(["/portal/settings", path]));
    }
  });

  it("lead to the first of them that somebody may enter, and aren't there for others", async () => {
    const { visit } = await visitor("/portal", { actions: ["ManageProfile"] });
    expect(linksIn(visit, "Portal").at(-1)).toBe("/portal/invoice-addresses");
    await visit.go(BUDGET);
    expect(linksIn(visit, "Settings")).toEqual(["/portal/invoice-addresses", "/portal/recipients", BUDGET]);
    const { visit: other } = await visitor("/portal", { actions: ["ListPayments"] });
    expect(other.page.text).not.toContain("Settings");
    expect(linksIn(other, "Portal")).not.toContain("/portal/settings");
  });

  it("say what the account is, and have no form for it", async () => {
    const { account, visit } = await visitor("/portal/settings");
    expect(factsOf(visit)).toMatchObject({
      Account: account.id,
      "How you pay": "In advance",
      Currency: "VND",
      "Time zone": expect.stringMatching(/^Asia\/Ho_Chi_Minh \| now \d/),
      "Language of messages and documents": "English",
    });
    expect(visit.page.findAll("main form")).toEqual([]);
  });
});

describe("automatic top-up in the portal", () => {
  async function linkedVisitor() {
    const account = await openEnglish(10_000);
    const customer = new LinkingCustomer(account, "momo");
    const linked = await customer.link();
    const visit = await enterPortal(account);
    await visit.go(AUTO);
    return { account, customer, linked, visit };
  }
  const set = (visit: PortalVisit, entered: Record<string, string> = {}) =>
    visit.send("[name=threshold]", {
      threshold: "50,000",
      amount: "100.000",
      monthlyCap: "250000",
      ...entered,
    });
  const setting = async (account: TestAccount) =>
    bodyOf(await account.user.get<Record<string, unknown>>(`${account.path}/auto-top-up`), 200);

  it("needs a linked account, and leads to where one is linked", async () => {
    const { visit } = await visitor(AUTO);
    expect(visit.page.find("[name=threshold]")).toBeNull();
    expect(visit.page.find("main a.button")?.getAttribute("href")).toBe("/portal/linked-accounts");
    const { visit: buyer } = await visitor(AUTO, { actions: ["BuyCredit"] });
    expect(buyer.page.find("main a.button")).toBeNull();
  });

  it("is turned on, charges, says what it did this month, and is turned off", async () => {
    const { account, customer, linked, visit } = await linkedVisitor();
    expect(factsOf(visit)).toMatchObject({ Status: "Off", "Charged this month": "0 VND" });
    await set(visit);
    expect(await setting(account)).toMatchObject({
      ...{ enabled: true, threshold: 50_000, amount: 100_000, monthlyCap: 250_000, linkedAccount: linked.id },
    });
    await customer.wait(Date.now());
    await expect.poll(() => account.available(), { timeout: 10_000 }).toBe(110_000);
    await visit.go(AUTO);
    expect(factsOf(visit)).toMatchObject({
      Status: "On",
      "Charged this month": "100,000 VND | of 250,000 VND at most",
      "Available credit": "110,000 VND",
    });
    expect(visit.page.form("[name=threshold]").fields).toMatchObject({
      ...{ threshold: "50,000", amount: "100,000", monthlyCap: "250,000", linkedAccount: linked.id },
    });
    await visit.send(`form[action="${AUTO}/off"] button`);
    expect(factsOf(visit)).toMatchObject({ Status: "Off" });
    expect(await setting(account)).toMatchObject({ enabled: false });
  });

  it.each([
    ["an amount that is none", { amount: "much" }, ["amount"]],
    ["nothing at all", { threshold: "", amount: "", monthlyCap: "" }, ["threshold", "amount", "monthlyCap"]],
    ["a cap below one charge", { monthlyCap: "99999" }, ["monthlyCap"]],
    ["less than the gateway takes", { amount: "10" }, ["amount"]],
    ["somebody else's account", { linkedAccount: "link_other" }, ["linkedAccount"]],
  ])("says at its field what is wrong: %s", async (_, entered, wrong) => {
    const { account, visit } = await linkedVisitor();
    const before = await stateOf(account);
    const page = await set(visit, entered);
    expect([page.status, page.wrongFields]).toEqual([422, wrong]);
    expect(await stateOf(account)).toEqual(before);
  });
});

describe("the budget in the portal", () => {
  const set = (visit: PortalVisit, entered: Record<string, string>) =>
    visit.send("[name=monthlyLimit]", entered);

  it("shows the month beside what was meant to be spent", async () => {
    const { account, visit } = await visitor(BUDGET, { credit: SMALL_MONTH });
    expect(visit.page.find("progress")).toBeNull();
    await set(visit, { monthlyLimit: "100,000" });
    await account.serve();
    await visit.go(BUDGET);
    expect(visit.page.textOf("h2")).toMatch(/^90% of the budget for \w+ \d{4}$/);
    const bar = visit.page.find("progress");
    expect(["class", "value", "max"].map((name) => bar?.getAttribute(name))).toEqual([
      "warn",
      "90000",
      "100000",
    ]);
    expect(factsOf(visit)).toMatchObject({
      "So far": "90,000 VND | 10,000 VND left",
      Budget: "100,000 VND | A message was sent at 80%.",
      "Invoiced, less credit notes": "90,000 VND",
    });
    await visit.send(`form[action="${BUDGET}/remove"] button`);
    expect(visit.page.find("progress")).toBeNull();
    expect(factsOf(visit)["So far"]).toBe("90,000 VND");
  });

  it("says that an address hasn't said yes yet", async () => {
    const { visit } = await visitor(BUDGET);
    const email = `${freshId("finance")}@example.com`;
    await set(visit, { monthlyLimit: "100000", alertEmail: email });
    expect(visit.page.textOf("#alertEmail-hint")).toBe(`${email} hasn't said yes yet.`);
    expect(visit.page.form("[name=alertEmail]").fields.alertEmail).toBe(email);
  });

  it.each([
    ["no limit", { monthlyLimit: "" }, ["monthlyLimit"]],
    ["a limit of nothing", { monthlyLimit: "0" }, ["monthlyLimit"]],
    ["an address that is none", { monthlyLimit: "1000", alertEmail: "an" }, ["alertEmail"]],
    ["neither", { monthlyLimit: "x", alertEmail: "an" }, ["monthlyLimit", "alertEmail"]],
  ])("says at its field what is wrong: %s", async (_, entered, wrong) => {
    const { account, visit } = await visitor(BUDGET);
    const before = await stateOf(account);
    const page = await set(visit, entered);
    expect([page.status, page.wrongFields]).toEqual([422, wrong]);
    expect(await stateOf(account)).toEqual(before);
  });

  it("asks no more people than it may", async () => {
    const { visit } = await visitor(BUDGET);
    for (let n = 0; n < 12 && visit.page.status === 200; n += 1)
      await set(visit, { monthlyLimit: "1000", alertEmail: `${freshId("x")}@example.com` });
    expect([visit.page.status, visit.page.errorAt("alertEmail")]).toEqual([
      429,
      expect.stringContaining("wait"),
    ]);
  });
});

describe("credit", () => {
  it("is bought from a linked account without leaving the portal", async () => {
    const account = await openAccount(0, { settings: { locale: "en" } });
    const linked = await new LinkingCustomer(account, "momo").link();
    const visit = await enterPortal(account);
    await visit.go("/portal/credits/buy");
    const [first] = visit.page.findAll("[name=gateway]").map((choice) => choice.getAttribute("value"));
    expect(first).toBe(`linked-${linked.id}`);
    const page = await visit.send("[name=amount]", { amount: "200,000", gateway: first ?? "" });
    expect(page.heading).toBe("Thank you! 200,000 VND is in your credit");
    expect(await account.available()).toBe(200_000);
  });

  it("that a linked account doesn't pay can be tried again in the same way", async () => {
    const account = await openAccount(0, { settings: { locale: "en" } });
    const linked = await new LinkingCustomer(account, "momo").link();
    const visit = await enterPortal(account);
    await behave("momo", { charge: "refuses" });
    await visit.go("/portal/credits/buy");
    const page = await visit.send("[name=amount]", { amount: "200,000", gateway: `linked-${linked.id}` });
    expect(page.heading).toBe("No credit was bought");
    await visit.go(page.find("main a.button")?.getAttribute("href") ?? "");
    expect(visit.page.form("[name=amount]").fields).toMatchObject({
      ...{ amount: "200000", gateway: `linked-${linked.id}` },
    });
  });
});
