import { beforeAll, describe, expect, it } from "vitest";
import type { AccountId, ProductId } from "../../src/domain/ids.ts";
import { ACTIONS, type Action } from "../../src/http/actions.ts";
import { PORTAL_LINK_SECONDS } from "../../src/http/links.ts";
import { askForLink, cookieOf, look, RETURN_URL } from "../portal/visits.ts";
import {
  admin,
  bodyOf,
  freshId,
  openAccount,
  productConsole,
  putCatalogue,
  TestAccount,
} from "../support/api.ts";
import { PRODUCTS, VMONITOR } from "../support/catalogue.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);

const CEILING: readonly Action[] = ["ListBillings", "GetBilling", "ListPayments"];

/** A product of its own, with a ceiling if one is given. */
async function openProduct(ceiling?: readonly Action[]): Promise<ProductId> {
  const product = freshId<ProductId>("prd");
  const { id: _, version: __, ...body } = PRODUCTS[0] ?? {};
  bodyOf(await admin.put(`/v1/catalog/products/${product}`, body), 200);
  if (ceiling) bodyOf(await putCeiling(product, ceiling), 200);
  return product;
}

const putCeiling = (product: string, actions: readonly string[]) =>
  admin.put<object>(`/v1/catalog/products/${product}/portal-actions`, { actions });

/** What somebody who follows the link is allowed to do. */
async function actionsBehind(url: string): Promise<Action[]> {
  const cookie = cookieOf(await look(url));
  const pages = {
    ListBillings: "/portal/billing",
    ListPayments: "/portal/payments",
    ListCredits: "/portal/credits",
  };
  const allowed: Action[] = [];
  for (const [action, path] of Object.entries(pages)) {
    if ((await look(path, { cookie })).status === 200) allowed.push(action as Action);
  }
  return allowed;
}

const trailOf = async (account: TestAccount): Promise<object[]> =>
  (await account.object.auditTrail(null, 50)).filter(({ action }) => action === "open_portal");

describe("a portal session", () => {
  it("is a link of this installation that says until when it works", async () => {
    const before = Math.floor(Date.now() / 1_000);
    const { url, expiresAt } = bodyOf(await askForLink(await openAccount()), 201);
    expect(url).toMatch(/^http:\/\/edge-billing\.test\/portal\/enter\?code=[\w.-]+$/);
    const lifeSeconds = Date.parse(expiresAt) / 1_000 - before;
    expect(lifeSeconds).toBeGreaterThanOrEqual(PORTAL_LINK_SECONDS);
    expect(lifeSeconds).toBeLessThanOrEqual(PORTAL_LINK_SECONDS + 5);
  });

  it("tells no token in its link: what it grants is all there is to it", async () => {
    const account = await openAccount();
    const { url } = bodyOf(await askForLink(account, { actions: [] }), 201);
    const code = new URL(url).searchParams.get("code") ?? "";
    const answer = await look(`${account.path}/balance`, { headers: { Authorization: `Bearer ${code}` } });
    expect(answer.status).toBe(401);
  });

  it("leaves a trail of who vouched for whom", async () => {
    const product = await openProduct(CEILING);
    const account = await openAccount();
    bodyOf(await askForLink(account, { user: "binh@example.com" }, productConsole(product)), 201);
    expect(await trailOf(account)).toEqual([
      expect.objectContaining({
        actor: expect.stringContaining(`product:${product}`),
        subject: "binh@example.com",
      }),
    ]);
  });

  it("goes back where it came from", async () => {
    const account = await openAccount();
    const cookie = cookieOf(await look(bodyOf(await askForLink(account), 201).url));
    expect((await look("/portal", { cookie })).html).toContain(`href="${RETURN_URL}"`);
  });
});

describe("a product's ceiling", () => {
  it("is what a session may do that asks for nothing", async () => {
    const console = productConsole(await openProduct(CEILING));
    const { url } = bodyOf(await askForLink(await openAccount(), {}, console), 201);
    expect(await actionsBehind(url)).toEqual(["ListBillings", "ListPayments"]);
  });

  it("isn't granted to a session that asks for less", async () => {
    const console = productConsole(await openProduct(CEILING));
    const account = await openAccount();
    const { url } = bodyOf(await askForLink(account, { actions: ["ListPayments"] }, console), 201);
    expect(await actionsBehind(url)).toEqual(["ListPayments"]);
    const nothing = bodyOf(await askForLink(account, { actions: [] }, console), 201);
    expect(await actionsBehind(nothing.url)).toEqual([]);
  });

  it("refuses a session that asks for more, and records nothing of it", async () => {
    const console = productConsole(await openProduct(CEILING));
    const account = await openAccount();
    const refused = await askForLink(
      account,
      { actions: ["ListBillings", "ListCredits", "BuyCredit"] },
      console,
    );
    expectProblem(refused, { status: 403, code: "portal_action_not_allowed" });
    expect(refused.body).toMatchObject({ detail: "ListCredits, BuyCredit" });
    expect(await trailOf(account)).toEqual([]);
  });

  it("that was never set allows nothing", async () => {
    const console = productConsole(await openProduct());
    const account = await openAccount();
    expect(await actionsBehind(bodyOf(await askForLink(account, {}, console), 201).url)).toEqual([]);
    const refused = await askForLink(account, { actions: ["ListBillings"] }, console);
    expectProblem(refused, { status: 403, code: "portal_action_not_allowed" });
  });

  it("counts as it is when the session is asked for", async () => {
    const product = await openProduct(CEILING);
    const account = await openAccount();
    bodyOf(await putCeiling(product, ["ListCredits"]), 200);
    const { url } = bodyOf(await askForLink(account, {}, productConsole(product)), 201);
    expect(await actionsBehind(url)).toEqual(["ListCredits"]);
  });

  it("is its own product's only", async () => {
    await openProduct(ACTIONS);
    const refused = await askForLink(
      await openAccount(),
      { actions: ["ListBillings"] },
      productConsole(await openProduct(["ListPayments"])),
    );
    expectProblem(refused, { status: 403, code: "portal_action_not_allowed" });
  });

  it("doesn't bind operations", async () => {
    const { url } = bodyOf(await askForLink(await openAccount()), 201);
    expect(await actionsBehind(url)).toEqual(["ListBillings", "ListPayments", "ListCredits"]);
  });

  it("names actions that there are, of products that there are", async () => {
    const product = await openProduct();
    const unknown = await putCeiling(product, ["ListBillings", "BeAdmin"]);
    expectProblem(unknown, { status: 400, code: "invalid_request", path: "actions[1]" });
    const nowhere = await putCeiling(freshId("prd"), ["ListBillings"]);
    expectProblem(nowhere, { status: 404, code: "product_not_found" });
  });
});

describe("a portal session is refused", () => {
  it.each([
    ["another origin", "https://evil.example/servers"],
    ["an origin that begins alike", "https://console.example.evil.example/"],
    ["another scheme", "http://console.example/servers"],
    ["another port", "https://console.example:8443/servers"],
    ["a name before an @", "https://console.example@evil.example/"],
  ])("that goes back to %s", async (_, returnUrl) => {
    const account = await openAccount();
    for (const by of [productConsole(await openProduct(CEILING)), admin]) {
      const refused = await askForLink(account, { returnUrl }, by);
      expectProblem(refused, { status: 422, code: "return_url_not_allowed", path: "returnUrl" });
    }
    expect(await trailOf(account)).toEqual([]);
  });

  it("that goes back to another product's console", async () => {
    const console = productConsole(await openProduct(CEILING));
    const refused = await askForLink(await openAccount(), { returnUrl: "https://monitor.example/" }, console);
    expectProblem(refused, { status: 422, code: "return_url_not_allowed", path: "returnUrl" });
    const own = await askForLink(
      await openAccount(),
      { returnUrl: "https://monitor.example/" },
      productConsole(VMONITOR),
    );
    expect(own.status).toBe(201);
  });

  it.each(["javascript:alert(1)", "/servers", "", "console.example"])(
    "whose way back is %j",
    async (returnUrl) => {
      const refused = await askForLink(await openAccount(), { returnUrl });
      expectProblem(refused, { status: 400, code: "invalid_request", path: "returnUrl" });
    },
  );

  it("for an account that was never opened", async () => {
    const nobody = new TestAccount(freshId<AccountId>("acc"));
    for (const by of [productConsole(await openProduct(CEILING)), admin]) {
      expectProblem(await askForLink(nobody, {}, by), { status: 404, code: "account_not_found" });
    }
  });

  it.each([
    ["nobody", { user: "" }, "user"],
    ["actions that there aren't", { actions: ["BeAdmin"] }, "actions[0]"],
  ])("for %s", async (_, request, path) => {
    const refused = await askForLink(await openAccount(), request);
    expectProblem(refused, { status: 400, code: "invalid_request", path });
  });
});
