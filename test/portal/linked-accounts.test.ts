import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { LinkingCustomer } from "../gateways/linking.ts";
import { behave } from "../gateways/paying.ts";
import { resetClock } from "../http/clock.ts";
import { putCatalogue } from "../support/api.ts";
import type { Page } from "../support/browser.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { billed } from "./billed.ts";
import { enterPortal } from "./portal-visit.ts";
import { openEnglish } from "./visit.ts";

beforeAll(putCatalogue);
beforeEach(() => void recordLogs());
afterEach(async () => {
  vi.restoreAllMocks();
  await resetClock();
  await behave("momo");
});

const ROOM = "/portal/linked-accounts";

/** Somebody who links accounts in the portal. */
async function visitor() {
  const account = await openEnglish();
  const customer = new LinkingCustomer(account, "momo");
  const visit = await enterPortal(account);
  await visit.go(ROOM);
  return { account, customer, visit };
}

const rowsOf = (page: Page): string[] =>
  page.findAll("tbody tr").map((row) => row.textContent.replaceAll(/\s+/g, " ").trim());

describe("linking an account", () => {
  it("leads to its gateway, is waited for, and is there once its owner has agreed", async () => {
    const { account, customer, visit } = await visitor();
    expect(visit.page.text).toContain("No account is linked yet.");
    const hop = await visit.send("[name=gateway]", { gateway: "momo" });
    const [link] = (await contentsOf(account.object)).linkedAccounts;
    expect([hop.status, hop.heading, hop.headers.get("Refresh")]).toEqual([
      ...[200, "Taking you to MoMo…", `0; url=${link?.redirectUrl}`],
    ]);
    await visit.go(ROOM);
    expect(rowsOf(visit.page)).toEqual([expect.stringContaining("Waiting for your consent")]);
    expect(visit.page.find("[data-refresh]")).not.toBeNull();
    expect(visit.page.find("tbody a")?.getAttribute("href")).toBe(link?.redirectUrl);
    for (const begun of (await customer.links()).data) await customer.decideLink(begun, "approve");
    await visit.go(new URL(link?.returnUrl ?? "").pathname);
    expect(rowsOf(visit.page)).toEqual(["MoMo 09******99LinkedPays firstUnlink"]);
    expect(visit.page.find("[data-refresh]")).toBeNull();
  });

  it("that is refused says why", async () => {
    const { customer, visit } = await visitor();
    await customer.link("refuse");
    await visit.go(ROOM);
    expect(rowsOf(visit.page)).toEqual(["MoMo Not linkedThe payment was cancelled.Unlink"]);
  });

  it.each(["vnpay", "nobody", ""])("can't be had at %s", async (gateway) => {
    const { account, visit } = await visitor();
    const page = await visit.send("[name=gateway]", { gateway });
    expect([page.status, page.textOf("#gateway-error")]).toEqual([
      422,
      "Please choose where your account is.",
    ]);
    expect((await contentsOf(account.object)).linkedAccounts).toEqual([]);
  });

  it("twice with one press begins one link", async () => {
    const { account, visit } = await visitor();
    const form = visit.page.form("[name=gateway]");
    await Promise.all([visit.browser.send(form), visit.browser.send(form)]);
    expect((await contentsOf(account.object)).linkedAccounts).toHaveLength(1);
  });
});

describe("linked accounts", () => {
  it("pay first where they are told to, and are unlinked with a press", async () => {
    const { customer, visit } = await visitor();
    const [first, second] = [await customer.link(), await customer.link()];
    await visit.go(ROOM);
    expect(rowsOf(visit.page)).toEqual([
      "MoMo 09******99LinkedPays firstUnlink",
      "MoMo 09******99LinkedLet it pay firstUnlink",
    ]);
    await visit.send(`form[action$=default] [value="${second.id}"]`, { link: second.id });
    expect((await customer.links()).data.map((link) => link.default)).toEqual([false, true]);
    await visit.send(`form[action$=remove] [value="${first.id}"]`, { link: first.id });
    expect((await customer.links()).data.map(({ id }) => id)).toEqual([second.id]);
    expect(rowsOf(visit.page)).toEqual(["MoMo 09******99LinkedPays firstUnlink"]);
  });

  it("that can't be charged any more are told of, until there is another one", async () => {
    const { account, customer, visit } = await visitor();
    const { id } = await customer.link();
    await behave("momo", { charge: "gone" });
    await customer.payLinked((await account.place()).id, id);
    await behave("momo");
    await visit.go(ROOM);
    expect(visit.page.textOf(".notice")).toContain("MoMo 09******99 couldn't be charged any more");
    await customer.link();
    await visit.go(ROOM);
    expect(visit.page.find(".notice")).toBeNull();
  });

  it("are offered what waits to be paid, at its checkout", async () => {
    const { account, customer, visit } = await visitor();
    const order = await account.place();
    await visit.go(ROOM);
    expect(visit.page.text).not.toContain("Unpaid orders");
    await customer.link();
    await visit.go(ROOM);
    expect(visit.page.text).toContain(`90,000 VND ${order.id}`);
    const page = await visit.send(`[value="${order.id}"]`, { order: order.id });
    expect([page.heading, page.find("[name=method][checked]")?.getAttribute("value")]).toEqual([
      "Create resources",
      expect.stringMatching(/^linked:/),
    ]);
  });

  it("of another account can't be touched", async () => {
    const { customer } = await visitor();
    const { id } = await customer.link();
    const order = await customer.account.place();
    const stranger = await visitor();
    await stranger.customer.link();
    await stranger.visit.go(ROOM);
    const sent = await stranger.visit.send("form[action$=remove] button", { link: id });
    expect([sent.status, sent.textOf(".notice")]).toEqual([409, "This linked account doesn't exist."]);
    await stranger.account.place();
    await stranger.visit.go(ROOM);
    expect((await stranger.visit.send("[name=order]", { order: order.id })).status).toBe(409);
    expect((await customer.links()).data).toMatchObject([{ id, status: "active" }]);
  });

  it("could pay the bills that are open, which are offered with them", async () => {
    const { account, codes } = await billed(2);
    const customer = new LinkingCustomer(account, "momo");
    const visit = await enterPortal(account);
    expect((await visit.go(ROOM)).find("#pay-bills")).toBeNull();
    await customer.link();
    const page = await visit.go(ROOM);
    for (const code of codes) expect(page.text).toContain(code);
    const offered = await visit.go(page.find("#pay-bills")?.getAttribute("href") ?? "");
    expect(offered.heading).toBe("Pay bills");
    expect(offered.find('[value^="linked:"]')).not.toBeNull();
    const reader = await enterPortal(account, ["ManageLinkedAccounts"]);
    expect((await reader.go(ROOM)).text).not.toContain(codes[0]);
  });
});
