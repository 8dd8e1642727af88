import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { signToken } from "../../src/cli/tokens.ts";
import type { MailJob } from "../../src/domain/notice.ts";
import worker from "../../src/index.ts";
import { CalledProduct } from "../consoles/product.ts";
import { admin, bodyOf, freshId, openAccount, productConsole, putCatalogue, userOf } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { deliver } from "../support/peer/queue.ts";
import { jobOf, NOTICES } from "./samples.ts";

const MAILBOX = "/v1/sandbox/mailbox";
const CLOCK = "/v1/sandbox/clock";

interface SandboxMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: string;
}

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  await admin.delete(CLOCK);
  vi.restoreAllMocks();
});

const freshAddress = (): string => `${freshId("an")}@example.com`;

const mailsTo = async (to: string): Promise<readonly SandboxMail[]> =>
  bodyOf(await admin.get<{ data: readonly SandboxMail[] }>(`${MAILBOX}?to=${encodeURIComponent(to)}`), 200)
    .data;

const post = (to: string, more: Partial<MailJob> = {}, notice: MailJob["notice"] = NOTICES.order_paid) =>
  deliver([jobOf(notice, { account: freshId("acc"), to, locale: "en", ...more })]);

/** Asks the worker as it stands under an origin, in an installation that may be set up otherwise. */
const ask = async (url: string, values: Partial<Env> = {}, headers: Record<string, string> = {}) => {
  const context = createExecutionContext();
  const response = await worker.fetch(new Request(url, { headers }), { ...env, ...values } as Env, context);
  await waitOnExecutionContext(context);
  return response;
};

describe("the sandbox's mailbox", () => {
  test("shows what was sent, newest first, of everybody or of one recipient", async () => {
    const [an, binh] = [freshAddress(), freshAddress()];
    await post(an);
    await post(binh);
    await post(an, {}, NOTICES.resource_provisioned);
    expect((await mailsTo(an)).map(({ to, subject }) => [to, subject])).toEqual([
      [an, "máy-chủ-1 is ready"],
      [an, "Order ord_1 is paid"],
    ]);
    expect(await mailsTo(binh)).toHaveLength(1);
    expect(await mailsTo(freshAddress())).toEqual([]);
    const all = bodyOf(await admin.get<{ data: readonly SandboxMail[] }>(MAILBOX), 200).data;
    expect(all.slice(0, 3).map(({ to }) => to)).toEqual([an, binh, an]);
  });

  test("shows a mail as text, to whom and when it was sent", async () => {
    const an = freshAddress();
    await post(an, { locale: "vi" });
    const [mail] = await mailsTo(an);
    expect(Object.keys(mail ?? {})).toEqual(["to", "subject", "text", "at"]);
    expect(mail).toMatchObject({
      subject: "Đơn hàng ord_1 đã được thanh toán",
      text: expect.stringContaining("Thanh toán từ ví: 1.330.000 VND"),
      at: "2027-03-10T03:15:00.000Z",
    });
  });

  test("is an admin's, in a sandbox, asked for a recipient that is one", async () => {
    for (const client of [userOf("acc_1"), productConsole()]) {
      expect((await client.get(MAILBOX)).status).toBe(403);
    }
    expect((await ask(`http://edge-billing.test${MAILBOX}`)).status).toBe(401);
    expect((await admin.get(`${MAILBOX}?to=nobody`)).status).toBe(400);
    const token = await signToken({ role: "admin" }, env.AUTH_SECRET ?? "");
    const outside = await ask(
      `http://edge-billing.test${MAILBOX}`,
      { SANDBOX: "false" },
      { Authorization: `Bearer ${token}` },
    );
    expect([outside.status, ((await outside.json()) as { code: string }).code]).toEqual([
      403,
      "not_a_sandbox",
    ]);
  });
});

describe("the mailbox's page", () => {
  const page = (host: string, query = "", values: Partial<Env> = {}) =>
    ask(`http://${host}/sandbox/mailbox${query}`, values);

  test.each(["localhost:8787", "127.0.0.1:8787", "[::1]:8787"])("is shown at %s", async (host) => {
    const response = await page(host);
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toMatch(/^text\/html; charset=utf-8/i);
  });

  test.each([
    "billing.example.com",
    "127.0.0.1.example.com",
    "localhost.example.com",
    "10.0.0.1",
    "127.0.0.2",
  ])("isn't there at %s", async (host) => {
    const response = await page(host);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("<html");
  });

  test("isn't there outside of a sandbox", async () => {
    const response = await page("localhost", "", { SANDBOX: "false" });
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain("<html");
  });

  test("shows one recipient's mails where it is asked to, and says when there are none", async () => {
    const [an, binh] = [freshAddress(), freshAddress()];
    await post(an);
    await post(binh);
    const shown = await (await page("localhost", `?to=${an}`)).text();
    expect(shown).toContain(an);
    expect(shown).not.toContain(binh);
    expect(shown).toContain("Order ord_1 is paid");
    expect(await (await page("localhost", `?to=${freshAddress()}`)).text()).toContain("No mail yet.");
  });

  test("shows as text what somebody wrote as HTML", async () => {
    const an = freshAddress();
    const evil = "<script>alert(1)</script>";
    await post(an, { customer: evil }, { ...NOTICES.provisioning_failed, name: evil, reason: evil });
    const shown = await (await page("localhost", `?to=${an}`)).text();
    expect(shown).not.toContain("<script");
    expect(shown.split("&lt;script&gt;").length - 1).toBe(3);
  });

  test("runs no script, stands in nobody's frame and is kept in no cache", async () => {
    const { headers } = await page("localhost");
    expect(headers.get("Content-Security-Policy")).toMatch(/default-src 'none'/);
    expect(headers.get("Content-Security-Policy")).toMatch(/frame-ancestors 'none'/);
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Cache-Control")).toBe("no-store");
  });
});

describe("a customer's journey through the queue as it is", () => {
  const subjectsOf = async (to: string, count: number): Promise<string[]> =>
    vi.waitFor(
      async () => {
        const mails = await mailsTo(to);
        expect(mails).toHaveLength(count);
        return mails.map(({ subject }) => subject);
      },
      { timeout: 10_000, interval: 100 },
    );

  test("brings a mail for what is paid, what is ready, and what failed and was refunded", {
    timeout: 40_000,
  }, async () => {
    const an = freshAddress();
    const product = await new CalledProduct().put();
    const account = await openAccount(2 * SMALL_MONTH, { settings: { email: an, locale: "en", name: "An" } });
    const START = "2027-05-01T00:00:00.000Z";
    await admin.put(CLOCK, { now: START });
    const good = await product.sell(account, "web");
    expect(await subjectsOf(an, 1)).toEqual([`Order ${good.order} is paid`]);

    const READY = "2027-05-01T00:10:00.000Z";
    await admin.put(CLOCK, { now: READY });
    bodyOf(await product.says(account, good, "succeeded"), 200);
    expect(await subjectsOf(an, 2)).toEqual(["web is ready", `Order ${good.order} is paid`]);
    const [invoice] = await account.invoices();
    const [ready, paid] = await mailsTo(an);
    expect([paid?.at, ready?.at]).toEqual([START, READY]);
    expect(ready?.text).toContain("Runs from: 1 May 2027 at 07:10\nPaid until: 1 June 2027 at 07:10");
    expect(ready?.text).toContain(`Invoice: ${invoice?.code}\nTotal: 90,000 VND`);

    const bad = await product.sell(account, "db");
    bodyOf(await product.says(account, bad, "failed", "no capacity"), 200);
    expect((await subjectsOf(an, 4)).sort()).toEqual(
      [
        "db could not be set up",
        `Order ${bad.order} is paid`,
        `Order ${good.order} is paid`,
        "web is ready",
      ].sort(),
    );
    const failed = (await mailsTo(an)).find(({ subject }) => subject.startsWith("db"));
    expect(failed?.text).toContain("Reason: no capacity\nRefunded to credit: 90,000 VND");
    expect(await account.available()).toBe(SMALL_MONTH);
  });

  test("brings one for what time did, too, by the time an advance of the clock is answered", {
    timeout: 30_000,
  }, async () => {
    const an = freshAddress();
    const account = await openAccount(SMALL_MONTH, { settings: { email: an, locale: "vi", name: "An" } });
    await admin.put(CLOCK, { now: "2027-05-01T00:00:00.000Z" });
    await account.placeAndPay({ name: "web" });
    bodyOf(await admin.post(`${CLOCK}/advance`, { to: "2027-05-03T00:00:00.000Z" }), 200);
    const mails = await mailsTo(an);
    expect(mails.map(({ subject, at }) => [subject, at])).toContainEqual([
      "Không thể khởi tạo web",
      "2027-05-02T00:00:00.000Z",
    ]);
    expect(mails[0]?.text).toContain("Lý do: Quá thời gian chờ.");
  });
});
