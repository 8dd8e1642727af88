import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { routes } from "../../src/http/openapi.ts";
import { leadTo } from "../../src/sandbox/consoles/page.tsx";
import { admin, bodyOf, freshId, type OrderView, openAccount, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { StandingQueue } from "../support/peer/queue.ts";
import { type Asked, Browser, ConsoleProduct } from "./console.ts";

const ENTRY = "/sandbox/consoles";
const CREDIT = 5 * SMALL_MONTH;
const FORM = { name: "web", "sku:small": "1", "sku:disk": "0", months: "1", quantity: "1" };

beforeEach(() => {
  recordLogs();
  // Calls wait for the test to deliver them.
  new StandingQueue();
});
afterEach(() => vi.restoreAllMocks());

async function scene() {
  const product = await new ConsoleProduct().open();
  const account = await openAccount(CREDIT);
  const browser = await product.visitor(account);
  const form = (entered: Readonly<Record<string, string>> = {}, more: Asked = {}) =>
    browser.open(`${product.page}/new/server`, { ...more, form: { ...FORM, ...entered } });
  return { product, account, browser, form };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** An order that the form placed, paid by its customer. */
async function paidOrder(
  { account, form }: Scene,
  entered?: Readonly<Record<string, string>>,
): Promise<OrderView> {
  const { location } = await form(entered);
  const [, order = ""] = /\/checkout\/[^/]+\/([^?]+)/.exec(location ?? "") ?? [];
  bodyOf(await account.pay(order), 200);
  return account.order(order);
}

async function paidLine(of: Scene) {
  const { id, lines } = await paidOrder(of);
  const [line] = lines;
  if (!line) throw new Error("an order without a line");
  return { order: id, line };
}

const statusesOf = async (account: TestAccount, order: string) => {
  const { status, lines } = await account.order(order);
  return [status, ...lines.map((line) => line.status)];
};

describe("the form for a new resource", () => {
  test("shows what can be paid in advance, with its prices", async () => {
    const { product, browser } = await scene();
    const { status, html } = await browser.open(`${product.page}/new/server`);
    expect(status).toBe(200);
    expect(html).toContain("90,000 VND per 30 days");
    expect(html).toContain('name="sku:small"');
    expect((await browser.open(`${product.page}/new/nothing`)).status).toBe(404);
  });

  test("of what is billed by its use asks for no period, and orders its meters from nothing on", async () => {
    const { product, account, browser } = await scene();
    const path = `${product.page}/new/balancer`;
    const { html } = await browser.open(path);
    expect(html).toContain("Counted as it is used.");
    expect(html).toContain("This is its first level.");
    for (const field of ["months", "autoRenew"]) expect(html).not.toContain(`name="${field}"`);
    const meters = { "sku:traffic-gb": "0", "sku:connections": "0", "sku:data-gb": "0" };
    const entered = { name: "lb", "sku:node": "0", "sku:cache-gb": "5", quantity: "1", ...meters };
    const { location } = await browser.open(path, { form: entered });
    const [, id = ""] = /\/(ord_[0-9a-f]+)\?/.exec(location ?? "") ?? [];
    const order = await account.order(id);
    expect(order).toMatchObject({ total: 0, hold: Math.round(7.7 * 5 * 72), lines: [{ name: "lb" }] });
    expect(order.lines[0]?.configuration).toEqual([
      { sku: "cache-gb", quantity: 5 },
      ...["traffic-gb", "connections", "data-gb"].map((sku) => ({ sku, quantity: 0 })),
    ]);
  });

  test("of who pays by the month offers what is sold so, and comes back confirmed", async () => {
    const { product, account, browser } = await scene();
    bodyOf(
      await admin.put(account.path, { email: "an@example.com", name: "An", billingMode: "postpaid" }),
      200,
    );
    const console = await browser.open(product.page);
    expect(console.html).toContain("/new/balancer");
    expect(console.html).not.toContain("/new/snapshot");
    const entered = { name: "lb", "sku:node": "1", "sku:cache-gb": "0", quantity: "1" };
    const { location } = await browser.open(`${product.page}/new/balancer`, { form: entered });
    expect(location).toMatch(new RegExp(`${product.page}\\?order=ord_`));
    expect((await browser.open(location ?? "")).html).toContain("It is confirmed, and being set up.");
  });

  test("becomes an order, and leads its customer to the checkout", async () => {
    const { product, account, form } = await scene();
    const answer = await form({
      name: "máy chủ",
      "sku:disk": "2",
      months: "3",
      quantity: "2",
      autoRenew: "on",
    });
    expect(answer.location).toMatch(
      new RegExp(`^http://edge-billing.test/checkout/${account.id}/ord_[0-9a-f]+\\?code=`),
    );
    const [, id = ""] = /\/(ord_[0-9a-f]+)\?/.exec(answer.location ?? "") ?? [];
    const order = await account.order(id);
    expect(order).toMatchObject({
      product: product.id,
      status: "awaiting_payment",
      returnUrl: `http://localhost:8787${product.page}`,
      total: 2 * 3 * (SMALL_MONTH + 2 * 35_000),
    });
    expect(order.lines.map(({ name }) => name)).toEqual(["máy chủ-1", "máy chủ-2"]);
    expect(order.lines[0]).toMatchObject({
      period: { months: 3 },
      autoRenew: { enabled: true },
      configuration: [
        { sku: "small", quantity: 1 },
        { sku: "disk", quantity: 2 },
      ],
    });
  });

  test("leads by a page to a checkout at another origin, which browsers keep forms from", async () => {
    const url = "https://billing.example.com/checkout?code=a&b";
    const app = routes().post("/", (c) => leadTo(c, url));
    const there = await app.request("http://localhost/", { method: "POST" });
    expect([there.status, there.headers.get("Refresh")]).toEqual([200, `0; url=${url}`]);
    expect(await there.text()).toContain('href="https://billing.example.com/checkout?code=a&amp;b"');
    const here = await app.request("https://billing.example.com/", { method: "POST" });
    expect([here.status, here.headers.get("Location")]).toEqual([303, url]);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ["nothing chosen", { "sku:small": "0" }, 400, "Choose at least one."],
    ["a quantity in words", { "sku:small": "two" }, 400, 'id="sku:small-error"'],
    ["too long a period", { months: "61" }, 422, 'id="months-error"'],
    ["too many resources", { quantity: "1000000" }, 400, 'id="quantity-error"'],
    ["no name", { name: " " }, 400, 'id="name-error"'],
  ])("with %s keeps what was typed and says where it is refused", async (_, entered, status, shown) => {
    const { account, form } = await scene();
    const answer = await form({ months: "7", ...entered });
    expect(answer.status).toBe(status);
    expect(answer.html).toContain(shown);
    for (const value of Object.values({ ...entered, name: entered.name ?? "web" }))
      expect(answer.html).toContain(`value="${value.trim()}"`);
    expect(await account.payments()).toEqual([]);
  });

  test("is taken from the console's own page alone", async () => {
    const { form } = await scene();
    expect(await form({}, { formFrom: "https://evil.example" })).toMatchObject({
      status: 403,
      location: null,
    });
  });
});

describe("a call to set a resource up", () => {
  test("is answered at once: the resource runs, and stands in the console's list", async () => {
    const it = await scene();
    const { order, line } = await paidLine(it);
    expect(await it.product.deliver(await it.product.nextCall(it.account, line))).toBe(204);
    expect(await statusesOf(it.account, order)).toEqual(["completed", "active"]);
    const { html } = await it.browser.open(`${it.product.page}?order=${order}`);
    expect(html).toContain("It is ready.");
    expect(html).toContain("Running");
    expect(html).toContain("resource.provision");
  });

  test("that is signed with another secret, or changed on its way, is refused, and nothing happens", async () => {
    const it = await scene();
    const { order, line } = await paidLine(it);
    const call = await it.product.nextCall(it.account, line);
    expect(await it.product.deliver(call, `whsec_${btoa("0".repeat(32))}`)).toBe(401);
    const changed = call.body.replace("resource.provision", "resource.suspend");
    expect(await it.product.deliver(call, it.product.secret, changed)).toBe(401);
    expect(await statusesOf(it.account, order)).toEqual(["provisioning", "provisioning"]);
    expect((await it.browser.open(it.product.page)).html).not.toContain("resource.");
  });

  test("that comes twice has one effect: what the first decided stands", async () => {
    const it = await scene();
    const { order, line } = await paidLine(it);
    await it.product.next(it.browser, "fail");
    const call = await it.product.nextCall(it.account, line);
    expect(await it.product.deliver(call)).toBe(204);
    await it.product.next(it.browser, "succeed");
    expect(await it.product.deliver(call)).toBe(204);
    expect(await statusesOf(it.account, order)).toEqual(["failed", "refunded"]);
    expect((await it.account.payments()).map(({ kind }) => kind)).toEqual(["refund", "payment"]);
    expect(await it.account.available()).toBe(CREDIT);
  });

  test("fails where the switch says so, once: one line is refunded, the next comes up", async () => {
    const it = await scene();
    await it.product.next(it.browser, "fail");
    const { id, lines } = await paidOrder(it, { quantity: "2" });
    const calls = await Promise.all(lines.map((line) => it.product.nextCall(it.account, line)));
    await Promise.all(calls.map((call) => it.product.deliver(call)));
    expect((await statusesOf(it.account, id)).toSorted()).toEqual(["active", "completed", "refunded"]);
    expect(await it.account.available()).toBe(CREDIT - SMALL_MONTH);
    expect(await it.account.invoices()).toHaveLength(1);
  });

  test.each([
    ["succeed", ["completed", "active"], CREDIT - SMALL_MONTH],
    ["fail", ["failed", "refunded"], CREDIT],
  ])("hangs where the switch says so, until somebody lets it %s", async (outcome, statuses, left) => {
    const it = await scene();
    await it.product.next(it.browser, "hang");
    const { order, line } = await paidLine(it);
    const call = await it.product.nextCall(it.account, line);
    expect([await it.product.deliver(call), await it.product.deliver(call)]).toEqual([204, 204]);
    expect(await statusesOf(it.account, order)).toEqual(["provisioning", "provisioning"]);
    const release = { form: { line: line.id, outcome } };
    const path = `${it.product.page}/resources/${line.resourceId}`;
    expect((await it.browser.open(path, release)).status).toBe(303);
    expect(await statusesOf(it.account, order)).toEqual(statuses);
    expect(await it.account.available()).toBe(left);
  });

  test("that billing wouldn't hear of any more is taken, so that it isn't tried for ever", async () => {
    const it = await scene();
    const { order, line } = await paidLine(it);
    const call = await it.product.nextCall(it.account, line);
    bodyOf(
      await it.product.says(
        it.account,
        { order, line: line.id, resource: line.resourceId as never },
        "failed",
      ),
      200,
    );
    expect(await it.product.deliver(call)).toBe(204);
    expect(await statusesOf(it.account, order)).toEqual(["failed", "refunded"]);
  });
});

describe("a resource's buttons", () => {
  async function running() {
    const it = await scene();
    const { line } = await paidLine(it);
    await it.product.settle(it.account, await it.product.nextCall(it.account, line));
    const id = line.resourceId ?? "";
    const path = `${it.product.page}/resources/${id}`;
    const press = (action: string) => it.browser.open(`${path}/action`, { form: { action } });
    return { ...it, line, id, path, press };
  }
  const DISK = { "sku:small": "1", "sku:disk": "1" };

  test("stop, start and delete it, here and as billing has it", async () => {
    const { account, product, id, press } = await running();
    for (const [action, state] of [
      ["stop", "stopped"],
      ["start", "active"],
      ["delete", "deleted"],
    ] as const) {
      expect(await press(action)).toMatchObject({ status: 303, location: product.page });
      expect((await account.resource(id)).state).toBe(state);
    }
    expect((await account.payments())[0]).toMatchObject({ kind: "refund" });
    const again = await press("delete");
    expect(again.status).toBe(409);
    expect(again.html).toContain("Billing refused:");
    expect((await press("explode")).status).toBe(404);
  });

  test.each([
    ["succeed", ["completed", "active"], 2],
    ["fail", ["failed", "refunded"], 1],
    ["hang", ["provisioning", "provisioning"], 1],
  ])(
    "order another configuration, whose call is answered as the switch says: %s",
    async (next, statuses, skus) => {
      const { account, product, browser, line, id, path } = await running();
      const form = await browser.open(`${path}/resize`);
      expect(form.html).toContain('name="sku:small" value="1"');
      expect(form.html).toContain('name="sku:disk" value="0"');
      const { location } = await browser.open(`${path}/resize`, { form: DISK });
      const [, order = ""] = /\/checkout\/[^/]+\/([^?]+)/.exec(location ?? "") ?? [];
      bodyOf(await account.pay(order), 200);
      await product.next(browser, next);
      expect(await product.deliver(await product.nextCall(account, line))).toBe(204);
      expect(await statusesOf(account, order)).toEqual(statuses);
      expect((await account.resource(id)).configuration).toHaveLength(skus);
    },
  );

  test("answer by hand for what hangs", async () => {
    const { account, product, browser, line, path } = await running();
    const { location } = await browser.open(`${path}/resize`, { form: DISK });
    const [, order = ""] = /\/checkout\/[^/]+\/([^?]+)/.exec(location ?? "") ?? [];
    bodyOf(await account.pay(order), 200);
    await product.next(browser, "hang");
    await product.deliver(await product.nextCall(account, line));
    const { html } = await browser.open(product.page);
    const [, waiting = ""] = /name="line" value="([^"]+)"/.exec(html) ?? [];
    expect(waiting).toBe(`${order}.1`);
    await browser.open(path, { form: { line: waiting, outcome: "succeed" } });
    expect(await statusesOf(account, order)).toEqual(["completed", "active"]);
  });

  test("say where a configuration is refused", async () => {
    const { browser, path } = await running();
    const refused = await browser.open(`${path}/resize`, { form: { "sku:small": "0", "sku:disk": "0" } });
    expect(refused.status).toBe(400);
    expect(refused.html).toContain("Choose at least one.");
    expect((await browser.open(path.replace(/res_.*/, "res_none/resize"))).status).toBe(404);
  });

  test("recover what is in the trash", async () => {
    const it = await scene();
    const gold = { "sku:gold": "30", months: "3", name: "store", quantity: "1" };
    const { location } = await it.browser.open(`${it.product.page}/new/package`, { form: gold });
    const [, bought = ""] = /\/checkout\/[^/]+\/([^?]+)/.exec(location ?? "") ?? [];
    bodyOf(await it.account.pay(bought), 200);
    const [line] = (await it.account.order(bought)).lines;
    if (!line) throw new Error("an order without a line");
    await it.product.deliver(await it.product.nextCall(it.account, line));
    const press = (action: string) =>
      it.browser.open(`${it.product.page}/resources/${line.resourceId}/action`, { form: { action } });
    await press("delete");
    expect((await it.account.resource(line.resourceId ?? "")).state).toBe("suspended");
    const recovering = await press("recover");
    const [, order = ""] = /\/checkout\/[^/]+\/([^?]+)/.exec(recovering.location ?? "") ?? [];
    expect(await it.account.order(order)).toMatchObject({ action: "recover" });
  });
});

describe("the use of what is metered", () => {
  async function held() {
    const of = await scene();
    const { product, account, browser } = of;
    const meters = { "sku:traffic-gb": "0", "sku:connections": "0", "sku:data-gb": "0" };
    const form = { name: "lb", "sku:node": "0", "sku:cache-gb": "5", quantity: "1", ...meters };
    const { location } = await browser.open(`${product.page}/new/balancer`, { form });
    const [, id = ""] = /\/(ord_[0-9a-f]+)\?/.exec(location ?? "") ?? [];
    bodyOf(await account.user.post(`${account.path}/orders/${id}/pay`, { method: "hold" }), 200);
    const [line] = (await account.order(id)).lines;
    const resource = line?.resourceId ?? "";
    const answer = { line: line?.id ?? "", outcome: "succeed" };
    await browser.open(`${product.page}/resources/${resource}`, { form: answer });
    return { ...of, resource, page: `${product.page}/resources/${resource}/use` };
  }

  test("is reported as the product would, once a press, by meter and key", async () => {
    const { product, account, browser, resource, page } = await held();
    expect((await browser.open(product.page)).html).toContain(`/resources/${resource}/use`);
    const form = {
      "sku:traffic-gb": "2.5",
      "key:traffic-gb": "203.0.113.7",
      "sku:cache-gb": "",
      "sku:data-gb": "",
    };
    expect((await browser.open(page, { form })).html).toContain("Billing has counted it.");
    await browser.open(page, { form });
    const usage = bodyOf(
      await account.user.get<{ meters: { sku: string; quantity: string; keys: object[] }[] }>(
        `${account.path}/resources/${resource}/usage`,
      ),
      200,
    );
    expect(usage.meters.find(({ sku }) => sku === "traffic-gb")).toMatchObject({
      quantity: "5",
      keys: [{ key: "203.0.113.7", quantity: "5" }],
    });
    expect(usage.meters.find(({ sku }) => sku === "cache-gb")).toMatchObject({ quantity: "5" });
  });

  test("that isn't a number is refused in billing's words, and of what is paid in advance there is no form", async () => {
    const of = await held();
    const { product, browser, page } = of;
    const refused = await browser.open(page, { form: { "sku:traffic-gb": "much" } });
    expect([refused.status, refused.html.includes("Billing refused:")]).toEqual([400, true]);
    const { line } = await paidLine(of);
    expect((await browser.open(`${product.page}/resources/${line.resourceId}/use`)).status).toBe(404);
    expect((await browser.open(`${product.page}/resources/res_nothing/use`)).status).toBe(404);
  });
});

describe("other calls", () => {
  test("are taken and shown as the last; older ones change nothing", async () => {
    const it = await scene();
    const { line } = await paidLine(it);
    const provision = await it.product.nextCall(it.account, line);
    const later = provision.body
      .replace("resource.provision", "resource.suspend")
      .replace(/"sequence":(\d+)/, (_, n: string) => `"sequence":${Number(n) + 1}`);
    expect(await it.product.deliver({ id: "call_later", body: later })).toBe(204);
    expect(await it.product.deliver(provision)).toBe(204);
    expect((await it.browser.open(it.product.page)).html).toContain("resource.suspend");
    expect((await it.account.resources())[0]).toMatchObject({ state: "provisioning" });
  });
});

describe("the way to payments and invoices", () => {
  test("is a portal session within what the product may give", async () => {
    const { product, browser } = await scene();
    const answer = await browser.open(`${product.page}/portal`, { form: {} });
    expect(answer.location).toMatch(/^http:\/\/edge-billing\.test\/portal\/enter\?code=/);
  });
});

describe("the consoles", () => {
  test("ask which account one plays, and take only one that exists", async () => {
    const { product } = await scene();
    const browser = new Browser();
    expect((await browser.open(product.page)).location).toBe(ENTRY);
    expect((await browser.open(ENTRY)).html).toContain(`value="${product.id}"`);
    const stranger = freshId("acc");
    const refused = await browser.open(ENTRY, { form: { account: stranger, product: product.id } });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain(`value="${stranger}"`);
    expect((await browser.open(product.page)).location).toBe(ENTRY);
  });

  test("show nothing of other products", async () => {
    const it = await scene();
    await paidLine(it);
    const other = await new ConsoleProduct().open();
    const { html } = await it.browser.open(other.page);
    expect(html).toContain("No resources yet");
  });

  test("speak Vietnamese where it is chosen", async () => {
    const { product, browser } = await scene();
    expect((await browser.open(`${product.page}?lang=vi`)).location).toBe(product.page);
    const visitor = new Browser();
    await visitor.open(`${ENTRY}?lang=vi`);
    expect((await visitor.open(ENTRY)).html).toContain('<html lang="vi">');
  });

  test("say so where billing doesn't call them", async () => {
    const { product, browser } = await scene();
    expect((await browser.open(product.page)).html).not.toContain("callbackUrl");
    await product.put(null);
    expect((await browser.open(product.page)).html).toContain("callbackUrl");
  });

  test.each([ENTRY, `${ENTRY}/vserver`, `${ENTRY}/vserver/new/server`])(
    "aren't there outside of a sandbox, nor at another machine's address: %s",
    async (path) => {
      const browser = new Browser();
      expect((await browser.open(path, { values: { SANDBOX: "false" } })).status).toBe(403);
      for (const host of ["billing.example.com", "localhost.example.com", "10.0.0.1"]) {
        const answer = await browser.open(path, { origin: `http://${host}` });
        expect(answer.status).toBe(404);
        expect(answer.html).not.toContain("<html");
      }
    },
  );

  test("can't run where an identity provider signs the tokens", async () => {
    const { status, html } = await new Browser().open(ENTRY, {
      values: { AUTH_JWKS_URL: "https://id.example.com/keys" },
    });
    expect(status).toBe(503);
    expect(html).toContain("AUTH_SECRET");
  });
});
