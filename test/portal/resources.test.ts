import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { ROWS } from "../../src/portal/query.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import { bodyOf, openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { hrefOf, rowsOf, type Seen, type Visitor, visit } from "./visits.ts";

/** Ten in the morning in Hanoi. */
const START = "2027-03-10T03:00:00.000Z";
const PATH = "/portal/resources";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

/** Each row begins with a resource's name. */
const namesOf = (seen: Seen): string[] => rowsOf(seen).map(([name = ""]) => name.split(" ")[0] ?? "");

/** A server that ends in 4 days and is tagged, one that ends in 34 and renews itself, a package in the trash, one that is gone. */
async function scene(): Promise<{ account: TestAccount; visitor: Visitor }> {
  await setClock(START);
  const account = await openAccount(5_000_000);
  const soon = await account.serve({ name: "alpha" });
  await account.serve({ name: "beta", period: { months: 2 }, autoRenew: { enabled: true, months: 3 } });
  const gold = { configuration: [{ sku: "gold", quantity: 30 }], period: { months: 3 } };
  const trashed = await account.serve({ name: "gamma", resourceType: "package", ...gold });
  const gone = await account.serve({ name: "delta" });
  bodyOf(await account.user.put(`${account.path}/resources/${soon}/tags`, { team: "core" }), 200);
  await setClock(later(START, 27 * DAY_MS));
  bodyOf(await account.remove(trashed), 200);
  bodyOf(await account.remove(gone), 200);
  return { account, visitor: await visit(account) };
}

describe("the resources", () => {
  it("are listed newest first, with what matters about their time; what is gone isn't there", async () => {
    const { visitor } = await scene();
    expect(rowsOf(await visitor.see(PATH))).toEqual([
      [
        "gamma vServer · package",
        "Suspended In the trash",
        "–",
        "Deleted for good: 13 April 2027 in 7 days",
        "Manual",
        "",
      ],
      ["beta vServer · server", "Active", "Good", "10 May 2027 in 34 days", "Automatic 3 months", ""],
      ["alpha vServer · server", "Active", "Ends soon", "10 April 2027 in 4 days", "Manual", "team:core"],
    ]);
  });

  it.each([
    ["q=ALPH", ["alpha"]],
    ["product=vserver", ["gamma", "beta", "alpha"]],
    ["product=vmonitor", []],
    ["resourceType=package", ["gamma"]],
    ["state=suspended", ["gamma"]],
    ["state=deleted", ["delta"]],
    ["billingStatus=alerted", ["alpha"]],
    ["billingStatus=good", ["beta"]],
    ["renewal=auto", ["beta"]],
    ["renewal=manual", ["gamma", "alpha"]],
    ["tag=team", ["alpha"]],
    ["tag=team:core", ["alpha"]],
    ["tag=team:other", []],
    ["q=a&product=vserver&resourceType=server&state=active&billingStatus=good&renewal=auto", ["beta"]],
    ["q=&product=&resourceType=&state=&billingStatus=&renewal=&tag=", ["gamma", "beta", "alpha"]],
  ])("are found by %s", async (query, expected) => {
    const { visitor } = await scene();
    const seen = await visitor.see(`${PATH}?${query}`);
    expect(namesOf(seen)).toEqual(expected);
    if (expected.length === 0) expect(seen.text).toContain("Nothing matches these filters.");
  });

  it("keep what was asked for in the form, and name what couldn't be read", async () => {
    const { visitor } = await scene();
    const seen = await visitor.see(`${PATH}?q=%22alpha&state=broken&renewal=auto&older=nonsense`);
    expect(seen.html).toContain('value="&quot;alpha"');
    expect(seen.html).toContain('<option value="auto" selected="">Automatic</option>');
    expect(seen.text).toContain("couldn't be read and were left out: State, the page's place in the list");
  });

  it("can be chosen where they can be renewed, by those who may", async () => {
    const { account, visitor } = await scene();
    const boxes = ({ html }: Seen) =>
      [...html.matchAll(/aria-label="Choose (\w+)"/g)].map(([, name]) => name);
    expect(boxes(await visitor.see(PATH))).toEqual(["beta", "alpha"]);
    for (const actions of [["RenewResources"], ["PayOrder"]] as const)
      expect(boxes(await (await visit(account, actions)).see(PATH))).toEqual([]);
  });

  it("come in pages that can be turned both ways, under the same filters", async () => {
    const account = await openAccount(ROWS * 2 * SMALL_MONTH);
    const { id } = await account.placeAndPay({ name: "web", quantity: ROWS + 1 });
    await account.provisionAll(id, "succeeded");
    const visitor = await visit(account);
    const first = await visitor.see(`${PATH}?q=web&renewal=manual`);
    const names = Array.from({ length: ROWS + 1 }, (_, index) => `web-${ROWS + 1 - index}`);
    expect(namesOf(first)).toEqual(names.slice(0, ROWS));
    expect(hrefOf(first, "prev")).toBeUndefined();
    const second = await visitor.see(hrefOf(first, "next") ?? "");
    expect(namesOf(second)).toEqual(names.slice(ROWS));
    expect(hrefOf(second, "next")).toBeUndefined();
    const again = await visitor.see(hrefOf(second, "prev") ?? "");
    expect(namesOf(again)).toEqual(names.slice(0, ROWS));
    expect(hrefOf(again, "prev")).toBeUndefined();
  }, 30_000);

  it("say where they come from when there are none", async () => {
    const seen = await (await visit(await openAccount())).see(PATH);
    expect(seen.text).toContain("No resources yet What you order in a product's console appears here.");
  });
});
