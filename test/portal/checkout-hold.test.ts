import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Customer } from "../gateways/customer.ts";
import { behave } from "../gateways/paying.ts";
import { resetClock, setClock } from "../http/clock.ts";
import { type BalanceView, bodyOf, putCatalogue, type TestAccount } from "../support/api.ts";
import { contentsOf } from "../support/tables.ts";
import { balancer, eventOf, report } from "../usage/metered.ts";
import { openEnglish, placeAs, stateOf, type Visit, visit } from "./visit.ts";

/** Midnight in Vietnam. */
const START = "2027-03-04T17:00:00.000Z";
const DAY_LATER = "2027-03-05T17:00:00.000Z";
/** What a node costs: a dong a minute. */
const DAY = 1_440;

beforeAll(putCatalogue);
afterEach(async () => {
  await resetClock();
  behave("momo");
});

const words = (minor: number): string => `${minor.toLocaleString("en-US")} VND`;

/** The checkout of a balancer, by somebody with so much credit. */
async function checkout(credit: number): Promise<Visit> {
  await setClock(START);
  const account = await openEnglish(credit);
  const line = { resourceType: "balancer", name: "lb", configuration: balancer() };
  return visit(account, await placeAs(account, { lines: [line] }));
}

/** The checkout of its resize, a day later. */
async function resizing(credit: number, node: number): Promise<Visit> {
  const open = await checkout(credit);
  const { account } = open;
  await open.send("pay");
  const [line] = (await account.provisionAll(open.id, "succeeded")).lines;
  const resource = line?.resourceId ?? "";
  const used = eventOf(resource, { quantity: "5.5", key: "203.0.113.7", at: "2027-03-05T05:00:00.000Z" });
  await setClock(DAY_LATER);
  bodyOf(await report(account, [used]), 200);
  const to = { resourceId: resource, resourceType: "balancer", configuration: balancer({ node }) };
  return visit(account, await placeAs(account, { action: "resize", lines: [to] }));
}

const wallet = async (account: TestAccount): Promise<[available: number, held: number]> => {
  const { credit } = bodyOf(await account.user.get<BalanceView>(`${account.path}/balance`), 200);
  return [credit.available, credit.held];
};
const sound = async ({ object }: TestAccount) => expect(await object.audit()).toEqual([]);

describe("the checkout of what credit is held for", () => {
  it("offers the hold alone, with its amount and what it covers; nothing is to be paid", async () => {
    const { page } = await checkout(10_000);
    expect(page.text).toContain(`To pay now 0 VND Held of your credit ${words(3 * DAY)}`);
    expect(page.text).toContain(`The next 3 days ${words(3 * DAY)}`);
    expect(page.textOf(".method")).toContain(`Credit hold ${words(3 * DAY)}`);
    expect(page.textOf(".method")).toContain("and the next 3 days.");
    expect(page.textOf(".method")).toContain(`Available 10,000 VND Available afterwards ${words(5_680)}`);
    expect(page.findAll("[name=method]").map((way) => way.getAttribute("value"))).toEqual(["hold"]);
    expect(page.findAll("#coupon, #share, [name^=period], [name^=renew], #buy")).toEqual([]);
    for (const said of [
      "node 43,200 VND / 30 days Each minute, as configured",
      "traffic-gb 1,000 VND / GB What is counted in the month",
      "data-gb 280 VND / GB The highest amount of each day 500 GB free a day",
    ])
      expect(page.textOf("details")).toContain(said);
  });

  it("confirms it: credit is held, the console provisions, and the page leads back there", async () => {
    const open = await checkout(10_000);
    const { account } = open;
    const confirmed = await open.send("pay");
    expect([confirmed.status, confirmed.heading]).toEqual([200, "Confirmed. Thank you!"]);
    expect(confirmed.find("[data-refresh]")).not.toBeNull();
    expect(await wallet(account)).toEqual([10_000 - 3 * DAY, 3 * DAY]);
    await account.answer(open.id);
    const done = await open.reload();
    expect(done.heading).toBe("Everything is ready");
    expect(done.text).toContain(`Held of your credit ${words(3 * DAY)}`);
    expect(done.text).not.toContain("Paid");
    expect(done.find("#back")?.getAttribute("href")).toContain(`order=${open.id}`);
    expect((await account.creditTransactions()).map(({ type, amount }) => [type, amount])).toEqual([
      ["hold", -3 * DAY],
      ["adjustment", 10_000],
    ]);
    await sound(account);
  });

  it("twice with one press holds once", async () => {
    const open = await checkout(10_000);
    const form = open.formFor("pay");
    await Promise.all([1, 2].map(() => open.browser.send(form)));
    expect(await wallet(open.account)).toEqual([10_000 - 3 * DAY, 3 * DAY]);
    await sound(open.account);
  });

  it("holds for each resource of a quantity", async () => {
    const open = await checkout(10_000);
    const page = await open.send("items", { "quantity-0": "2" });
    expect(page.text).toContain(`Held of your credit ${words(6 * DAY)}`);
    await open.send("pay");
    expect(await wallet(open.account)).toEqual([10_000 - 6 * DAY, 6 * DAY]);
  });

  it("whose provisioning fails says that what was held is available again", async () => {
    const open = await checkout(10_000);
    await open.send("pay");
    await open.account.answer(open.id, "failed");
    const page = await open.reload();
    expect(page.heading).toBe("This couldn't be set up");
    expect(page.text).toContain("What was held for it is available again.");
    expect(page.text).toContain("not done");
    expect(await wallet(open.account)).toEqual([10_000, 0]);
  });
});

describe("without enough credit", () => {
  it("the hold isn't offered and says what is missing; pressed all the same nothing is held", async () => {
    const open = await checkout(3 * DAY - 20);
    const { page, account } = open;
    expect(page.textOf(".method")).toContain("Not enough credit.");
    expect(page.textOf(".method")).toContain("Missing 20 VND");
    expect(page.find("#pay")?.hasAttribute("disabled")).toBe(true);
    const before = await stateOf(account);
    const refused = await open.send("pay", { method: "hold" });
    expect([refused.status, refused.textOf(".notice")]).toEqual([409, "Your credit doesn't cover this."]);
    expect({ ...(await stateOf(account)), keys: before.keys }).toEqual(before);
  });

  it("buys what is missing at a gateway, comes back, and is confirmed", async () => {
    const open = await checkout(3 * DAY - 20);
    const { account, browser } = open;
    const hop = await browser.send(open.page.form("#buy"));
    const [attempt] = (await contentsOf(account.object)).attempts;
    if (!attempt?.redirectUrl) throw new Error("nothing was begun");
    expect(hop.headers.get("Refresh")).toBe(`0; url=${attempt.redirectUrl}`);
    const returned = () => browser.open(`${attempt.returnUrl}?resultCode=0`);
    expect((await returned()).heading).toBe("Waiting for your payment at MoMo");
    const customer = new Customer(account);
    await customer.open({ ...(await customer.payment(attempt.id)), redirectUrl: attempt.redirectUrl });
    await customer.decide({ id: attempt.id, gateway: "momo" }, "approve");
    open.page = await returned();
    expect(open.page.textOf(".notice.good")).toBe(`Thank you! ${words(attempt.amount)} is in your credit.`);
    expect(open.page.find("#buy")).toBeNull();
    const confirmed = await open.send("pay");
    expect(confirmed.heading).toBe("Confirmed. Thank you!");
    expect(await wallet(account)).toEqual([attempt.amount - 20, 3 * DAY]);
    await sound(account);
  });

  it("is told when the gateway took no money, and offered the same again", async () => {
    const open = await checkout(0);
    const { account, browser } = open;
    await browser.send(open.page.form("#buy"));
    const [attempt] = (await contentsOf(account.object)).attempts;
    if (!attempt?.redirectUrl) throw new Error("nothing was begun");
    const customer = new Customer(account);
    await customer.open({ ...(await customer.payment(attempt.id)), redirectUrl: attempt.redirectUrl });
    await customer.decide({ id: attempt.id, gateway: "momo" }, "refuse");
    const page = await browser.open(attempt.returnUrl);
    expect(page.textOf(".notice.warn")).toContain("MoMo took no money.");
    expect(page.find("#buy")).not.toBeNull();
  });

  it.each([
    ["no gateway", { gateway: null }, 400],
    ["a gateway without an amount", { gateway: "momo" }, 400],
    ["a gateway there isn't", { gateway: "nobody:50000" }, 422],
    ["less than the gateway takes", { gateway: "momo:1" }, 422],
    ["no press", { attempt: null }, 400],
  ] as const)("%s buys nothing", async (_, entered, status) => {
    const open = await checkout(0);
    const before = await stateOf(open.account);
    const page = await open.browser.send(open.page.form("#buy"), entered);
    expect([page.status, page.find(".notice") !== null]).toEqual([status, true]);
    expect({ ...(await stateOf(open.account)), keys: before.keys }).toEqual(before);
  });

  it("shows nothing of another account's purchase", async () => {
    const open = await checkout(0);
    await open.browser.send(open.page.form("#buy"));
    const [attempt] = (await contentsOf(open.account.object)).attempts;
    const other = await checkout(0);
    const page = await other.browser.open(`${other.url}?bought=${attempt?.id}`);
    expect([page.status, page.find(".notice")]).toEqual([200, null]);
  });
});

describe("the checkout of a resize with a hold", () => {
  it("shows what is held already and what in addition, use so far included, and takes that", async () => {
    const open = await resizing(40_000, 2);
    const { page, account } = open;
    const wanted = { use: DAY + 5_000, estimate: 6 * DAY };
    const more = wanted.use + wanted.estimate - 3 * DAY;
    expect(page.heading).toBe("Change a configuration");
    expect(page.text).toContain(
      "Now cache-gb · traffic-gb · data-gb · node From then on cache-gb · traffic-gb · data-gb · 2 × node",
    );
    expect(page.text).toContain(
      `The next 3 days ${words(wanted.estimate)} Used and not billed yet ${words(wanted.use)} ` +
        `Held already -${words(3 * DAY)} Held in addition ${words(more)}`,
    );
    expect(page.textOf(".method")).toContain(`Credit hold ${words(more)}`);
    const confirmed = await open.send("pay");
    expect(confirmed.heading).toBe("The configuration is being changed");
    expect(await wallet(account)).toEqual([40_000 - 3 * DAY - more, 3 * DAY + more]);
    await account.answer(open.id);
    expect((await open.reload()).heading).toBe("The configuration is changed");
    await sound(account);
  });

  it("to less takes nothing, and says what is available again when it is changed", async () => {
    const open = await resizing(40_000, 2);
    await open.send("pay");
    await open.account.answer(open.id);
    const [resource] = await open.account.resources();
    const to = { resourceId: resource?.id, resourceType: "balancer", configuration: balancer({ node: 1 }) };
    const less = await visit(open.account, await placeAs(open.account, { action: "resize", lines: [to] }));
    expect(less.page.text).toContain(`Available again when it is changed ${words(3 * DAY)}`);
    expect(less.page.textOf(".method")).toContain("Credit hold 0 VND");
    const before = await wallet(open.account);
    await less.send("pay");
    expect(await wallet(open.account)).toEqual(before);
    await open.account.answer(less.id);
    expect(await wallet(open.account)).toEqual([before[0] + 3 * DAY, before[1] - 3 * DAY]);
    await sound(open.account);
  });

  it("that is more than there is credit for says what is missing", async () => {
    const open = await resizing(5 * DAY, 4);
    expect(open.page.textOf(".method")).toContain("Not enough credit.");
    expect(open.page.find("#buy")).not.toBeNull();
  });
});
