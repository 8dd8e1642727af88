import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { advanceClock, resetClock, setClock } from "../http/clock.ts";
import { bodyOf, openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { balancer, eventOf, report } from "../usage/metered.ts";
import { billed, usingServers } from "./billed.ts";
import { enterPortal } from "./portal-visit.ts";
import { openEnglish, placeAs } from "./visit.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

/** A local instant in Vietnam. */
const saigon = (text: string) => new Date(`${text}:00+07:00`).toISOString();
const words = (minor: number): string => `${minor.toLocaleString("en-US")} VND`;
/** What a node costs: a dong a minute. */
const DAY = 1_440;

/** A balancer that credit is held for since 1 April, which has 30 days. */
async function holding(credit: number): Promise<{ account: TestAccount; resource: string }> {
  await setClock(saigon("2027-04-01T00:00"));
  const account = await openEnglish(credit);
  const line = { resourceType: "balancer", name: "lb", configuration: balancer() };
  const order = await placeAs(account, { lines: [line] });
  bodyOf(await account.user.post(`${account.path}/orders/${order.id}/pay`, { method: "hold" }), 200);
  const [made] = (await account.provisionAll(order.id, "succeeded")).lines;
  return { account, resource: made?.resourceId ?? "" };
}

const countTraffic = async (account: TestAccount, resource: string) =>
  bodyOf(
    await report(account, [
      eventOf(resource, { quantity: "10.5", key: "203.0.113.7", at: saigon("2027-04-02T10:00") }),
      eventOf(resource, { quantity: "4", key: "203.0.113.7", at: saigon("2027-04-03T10:00") }),
      eventOf(resource, { quantity: "2", key: "203.0.113.8", at: saigon("2027-04-03T11:00") }),
      eventOf(resource, { sku: "cache-gb", quantity: "2.5", at: saigon("2027-04-03T12:00") }),
    ]),
    200,
  );

/** By 4 April: three days of a node, 16 GB, and twelve hours of cache. */
const SO_FAR = 3 * DAY + 16_000 + Math.round(7.7 * 2.5 * 12);

describe("the page of what is used", () => {
  it("says what was used so far, what the month will come to and how that is foreseen, and what is held and why", async () => {
    const { account, resource } = await holding(100_000);
    await advanceClock(saigon("2027-04-03T13:00"));
    await countTraffic(account, resource);
    await advanceClock(saigon("2027-04-04T00:00"));
    const visit = await enterPortal(account);
    const page = await visit.go("/portal/use");
    const foreseen = 30 * DAY + 165_000 + Math.round(7.7 * 2.5 * (12 + 27 * 24));
    expect(page.text).toContain(`Used so far ${words(SO_FAR)}`);
    expect(page.text).toContain(`Foreseen until 30 April 2027 ${words(foreseen)} What was used so far, and`);
    expect(page.text).toContain(
      `lb vserver cache-gb: 231 VND node: 4,320 VND traffic-gb: 16,000 VND ${words(SO_FAR)} ${words(foreseen)}`,
    );
    const estimate = 3 * DAY + Math.round(7.7 * 2.5 * 72);
    expect(page.text).toContain(`lb ${words(SO_FAR)} ${words(estimate)} – ${words(SO_FAR + estimate)}`);
    expect(page.text).toContain(`Held credit ${words(SO_FAR + estimate)}`);
    expect((await account.balance()).credit.held).toBe(SO_FAR + estimate);
    expect(page.find(`a[href="/portal/resources/${resource}"]`)).not.toBeNull();
  });

  it("names what is missing, until when that goes on, and where to buy it; suspended, what brings it back", async () => {
    const { account } = await holding(4 * DAY + 40);
    await advanceClock(saigon("2027-04-03T00:00"));
    const visit = await enterPortal(account);
    const missing = DAY - 40;
    for (const path of ["/portal", "/portal/use"]) {
      const page = await visit.go(path);
      expect(page.textOf(".notice")).toContain(`${words(missing)} of credit is missing for lb.`);
      expect(page.textOf(".notice")).toContain("After 3 short days in a row it is suspended; this is day 1.");
      const buy = page.find(".notice a")?.getAttribute("href") ?? "";
      expect(buy).toBe(`/portal/credits/buy?amount=${missing}`);
    }
    const buying = await visit.go(`/portal/credits/buy?amount=${missing}`);
    expect(buying.find("#amount")?.getAttribute("value")).toBe(String(missing));
    await advanceClock(saigon("2027-04-05T00:00"));
    const suspended = await visit.go("/portal/use");
    expect(suspended.textOf(".notice")).toContain(`lb is suspended, as ${words(3 * DAY - 40)} of credit`);
    await account.grant(3 * DAY - 40);
    expect((await visit.go("/portal/use")).find(".notice")).toBeNull();
  });

  it("shows the same of what is paid by the month, without holds, and bills that are on their way", async () => {
    const account = await usingServers(1);
    await setClock(saigon("2027-02-01T01:00"));
    const visit = await enterPortal(account);
    const page = await visit.go("/portal/use");
    expect(page.text).toContain("Earlier, and not billed yet");
    expect(page.text).toContain("Nothing is held.");
    expect(page.findAll("table").at(-1)?.text).toContain("web-1");
  });

  it("says so where nothing is billed by its use", async () => {
    const visit = await enterPortal(await openEnglish(5_000));
    expect((await visit.go("/portal/use")).text).toContain("Nothing is billed by its use");
  });

  it("shows no balances to those who may not see them, and nothing of other accounts", async () => {
    const { account } = await holding(100_000);
    const visit = await enterPortal(account, ["ListUsages"]);
    const page = await visit.go("/portal/use");
    expect(page.text).toContain("Used so far");
    expect(page.text).not.toContain("Held credit");
    const stranger = await enterPortal(await openAccount(1_000));
    expect((await stranger.go("/portal/use")).text).not.toContain("lb");
  });
});

describe("held credit", () => {
  it("stands wherever the balance is", async () => {
    const { account, resource } = await holding(100_000);
    const visit = await enterPortal(account);
    const held = words(3 * DAY);
    const dashboard = await visit.go("/portal");
    expect(dashboard.text).toContain(`Held ${held}`);
    expect(dashboard.find('a[href="/portal/use#held"]')).not.toBeNull();
    const credits = await visit.go("/portal/credits");
    expect(credits.text).toContain(`Available credit ${words(100_000 - 3 * DAY)} Held ${held}`);
    expect(credits.find(`tbody a[href="/portal/resources/${resource}"]`)).not.toBeNull();
    const others = await enterPortal(account, ["ListCredits"]);
    expect((await others.go("/portal/credits")).text).not.toContain("Available credit");
  });
});

describe("the page of a resource that is billed by its use", () => {
  it("has its meters by key and day, its level, and what is held for it", async () => {
    const { account, resource } = await holding(100_000);
    await advanceClock(saigon("2027-04-03T13:00"));
    await countTraffic(account, resource);
    await advanceClock(saigon("2027-04-04T00:00"));
    const visit = await enterPortal(account);
    const page = await visit.go(`/portal/resources/${resource}`);
    expect(page.text).toContain("Billing After its use, from held credit");
    expect(page.text).toContain(`Used so far ${words(SO_FAR)}`);
    for (const said of [
      "cache-gb Level now 2.5 GB",
      "traffic-gb Counted this month 16.5 GB",
      "203.0.113.7 03/04/2027 4 GB 14.5 GB 203.0.113.8 03/04/2027 2 GB 2 GB",
      "By day Day Amount 03/04/2027 6 GB 02/04/2027 10.5 GB",
      "data-gb Highest this month 0 GB 280 VND per GB Nothing was counted this month.",
    ])
      expect(page.text).toContain(said);
    for (const none of ["Renewal", "Time left", "Ends"]) expect(page.text).not.toContain(none);
    const uninformed = await enterPortal(account, []);
    const without = await uninformed.go(`/portal/resources/${resource}`);
    for (const none of ["Used so far", "Held credit", "203.0.113.7"])
      expect(without.text).not.toContain(none);
  });

  it("of a postpaid account says the same, and nothing of holds", async () => {
    const { account } = await billed(1);
    const [server] = await account.resources();
    const visit = await enterPortal(account);
    const page = await visit.go(`/portal/resources/${server?.id}`);
    expect(page.text).toContain("Billing After its use, by the month");
    expect(page.text).toContain("Foreseen until 28 February 2027");
    expect(page.text).not.toContain("Held credit");
  });
});
