import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/domain/local-time.ts";
import { ACTIONS } from "../../src/http/actions.ts";
import { advanceClock, later, resetClock, setClock } from "../http/clock.ts";
import { admin, bodyOf, type ItemRequest, putCatalogue, type TestAccount } from "../support/api.ts";
import { IMAGE_DAY, SMALL_MONTH } from "../support/catalogue.ts";
import { enterPortal, type PortalVisit } from "./portal-visit.ts";
import { openEnglish, stateOf } from "./visit.ts";
import { visit as enter, rowsOf } from "./visits.ts";

/** Midnight in Vietnam; 20 days on are two thirds of a month. */
const START = "2027-03-05T17:00:00.000Z";
const END = later(START, 20 * DAY_MS);
const HALF = later(START, 10 * DAY_MS);
const WHOLE = (SMALL_MONTH * 2) / 3;
const GRANTED = 100_000;
const IMAGE: ItemRequest = {
  resourceType: "image",
  name: "iso",
  configuration: [{ sku: "image-gb", quantity: 1 }],
  period: undefined,
};

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const grant = ({ path }: TestAccount, expiresAt = END) =>
  admin.put(`${path}/poc-wallet`, { amount: GRANTED, expiresAt });

/** Something that runs on trial money. */
async function tried(item: ItemRequest = {}): Promise<{ account: TestAccount; id: string }> {
  await setClock(START);
  const account = await openEnglish(SMALL_MONTH);
  bodyOf(await grant(account), 200);
  const order = await account.place(item);
  bodyOf(await account.pay(order.id, { method: "poc" }), 200);
  const [line] = (await account.provisionAll(order.id, "succeeded")).lines;
  return { account, id: line?.resourceId ?? "" };
}

/** The page of one, half of its time later. */
async function atIts(
  item: ItemRequest = {},
): Promise<{ account: TestAccount; id: string; visit: PortalVisit }> {
  const { account, id } = await tried(item);
  await setClock(HALF);
  const visit = await enterPortal(account);
  await visit.go(`/portal/resources/${id}`);
  return { account, id, visit };
}

const actionsOf = ({ page }: PortalVisit) =>
  page.findAll(".heading button, .heading a.button").map(({ textContent }) => textContent.trim());
const pocOf = async (account: TestAccount): Promise<number> => (await account.balance()).poc.balance;
const sound = async ({ object }: TestAccount) => expect(await object.audit()).toEqual([]);

describe("trial credit in the overview", () => {
  it("is shown with its end, and comes with a notice before that, and after it", async () => {
    const { account } = await tried();
    const visit = await enterPortal(account);
    expect(visit.page.text).toContain(
      "Trial credit 40,000 VND Granted 100,000 VND Used 60,000 VND Ends 26 March 2027 in 20 days",
    );
    expect(visit.page.find(".notice")).toBeNull();
    await setClock(later(START, 13 * DAY_MS));
    await visit.go("/portal");
    expect(visit.page.textOf(".notice")).toContain("ends on 26 March 2027 at 00:00.");
    expect(visit.page.textOf(".notice")).toContain("Trials running: 1. Show the trials");
    await advanceClock(later(END, DAY_MS));
    await visit.go("/portal");
    expect(visit.page.textOf(".notice")).toContain(
      "ended on 26 March 2027 at 00:00. Trials in the trash: 1.",
    );
    await advanceClock(later(END, 8 * DAY_MS));
    await visit.go("/portal");
    expect(visit.page.find(".notice")).toBeNull();
  });

  it("is nobody's business who may not see balances, and not there without a grant", async () => {
    const { account } = await tried();
    const others = ACTIONS.filter((action) => action !== "GetUserBalance");
    expect((await (await enter(account, others)).see("/portal")).text).not.toContain("Granted");
    const { text } = await (await enter(await openEnglish())).see("/portal");
    expect(text).not.toContain("Trial");
  });

  it("has its own history, every change with the balance after it", async () => {
    const { account, id } = await tried();
    await account.user.post(`${account.path}/resources/${id}/stop-poc`);
    const seen = await (await enter(account)).see("/portal/credits/trial");
    expect(rowsOf(seen).map((row) => [row[1], row[3], row[4]])).toEqual([
      ["Given back", "+60,000 VND", "100,000 VND"],
      ["Purchase", "-60,000 VND", "40,000 VND"],
      ["Granted", "+100,000 VND", "100,000 VND"],
    ]);
    expect((await (await enter(account)).see("/portal/credits")).text).toContain("Trial credit history");
  });
});

describe("a trial in the portal", () => {
  it("is marked as one, and found by it", async () => {
    const { account, visit } = await atIts();
    await account.serve({ name: "paid-for" });
    expect(visit.page.text).toContain("Active Trial");
    expect(visit.page.text).toContain("Renewal None: a trial");
    await visit.go("/portal/resources?billing=poc");
    expect(visit.page.findAll("tbody tr")).toHaveLength(1);
    expect(visit.page.text).toContain("Active Trial");
    await visit.go("/portal/resources?billing=prepaid");
    expect(visit.page.text).toContain("paid-for");
    expect(visit.page.text).not.toContain("Active Trial");
  });

  it("is stopped once it was said what comes back, and only once", async () => {
    const { account, id, visit } = await atIts();
    expect(actionsOf(visit)).toEqual(["Convert to paid", "Stop the trial", "Delete"]);
    const before = await stateOf(account);
    await visit.go(`/portal/resources/${id}/stop-trial`);
    expect(visit.page.heading).toBe("Stop the trial of web?");
    expect(visit.page.textOf(".figure")).toBe("30,000 VND");
    expect(visit.page.text).toContain("lies in the trash until 23 March 2027 at 00:00");
    expect(await stateOf(account)).toEqual(before);
    const form = visit.page.form("#stop-trial");
    const [one, other] = await Promise.all([1, 2].map(() => visit.browser.send(form)));
    expect([one?.heading, other?.heading]).toContain("The trial of web is stopped");
    expect(await pocOf(account)).toBe(GRANTED - WHOLE / 2);
    expect(await account.resource(id)).toMatchObject({ state: "suspended", billing: "poc" });
    await visit.go(`/portal/resources/${id}/stop-trial`);
    expect([visit.page.status, visit.page.textOf(".notice")]).toEqual([
      409,
      expect.stringContaining("trash"),
    ]);
    expect(actionsOf(visit)).toEqual(["Recover"]);
    await sound(account);
  });

  it("is converted at the checkout, or recovered there after a stop, paid or tried again", async () => {
    const { account, id, visit } = await atIts();
    await visit.send("#convert");
    expect([visit.page.heading, visit.page.textOf("#pay")]).toEqual(["Convert to paid", "Pay 90,000 VND"]);
    bodyOf(await account.user.post(`${account.path}/resources/${id}/stop-poc`), 200);
    await visit.go(`/portal/resources/${id}`);
    await visit.send("#recover");
    expect(visit.page.heading).toBe("Recover from the trash");
    expect(visit.page.text).toContain("Pay for it Try it on trial credit");
    await visit.send("#pay");
    const [line] = (await account.order(new URL(visit.page.url).pathname.split("/").at(-1) ?? "")).lines;
    if (line) bodyOf(await account.provision(line, "succeeded"), 200);
    expect(await account.resource(id)).toMatchObject({ state: "active", billing: "prepaid" });
    await sound(account);
  });

  it("of what is metered is converted to pay by its use", async () => {
    const { account, id, visit } = await atIts(IMAGE);
    expect(actionsOf(visit)).toEqual(["Convert to pay by use", "Stop the trial", "Delete"]);
    expect(visit.page.text).toContain("and is deleted then with its data.");
    await visit.send("#convert-by-use");
    expect(visit.page.text).toContain(
      `Back to your trial credit ${(10 * IMAGE_DAY).toLocaleString("en-US")} VND`,
    );
    await visit.send("#pay");
    expect(await account.resource(id)).toMatchObject({ billing: "hold", isBusy: true });
    expect((await account.balance()).credit.held).toBe(3 * IMAGE_DAY);
    expect(await pocOf(account)).toBe(GRANTED - 10 * IMAGE_DAY);
    await sound(account);
  });

  it("is renewed once its wallet was extended", async () => {
    const { account, id, visit } = await atIts();
    bodyOf(await grant(account, later(END, 10 * DAY_MS)), 200);
    await visit.go(`/portal/resources/${id}`);
    expect(actionsOf(visit)).toEqual(["Convert to paid", "Stop the trial", "Renew", "Delete"]);
    await visit.send("[action$='/renew'] button");
    expect(visit.page.text).toContain("New end 5 April 2027 at 00:00");
    // 26 March to 5 April are 9 days, as every month has 30.
    expect(visit.page.textOf(".method")).toContain("Trial credit 27,000 VND");
    await visit.send("#pay");
    expect(await account.resource(id)).toMatchObject({ billing: "poc", endAt: later(END, 10 * DAY_MS) });
    await sound(account);
  });

  it("that is deleted gives back to trial credit, and says so", async () => {
    const { account, id, visit } = await atIts();
    await visit.go(`/portal/resources/${id}/delete`);
    expect(visit.page.text).toContain("It becomes trial credit again.");
    await visit.send("button.danger");
    expect(visit.page.text).toContain("This came back to your trial credit 30,000 VND");
    expect(await pocOf(account)).toBe(GRANTED - WHOLE / 2);
  });

  it("is stopped and converted by those alone who may", async () => {
    const { account, id } = await tried();
    const others = ACTIONS.filter((action) => action !== "ManageResources");
    const { text } = await (await enter(account, others)).see(`/portal/resources/${id}`);
    expect(text).not.toContain("Stop the trial");
    expect(text).not.toContain("Convert to paid");
  });
});
