import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import {
  bodyOf,
  type OrderView,
  productConsole,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH, VMONITOR } from "../support/catalogue.ts";
import { enterPortal, type PortalVisit } from "./portal-visit.ts";
import { ORIGIN, openEnglish } from "./visit.ts";

/** Ten in the morning in Hanoi. */
const START = "2027-03-10T03:00:00.000Z";

beforeAll(putCatalogue);
beforeEach(async () => void (await setClock(START)));
afterEach(async () => void (await resetClock()));

/** The order whose checkout they see. */
const orderAt = ({ page }: PortalVisit, account: TestAccount): Promise<OrderView> =>
  account.order(new URL(page.url).pathname.split("/").at(-1) ?? "");
const totalOf = ({ page }: PortalVisit) => page.textOf("dd.total");
const pay = (visit: PortalVisit) => visit.send("[name=intent][value=pay]");
const change = (visit: PortalVisit, entered: Record<string, string | null>) =>
  visit.send("[name=intent][value=items]", entered);

describe("renewing from a resource's page", () => {
  async function renewing() {
    const account = await openEnglish(1_000_000);
    const id = await account.serve({ name: "web", autoRenew: { enabled: true, months: 2 } });
    const visit = await enterPortal(account);
    await visit.go(`/portal/resources/${id}`);
    await visit.send("button.primary");
    return { account, id, visit };
  }

  it("leads to the checkout, which shows the present and the new end", async () => {
    const { account, id, visit } = await renewing();
    expect(visit.page.heading).toBe("Renew");
    expect(visit.page.text).toContain("Present end 10 April 2027 at 10:00 New end 10 May 2027 at 10:00");
    expect(visit.page.find("#quantity-0")).toBeNull();
    expect(totalOf(visit)).toBe("90,000 VND");
    expect(await orderAt(visit, account)).toMatchObject({
      action: "renew",
      returnUrl: `${ORIGIN}/portal/resources/${id}`,
      lines: [{ resourceId: id, period: { months: 1 }, autoRenew: null }],
    });
  });

  it("is complete as soon as it is paid, for as long as was chosen, with a coupon", async () => {
    const { account, id, visit } = await renewing();
    await change(visit, { "period-0": "3" });
    await visit.send("[name=intent][value=coupon]", { coupon: await putCoupon({ percent: "10" }) });
    expect(visit.page.text).toContain("New end 10 July 2027 at 10:00");
    expect(totalOf(visit)).toBe("243,000 VND");
    const page = await pay(visit);
    expect([page.status, page.heading]).toEqual([200, "Renewed. Thank you!"]);
    expect(page.text).toContain("web · New end: 10 July 2027 at 10:00");
    expect(page.find("[data-refresh]")).toBeNull();
    const back = page.find("a.button");
    const order = await orderAt(visit, account);
    expect([back?.textContent.trim(), back?.getAttribute("href")]).toEqual([
      "Back to the portal",
      `${ORIGIN}/portal/resources/${id}?order=${order.id}`,
    ]);
    expect(order.status).toBe("completed");
    expect(await account.resource(id)).toMatchObject({
      endAt: "2027-07-10T03:00:00.000Z",
      autoRenew: { enabled: true, months: 2 },
    });
    expect(await account.available()).toBe(1_000_000 - SMALL_MONTH - 243_000);
    expect(await account.invoices()).toHaveLength(2);
    expect(await account.object.audit()).toEqual([]);
    const seen = await visit.go(`/portal/resources/${id}?order=${order.id}`);
    expect(seen.text).toContain("10/04/2027 – 10/07/2027 270,000 VND 243,000 VND");
  });

  it("sets the renewal only where it was changed", async () => {
    const { account, id, visit } = await renewing();
    await change(visit, { "period-0": "2" });
    expect((await orderAt(visit, account)).lines[0]?.autoRenew).toBeNull();
    await change(visit, { "renew-0": null });
    expect((await orderAt(visit, account)).lines[0]?.autoRenew).toEqual({ enabled: false, months: 2 });
    await pay(visit);
    expect((await account.resource(id)).autoRenew.enabled).toBe(false);
  });

  it("to an end is priced as the API prices it", async () => {
    const { account, visit } = await renewing();
    await change(visit, { "period-0": "until", "until-0": "2027-04-25T10:00" });
    expect(totalOf(visit)).toBe("45,000 VND");
    expect((await orderAt(visit, account)).lines[0]).toMatchObject({ endAt: "2027-04-25T03:00:00.000Z" });
    const page = await change(visit, { "period-0": "until", "until-0": "2027-04-01T10:00" });
    expect([page.status, page.errorAt("until-0")]).toEqual([422, "This period is too short."]);
  });

  it("is quoted anew where the resource has changed since, and says so before anything is paid", async () => {
    const { account, id, visit } = await renewing();
    await account.act("renew", id, { period: { months: 1 } });
    const page = await pay(visit);
    expect([page.status, page.textOf(".notice")]).toEqual([
      409,
      "The resource has changed since this price was made, so we calculated it anew. Please look at it again.",
    ]);
    expect(page.text).toContain("Present end 10 May 2027 at 10:00 New end 10 June 2027 at 10:00");
    expect(await account.payments()).toHaveLength(2);
    expect((await pay(visit)).heading).toBe("Renewed. Thank you!");
    expect((await account.resource(id)).endAt).toBe("2027-06-10T03:00:00.000Z");
  });
});

describe("what was chosen in the list", () => {
  async function choosing() {
    const account = await openEnglish(1_000_000);
    const short = await account.serve({ name: "short" });
    const long = await account.serve({ name: "long", period: { months: 2 } });
    const visit = await enterPortal(account);
    return { account, short, long, visit };
  }
  const match = (ids: readonly string[]) =>
    `/portal/resources/match-end-time?${new URLSearchParams(ids.map((id) => ["resource", id]))}`;
  const [END, MATCH] = ["#end", "#end"];

  it("is renewed by one order", async () => {
    const { account, short, visit } = await choosing();
    await visit.go("/portal/resources?q=short");
    await visit.send("[name=resource]", { resource: short });
    expect(visit.page.heading).toBe("Renew");
    expect((await orderAt(visit, account)).returnUrl).toBe(`${ORIGIN}/portal/resources/${short}`);
  });

  it("is brought to one end, that of the last at first: what ends then needs nothing", async () => {
    const { account, short, long, visit } = await choosing();
    await visit.go(match([short, long]));
    expect(visit.page.form(END).fields.end).toBe("2027-05-10T10:00");
    await visit.send(MATCH);
    expect(visit.page.heading).toBe("Match end time");
    expect((await orderAt(visit, account)).lines.map(({ resourceId }) => resourceId)).toEqual([short]);
    expect(totalOf(visit)).toBe("90,000 VND");
  });

  it("is brought to one end that can be changed at the checkout, and all of it ends then", async () => {
    const { account, short, long, visit } = await choosing();
    await visit.go(match([short, long]));
    await visit.send(MATCH, { end: "2027-05-25T10:00" });
    expect(visit.page.findAll("[name^=period], [name^=quantity], [name^=renew]")).toEqual([]);
    expect(totalOf(visit)).toBe("180,000 VND");
    await change(visit, { "until-all": "2027-06-10T10:00" });
    expect(totalOf(visit)).toBe("270,000 VND");
    const wrong = await change(visit, { "until-all": "2027-05-01T10:00" });
    expect([wrong.status, wrong.errorAt("until-all")]).toEqual([422, "This period is too short."]);
    await change(visit, { "until-all": "2027-06-10T10:00" });
    expect((await pay(visit)).heading).toBe("Renewed. Thank you!");
    for (const id of [short, long])
      expect((await account.resource(id)).endAt).toBe("2027-06-10T03:00:00.000Z");
    expect(await account.available()).toBe(1_000_000 - 3 * SMALL_MONTH - 270_000);
    expect(await account.object.audit()).toEqual([]);
  });

  it("is asked for again where the end is none, or past, or too near", async () => {
    const { account, short, long, visit } = await choosing();
    await visit.go(match([short, long]));
    for (const [end, why] of [
      ["", "A day and time, please."],
      ["2027-03-01T10:00", "This end lies in the past."],
      ["2027-05-10T12:00", "This period is too short."],
    ] as const) {
      const page = await visit.send(MATCH, { end });
      expect([page.status, page.errorAt("end")]).toEqual([422, why]);
      expect(page.form(END).fields.end).toBe(end);
    }
    await visit.go(match([long]));
    const page = await visit.send(MATCH, { end: "2027-05-10T10:00" });
    expect(page.errorAt("end")).toBe("All of them end then already. Please choose a later end.");
    expect(await account.payments()).toHaveLength(2);
  });

  it("must be something, of one product, of this account", async () => {
    const { account, short, visit } = await choosing();
    const stranger = await (await openEnglish(SMALL_MONTH)).serve();
    for (const ids of [[], [stranger], ["res_none"]]) {
      const page = await visit.go(match(ids));
      expect([page.status, page.textOf(".notice")]).toEqual([422, "Please choose at least one resource."]);
    }
    const quota = await buyQuota(account);
    const page = await visit.go(match([short, quota]));
    expect([page.status, page.textOf(".notice")]).toEqual([
      422,
      "Please choose resources of one product: each product has an order of its own.",
    ]);
  });
});

async function buyQuota(account: TestAccount): Promise<string> {
  const monitor = productConsole(VMONITOR);
  const line = {
    resourceType: "quota",
    name: "quota",
    configuration: [{ sku: "metrics", quantity: 1 }],
    period: { months: 1 },
  };
  const request = { action: "create", returnUrl: "https://monitor.example/", lines: [line] };
  const { id } = bodyOf(await monitor.post<OrderView>(`${account.path}/orders`, request), 201);
  const [paid] = bodyOf(await account.pay(id), 200).lines;
  const path = `${account.path}/resources/${paid?.resource}/provisioning`;
  bodyOf(await monitor.post(path, { orderLine: `${id}.1`, status: "succeeded" }), 200);
  return paid?.resource ?? "";
}

describe("recovering from the trash", () => {
  it("orders a new start for the type's least time; it runs again when its console says so", async () => {
    const account = await openEnglish(1_000_000);
    const gold = {
      resourceType: "package",
      configuration: [{ sku: "gold", quantity: 30 }],
      period: { months: 3 },
    };
    const id = await account.serve({ name: "store", ...gold });
    bodyOf(await account.remove(id), 200);
    await setClock(later(START, DAY_MS));
    const visit = await enterPortal(account);
    await visit.go(`/portal/resources/${id}`);
    await visit.send("button.primary");
    expect(visit.page.heading).toBe("Recover from the trash");
    expect(visit.page.text).toContain("It starts anew as soon as it is recovered");
    expect(totalOf(visit)).toBe("157,500 VND");
    const paid = await pay(visit);
    expect(paid.text).toContain("Your resource is being recovered.");
    const order = await orderAt(visit, account);
    await account.answer(order.id);
    expect((await visit.go(new URL(visit.page.url).pathname)).heading).toBe("Recovered");
    expect(await account.resource(id)).toMatchObject({ state: "active", endAt: "2027-06-11T03:00:00.000Z" });
    expect(await account.object.audit()).toEqual([]);
  });
});
