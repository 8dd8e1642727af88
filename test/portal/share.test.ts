import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Customer } from "../gateways/customer.ts";
import { behave } from "../gateways/paying.ts";
import { putCatalogue } from "../support/api.ts";
import { Browser, type Page } from "../support/browser.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { openEnglish, type Visit, visitNew } from "./visit.ts";

beforeAll(putCatalogue);
beforeEach(() => void recordLogs());
afterEach(async () => {
  vi.restoreAllMocks();
  await behave("momo");
});

/** A customer who asks somebody to pay, and the page that this somebody sees. */
async function shared(): Promise<{ open: Visit; payer: Browser; url: string; page: Page }> {
  const open = await visitNew(await openEnglish(10_000));
  await open.browser.send(open.page.form("[value=share]"), { email: "payer@example.com" });
  await open.reload();
  const url = open.page.find("#share-link")?.getAttribute("value") ?? "";
  const payer = new Browser();
  return { open, payer, url, page: await payer.open(url) };
}

const beginAt = (payer: Browser, page: Page, gateway = "momo") => payer.send(page.form("#pay"), { gateway });

async function decide({ account }: Visit, decision: "approve" | "refuse"): Promise<void> {
  const { attempts } = await contentsOf(account.object);
  const attempt = attempts.find(({ status }) => status === "open");
  const customer = new Customer(account);
  const begun = await customer.payment(attempt?.id ?? "");
  await customer.open({ ...begun, redirectUrl: attempt?.redirectUrl ?? "" });
  await customer.decide(begun, decision);
}

describe("asking somebody to pay", () => {
  it("shows the link and to whom it went, until it is taken back", async () => {
    const { open, payer, url } = await shared();
    expect(open.page.text).toContain("Sent to payer@example.com, good until");
    await open.browser.send(open.page.form("#unshare"));
    await open.reload();
    expect(open.page.find("#share-link")).toBeNull();
    const page = await payer.open(url);
    expect([page.status, page.heading]).toEqual([410, "This order can't be paid here"]);
  });

  it.each(["", "nobody", "a@b"])("takes an address and nothing else: %s", async (email) => {
    const open = await visitNew(await openEnglish());
    const page = await open.browser.send(open.page.form("[value=share]"), { email });
    expect([page.status, page.textOf("#email-error")]).toEqual([422, "An e-mail address, please."]);
    expect((await contentsOf(open.account.object)).orders[0]?.share).toBeNull();
  });
});

describe("the payer's page", () => {
  it("shows the order and gateways, and neither credit nor whose it is", async () => {
    const { open, page } = await shared();
    expect([page.status, page.heading]).toEqual([200, "Pay for somebody else"]);
    expect(page.text).toContain("Total 90,000 VND");
    expect(page.findAll("[name=gateway]").length).toBeGreaterThan(1);
    const { name, email } = (await contentsOf(open.account.object)).account ?? {};
    for (const hidden of [open.account.id, name, email, "10,000"]) expect(page.html).not.toContain(hidden);
  });

  it("leads to a gateway, waits, says that it was refused, and thanks for what is paid", async () => {
    const { open, payer, url, page } = await shared();
    expect((await beginAt(payer, page)).heading).toBe("Taking you to MoMo…");
    const waiting = await payer.open(url);
    expect([waiting.heading, waiting.find("[data-refresh]")]).toEqual([
      "Waiting for your payment at MoMo",
      expect.anything(),
    ]);
    await decide(open, "refuse");
    const refused = await payer.open(`${url}?resultCode=1006`);
    expect([refused.url, refused.textOf(".notice")]).toEqual([
      url,
      expect.stringContaining("MoMo took no money."),
    ]);
    await beginAt(payer, refused);
    await decide(open, "approve");
    expect((await payer.open(url)).heading).toBe("This order is paid. Thank you!");
    expect(await open.account.available()).toBe(10_000);
    expect((await open.reload()).heading).toBe("Paid. Thank you!");
  });

  it("tells nobody where the customer's own payment is made", async () => {
    const { open, payer, url } = await shared();
    await open.browser.send(open.formFor("pay"), { method: "gateway:momo" });
    const page = await payer.open(url);
    expect([page.heading, page.find("#to-gateway")]).toEqual([
      "This order is being paid at the moment",
      null,
    ]);
  });

  it("isn't paid for another total than it showed", async () => {
    const { open, payer, page } = await shared();
    const answered = await payer.send(page.form("#pay"), { total: "1" });
    expect(answered.status).toBe(409);
    expect((await contentsOf(open.account.object)).attempts).toEqual([]);
  });

  it("is nothing without a link of ours", async () => {
    const { url, payer } = await shared();
    expect((await payer.open(`${url}x`)).status).toBe(404);
  });
});
