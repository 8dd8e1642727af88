import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { MAX_BODY_BYTES } from "../../src/http/body-limit.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { refusals } from "../../src/texts/refusals.ts";
import { admin, putCatalogue } from "../support/api.ts";
import { Browser, readPage } from "../support/browser.ts";
import { recordLogs } from "../support/logs.ts";
import { ORIGIN, openEnglish, stateOf, urlOf, type Visit, visit, visitNew } from "./visit.ts";

beforeAll(putCatalogue);
afterEach(() => {
  vi.restoreAllMocks();
});

const texts = portalTexts.en;
const FORM = "application/x-www-form-urlencoded";
const OWN = { "Sec-Fetch-Site": "same-origin" };

/** Sends what no form of ours sends, with the visitor's cookies. */
async function post(
  { url, browser }: Visit,
  body: BodyInit,
  headers: Readonly<Record<string, string>> = { ...OWN, "Content-Type": FORM },
) {
  return readPage(url, await browser.request(url, { method: "POST", headers, body }));
}

async function rich() {
  const account = await openEnglish(1_000_000);
  return visitNew(account);
}

/** From here on no account can be reached. */
const breakAccounts = () =>
  vi.spyOn(env.ACCOUNTS, "getByName").mockImplementation(() => {
    throw new TypeError("no such column: secret_at_ms");
  });

const cancelling = new URLSearchParams({ intent: "cancel" });

describe("what every page tells browsers", () => {
  const POLICY = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];

  function expectGuarded({ headers }: { readonly headers: Headers }) {
    expect(headers.get("Content-Security-Policy")?.split("; ")).toEqual(POLICY);
    expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("X-Frame-Options")).toBe("DENY");
  }

  it("is to run our own script alone, to be framed by nobody, to tell nobody and to keep nothing", async () => {
    const account = await openEnglish();
    const order = await account.place();
    const browser = new Browser();
    const link = await browser.request(order.checkoutUrl ?? "");
    expect(link.status).toBe(303);
    expectGuarded(link);
    expectGuarded(await browser.open(urlOf(account, order.id)));
  });

  it("is the same on every refusal and every failure", async () => {
    const open = await rich();
    const stranger = new Browser();
    const pages = [
      await stranger.open(open.url),
      await stranger.open(`${open.url}?code=x`),
      await post(open, cancelling, { "Content-Type": FORM }),
      await post(open, "intent=none"),
      await open.send("items", { "quantity-0": "0" }),
      await post(open, "x".repeat(MAX_BODY_BYTES + 1)),
      await stranger.open(`${ORIGIN}/portal`),
      await stranger.open(`${ORIGIN}/portal/enter?code=x`),
    ];
    expect(pages.map(({ status }) => status)).toEqual([403, 403, 403, 400, 422, 413, 401, 403]);
    for (const page of pages) expectGuarded(page);
    recordLogs();
    breakAccounts();
    const failed = await open.reload();
    expect(failed.status).toBe(500);
    expectGuarded(failed);
  });

  it("holds for the page itself: no script or style within it, nothing from elsewhere", async () => {
    const { page } = await rich();
    expect(page.findAll("style, [style], iframe, object, base")).toEqual([]);
    expect(page.findAll("script").map((script) => [script.getAttribute("src"), script.textContent])).toEqual([
      ["/pages.js", ""],
    ]);
    const loaded = page
      .findAll("[src], link[href]")
      .map((one) => one.getAttribute("src") ?? one.getAttribute("href"));
    for (const address of loaded) expect(address).toMatch(/^\/[a-z]/);
    expect(page.html).not.toMatch(/ on[a-z]+=|javascript:/i);
  });
});

describe("a form that wasn't sent from our page", () => {
  const FOREIGN: readonly Readonly<Record<string, string>>[] = [
    {},
    { Origin: "null" },
    { Origin: "https://evil.example" },
    { Origin: "https://edge-billing.test" },
    { Origin: "http://edge-billing.test.evil.example" },
    { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" },
    { "Sec-Fetch-Site": "same-site", Origin: "http://shop.edge-billing.test" },
    { "Sec-Fetch-Site": "none" },
  ];

  it("is refused with a page, whatever it asks for, and changes nothing", async () => {
    const open = await rich();
    const before = await stateOf(open.account);
    for (const headers of FOREIGN) {
      const page = await post(open, cancelling, { "Content-Type": FORM, ...headers });
      expect([page.status, page.heading], JSON.stringify(headers)).toEqual([403, texts.formRefused]);
      expect(page.text).toContain(texts.formRefusedHint);
    }
    const { fields } = open.formFor("pay");
    for (const entered of [
      fields,
      { intent: "items", "quantity-0": "9" },
      { intent: "coupon", coupon: "X" },
    ]) {
      const page = await post(open, new URLSearchParams(entered), { "Content-Type": FORM });
      expect([page.status, page.heading]).toEqual([403, texts.formRefused]);
    }
    expect(await stateOf(open.account)).toEqual(before);
  });

  it("is refused whatever type it says it has, or nothing done", async () => {
    const open = await rich();
    const before = await stateOf(open.account);
    const types = [
      "text/plain",
      "multipart/form-data; boundary=b",
      "Application/X-WWW-Form-Urlencoded; charset=utf-8",
    ];
    for (const type of types)
      expect((await post(open, cancelling.toString(), { "Content-Type": type })).status).toBe(403);
    const json = await post(open, JSON.stringify({ intent: "cancel" }), {
      "Content-Type": "application/json",
    });
    expect(json.status).toBe(400);
    expect(await stateOf(open.account)).toEqual(before);
  });

  it("is taken from our page, whichever of the two signs the browser gives", async () => {
    for (const signs of [OWN, { Origin: ORIGIN }, { ...OWN, Origin: "null" }]) {
      const open = await rich();
      const answer = await open.browser.request(open.url, {
        method: "POST",
        headers: { "Content-Type": FORM, ...signs },
        body: cancelling,
      });
      expect([answer.status, answer.headers.get("Location")]).toEqual([303, new URL(open.url).pathname]);
      expect((await open.order()).status).toBe("cancelled");
    }
  });
});

describe("a form that says what no form of ours says", () => {
  it("gets the page back with a word, and changes nothing", async () => {
    const open = await rich();
    const before = await stateOf(open.account);
    const { attempt = "", total = "" } = open.formFor("pay").fields;
    const bodies = [
      "",
      "intent=",
      "intent=refund",
      "intent=constructor",
      "intent=coupon",
      `intent=pay&total=${total}`,
      `intent=pay&attempt=${attempt}`,
      `intent=pay&attempt=&total=${total}`,
      `intent=pay&attempt=${attempt}&total=`,
      `intent=pay&attempt=${attempt}&total=9e4`,
      `intent=pay&attempt=${attempt}&total=90000.0`,
      `intent=pay&attempt=${"k".repeat(256)}&total=${total}`,
      `intent=pay&attempt=${encodeURIComponent("a b")}&total=${total}`,
    ];
    for (const body of bodies) {
      const page = await post(open, body);
      expect([page.status, page.heading], body).toEqual([400, "Create resources"]);
      expect(page.textOf(".notice")).toBe(refusals.en.invalid_request);
    }
    expect(await stateOf(open.account)).toEqual(before);
  });

  it("isn't a failure of ours where its parts can't be told apart", async () => {
    const open = await rich();
    for (const type of ["multipart/form-data", "multipart/form-data; boundary=b", "text/html", "nonsense"]) {
      const page = await post(open, "intent=cancel", { ...OWN, "Content-Type": type });
      expect([page.status, page.textOf(".notice")], type).toEqual([400, refusals.en.invalid_request]);
    }
  });

  it("may not be larger than 256 KB", async () => {
    const open = await rich();
    const page = await post(open, `intent=coupon&coupon=${"x".repeat(MAX_BODY_BYTES)}`);
    expect([page.status, page.heading]).toEqual([413, texts.formTooLarge]);
  });
});

describe("a page that fails", () => {
  it("gives a number to tell us, and shows nothing of what went wrong", async () => {
    const open = await rich();
    const logs = recordLogs();
    breakAccounts();
    const page = await open.reload();
    expect([page.status, page.heading]).toEqual([500, texts.failed]);
    expect(page.text).toContain(page.headers.get("X-Request-Id") ?? "no number");
    expect(page.html).not.toMatch(/secret_at_ms|TypeError|\bat \S+:\d+/);
    expect(logs.failures()).toEqual(["page_failed"]);
  });

  it("leaves what was asked for undone, and works again when asked again", async () => {
    const open = await rich();
    recordLogs();
    const before = await stateOf(open.account);
    const { page } = open;
    const broken = breakAccounts();
    expect((await open.send("pay")).status).toBe(500);
    broken.mockRestore();
    expect(await stateOf(open.account)).toEqual(before);
    open.page = page;
    await open.send("pay");
    expect((await open.order()).status).toBe("provisioning");
    expect(await open.account.available()).toBe(910_000);
  });
});

describe("names that are markup", () => {
  it("are shown as they are, and are no part of the page", async () => {
    const name = `<script>alert("x")</script> & <b onclick='x'>An</b>`;
    const account = await openEnglish();
    await admin.put(account.path, { email: "an@example.com", name, locale: "en" });
    const { page } = await visit(account, await account.place({ name }));
    expect(page.text).toContain(`vServer · ${name}`);
    expect(page.textOf("h2")).toBe(name);
    expect([page.findAll("main script"), page.findAll("main b"), page.findAll("[onclick]")]).toEqual([
      [],
      [],
      [],
    ]);
    expect(page.html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  });
});
