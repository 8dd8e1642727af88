import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ROWS } from "../../src/portal/query.ts";
import { resetClock, setClock } from "../http/clock.ts";
import { openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { buy, hrefOf, rowsOf, type Seen, type Visitor, visit } from "./visits.ts";

/** Ten in the morning in Hanoi. */
const START = "2027-03-10T03:00:00.000Z";

beforeAll(putCatalogue);
afterEach(async () => {
  vi.restoreAllMocks();
  await resetClock();
});

const column = (seen: Seen, index: number): (string | undefined)[] => rowsOf(seen).map((row) => row[index]);

describe("the billing history", () => {
  /** Invoices of two days, the first of which ends at 17:00 UTC. */
  async function invoicedAccount(): Promise<{ account: TestAccount; visitor: Visitor }> {
    const account = await openAccount(1_000_000);
    await setClock("2027-03-10T16:59:59Z");
    await buy(account, { name: "Alpha" });
    await setClock("2027-03-10T17:00:00Z");
    await buy(account, { name: "Beta 100%" });
    return { account, visitor: await visit(account) };
  }

  it("lists invoices, newest first", async () => {
    const { account, visitor } = await invoicedAccount();
    const codes = (await account.invoices()).map(({ code }) => code);
    expect(rowsOf(await visitor.see("/portal/billing"))).toEqual([
      [codes[0], "Beta 100% vServer", "11 March 2027", "Paid", "90,000 VND"],
      [codes[1], "Alpha vServer", "10 March 2027", "Paid", "90,000 VND"],
    ]);
  });

  it.each([
    ["q=alph", ["Alpha"]],
    ["q=100%25", ["Beta 100%"]],
    ["q=A%25a", []],
    ["product=vserver", ["Beta 100%", "Alpha"]],
    ["product=vmonitor", []],
    ["status=paid", ["Beta 100%", "Alpha"]],
    ["status=unpaid", []],
    ["from=2027-03-11", ["Beta 100%"]],
    ["to=2027-03-10", ["Alpha"]],
    ["from=2027-03-10&to=2027-03-10", ["Alpha"]],
    ["from=2027-03-12", []],
    ["q=&product=&status=&from=&to=", ["Beta 100%", "Alpha"]],
    ["q=a&product=vserver&status=paid&from=2027-03-11&to=2027-03-11", ["Beta 100%"]],
  ])("finds by %s, days being the account's own", async (query, expected) => {
    const { visitor } = await invoicedAccount();
    const seen = await visitor.see(`/portal/billing?${query}`);
    expect(column(seen, 1)).toEqual(expected.map((name) => `${name} vServer`));
    if (expected.length === 0) expect(seen.text).toContain("Nothing matches these filters.");
  });

  it("finds by a part of an invoice's code", async () => {
    const { account, visitor } = await invoicedAccount();
    const [beta] = await account.invoices();
    const seen = await visitor.see(`/portal/billing?q=${beta?.code.slice(3).toLowerCase()}`);
    expect(column(seen, 0)).toEqual([beta?.code]);
  });

  it("keeps what was asked for in its form", async () => {
    const { visitor } = await invoicedAccount();
    const { html } = await visitor.see(
      `/portal/billing?q=${encodeURIComponent('"<b>')}&status=unpaid&from=2027-03-10`,
    );
    expect(html).toContain('value="&quot;&lt;b&gt;"');
    expect(html).toContain('<option value="unpaid" selected="">');
    expect(html).toMatch(/name="from"[^>]*value="2027-03-10"/);
    expect(html).not.toContain("<b>");
  });

  it.each([
    ["a cursor of nothing", "older=nonsense", "the page's place in the list"],
    ["a cursor below the first", `newer=${btoa("-1")}`, "the page's place in the list"],
    ["another list's cursor", `older=${btoa("1 res")}`, "the page's place in the list"],
    ["a day in words", "from=yesterday", "From"],
    ["a day that there isn't", "from=2027-02-30", "From"],
    ["a day by half", "to=2027-3-1", "To"],
    ["another status", "status=maybe", "Status"],
    ["10 000 characters", `q=${"x".repeat(10_000)}`, "Search"],
    ["too long a product", `product=${"x".repeat(65)}`, "Product"],
  ])("leaves out what it can't read, and says so: %s", async (_, query, name) => {
    const { visitor } = await invoicedAccount();
    const seen = await visitor.see(`/portal/billing?${query}`);
    expect([seen.status, seen.text]).toEqual([
      200,
      expect.stringContaining(`These filters couldn't be read and were left out: ${name} `),
    ]);
    expect(column(seen, 1)).toEqual(["Beta 100% vServer", "Alpha vServer"]);
  });

  it("says what it is for while it is empty", async () => {
    const seen = await (await visit(await openAccount())).see("/portal/billing");
    expect(seen.text).toContain("No invoices yet");
    expect(seen.text).not.toContain("Nothing matches");
  });
});

describe("pages of a list", () => {
  const MORE_THAN_TWO = 2 * ROWS + 3;

  async function longAccount(): Promise<TestAccount> {
    const account = await openAccount(MORE_THAN_TWO);
    for (let n = 1; n < MORE_THAN_TWO; n += 1) await account.grant(1);
    return account;
  }

  it("are turned to the oldest row and back, each row standing on one", async () => {
    const visitor = await visit(await longAccount());
    const first = await visitor.see("/portal/credits?from=2020-01-01");
    const pages = [first];
    for (let href = hrefOf(first, "next"); href; href = hrefOf(pages.at(-1) ?? first, "next"))
      pages.push(await visitor.see(href));
    expect(pages.map((page) => rowsOf(page).length)).toEqual([ROWS, ROWS, 3]);
    const balances = pages.flatMap((page) => column(page, 6));
    expect(new Set(balances).size).toBe(MORE_THAN_TWO);
    expect(hrefOf(first, "prev")).toBeUndefined();

    const back = [pages.at(-1) ?? first];
    for (let href = hrefOf(back[0] ?? first, "prev"); href; href = hrefOf(back.at(-1) ?? first, "prev"))
      back.push(await visitor.see(href));
    expect(back.map(rowsOf)).toEqual(pages.toReversed().map(rowsOf));
  });

  it("go on asking for the same", async () => {
    const visitor = await visit(await longAccount());
    const older = hrefOf(await visitor.see("/portal/credits?from=2020-01-01&to=x"), "next");
    expect(older).toMatch(/^\/portal\/credits\?from=2020-01-01&older=[\w%-]+$/);
    const newer = hrefOf(await visitor.see(older ?? ""), "prev");
    expect(newer).toMatch(/^\/portal\/credits\?from=2020-01-01&newer=[\w%-]+$/);
  });

  it("stay where they are while the list grows", async () => {
    const account = await longAccount();
    const visitor = await visit(account);
    const older = hrefOf(await visitor.see("/portal/credits"), "next") ?? "";
    const before = rowsOf(await visitor.see(older));
    await account.grant(1);
    expect(rowsOf(await visitor.see(older))).toEqual(before);
  });

  it("beyond the end lead back to the newest", async () => {
    const seen = await (await visit(await longAccount())).see(`/portal/credits?older=${btoa("1")}`);
    expect([rowsOf(seen), seen.html]).toEqual([
      [],
      expect.stringContaining('<a href="?">Show the newest</a>'),
    ]);
  });
});

describe("the payment history", () => {
  it("shows what was paid for, what came back and why", async () => {
    await setClock(START);
    const account = await openAccount(1_000_000);
    await buy(account, { name: "rack", quantity: 5 });
    const failed = await account.placeAndPay({ name: "never-came" });
    await account.provisionAll(failed.id, "failed");
    const codes = (await account.invoices()).map(({ code }) => code).toReversed();
    const seen = await (await visit(account)).see("/portal/payments");
    const at = "10/03/2027, 10:00";
    expect(rowsOf(seen)).toEqual([
      [at, "Refund", "never-came no capacity", "Credit", "Succeeded", "-90,000 VND"],
      [at, "Payment", "never-came", "Credit", "Succeeded", "90,000 VND"],
      [
        at,
        "Payment",
        `rack-1 ${codes[0]} rack-2 ${codes[1]} rack-3 ${codes[2]} and 2 more rack-4 ${codes[3]} rack-5 ${codes[4]}`,
        "Credit",
        "Succeeded",
        "450,000 VND",
      ],
    ]);
  });

  it("counts days as the account does", async () => {
    await setClock("2027-03-10T17:00:00Z");
    const account = await openAccount(1_000_000);
    await buy(account);
    const visitor = await visit(account);
    const found = async (query: string) => rowsOf(await visitor.see(`/portal/payments?${query}`)).length;
    expect(await found("from=2027-03-11&to=2027-03-11")).toBe(1);
    expect(await found("to=2027-03-10")).toBe(0);
    expect(await found("from=2027-03-12")).toBe(0);
  });
});

describe("the credit history", () => {
  it("shows every change with the balance after it", async () => {
    await setClock(START);
    const account = await openAccount(1_000_000);
    const order = await account.placeAndPay();
    await account.provisionAll(order.id, "failed");
    const seen = await (await visit(account)).see("/portal/credits");
    const at = "10/03/2027, 10:00";
    const wallet = (amount: string) => [`${amount} VND`, "0 VND", `${amount} VND`];
    expect(rowsOf(seen)).toEqual([
      [at, "Refund", `${order.id}.1`, "+90,000 VND", ...wallet("1,000,000")],
      [at, "Purchase", order.id, "-90,000 VND", ...wallet("910,000")],
      [at, "Adjustment", "for a test", "+1,000,000 VND", ...wallet("1,000,000")],
    ]);
  });

  it("shows the same to the dong as the API", async () => {
    const account = await openAccount(SMALL_MONTH * 3);
    await buy(account, {}, {});
    const rows = await account.creditTransactions();
    const format = new Intl.NumberFormat("en-GB");
    expect(column(await (await visit(account)).see("/portal/credits"), 6)).toEqual(
      rows.map(({ balance }) => `${format.format(balance.total)} VND`),
    );
  });
});

describe("a page asks the database the same few times", () => {
  it.each(["/portal", "/portal/billing", "/portal/payments", "/portal/credits"])(
    "however much it shows: %s",
    async (path) => {
      const queries = async (account: TestAccount): Promise<number> => {
        const visitor = await visit(account);
        await visitor.see(path);
        const prepare = vi.spyOn(env.DB, "prepare");
        expect((await visitor.see(path)).status).toBe(200);
        const { calls } = prepare.mock;
        prepare.mockRestore();
        return calls.length;
      };
      const small = await openAccount(1_000_000);
      await buy(small);
      const large = await openAccount(10_000_000);
      await buy(large, { quantity: 10 });
      for (let n = 0; n < 4; n += 1) await buy(large, { quantity: 2 });
      const few = await queries(small);
      expect(few).toBeGreaterThan(0);
      expect(few).toBeLessThanOrEqual(5);
      expect(await queries(large)).toBe(few);
    },
  );
});

it("shows no trace of what failed inside", async () => {
  const visitor = await visit(await openAccount());
  vi.spyOn(env.DB, "prepare").mockImplementation(() => {
    throw new Error("D1 is away");
  });
  const logs = recordLogs();
  const seen = await visitor.see("/portal/billing");
  expect([seen.status, seen.text]).toEqual([
    500,
    expect.stringContaining("Something went wrong on our side"),
  ]);
  expect(seen.text).toContain(seen.headers.get("X-Request-Id"));
  expect(seen.html).not.toMatch(/D1 is away|Error|\.ts/);
  expect(logs.failures()).toEqual(["page_failed"]);
});
