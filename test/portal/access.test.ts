import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ACTIONS } from "../../src/http/actions.ts";
import { PORTAL_SESSION_MS } from "../../src/http/links.ts";
import { portal } from "../../src/portal/portal.tsx";
import { invoicePath, ROOMS, type Room } from "../../src/portal/rooms.ts";
import { openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { look, visit } from "./visits.ts";

/** An account with one invoice, so that every page has something to show. */
let account: TestAccount;
let code: string;

beforeAll(async () => {
  await putCatalogue();
  account = await openAccount(500_000);
  const order = await account.placeAndPay({ name: "web-of-mine" });
  await account.provisionAll(order.id, "succeeded");
  code = (await account.invoices())[0]?.code ?? "";
});
afterEach(() => void vi.useRealTimers());

/** The address of a page that is about this account's invoice, where it is about one. */
const pathOf = ({ path }: Room): string =>
  path.replace(/:code(\{.+\})?/, (_, pdf) => (pdf ? `${code}.pdf` : code));
const rooms = Object.entries(ROOMS).map(([name, room]: [string, Room]) => ({ name, ...room }));

/** The ways in and out are no rooms, and what leads nowhere is nobody's. */
const NO_ROOMS = ["GET /portal/enter", "POST /portal/sign-out", "GET /portal/*"];

it("has every page of the portal on its map", () => {
  const routed = portal.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  const mapped = rooms.map(({ path }) => `GET ${path}`);
  expect([...new Set(routed)].sort()).toEqual([...mapped, ...NO_ROOMS].sort());
});

/** The first PDF takes a while: what writes it is loaded. */
const TIMEOUT_MS = 30_000;

describe.each(rooms)("$name", { timeout: TIMEOUT_MS }, (room) => {
  it("is closed to people who aren't signed in", async () => {
    const seen = await look(pathOf(room));
    expect([seen.status, seen.text]).toEqual([401, expect.stringContaining("You are not signed in")]);
  });

  it(`asks for: ${room.action}`, async () => {
    const others = await visit(
      account,
      ACTIONS.filter((action) => action !== room.action),
    );
    const { action } = room;
    const without = await others.see(pathOf(room));
    expect(without.status).toBe(action === "any" ? 200 : 403);
    if (action === "any") return;
    expect(without.text).toContain("You are not allowed to see this");
    expect(without.text).not.toContain("web-of-mine");
    const alone = await (await visit(account, [action])).see(pathOf(room));
    expect(alone.status).toBe(200);
  });

  it("is closed once the session is over", async () => {
    const visitor = await visit(account);
    expect((await visitor.see(pathOf(room))).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + PORTAL_SESSION_MS + 1_000 });
    expect((await visitor.see(pathOf(room))).status).toBe(401);
  });

  it("is closed to a copied cookie once its owner has signed out", async () => {
    const visitor = await visit(account);
    expect((await visitor.signOut()).status).toBe(200);
    expect((await visitor.see(pathOf(room))).status).toBe(401);
  });

  it("shows another account nothing of this one's", async () => {
    const stranger = await visit(await openAccount());
    const seen = await stranger.see(pathOf(room));
    expect(seen.status).toBe(room.path.includes(":code") ? 404 : 200);
    expect(seen.text).not.toContain("web-of-mine");
    expect(seen.html).not.toContain(account.id);
  });
});

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
