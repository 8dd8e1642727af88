import { beforeAll, describe, expect, it } from "vitest";
import { ACTIONS, type Action } from "../../src/http/actions.ts";
import { portal } from "../../src/portal/portal.tsx";
import { dashboardTexts } from "../../src/texts/dashboard.ts";
import { Customer } from "../gateways/customer.ts";
import { LinkingCustomer } from "../gateways/linking.ts";
import { resetClock } from "../http/clock.ts";
import { admin, bodyOf, type PaymentView, putCatalogue, type TestAccount } from "../support/api.ts";
import type { Page } from "../support/browser.ts";
import { billed } from "./billed.ts";
import { enterPortal, type PortalVisit } from "./portal-visit.ts";
import { ORIGIN } from "./visit.ts";

/** Whoever may do one of these sees the resources. */
const RESOURCES = [
  ...["ListUsages", "GetTrafficUsages", "PayOrder"],
  ...["RenewResources", "DeleteResources", "ManageResources"],
].join(" or ");

/**
 * Every page and form of the portal, with what somebody must be allowed to do to see or send it: all that stands in the
 * list, one of what stands there with an *or*. A page that isn't named here fails.
 */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "GET /portal": [],
  "GET /portal/resources": [RESOURCES],
  "POST /portal/resources/renew": ["RenewResources", "PayOrder"],
  "GET /portal/resources/match-end-time": ["RenewResources", "PayOrder"],
  "POST /portal/resources/match-end-time": ["RenewResources", "PayOrder"],
  "GET /portal/resources/:resource": [RESOURCES],
  "POST /portal/resources/:resource/tags": ["ManageResources"],
  "POST /portal/resources/:resource/auto-renew": ["RenewResources"],
  "POST /portal/resources/:resource/recover": ["ManageResources", "PayOrder"],
  "POST /portal/resources/:resource/convert": ["ManageResources", "PayOrder"],
  "GET /portal/resources/:resource/stop-trial": ["ManageResources"],
  "POST /portal/resources/:resource/stop-trial": ["ManageResources"],
  "GET /portal/resources/:resource/delete": ["DeleteResources"],
  "POST /portal/resources/:resource/delete": ["DeleteResources"],
  "GET /portal/use": ["ListUsages"],
  "GET /portal/use/report": ["ListUsages"],
  "GET /portal/use/report.xlsx": ["ExportUsages"],
  "GET /portal/use/report.csv": ["ExportUsages"],
  "GET /portal/billing.xlsx": ["ExportBillings"],
  "GET /portal/billing.pdf": ["ExportBillings"],
  "GET /portal/payments.xlsx": ["ExportPayments"],
  "GET /portal/payments.pdf": ["ExportPayments"],
  "GET /portal/credits.xlsx": ["ExportCredits"],
  "GET /portal/credits.pdf": ["ExportCredits"],
  "GET /portal/billing": ["ListBillings"],
  "GET /portal/billing/months": ["ListBillings"],
  "GET /portal/costs": ["GetBillingStatistic"],
  "GET /portal/costs.csv": ["GetBillingStatistic", "ExportBillings"],
  "GET /portal/billing/pay": ["PayBilling"],
  "POST /portal/billing/pay": ["PayBilling"],
  "GET /portal/billing/payments/:payment": ["PayBilling"],
  "GET /portal/billing/:code{.+\\.pdf}": ["GetBilling"],
  "GET /portal/billing/:code": ["GetBilling"],
  "GET /portal/payments": ["ListPayments"],
  "GET /portal/credits": ["ListCredits"],
  "GET /portal/credits/trial": ["ListCredits"],
  "GET /portal/credits/buy": ["BuyCredit"],
  "POST /portal/credits/buy": ["BuyCredit"],
  "GET /portal/credits/buy/:payment": ["BuyCredit"],
  "GET /portal/settings": ["GetUserInfo"],
  "GET /portal/linked-accounts": ["ManageLinkedAccounts"],
  "POST /portal/linked-accounts": ["ManageLinkedAccounts"],
  "POST /portal/linked-accounts/default": ["ManageLinkedAccounts"],
  "POST /portal/linked-accounts/remove": ["ManageLinkedAccounts"],
  "POST /portal/linked-accounts/pay": ["ManageLinkedAccounts", "PayOrder"],
  "GET /portal/auto-top-up": ["BuyCredit"],
  "POST /portal/auto-top-up": ["BuyCredit"],
  "POST /portal/auto-top-up/off": ["BuyCredit"],
  "GET /portal/budget": ["ManageProfile"],
  "POST /portal/budget": ["ManageProfile"],
  "POST /portal/budget/remove": ["ManageProfile"],
  "GET /portal/invoice-addresses": ["ManageProfile"],
  "POST /portal/invoice-addresses": ["ManageProfile"],
  "POST /portal/invoice-addresses/default": ["ManageProfile"],
  "POST /portal/invoice-addresses/remove": ["ManageProfile"],
  "GET /portal/recipients": ["ManageProfile"],
  "POST /portal/recipients": ["ManageProfile"],
  "POST /portal/recipients/remove": ["ManageProfile"],
};

/** The ways in and out are anybody's, and what leads nowhere is nobody's. */
const NOBODYS = ["GET /portal/enter", "POST /portal/sign-out", "GET /portal/*"];

/** What is shown once something was chosen in a list, or of a resource that is in the trash or on trial. */
const AFTER_A_CHOICE = [
  "POST /portal/resources/match-end-time",
  "POST /portal/resources/:resource/recover",
  "POST /portal/resources/:resource/convert",
  "GET /portal/resources/:resource/stop-trial",
  "POST /portal/resources/:resource/stop-trial",
  "POST /portal/billing/pay",
];

/** What a visitor with one action alone finds in the menu, besides the overview. */
const MENUS: Readonly<Record<Action, readonly string[]>> = {
  ListUsages: ["/portal/resources", "/portal/use"],
  ExportUsages: [],
  GetTrafficUsages: ["/portal/resources"],
  ExportTrafficUsages: [],
  ListBillings: ["/portal/billing"],
  GetBilling: [],
  GetBillingStatistic: ["/portal/costs"],
  ExportBillings: [],
  ListPayments: ["/portal/payments"],
  ExportPayments: [],
  ListCredits: ["/portal/credits"],
  ExportCredits: [],
  GetUserInfo: ["/portal/settings"],
  GetUserBalance: [],
  BuyCredit: ["/portal/auto-top-up"],
  PayOrder: ["/portal/resources"],
  PayBilling: [],
  RenewResources: ["/portal/resources"],
  DeleteResources: ["/portal/resources"],
  ManageResources: ["/portal/resources"],
  ManageLinkedAccounts: ["/portal/linked-accounts"],
  ManageProfile: ["/portal/invoice-addresses"],
};

const RESOURCE_NAME = "web-of-mine";
const TIMEOUT_MS = 60_000;

/** An account with something of everything, so that every page has its links and buttons. */
let account: TestAccount;
let params: Readonly<Record<string, string>>;
let paymentOfBills: string;

beforeAll(async () => {
  await putCatalogue();
  const { account: owing, codes } = await billed(2);
  account = owing;
  await account.grant(1_000_000);
  const request = { method: "gateway", gateway: "momo" };
  const begun = await account.user.post<PaymentView>(`${account.path}/invoices/${codes[0]}/pay`, request);
  paymentOfBills = bodyOf(begun, 200).id;
  await resetClock();
  const profile = { email: "an@example.com", name: "An", billingMode: "prepaid", locale: "en" };
  bodyOf(await admin.put(account.path, profile), 200);
  const resource = await account.serve({ name: RESOURCE_NAME });
  await account.place({ name: RESOURCE_NAME });
  const customer = new LinkingCustomer(account, "momo");
  await customer.link();
  const linkedAccount = (await customer.link()).id;
  const { user, path } = account;
  const settings = { threshold: 10_000, amount: 100_000, monthlyCap: 100_000, linkedAccount };
  bodyOf(await user.put(`${path}/auto-top-up`, settings), 200);
  bodyOf(await user.put(`${path}/budget`, { monthlyLimit: 1_000_000 }), 200);
  for (const name of ["An", "Bình"]) {
    const address = { type: "personal", name, address: "1 Tràng Tiền, Hà Nội", certified: true };
    bodyOf(await user.post(`${path}/invoice-addresses`, address), 201);
  }
  bodyOf(await user.post(`${path}/recipients`, { email: "chi@example.com" }), 201);
  const expiresAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
  bodyOf(await admin.put(`${path}/poc-wallet`, { amount: 100_000, expiresAt }), 200);
  const payment = bodyOf(await new Customer(account).topUp(100_000), 201).id;
  params = { resource, payment, code: codes[1] ?? "" };
});

const isAllowed = (needed: readonly string[], actions: readonly Action[]): boolean =>
  needed.every((one) => one.split(" or ").some((action) => (actions as readonly string[]).includes(action)));

/** The address of a page that is about something, for what the account has of it. */
const addressOf = (path: string): string =>
  path.replace(/:(\w+)(\{.+\})?/, (_, name: string, isFile) => {
    if (path.includes("/billing/payments/")) return paymentOfBills;
    return `${params[name]}${isFile ? ".pdf" : ""}`;
  });

const PAGES = Object.entries(NEEDED).map(([name, needed]) => {
  const [method = "", path = ""] = name.split(" ");
  return { name, method, path, needed };
});

const isFile = ({ path }: { readonly path: string }): boolean => /\.(pdf|csv|xlsx)\}?$/.test(path);

/** What of the table an address belongs to: the first that fits, as routes are. */
function pageAt(method: string, address: string): (typeof PAGES)[number] | undefined {
  return PAGES.find((page) => {
    const pattern = page.path.replace(/:\w+(\{(.+)\})?/, (_, __, of = "[^/]+") => of);
    return page.method === method && new RegExp(`^${pattern}$`).test(address);
  });
}

/** Asks for a page, or sends a form that says nothing. */
async function statusOf(visit: PortalVisit, { method, path }: (typeof PAGES)[number]): Promise<number> {
  const asking =
    method === "POST" ? { method, headers: { Origin: ORIGIN }, body: new URLSearchParams() } : {};
  const response = await visit.browser.request(`${ORIGIN}${addressOf(path)}`, asking);
  await response.body?.cancel();
  return response.status;
}

/** Where a page's links, forms and buttons lead within the portal. */
function waysIn(page: Page): readonly { readonly method: string; readonly address: string }[] {
  const at = (target = "") => new URL(target, page.url);
  const links = page.findAll("a[href]").map((link) => ["GET", at(link.getAttribute("href"))] as const);
  const forms = page.findAll("form").flatMap((form) => {
    const method = (form.getAttribute("method") ?? "get").toUpperCase();
    const others = form
      .querySelectorAll("[formaction]")
      .map(
        (button) =>
          [
            (button.getAttribute("formmethod") ?? method).toUpperCase(),
            at(button.getAttribute("formaction")),
          ] as const,
      );
    return [[method, at(form.getAttribute("action"))] as const, ...others];
  });
  return [...links, ...forms]
    .filter(([, url]) => url.origin === ORIGIN && url.pathname.startsWith("/portal"))
    .map(([method, { pathname }]) => ({ method, address: decodeURIComponent(pathname) }));
}

it("has every page and form of the portal in its table", () => {
  const routed = portal.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(routed)].sort()).toEqual([...Object.keys(NEEDED), ...NOBODYS].sort());
});

const alone = ACTIONS.map((action) => ({ name: `${action} alone`, actions: [action] as readonly Action[] }));
const VISITORS = [
  ...alone,
  { name: "no action at all", actions: [] },
  { name: "every action", actions: ACTIONS },
  // Colleagues as there are.
  { name: "a bookkeeper", actions: ["ListBillings", "GetBilling", "ListPayments", "ListCredits"] as const },
  { name: "whoever pays", actions: ["ListBillings", "PayBilling", "PayOrder", "BuyCredit"] as const },
  { name: "an engineer", actions: ["ListUsages", "ManageResources", "RenewResources"] as const },
];

describe.each(VISITORS)("a visitor with $name", { timeout: TIMEOUT_MS }, ({ actions }) => {
  it("is answered what that allows, and refused all else", async () => {
    const visit = await enterPortal(account, actions);
    for (const page of PAGES.filter(({ method }) => method === "GET")) {
      const isRefused = (await statusOf(visit, page)) === 403;
      expect([page.name, !isRefused]).toEqual([page.name, isAllowed(page.needed, actions)]);
    }
    // Whatever else a form that says nothing comes to, it is refused where it isn't allowed.
    for (const page of PAGES.filter((one) => one.method === "POST" && !isAllowed(one.needed, actions)))
      expect([page.name, await statusOf(visit, page)]).toEqual([page.name, 403]);
  });

  it("is shown no link and no button that leads to something else", async () => {
    const visit = await enterPortal(account, actions);
    for (const page of PAGES.filter((one) => one.method === "GET" && isAllowed(one.needed, actions))) {
      if (isFile(page)) continue;
      await visit.go(addressOf(page.path));
      const astray = waysIn(visit.page).filter(({ method, address }) => {
        if (NOBODYS.includes(`${method} ${address}`)) return false;
        const to = pageAt(method, address);
        return to === undefined || !isAllowed(to.needed, actions);
      });
      expect([page.name, astray]).toEqual([page.name, []]);
    }
  });

  it("reads on the first page only what that is about", async () => {
    const { text } = (await enterPortal(account, actions)).page;
    const words = dashboardTexts.en;
    expect(text.includes(words.allResources)).toBe(isAllowed([RESOURCES], actions));
    expect(text.includes(words.credit)).toBe(isAllowed(["GetUserBalance"], actions));
    expect(text.includes(words.allDocuments)).toBe(isAllowed(["ListBillings"], actions));
    expect(text.includes(words.allPayments)).toBe(isAllowed(["ListPayments"], actions));
  });
});

it.each(Object.entries(MENUS))("finds in the menu with %s alone what it opens", async (action, menu) => {
  const visit = await enterPortal(account, [action as Action]);
  const links = visit.page.findAll("nav[aria-label=Portal] a").map((link) => link.getAttribute("href"));
  expect(links).toEqual(["/portal", ...menu]);
});

it("leads everybody who may do everything to every page", { timeout: TIMEOUT_MS }, async () => {
  const visit = await enterPortal(account);
  const [seen, ahead] = [new Set<string>(), ["/portal"]];
  const reached = new Set<string>();
  for (let address = ahead.pop(); address !== undefined; address = ahead.pop()) {
    const page = pageAt("GET", address);
    if (seen.has(address) || !page) continue;
    seen.add(address);
    // One of a kind says what all lead to.
    if (reached.has(page.name) && !address.includes(params.resource ?? "")) continue;
    reached.add(page.name);
    if (isFile(page)) continue;
    await visit.go(address);
    for (const way of waysIn(visit.page)) {
      const to = pageAt(way.method, way.address);
      if (way.method === "POST" && to) reached.add(to.name);
      if (way.method === "GET") ahead.push(way.address);
    }
  }
  const never = PAGES.map(({ name }) => name).filter((name) => !reached.has(name));
  expect(never).toEqual(AFTER_A_CHOICE);
});
