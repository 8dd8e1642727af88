import { env } from "cloudflare:workers";
import { sign } from "hono/jwt";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type PassKind, PORTAL_LINK_SECONDS, signPass } from "../../src/http/links.ts";
import { bodyOf, openAccount, putCatalogue } from "../support/api.ts";
import { askForLink, cookieOf, look, ORIGIN, RETURN_URL, visit } from "./visits.ts";

beforeAll(putCatalogue);
afterEach(() => void vi.useRealTimers());

const HOUR_SECONDS = 3_600;
const later = (): number => Math.floor(Date.now() / 1_000) + HOUR_SECONDS;

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

async function linkOf(): Promise<string> {
  return bodyOf(await askForLink(await openAccount()), 201).url;
}

describe("a link into the portal", () => {
  it("leads to the portal, which is then open", async () => {
    const account = await openAccount();
    const entered = await look(bodyOf(await askForLink(account), 201).url);
    expect([entered.status, entered.headers.get("Location")]).toEqual([303, "/portal"]);
    expect((await look("/portal", { cookie: cookieOf(entered) })).status).toBe(200);
  });

  it("works once", async () => {
    const url = await linkOf();
    expect((await look(url)).status).toBe(303);
    const again = await look(url);
    expect([again.status, again.headers.get("Set-Cookie")]).toEqual([410, null]);
    expect(again.text).toContain("This link was used before");
  });

  it("works once however many follow it at the same instant", async () => {
    const url = await linkOf();
    const statuses = (await Promise.all([look(url), look(url), look(url)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([303, 410, 410]);
  });

  it("dies after a minute", async () => {
    const start = Date.now();
    const url = await linkOf();
    vi.useFakeTimers({ toFake: ["Date"], now: start + (PORTAL_LINK_SECONDS + 1) * 1_000 });
    const seen = await look(url);
    expect([seen.status, seen.headers.get("Set-Cookie")]).toEqual([403, null]);
    expect(seen.text).toContain("This link is not valid any more");
  });

  it("doesn't bring back a session that was signed out of", async () => {
    const account = await openAccount();
    const { url } = bodyOf(await askForLink(account), 201);
    const cookie = cookieOf(await look(url));
    const headers = { Origin: ORIGIN };
    expect((await look("/portal/sign-out", { method: "POST", cookie, headers })).status).toBe(200);
    expect((await look(url)).status).toBe(410);
    expect((await look("/portal", { cookie })).status).toBe(401);
  });

  it.each([
    ["without a code", ""],
    ["with an empty code", "?code="],
    ["with another code", "?code=x"],
    ["with 10 000 characters", `?code=${"x".repeat(10_000)}`],
  ])("%s leads nowhere", async (_, query) => {
    const seen = await look(`/portal/enter${query}`);
    expect([seen.status, seen.headers.get("Set-Cookie")]).toEqual([403, null]);
  });

  it("that was changed leads nowhere", async () => {
    const url = new URL(await linkOf());
    const [header, , signature] = (url.searchParams.get("code") ?? "").split(".");
    const claims = btoa(JSON.stringify({ account: "acc", actions: ["GetUserBalance"] }));
    expect((await look(`/portal/enter?code=${header}.${claims}.${signature}`)).status).toBe(403);
  });
});

describe("the portal's cookie", () => {
  const attributesOf = async (origin: string) => {
    const account = await openAccount();
    const { url } = bodyOf(await askForLink(account), 201);
    const entered = await look(url.replace(ORIGIN, ""), { origin });
    return (entered.headers.get("Set-Cookie") ?? "").split("; ").slice(1).sort();
  };

  it("is for the portal only, and for no script or other site", async () => {
    expect(await attributesOf(ORIGIN)).toEqual(["HttpOnly", "Max-Age=28800", "Path=/portal", "SameSite=Lax"]);
  });

  it("never leaves https once it came by it", async () => {
    expect(await attributesOf("https://billing.example")).toContain("Secure");
  });

  it("that was tampered with opens nothing", async () => {
    const { cookie } = await visit(await openAccount());
    const [header, claims, signature = ""] = cookie.split(".");
    const flipped = signature.startsWith("A") ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    const changed = [
      `${header}.${claims}.${flipped}`,
      `${header}.${claims}.`,
      `${header}.${btoa(JSON.stringify({ account: "acc", session: "ses" }))}.${signature}`,
      "portal=",
      "portal=x",
    ];
    for (const tampered of changed) expect((await look("/portal", { cookie: tampered })).status).toBe(401);
  });

  it("signed with another key opens nothing", async () => {
    const visitor = await visit(await openAccount());
    const claims = JSON.parse(atob(visitor.cookie.split(".")[1] ?? ""));
    const secret = "another-secret-0123456789-0123456789-01";
    const cookie = `portal=${await sign(claims, secret, "HS256")}`;
    expect((await look("/portal", { cookie })).status).toBe(401);
  });

  it("isn't one of another kind, nor a token of the API", async () => {
    const account = await openAccount();
    const visitor = await visit(account);
    const { session } = JSON.parse(atob(visitor.cookie.split(".")[1] ?? "")) as { session: string };
    const pass = { account: account.id, session };
    const as = async (kind: PassKind, said: object) =>
      `portal=${await signPass(env, kind, said as never, later())}`;
    expect((await look("/portal", { cookie: await as("portal_cookie", pass) })).status).toBe(200);
    const others = [
      await as("portal_link", { ...pass, user: "u", actions: [], returnUrl: RETURN_URL, product: null }),
      await as("checkout_cookie", { ...pass, order: "ord" }),
      await as("checkout_link", { ...pass, order: "ord", opening: 1 }),
      `portal=${await sign({ ...pass, aud: "portal_cookie", iss: "edge-billing", exp: later() }, env.AUTH_SECRET ?? "", "HS256")}`,
    ];
    for (const cookie of others) expect((await look("/portal", { cookie })).status).toBe(401);
  });

  it("of one account doesn't open another's session", async () => {
    const [mine, other] = [await openAccount(), await openAccount()];
    const { session } = JSON.parse(atob((await visit(mine)).cookie.split(".")[1] ?? ""));
    const cookie = `portal=${await signPass(env, "portal_cookie", { account: other.id, session }, later())}`;
    expect((await look("/portal", { cookie })).status).toBe(401);
  });
});

describe("signing out", () => {
  it("leads back to the console, and takes the cookie away", async () => {
    const visitor = await visit(await openAccount());
    const seen = await visitor.signOut();
    expect(seen.status).toBe(200);
    expect(seen.html).toContain(`href="${RETURN_URL}"`);
    expect(seen.headers.get("Set-Cookie")).toMatch(/^portal=;.*Max-Age=0;.*Path=\/portal/);
  });

  it.each([
    ["of nobody knows where", {}],
    ["of another site", { Origin: "https://evil.example" }],
    ["of a site of the same name elsewhere", { Origin: "http://edge-billing.test.evil.example" }],
    ["that the browser says is another site's", { "Sec-Fetch-Site": "cross-site" }],
    ["of a neighbouring site", { "Sec-Fetch-Site": "same-site", Origin: "http://other.edge-billing.test" }],
  ])("isn't done by a form %s", async (_, headers) => {
    const visitor = await visit(await openAccount());
    for (const type of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
      const seen = await look("/portal/sign-out", {
        method: "POST",
        cookie: visitor.cookie,
        headers: { "Content-Type": type, ...headers },
      });
      expect([seen.status, seen.text]).toEqual([403, expect.stringContaining("not sent from our page")]);
    }
    expect((await visitor.see("/portal")).status).toBe(200);
  });

  it("isn't done by a link", async () => {
    const visitor = await visit(await openAccount());
    expect((await visitor.see("/portal/sign-out")).status).toBe(404);
    expect((await visitor.see("/portal")).status).toBe(200);
  });
});

describe("every page, whatever it answers,", () => {
  it.each([
    ["open", "/portal", 200],
    ["not there", "/portal/none", 404],
    ["without a code", "/portal/enter", 403],
  ])("says what it may do to its browser: %s", async (_, path, status) => {
    const visitor = await visit(await openAccount());
    const { headers, html, status: answered } = await visitor.see(path);
    expect(answered).toBe(status);
    expect(headers.get("Content-Security-Policy")).toBe(CONTENT_SECURITY_POLICY);
    expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
  });
});

describe("the language", () => {
  it("is the account's until its visitor chooses one, which every page then keeps", async () => {
    const { cookie } = await visit(await openAccount(0, { settings: { locale: "vi" } }));
    expect((await look("/portal", { cookie })).html).toContain('<html lang="vi">');
    const chosen = await look("/portal/credits?from=2027-01-01&lang=en", { cookie });
    expect([chosen.status, chosen.headers.get("Location")]).toEqual([303, "/portal/credits?from=2027-01-01"]);
    const both = `${cookie}; ${cookieOf(chosen)}`;
    expect((await look("/portal", { cookie: both })).html).toContain('<html lang="en">');
  });

  it("is offered on every page without losing what it was asked for", async () => {
    const seen = await (await visit(await openAccount())).see("/portal/credits?from=2027-01-01");
    expect(seen.html).toContain('href="?from=2027-01-01&amp;lang=vi"');
  });

  it("of strangers is what their browser asks for", async () => {
    const asked = (language: string) => look("/portal", { headers: { "Accept-Language": language } });
    expect((await asked("vi-VN,vi;q=0.9")).html).toContain('<html lang="vi">');
    expect((await asked("fr")).html).toContain('<html lang="en">');
  });

  it("of somebody who isn't allowed in is their account's too", async () => {
    const { cookie } = await visit(await openAccount(0, { settings: { locale: "vi" } }), []);
    const seen = await look("/portal/credits", { cookie });
    expect([seen.status, seen.html]).toEqual([403, expect.stringContaining('<html lang="vi">')]);
  });
});
