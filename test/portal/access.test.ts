import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ACTIONS } from "../../src/http/actions.ts";
import { PORTAL_SESSION_MS } from "../../src/http/links.ts";
import { portal } from "../../src/portal/portal.tsx";
import { invoicePath, ROOMS, type Room } from "../../src/portal/rooms.ts";
import { Customer } from "../gateways/customer.ts";
import { resetClock } from "../http/clock.ts";
import {
  admin,
  bodyOf,
  openAccount,
  type PaymentView,
  putCatalogue,
  type TestAccount,
} from "../support/api.ts";
import { billed } from "./billed.ts";
import { look, ORIGIN, type Request, type Seen, type Visitor, visit } from "./visits.ts";

const FORM = "application/x-www-form-urlencoded";

/** An account with one resource and one invoice, so that every page has something to show. */
let account: TestAccount;
let code: string;
let resource: string;
let payment: string;
let paymentOfBills: string;

beforeAll(async () => {
  await putCatalogue();
  ({ account, payment: paymentOfBills } = await billedAccount());
  resource = await account.serve({ name: "web-of-mine" });
  code = (await account.invoices())[0]?.code ?? "";
  payment = bodyOf(await new Customer(account).topUp(100_000), 201).id;
});
afterEach(() => void vi.useRealTimers());

/** A prepaid account that was postpaid for a while, and has begun to pay its bill. */
async function billedAccount(): Promise<{ account: TestAccount; payment: string }> {
  const { account, codes } = await billed(1);
  await account.grant(500_000);
  const request = { method: "gateway", gateway: "momo" };
  const begun = await account.user.post<PaymentView>(`${account.path}/invoices/${codes[0]}/pay`, request);
  await resetClock();
  bodyOf(await admin.put(account.path, { email: "an@example.com", name: "An", billingMode: "prepaid" }), 200);
  return { account, payment: bodyOf(begun, 200).id };
}

/** The address of a page that is about this account's invoice or resource, where it is about one. */
const pathOf = ({ path }: Room): string =>
  path
    .replace(/:code(\{.+\})?/, (_, pdf) => (pdf ? `${code}.pdf` : code))
    .replace(":resource", resource)
    .replace(":payment", path === ROOMS.billPayment.path ? paymentOfBills : payment);
const rooms = Object.entries(ROOMS).map(([name, room]: [string, Room]) => ({ name, ...room }));

/** The ways in and out are no rooms, and what leads nowhere is nobody's. */
const NO_ROOMS = ["GET /portal/enter", "POST /portal/sign-out", "GET /portal/*"];

it("has every page of the portal on its map", () => {
  const routed = portal.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  const mapped = rooms.map(({ method = "GET", path }) => `${method} ${path}`);
  expect([...new Set(routed)].sort()).toEqual([...mapped, ...NO_ROOMS].sort());
});

/** The first PDF takes a while: what writes it is loaded. */
const TIMEOUT_MS = 30_000;

/** What a form of ours sends that says nothing: it changes nothing either. */
const ASKING = { method: "POST", headers: { Origin: ORIGIN, "Content-Type": FORM } } as const;
const requestOf = ({ method }: Room): Request => (method === "POST" ? ASKING : {});
/** What a page answers to somebody who may see it; forms that say nothing are told so, or do what they are for. */
const isLetIn = ({ status }: Seen): boolean => [200, 303, 400, 409, 422].includes(status);

describe.each(rooms)("$name", { timeout: TIMEOUT_MS }, (room) => {
  const see = (visitor: Visitor) => visitor.see(pathOf(room), "en", requestOf(room));

  it("is closed to people who aren't signed in", async () => {
    const seen = await look(pathOf(room), requestOf(room));
    expect([seen.status, seen.text]).toEqual([401, expect.stringContaining("You are not signed in")]);
  });

  it.each(room.asks)("asks for %s", async (action) => {
    const others = ACTIONS.filter((other) => other !== action);
    const without = await see(await visit(account, others));
    expect([without.status, without.text]).toEqual([
      403,
      expect.stringContaining("You are not allowed to see this"),
    ]);
    expect(without.text).not.toContain("web-of-mine");
  });

  it("asks for nothing else", async () => {
    expect(await see(await visit(account, [...room.asks, ...(room.oneOf?.slice(0, 1) ?? [])]))).toSatisfy(
      isLetIn,
    );
  });

  it("is closed once the session is over", async () => {
    const visitor = await visit(account);
    expect(await see(visitor)).toSatisfy(isLetIn);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + PORTAL_SESSION_MS + 1_000 });
    expect((await see(visitor)).status).toBe(401);
  });

  it("is closed to a copied cookie once its owner has signed out", async () => {
    const visitor = await visit(account);
    expect((await visitor.signOut()).status).toBe(200);
    expect((await see(visitor)).status).toBe(401);
  });

  it("shows another account nothing of this one's", async () => {
    const seen = await see(await visit(await openAccount()));
    expect(seen).toSatisfy(/:(?:code|resource|payment)/.test(room.path) ? isNothing : isLetIn);
    expect(seen.text).not.toContain("web-of-mine");
    expect(seen.html).not.toContain(account.id);
  });

  it.skipIf(room.method !== "POST")("takes no form of another site's", async () => {
    const headers = { ...ASKING.headers, Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    const seen = await (await visit(account)).see(pathOf(room), "en", { method: "POST", headers });
    expect(seen.status).toBe(403);
  });
});

const isNothing = ({ status }: Seen): boolean => status === 404;

describe("the menu", () => {
  it("leads to what its visitor may see, and says where they are", async () => {
    const visitor = await visit(account, ["ListPayments", "GetBilling"]);
    const { html } = await visitor.see("/portal/payments");
    const menu = /<nav aria-label="Portal">.*?<\/nav>/s.exec(html)?.[0] ?? "";
    expect([...menu.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual([
      "/portal",
      "/portal/payments",
    ]);
    expect(menu).toContain('<a href="/portal/payments" aria-current="page">');
  });
});

describe("an invoice's address", () => {
  it.each(["none", "202611-OTHER-1", "..%2Fpayments", "%00", "x".repeat(300), "none.pdf", ".pdf", "%00.pdf"])(
    "that names none is answered by a page: %s",
    async (wrong) => {
      const seen = await (await visit(account)).see(`/portal/billing/${wrong}`);
      expect([seen.status, seen.text]).toEqual([404, expect.stringContaining("There is nothing here")]);
    },
  );

  it("is spelled as its code", () => {
    expect(invoicePath("202611-ABC-1")).toBe("/portal/billing/202611-ABC-1");
  });
});

it("answers what isn't there with a page", async () => {
  const seen = await (await visit(account)).see("/portal/nothing/here");
  expect([seen.status, seen.text]).toEqual([404, expect.stringContaining("There is nothing here")]);
  expect((await look("/portal/nothing/here")).status).toBe(401);
});
