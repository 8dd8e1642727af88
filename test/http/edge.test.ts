import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { signToken, userActions } from "../../src/cli/tokens.ts";
import type { ResourceId } from "../../src/domain/ids.ts";
import { MAX_BODY_BYTES } from "../../src/http/body-limit.ts";
import { MAX_HEADER_BYTES } from "../../src/http/edge.ts";
import { killCall } from "../integrity/journey.ts";
import { visitNew } from "../portal/visit.ts";
import {
  admin,
  bodyOf,
  freshId,
  openAccount,
  type Page,
  type Problem,
  productConsole,
  putCatalogue,
  putCoupon,
  userOf,
} from "../support/api.ts";
import { PRODUCTS, SMALL_MONTH, VSERVER } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { StandingQueue } from "../support/peer/queue.ts";
import { expectProblem } from "./expect-problem.ts";
import { type RawRequest, send } from "./send.ts";

const ORIGIN = "http://edge-billing.test";
const GUESSES = 30;
const STRANGERS_CALLS = 120;
/** A limit's minute may turn while it is being used up. */
const MINUTES = 2;
const AT_ONCE = 20;

beforeAll(putCatalogue);
afterEach(() => void vi.restoreAllMocks());

const adminToken = () => signToken({ role: "admin" }, env.AUTH_SECRET ?? "");
const tooMany = { status: 429, code: "too_many_requests" };

describe("callers without a token are slowed down", () => {
  const from = (address: string, path = "/docs") =>
    exports.default.fetch(`${ORIGIN}${path}`, { headers: { "CF-Connecting-IP": address } });

  const usedUp = async (address: string, path: string): Promise<Response> => {
    for (let calls = 0; calls <= MINUTES * STRANGERS_CALLS; calls += AT_ONCE) {
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => from(address, path)));
      const refused = answers.find(({ status }) => status !== 200);
      if (refused) return refused;
    }
    throw new Error(`${path} was never refused`);
  };

  it("at the reference and its document, each by their address, and everybody else goes on", async () => {
    const address = "203.0.113.7";
    const response = await usedUp(address, "/docs");
    const answer = {
      status: response.status,
      headers: response.headers,
      replayed: false,
      body: await response.json(),
    };
    expectProblem(answer, tooMany);
    // One allowance for both.
    expect((await from(address, "/openapi.json")).status).toBe(429);
    for (const path of ["/docs", "/openapi.json"]) expect((await from("203.0.113.8", path)).status).toBe(200);
  });

  it("only there: calls with a token, and the health check, aren't counted", async () => {
    const address = "203.0.113.9";
    await usedUp(address, "/docs");
    const headers = { "CF-Connecting-IP": address };
    const token = await adminToken();
    expect((await send("/v1/catalog/products", { token, headers })).status).toBe(200);
    expect((await send("/v1/catalog/products", { headers })).status).toBe(401);
    expect((await send("/healthz", { headers })).status).toBe(200);
  });
});

describe("guesses at coupons are slowed down", () => {
  it("for the account that makes them, right or wrong, and for nobody else", async () => {
    const [account, other] = [await openAccount(), await openAccount()];
    const order = await account.place();
    const guess = () => account.change(order.id, { coupon: freshId("CPN") });
    const seen = new Set<number>();
    for (let guesses = 0; guesses <= MINUTES * GUESSES && !seen.has(429); guesses += 1) {
      const answer = await guess();
      seen.add(answer.status);
      if (answer.status === 429) expectProblem(answer, tooMany);
    }
    expect([...seen]).toEqual([422, 429]);
    const coupon = await putCoupon({ amount: 1_000 });
    expectProblem(await account.change(order.id, { coupon }), tooMany);
    bodyOf(await other.change((await other.place()).id, { coupon }), 200);
    bodyOf(await account.change(order.id, { period: { months: 2 } }), 200);
    expect((await account.order(order.id)).coupon).toBeNull();
  });
});

describe("guesses at coupons from the checkouts of one account", () => {
  it("are counted together, whatever order each is about", async () => {
    const account = await openAccount();
    const guess = async (): Promise<number> => {
      const { status } = await (await visitNew(account)).send("coupon", { coupon: freshId("CPN") });
      return status;
    };
    const seen = new Set<number>();
    for (let guesses = 0; guesses <= MINUTES * GUESSES && !seen.has(429); guesses += 1)
      seen.add(await guess());
    expect([...seen]).toEqual([422, 429]);
  });
});

describe("what is too large is refused:", () => {
  const large = { "X-Large": "x".repeat(MAX_HEADER_BYTES) };

  it.each(["/v1/catalog/products", "/docs", "/healthz", "/nothing"])("headers for %s", async (path) => {
    expectProblem(await send(path, { token: await adminToken(), headers: large }), {
      status: 431,
      code: "headers_too_large",
    });
  });

  it("not headers that an honest caller may send", async () => {
    const headers = { "X-Large": "x".repeat(MAX_HEADER_BYTES / 2) };
    expect((await send("/v1/catalog/products", { token: await adminToken(), headers })).status).toBe(200);
  });

  const withBody: readonly (readonly [method: string, path: string])[] = [
    ["PUT", "/v1/catalog/products/vserver"],
    ["PUT", "/v1/coupons/CPN"],
    ["PUT", "/v1/accounts/acc_x"],
    ["POST", "/v1/accounts/acc_x/credits"],
    ["POST", "/v1/admin/rebuild"],
    ["PUT", "/v1/sandbox/clock"],
  ];
  const tooLarge = { status: 413, code: "body_too_large" };
  const json = { "Content-Type": "application/json", "Idempotency-Key": "k" };

  it.each(withBody)("a body for %s %s", async (method, path) => {
    const request = { method, token: await adminToken(), headers: json };
    expectProblem(await send(path, { ...request, body: " ".repeat(MAX_BODY_BYTES + 1) }), tooLarge);
    const fits = await send<Problem>(path, { ...request, body: " ".repeat(MAX_BODY_BYTES) });
    expect([fits.status, fits.body.code]).toEqual([400, "malformed_json"]);
  });

  it("a body that doesn't say how long it is", async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let chunk = 0; chunk < 5; chunk += 1) controller.enqueue(new Uint8Array(MAX_BODY_BYTES / 4));
        controller.close();
      },
    });
    const request = { method: "PUT", token: await adminToken(), headers: json, body };
    expectProblem(await send("/v1/accounts/acc_x", request), tooLarge);
  });
});

/** An answer of one kind: what is asked for, and the status that must come of it. */
interface Kind extends RawRequest {
  readonly kind: string;
  readonly status: number;
  readonly url: string;
  readonly isAnonymous?: true;
}

const asJson = { "Content-Type": "application/json" };
const KINDS: readonly Kind[] = [
  { kind: "an answer", status: 200, url: "/v1/catalog/products" },
  {
    kind: "a created thing",
    status: 201,
    url: "/v1/catalog/products/vserver/webhook-secret",
    method: "POST",
  },
  { kind: "malformed JSON", status: 400, url: "/v1/coupons/CPN", method: "PUT", body: "{", headers: asJson },
  { kind: "a caller without a token", status: 401, url: "/v1/catalog/products", isAnonymous: true },
  { kind: "a call that isn't for this role", status: 403, url: "/v1/accounts/acc_x/orders", method: "POST" },
  { kind: "something that doesn't exist", status: 404, url: "/v1/accounts/acc_none" },
  { kind: "a call that doesn't exist", status: 404, url: "/v1/none" },
  {
    ...{ kind: "a body that is too large", status: 413, url: "/v1/coupons/CPN" },
    ...{ method: "PUT", body: " ".repeat(MAX_BODY_BYTES + 1) },
  },
  {
    ...{ kind: "a body that isn't JSON", status: 415, url: "/v1/coupons/CPN" },
    ...{ method: "PUT", body: "x", headers: { "Content-Type": "text/plain" } },
  },
  {
    ...{ kind: "headers that are too large", status: 431, url: "/v1/catalog/products" },
    headers: { "X-Large": "x".repeat(MAX_HEADER_BYTES) },
  },
  { kind: "a page", status: 200, url: "/docs", isAnonymous: true },
  { kind: "the document", status: 200, url: "/openapi.json", isAnonymous: true },
  { kind: "the sandbox's mailbox", status: 200, url: "http://localhost/sandbox/mailbox", isAnonymous: true },
  { kind: "the icon that browsers ask for", status: 204, url: "/favicon.ico", isAnonymous: true },
  { kind: "the health check", status: 200, url: "/healthz", isAnonymous: true },
  { kind: "an address that doesn't exist", status: 404, url: "/none", isAnonymous: true },
];

describe.each(KINDS)("$kind", ({ status, url, isAnonymous, method = "GET", headers = {}, body }) => {
  const asked = async (id?: string) => {
    const response = await exports.default.fetch(new URL(url, ORIGIN), {
      method,
      headers: {
        ...(isAnonymous ? {} : { Authorization: `Bearer ${await adminToken()}` }),
        ...headers,
        ...(id === undefined ? {} : { "X-Request-Id": id }),
      },
      ...(body === undefined ? {} : { body }),
    });
    expect(response.status).toBe(status);
    return response;
  };

  it("has its request's id, the caller's own where it sent one", async () => {
    const own = await asked("my-request-7");
    expect(own.headers.get("X-Request-Id")).toBe("my-request-7");
    if (status >= 400) expect(await own.json()).toMatchObject({ requestId: "my-request-7" });
    const [one, other] = [await asked(), await asked()];
    const id = one.headers.get("X-Request-Id");
    expect(id).toMatch(/^[\w-]{8,}$/);
    expect(id).not.toBe(other.headers.get("X-Request-Id"));
    if (status >= 400) expect(await one.json()).toMatchObject({ requestId: id, status });
  });

  it("lets no browser guess, frame, run or pass on", async () => {
    expectGuarded(await asked(), url);
  });

  if (!url.startsWith("/v1/")) return;
  it("is nobody's to keep", async () => {
    expect((await asked()).headers.get("Cache-Control")).toBe("no-store");
  });
});

function expectGuarded({ headers }: Response, path: string): void {
  expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(headers.get("X-Frame-Options")).toMatch(/^(SAMEORIGIN|DENY)$/);
  expect(headers.get("Referrer-Policy")).toBe("no-referrer");
  expect(headers.get("Strict-Transport-Security")).toMatch(/^max-age=\d{7,}/);
  const policy = headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("frame-ancestors 'none'");
  // Nothing may come from elsewhere; the reference alone runs scripts, its own.
  expect(policy).not.toMatch(/https?:|\*|'unsafe-eval'/);
  expect(policy).toMatch(path === "/docs" ? /default-src 'self'/ : /default-src 'none'/);
}

describe("a failure of our own", () => {
  it("says nothing of itself but the request's id, which the log has, too", async () => {
    const lines = listen();
    vi.spyOn(env.DB, "prepare").mockImplementation(() => {
      throw new Error("the-inside-story");
    });
    const response = await exports.default.fetch(`${ORIGIN}/v1/catalog/products`, {
      headers: { Authorization: `Bearer ${await adminToken()}`, "X-Request-Id": "my-request-8" },
    });
    vi.mocked(env.DB.prepare).mockRestore();
    const text = await response.text();
    expect(text).not.toContain("inside-story");
    expectProblem(
      { status: response.status, headers: response.headers, replayed: false, body: JSON.parse(text) },
      { status: 500, code: "internal_error" },
    );
    expectGuarded(response, "/v1/catalog/products");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const failure = lines()
      .map(parsed)
      .find(({ event }) => event === "request_failed");
    expect(failure).toMatchObject({ requestId: "my-request-8", path: "/v1/catalog/products" });
    expect(String(failure?.error)).toContain("the-inside-story");
  });
});

/** Every line that the worker logs from here on, on whatever level. */
function listen(): () => readonly string[] {
  const lines: string[] = [];
  for (const level of ["debug", "log", "info", "warn", "error", "trace"] as const) {
    vi.spyOn(console, level).mockImplementation(
      (...parts: unknown[]) => void lines.push(parts.map(String).join(" ")),
    );
  }
  return () => lines;
}

const parsed = (line: string) => JSON.parse(line) as Readonly<Record<string, unknown>>;

describe("the log", () => {
  it("has one line a request: its id, what was asked by which role, and how it ended", async () => {
    const lines = listen();
    const id = "my-request-9";
    const headers = { "X-Request-Id": id };
    const account = await openAccount();
    await send("/v1/catalog/products?limit=5", { headers: { ...headers, Authorization: "Bearer x" } });
    await account.user.get(`${account.path}/invoices?q=looked-for`, { headers });
    await account.console.get(`${account.path}/invoices`, { headers });
    await admin.put(`${account.path}`, "{", { headers });
    await send("/none", { headers });
    const told = lines()
      .map(parsed)
      .filter(({ requestId }) => requestId === id);
    expect(told).toEqual([
      { event: "request", requestId: id, method: "GET", path: "/v1/catalog/products", status: 401 },
      {
        event: "request",
        requestId: id,
        method: "GET",
        path: `${account.path}/invoices`,
        status: 200,
        role: "user",
      },
      { event: "request", requestId: id, method: "GET", path: `${account.path}/invoices`, status: 403 },
      { event: "request", requestId: id, method: "PUT", path: account.path, status: 400, role: "admin" },
      { event: "request", requestId: id, method: "GET", path: "/none", status: 404 },
    ]);
  });

  it("has no token, secret, body or query of a whole journey, and every line is one of JSON", async () => {
    const lines = listen();
    const queue = new StandingQueue();
    const mark = "kept-to-ourselves";
    const token = await adminToken();
    const settings = { email: `${mark}@example.com`, name: `${mark} name`, locale: "en" };
    const account = await openAccount(10 * SMALL_MONTH, { settings });
    const secret = bodyOf(
      await admin.post<{ secret: string }>(`/v1/catalog/products/${VSERVER}/webhook-secret`),
      201,
    ).secret;
    const key = `${mark}-key`;
    bodyOf(
      await admin.post(`${account.path}/credits`, { amount: 5, reason: `${mark} reason` }, { key }),
      201,
    );
    const order = await account.placeAndPay({ name: `${mark} resource` });
    const [line] = order.lines;
    if (!line) throw new Error("an order has lines");
    await killCall(account, line.resourceId as ResourceId);
    const answer = { orderLine: line.id, status: "failed", reason: `${mark} reason` };
    bodyOf(
      await account.console.post(`${account.path}/resources/${line.resourceId}/provisioning`, answer),
      200,
    );
    await admin.get(`/v1/sandbox/mailbox?to=${mark}@example.com`);
    await admin.get(`${account.path}/invoices?q=${mark}&cursor=${mark}`);
    await admin.put(account.path, `{"email": "${mark}`);
    await admin.put(account.path, { ...settings, [mark]: mark });
    await send("/v1/catalog/products", { token: `${token}x` });
    await send("/v1/catalog/products", {
      headers: { Authorization: `Basic ${btoa(`${mark}:${mark}`)}`, Cookie: mark },
    });
    await queue.drain();
    vi.spyOn(env.DB, "batch").mockRejectedValueOnce(new Error("D1 is down"));
    await account.grant(5);
    const all = lines();
    expect(new Set(all.map((text) => parsed(text).event))).toEqual(
      new Set(["request", "alert", "outbox_delivery_failed"]),
    );
    for (const text of all) {
      expect(text).not.toContain("\n");
      for (const kept of [mark, token, secret, env.AUTH_SECRET ?? "", "eyJ", "Bearer", "whsec_"]) {
        expect(text).not.toContain(kept);
      }
    }
  });
});

interface AuditEntry {
  readonly at: string;
  readonly requestId: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
}

const trailOf = async (account: string | null, query = "limit=200"): Promise<readonly AuditEntry[]> => {
  const of = account === null ? "" : `&account=${account}`;
  return bodyOf(await admin.get<Page<AuditEntry>>(`/v1/admin/audit?${query}${of}`), 200).data;
};

const ADMIN = "admin:admin";
const CONSOLE = "product:vserver:product:vserver";

describe("the audit trail", () => {
  it("says who did what to an account: operations and consoles, not the account's own people", async () => {
    recordLogs();
    const account = await openAccount(5 * SMALL_MONTH);
    const unpaid = await account.place();
    const path = `${account.path}/orders/${unpaid.id}`;
    bodyOf(await account.console.patch(path, { period: { months: 2 } }), 200);
    bodyOf(await account.console.post(`${path}/cancel`), 200);
    const ordered = {
      product: VSERVER,
      action: "create",
      lines: [
        {
          resourceType: "server",
          name: "x",
          configuration: [{ sku: "small", quantity: 1 }],
          period: { months: 1 },
        },
      ],
      returnUrl: "https://console.example/",
    };
    const byUser = bodyOf(await account.user.post<{ id: string }>(`${account.path}/orders`, ordered), 201);
    bodyOf(await account.change(byUser.id, { period: { months: 1 } }), 200);
    bodyOf(await account.pay(byUser.id), 200);
    const [line] = (await account.order(byUser.id)).lines;
    if (!line) throw new Error("an order has lines");
    bodyOf(await account.provision(line, "succeeded", { headers: { "X-Request-Id": "my-request-10" } }), 200);
    const entries = await trailOf(account.id);
    expect(entries.map(({ actor, action, subject }) => [actor, action, subject]).reverse()).toEqual([
      [ADMIN, "configure_account", account.id],
      [ADMIN, "grant_credit", expect.stringMatching(/^grant_/)],
      [CONSOLE, "place_order", unpaid.id],
      [CONSOLE, "change_order", unpaid.id],
      [CONSOLE, "cancel_order", unpaid.id],
      [CONSOLE, "answer_provisioning", line.resourceId],
    ]);
    expect(entries[0]?.requestId).toBe("my-request-10");
    for (const { at } of entries) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  });

  it("has nothing of what was only asked, refused or asked again", async () => {
    recordLogs();
    const account = await openAccount(500);
    const before = [await trailOf(account.id), await trailOf(null)];
    const credits = `${account.path}/credits`;
    const grant = { amount: 5, reason: "once" };
    for (let n = 0; n < 2; n += 1) bodyOf(await admin.post(credits, grant, { key: "same" }), 201);
    await admin.post(credits, { amount: -1_000_000, reason: "too much" });
    await admin.post(credits, "{");
    await account.user.post(credits, grant);
    await account.console.post(`${account.path}/orders/none/cancel`);
    await admin.put("/v1/coupons/CPN", {});
    await account.console.put("/v1/coupons/CPN", { amount: 5 });
    await admin.post("/v1/catalog/products/none/webhook-secret");
    await admin.get(account.path);
    await admin.post("/v1/admin/verify", { account: account.id });
    const [own, installation] = [await trailOf(account.id), await trailOf(null)];
    expect([own.length, installation.length]).toEqual([(before[0]?.length ?? 0) + 1, before[1]?.length]);
    expect(own[0]?.action).toBe("grant_credit");
  });

  it("says who did what to the installation", async () => {
    recordLogs();
    const queue = new StandingQueue();
    const account = await openAccount(5 * SMALL_MONTH);
    const [product] = PRODUCTS;
    const { id: _, version: _v, ...body } = product ?? {};
    const name = freshId("prd");
    const as = (id: string) => ({ headers: { "X-Request-Id": id } });
    bodyOf(await admin.put(`/v1/catalog/products/${name}`, body, as("audit-1")), 200);
    bodyOf(await admin.post(`/v1/catalog/products/${name}/webhook-secret`, undefined, as("audit-2")), 201);
    bodyOf(await admin.put(`/v1/coupons/${name}`, { amount: 5 }, as("audit-3")), 200);
    bodyOf(await admin.post("/v1/admin/rebuild", { account: account.id }, as("audit-4")), 200);
    await account.placeAndPay();
    await queue.drain();
    const mails = await admin.get<Page<{ id: string }>>(`/v1/admin/mails?status=sent&account=${account.id}`);
    const [mail] = bodyOf(mails, 200).data;
    bodyOf(await admin.post(`/v1/admin/mails/${mail?.id}/resend`, undefined, as("audit-5")), 202);
    const entries = (await trailOf(null, "limit=5")).toReversed();
    expect(entries.map(({ actor, action, requestId }) => [actor, action, requestId])).toEqual([
      [ADMIN, "put_product", "audit-1"],
      [ADMIN, "rotate_webhook_secret", "audit-2"],
      [ADMIN, "put_coupon", "audit-3"],
      [ADMIN, "rebuild", "audit-4"],
      [ADMIN, "resend_mail", "audit-5"],
    ]);
    for (const [n, about] of [name, name, name, null, mail?.id].entries()) {
      if (about) expect(entries[n]?.subject).toContain(about);
    }
    expect(JSON.stringify(entries)).not.toContain("whsec_");
  });

  it("says who decided about a dead console call", async () => {
    recordLogs();
    new StandingQueue();
    const account = await openAccount(SMALL_MONTH);
    const { lines } = await account.placeAndPay();
    const resource = lines[0]?.resourceId as ResourceId;
    const path = `/v1/admin/console-calls/${account.id}/${resource}`;
    expectProblem(await admin.post(`${path}/skip`), { status: 404, code: "not_found" });
    for (const resolution of ["retry", "skip"]) {
      await killCall(account, resource);
      bodyOf(await admin.post(`${path}/${resolution}`), 200);
    }
    const [skipped, retried] = await trailOf(account.id);
    expect([retried, skipped]).toMatchObject([
      { actor: ADMIN, action: "retry_console_call", subject: resource },
      { actor: ADMIN, action: "skip_console_call", subject: resource },
    ]);
  });

  it("is read in pages, newest first, each entry once", async () => {
    recordLogs();
    const account = await openAccount();
    for (let n = 0; n < 5; n += 1) await account.grant(1 + n);
    for (const of of [`&account=${account.id}`, ""]) {
      const all = bodyOf(await admin.get<Page<AuditEntry>>(`/v1/admin/audit?limit=200${of}`), 200).data;
      const paged: AuditEntry[] = [];
      for (let cursor = ""; ; ) {
        const path = `/v1/admin/audit?limit=2${of}${cursor}`;
        const { data, nextCursor } = bodyOf(await admin.get<Page<AuditEntry>>(path), 200);
        expect(data.length).toBeLessThanOrEqual(2);
        paged.push(...data);
        if (nextCursor === null) break;
        cursor = `&cursor=${nextCursor}`;
      }
      expect(paged).toEqual(all);
      expect(all.length).toBeGreaterThan(2);
      expect(all.map(({ at }) => at)).toEqual(
        all
          .map(({ at }) => at)
          .sort()
          .reverse(),
      );
    }
  });

  it("is for operations to read, alone", async () => {
    const account = await openAccount();
    const forbidden = { status: 403, code: "forbidden" };
    for (const caller of [account.user, userOf(account.id, userActions), productConsole()]) {
      expectProblem(await caller.get("/v1/admin/audit"), forbidden);
      expectProblem(await caller.get(`/v1/admin/audit?account=${account.id}`), forbidden);
    }
  });

  it("of an account that doesn't exist is none", async () => {
    const path = `/v1/admin/audit?account=${freshId("acc")}`;
    const answer = await admin.get<Page<AuditEntry>>(path);
    if (answer.status === 200) expect(answer.body.data).toEqual([]);
    else expectProblem(answer, { status: 404, code: "account_not_found" });
  });

  it.each([
    "UPDATE audit_trail SET actor = 'nobody'",
    "DELETE FROM audit_trail",
    "REPLACE INTO audit_trail SELECT n, 0, '', '', '', '' FROM audit_trail",
  ])("is never changed or shortened: %s", async (statement) => {
    const account = await openAccount();
    const before = [await trailOf(account.id), await trailOf(null)];
    expect(before.map(({ length }) => length > 0)).toEqual([true, true]);
    const inAccount = await runInDurableObject(account.object, (_, { storage }) => {
      try {
        storage.sql.exec(statement);
        return "done";
      } catch (error) {
        return String(error);
      }
    });
    const inD1 = await env.DB.prepare(statement)
      .run()
      .then(() => "done", String);
    expect([inAccount, inD1]).toEqual([
      expect.stringContaining("append-only"),
      expect.stringContaining("append-only"),
    ]);
    expect([await trailOf(account.id), await trailOf(null)]).toEqual(before);
  });
});
